#pragma once
/// Options for scanned pages: whether their pictures are read (by tesseract, when it is installed), and in
/// which languages.
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "recipe/binder.h"

namespace hone::recipe {

enum class OcrUse { off, on };
constexpr std::array<std::string_view, 2> names_of(OcrUse) { return {"off", "on"}; }

struct OcrOptions {
  OcrUse use = OcrUse::off;  ///< Off: a scan is a counted rejection.
  std::vector<std::string> languages = {"kor", "eng"};
};

void describe(Binder& bind, OcrOptions& options);

}  // namespace hone::recipe
