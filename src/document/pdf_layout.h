#pragma once
/// Lines on pages to running text: columns in order, running heads, feet and page numbers out, lines of a
/// paragraph joined, a paragraph that goes on over a column or page joined as well. Paragraphs are parted by
/// a blank line, short lines that stand together (lists, addresses, code) by a line end.
///
/// Two lines are of one paragraph when the first word of the second would not have fitted on the first (so
/// the line ended because it was full), both are of one size and close together, and the second does not
/// begin an item of a list.
#include <cstdint>
#include <string>
#include <vector>

#include "document/pdf_words.h"

namespace hone::document {

struct LaidOut {
  std::string text;                   ///< UTF-8 with a "\n" at its end; empty when there is none.
  std::vector<uint64_t> page_starts;  ///< For each page the code point of `text` at which it begins.
  uint64_t furniture_lines = 0;       ///< Left out.
};

LaidOut lay_out(PagedWords words);

}  // namespace hone::document
