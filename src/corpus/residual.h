#pragma once
/// How much may have slipped through: from a check by hand of n documents drawn at random, of which k still had something in them,
/// to the most that the whole corpus is likely to have.
///   upper bound u: the largest share for which P(at most k of n) is still 1 − confidence       (Clopper & Pearson 1934, one-sided)
///   u = quantile of Beta(k + 1, n − k) at `confidence`; for k = 0: u = 1 − (1 − confidence)^(1/n); for k = n: u = 1
/// Exact for drawing with replacement; drawing without it, as here, can only make the true bound smaller.
#include <cstdint>

namespace hone::corpus {

inline constexpr double kConfidence = 0.95;

/// 0 < n, k ≤ n, 0 < confidence < 1. The result is a share, from 0 to 1.
double upper_bound_of_share(uint64_t k, uint64_t n, double confidence = kConfidence);

}  // namespace hone::corpus
