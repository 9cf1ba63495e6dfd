#include "tasks/score.h"

#include <cmath>
#include <limits>
#include <numbers>

namespace hone::tasks {

Score& Score::operator+=(const Score& other) {
  nll_sum += other.nll_sum;
  tokens += other.tokens;
  bytes += other.bytes;
  documents += other.documents;
  return *this;
}

double loss_per_token(const Score& score) {
  if (score.tokens == 0) return std::numeric_limits<double>::quiet_NaN();
  return score.nll_sum / static_cast<double>(score.tokens);
}

double perplexity(const Score& score) { return std::exp(loss_per_token(score)); }

double bits_per_byte(const Score& score) {
  if (score.bytes == 0) return std::numeric_limits<double>::quiet_NaN();
  return score.nll_sum / std::numbers::ln2 / static_cast<double>(score.bytes);
}

}  // namespace hone::tasks
