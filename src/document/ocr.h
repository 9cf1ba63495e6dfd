#pragma once
/// Whether and how the pictures of scanned pages are read (by tesseract, when it is installed).
#include <string>
#include <vector>

namespace hone::document {

struct OcrSettings {
  bool on = false;
  std::vector<std::string> languages = {"kor", "eng"};  ///< Tesseract's names.
};

}  // namespace hone::document
