#pragma once
/// The nearest known name to a misspelt one, for "did you mean …?".
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hone::base {

/// Damerau–Levenshtein distance (adjacent swaps count one) in bytes.
int edit_distance(std::string_view a, std::string_view b);
/// The closest candidate within a third of the name's length (at least 1, at most 3 edits), or a candidate that has the name as a word.
std::optional<std::string> nearest(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace hone::base
