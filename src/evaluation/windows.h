#pragma once
/// A document cut into windows so that every token but the first is predicted exactly once, from as much of
/// what came before as a window holds. The rule of lm-evaluation-harness's rolling log-likelihood, so that
/// its figures can be compared:
///   the first window predicts the first L tokens; each later one predicts the next min(L, rest) tokens and
///   reads the L tokens before the last of them. Only the last window overlaps its neighbour, and what it
///   reads twice it predicts once.
#include <cstdint>
#include <vector>

namespace hone::evaluation {

/// Reads d[begin, begin + length), predicts d[begin + 1 + skip, begin + 1 + length).
struct Window {
  int64_t begin = 0;
  int64_t length = 0;
  int64_t skip = 0;  ///< Leading positions whose prediction was scored by the window before.

  bool operator==(const Window&) const = default;
};

/// `tokens` ≥ 0 counts the first token, which nothing predicts; `context` ≥ 1. Fewer than two tokens: nothing
/// to predict.
std::vector<Window> cut_windows(int64_t tokens, int64_t context);

}  // namespace hone::evaluation
