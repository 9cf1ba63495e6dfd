#pragma once
/// The parts of a record of instruction data while its text is edited.
///
/// Rules see one text: all turns, a blank line apart. A part is where its bytes of the text as read have gone. An edit that reaches over
/// the border of two parts counts to the earlier one, or to neither when it leaves nothing but white space.
#include <vector>

#include "corpus/text_map.h"
#include "document/document.h"

namespace hone::corpus {

/// The same parts as bytes of map.text(), in order and without overlaps; some may have become empty. `parts` are bytes of map.original().
std::vector<document::Part> parts_now(const TextMap& map, const std::vector<document::Part>& parts);

}  // namespace hone::corpus
