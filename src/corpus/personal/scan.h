#pragma once
/// Everything of the kinds asked for in one text, in one walk: digits lead to numbers, @ to mail addresses, colons to IPv6.
///
/// The text is a shadow (shadow.h). Results are in order and do not overlap; of two that do, the longer stays.
#include <string_view>
#include <vector>

#include "corpus/personal/kind.h"

namespace hone::corpus::personal {

std::vector<Match> find_all(std::string_view text, const Kinds& kinds);

/// All kinds with a form of their own: without names and postal addresses.
Kinds numbered_kinds();

}  // namespace hone::corpus::personal
