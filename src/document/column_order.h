#pragma once
/// The order in which the lines of a page are read. Poppler's own order is kept where the page has one
/// column; where it has several it goes astray between columns of equal height, so they are looked for here:
/// a strip that few lines cross, with prose on both sides. Lines across the strip (titles) part the page into
/// bands; a band is read column by column.
#include <cstddef>
#include <vector>

#include "document/pdf_words.h"

namespace hone::document {

/// Indices of `lines` in reading order.
std::vector<size_t> reading_order(const std::vector<const PageLine*>& lines);

}  // namespace hone::document
