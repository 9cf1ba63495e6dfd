#pragma once
/// Which words two similar texts share in the same order: the greedy O(N·D) algorithm of Myers (1986), limited in D.
#include <cstddef>
#include <string_view>
#include <vector>

namespace hone::corpus {

struct Match {
  size_t a = 0, b = 0, length = 0;
};

/// Matches in ascending order. Past `max_differences` words deleted and inserted the search gives up and what has not been
/// matched by then counts as different.
std::vector<Match> align(const std::vector<std::string_view>& a, const std::vector<std::string_view>& b, size_t max_differences = 2000);

}  // namespace hone::corpus
