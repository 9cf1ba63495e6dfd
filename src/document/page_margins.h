#pragma once
/// Which lines of pages with known places are running heads, feet and page numbers: rows near the edges of
/// the page by their repetition (page_furniture.h); in documents too short for that by place, size and dress.
#include <vector>

#include "document/pdf_words.h"

namespace hone::document {

/// For each page and line of `words` whether it is furniture.
std::vector<std::vector<bool>> find_margins(const PagedWords& words);

/// Height of the lines that hold most of the text; 0 when there is none.
double body_height(const PagedWords& words);

}  // namespace hone::document
