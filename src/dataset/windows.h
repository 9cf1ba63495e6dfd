#pragma once
/// Documents cut into windows for scoring: every token but a document's first is predicted exactly once, in
/// order, and what a batch scored can be told apart by document. Bits per byte of a document = sum of its nll
/// / ln 2 / text_bytes.
///
/// Window k predicts d[kL+1 .. kL+L] and reads d[kL .. kL+L); with `overlap` it reads that many earlier
/// tokens as well, whose own predictions are masked, so that no prediction but a document's first ones goes
/// without context.
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "dataset/batch.h"
#include "dataset/shard_set.h"

namespace hone::dataset {

struct WindowOptions {
  int64_t context_len = 1024;  ///< Most positions of a window.
  int64_t overlap = 0;         ///< Of them, read again from the window before; < context_len.
  int64_t tokens_a_batch =
      4096;  ///< A batch is closed when another window would pass it; at least one window.
};

/// The windows of one document as the segments of a batch (one segment a window). Empty for fewer than two
/// tokens.
Batch windows(std::span<const int32_t> tokens, const WindowOptions& options);

/// Windows of several documents together: batch.segments[i] belongs to documents[i].
struct ScoringBatch {
  Batch batch;
  std::vector<uint64_t> documents;  ///< Ordinals in the ShardSet; equal ones are adjacent.
};

/// All documents of a side in their order. batch(i) is a pure function; documents without a prediction are
/// left out.
class ScoringBatches {
 public:
  ScoringBatches(std::shared_ptr<const ShardSet> shards, WindowOptions options);
  uint64_t size() const { return batches_.size(); }
  ScoringBatch batch(uint64_t index) const;
  const ShardSet& shards() const { return *shards_; }
  /// Predictions in all batches: tokens less one for each document.
  int64_t predictions() const { return predictions_; }

 private:
  struct Window {
    uint64_t document, begin, first, end;  ///< Reads [begin, end), predicts the tokens after [first, end).
  };
  std::shared_ptr<const ShardSet> shards_;
  WindowOptions options_;
  std::vector<std::vector<Window>> batches_;
  int64_t predictions_ = 0;
};

}  // namespace hone::dataset
