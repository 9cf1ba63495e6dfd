#pragma once
/// Words with boxes on pages, as other programs print them: `pdftotext -bbox-layout` (XHTML: page, flow,
/// block, line, word) and tesseract's TSV (level, page, block, paragraph, line, word, left, top, width,
/// height, confidence, text). The input is as hostile as the document it came from: sizes are clamped, what
/// makes no sense is left out.
///
/// Coordinates: from the top left corner of the page, right and down; points in PDF, pixels in scans.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hone::document {

struct Box {
  double left = 0, top = 0, right = 0, bottom = 0;
  double height() const { return bottom - top; }
  double width() const { return right - left; }
  double middle() const { return (top + bottom) / 2; }
};

struct PageWord {
  Box box;
  std::string text;  ///< Valid UTF-8, no white space, not empty.
};

struct PageLine {
  Box box;
  std::vector<PageWord> words;  ///< At least one.
  bool leader = false;          ///< Had dots that lead to a page number; they are left out.
  uint32_t block = 0;  ///< Lines that stand together, as the program saw it; counts up over all pages.
};

struct Page {
  double width = 0, height = 0;
  std::vector<PageLine> lines;  ///< In reading order, as the program saw it.
};

struct PagedWords {
  std::string title, author, created;
  std::vector<Page> pages;
};

bool is_paged_words(std::string_view text);
/// Either of the two formats. Throws data when it is neither.
PagedWords parse_paged_words(std::string_view text);

}  // namespace hone::document
