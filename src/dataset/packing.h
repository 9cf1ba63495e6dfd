#pragma once
/// Documents into rows of at most sequence_len positions, with nothing lost and nothing twice.
///
/// A document of n tokens has n-1 positions (batch.h). They are cut into segments of sequence_len and a rest;
/// segment k reads d[kL .. kL+L) and predicts d[kL+1 .. kL+L], so segments share no input, and every token
/// but the document's first is a target exactly once. Rows are filled best-fit decreasing: the longest
/// segment first, each into the fullest row that still holds it (Ding et al. 2024, "Fewer Truncations Improve
/// Language Modeling"). Ties: document order. Invariant: tokens = trained + first + masked + the sum of
/// dropped.
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "dataset/shard_set.h"

namespace hone::dataset {

/// `length` positions of a document, from its token `begin`.
struct Segment {
  uint64_t document = 0;  ///< Ordinal in the ShardSet.
  uint64_t begin = 0;
  uint32_t length = 0;

  bool operator==(const Segment&) const = default;
};

/// Where every token of the documents went.
struct Conservation {
  int64_t documents = 0;
  int64_t tokens = 0;                      ///< All that the shards hold, BOS and EOS included.
  int64_t trained = 0;                     ///< Targets that count, in one epoch.
  int64_t first = 0;                       ///< First tokens of documents: read, never predicted.
  int64_t masked = 0;                      ///< Read as context, with the loss masked.
  std::map<std::string, int64_t> dropped;  ///< Tokens by reason: "nothing_to_predict", "fully_masked".
  int64_t positions = 0;                   ///< What the model reads in one epoch.
  int64_t segments = 0;
  int64_t split_documents = 0;  ///< Longer than one row.
  int64_t row_capacity = 0;     ///< Rows · sequence_len; positions / row_capacity is how full the rows are.

  int64_t dropped_tokens() const;
  bool balanced() const { return tokens == trained + first + masked + dropped_tokens(); }
  /// One line: "12,345 tokens = 12,001 trained + 300 first + 40 masked + 4 dropped (nothing_to_predict 4)".
  std::string sentence() const;
};

struct Packing {
  std::vector<std::vector<Segment>> rows;  ///< In the order of their first document.
  Conservation conservation;
};

/// One row a segment when `pack` is false. sequence_len ≥ 1.
Packing pack(const ShardSet& shards, int64_t sequence_len, bool pack);

/// Best-fit decreasing by itself: lengths, each in [1, capacity], to the numbers of the items in each bin.
std::vector<std::vector<uint32_t>> best_fit(const std::vector<uint32_t>& lengths, uint32_t capacity);

}  // namespace hone::dataset
