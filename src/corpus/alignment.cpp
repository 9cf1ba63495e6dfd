#include "corpus/alignment.h"

#include <algorithm>
#include <cstdint>

namespace hone::corpus {
namespace {

/// furthest[d][k + d]: how far into `a` a path with d differences on diagonal k reaches (Myers' V, one copy for each d).
using Reach = std::vector<std::vector<int32_t>>;

int32_t start_on(const std::vector<int32_t>& previous, int32_t d, int32_t k) {
  // previous covers diagonals -(d-1) … d-1.
  const auto at = [&](int32_t diagonal) -> int32_t {
    const int32_t index = diagonal + d - 1;
    return index < 0 || index >= static_cast<int32_t>(previous.size()) ? -2 : previous[static_cast<size_t>(index)];
  };
  const int32_t down = at(k + 1), right = at(k - 1) + 1;
  return k == -d || (k != d && right <= down) ? down : right;
}

}  // namespace

std::vector<Match> align(const std::vector<std::string_view>& a, const std::vector<std::string_view>& b, size_t max_differences) {
  const auto n = static_cast<int32_t>(a.size()), m = static_cast<int32_t>(b.size());
  Reach reach;
  int32_t best_d = -1, best_k = 0;
  for (int32_t d = 0; d <= n + m && d <= static_cast<int32_t>(max_differences); ++d) {
    std::vector<int32_t> row(static_cast<size_t>(2 * d + 1), -2);
    int32_t furthest = -1;
    for (int32_t k = -d; k <= d; k += 2) {
      int32_t x = d == 0 ? 0 : start_on(reach.back(), d, k);
      if (x < 0 || x > n || x - k < 0 || x - k > m) continue;
      while (x < n && x - k < m && a[static_cast<size_t>(x)] == b[static_cast<size_t>(x - k)]) ++x;
      row[static_cast<size_t>(k + d)] = x;
      if (2 * x - k > furthest) {
        furthest = 2 * x - k;
        best_d = d;
        best_k = k;
      }
    }
    reach.push_back(std::move(row));
    if (furthest == n + m) break;
  }
  std::vector<Match> matches;
  for (int32_t d = best_d, k = best_k; d >= 0; --d) {
    const int32_t end = reach[static_cast<size_t>(d)][static_cast<size_t>(k + d)];
    const int32_t begin = d == 0 ? 0 : start_on(reach[static_cast<size_t>(d - 1)], d, k);
    if (end > begin) matches.push_back({static_cast<size_t>(begin), static_cast<size_t>(begin - k), static_cast<size_t>(end - begin)});
    if (d == 0) break;
    const auto& previous = reach[static_cast<size_t>(d - 1)];
    const int32_t index_down = k + 1 + d - 1;
    const bool down = index_down >= 0 && index_down < static_cast<int32_t>(previous.size()) && previous[static_cast<size_t>(index_down)] == begin;
    k = down ? k + 1 : k - 1;
  }
  std::reverse(matches.begin(), matches.end());
  return matches;
}

}  // namespace hone::corpus
