#pragma once
/// The currency between data and model, free of tensors: rows of tokens laid end to end without padding.
///
/// A segment is (part of) one document: positions restart at 0 and attention is causal inside it and never
/// crosses it. ids[t] is what the model reads at position t, targets[t] the id to be predicted after it, from
/// the same document. A document d of n tokens gives inputs d[0..n-1) and targets d[1..n): its last token is
/// never an input, its first never a target, so no position is spent on predicting nothing. targets[t] is
/// kMasked where the loss does not count.
///
/// From shards with pairs (ShardSet::pairs), segments come two by two: segment 2i is the chosen and 2i+1 the
/// rejected answer of one pair, each whole (never a part), documents[2i] = 2k and documents[2i+1] = 2k+1 for
/// pair k. The same document always gives the same segment, so its ordinal is a key for what was computed of it.
#include <cstdint>
#include <vector>

namespace hone::dataset {

inline constexpr int32_t kMasked = -100;  ///< PyTorch's ignore_index.

struct Batch {
  std::vector<int32_t> ids;         ///< [tokens]
  std::vector<int32_t> targets;     ///< [tokens], an id or kMasked
  std::vector<int32_t> segments;    ///< Lengths, each > 0; their sum is the number of tokens.
  std::vector<uint64_t> documents;  ///< Of each segment, its ordinal in the ShardSet; empty where nobody asks.

  int64_t tokens() const { return static_cast<int64_t>(ids.size()); }
  /// Targets that count: the divisor of a mean loss.
  int64_t trained() const;
  int32_t longest_segment() const;
  bool empty() const { return ids.empty(); }
};

/// `more` behind `batch`.
void append(Batch& batch, const Batch& more);

}  // namespace hone::dataset
