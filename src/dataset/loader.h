#pragma once
/// Micro batches of any optimizer step, by its number. Nothing is kept between calls but caches, so resuming
/// is a seek: step(epoch, index) is a pure function of (shards, options, epoch, index).
///
/// Rows (packing.h) are permuted by (seed, epoch) and dealt to steps evenly: of R rows and S = ceil(R /
/// (micro batch size · accumulation · world)) steps, step i has the rows [R·i/S, R·(i+1)/S) of the
/// permutation; its micro batches share them as evenly. No row is left over and no step is a small remainder.
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "dataset/batch.h"
#include "dataset/packing.h"
#include "dataset/shard_set.h"

namespace hone::dataset {

enum class Order { shuffled, sequential };

struct LoaderOptions {
  int64_t sequence_len = 512;    ///< Longest segment, and with packing the length of a row, in tokens.
  int64_t micro_batch_size = 1;  ///< Rows of one forward pass.
  int64_t gradient_accumulation_steps = 1;
  bool sample_packing = true;     ///< Off: each row is one segment.
  Order order = Order::shuffled;  ///< Sequential for validation: the order of the shards, every epoch.
  uint64_t seed = 0;
  int rank = 0;
  int world = 1;
};

/// One optimizer step as one rank sees it.
struct Step {
  std::vector<Batch> micro_batches;  ///< Of this rank; ranks have equally many, the last ones may be empty.
  int64_t tokens = 0;                ///< Of all ranks.
  int64_t trained =
      0;  ///< Targets that count, of all ranks: the divisor of the step's loss, known beforehand.
};

class Loader {
 public:
  /// Packs once. Throws data when the shards hold nothing to train on, usage when an option makes no sense.
  Loader(std::shared_ptr<const ShardSet> shards, LoaderOptions options);

  int64_t steps_per_epoch() const { return steps_; }
  /// Throws internal when index is not in [0, steps_per_epoch()).
  Step step(int64_t epoch, int64_t index) const;
  /// A micro batch at least as large as any of any epoch: the micro_batch_size rows that are costliest,
  /// together.
  Batch longest_batch() const;
  /// Ordinals of the documents (ShardSet::document) that a step reads, sorted: for "which text was this?".
  std::vector<uint64_t> documents_of(int64_t epoch, int64_t index) const;

  const Conservation& conservation() const { return packing_.conservation; }
  int64_t rows() const { return static_cast<int64_t>(packing_.rows.size()); }
  int64_t tokens_per_epoch() const { return packing_.conservation.positions; }
  int64_t trained_per_epoch() const { return packing_.conservation.trained; }
  const LoaderOptions& options() const { return options_; }
  const ShardSet& shards() const { return *shards_; }

 private:
  std::vector<uint64_t> rows_of(int64_t epoch, int64_t index) const;
  Batch read(std::span<const uint64_t> rows) const;

  std::shared_ptr<const ShardSet> shards_;
  LoaderOptions options_;
  Packing packing_;
  int64_t steps_ = 0;
  mutable std::mutex mutex_;  ///< Guards the permutation of the epoch last asked for.
  mutable int64_t permuted_epoch_ = -1;
  mutable std::shared_ptr<const std::vector<uint64_t>> permutation_;
};

}  // namespace hone::dataset
