#pragma once
/// The currency between data and model, free of tensors: rows of tokens laid end to end without padding.
///
/// A segment is (part of) one document: positions restart at 0 and attention is causal inside it and never
/// crosses it. ids[t] is what the model reads at position t, targets[t] the id to be predicted after it, from
/// the same document. A document d of n tokens gives inputs d[0..n-1) and targets d[1..n): its last token is
/// never an input, its first never a target, so no position is spent on predicting nothing. targets[t] is
/// kMasked where the loss does not count.
#include <cstdint>
#include <vector>

namespace hone::dataset {

inline constexpr int32_t kMasked = -100;  ///< PyTorch's ignore_index.

struct Batch {
  std::vector<int32_t> ids;       ///< [tokens]
  std::vector<int32_t> targets;   ///< [tokens], an id or kMasked
  std::vector<int32_t> segments;  ///< Lengths, each > 0; their sum is the number of tokens.

  int64_t tokens() const { return static_cast<int64_t>(ids.size()); }
  /// Targets that count: the divisor of a mean loss.
  int64_t trained() const;
  int32_t longest_segment() const;
  bool empty() const { return ids.empty(); }
};

/// `more` behind `batch`.
void append(Batch& batch, const Batch& more);

}  // namespace hone::dataset
