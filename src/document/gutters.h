#pragma once
/// Lines that poppler has put together over the space between two columns, because their base lines meet:
/// taken apart where many lines of a page have a wide gap at the same place.
#include "document/pdf_words.h"

namespace hone::document {

void split_at_gutters(Page& page);

}  // namespace hone::document
