#pragma once
/// Micro batches of any optimizer step, by its number. Nothing is kept between calls but caches, so resuming
/// is a seek: step(epoch, index) is a pure function of (shards, options, epoch, index).
///
///   documents ──cut.h──▶ segments ──mixture.h──▶ those of an epoch ──packing.h──▶ rows ──row_order.h──▶ steps
///
/// Epochs of a mixture differ in what they read, so they may differ in steps: steps_in(epoch), steps().
/// From shards with pairs a row holds whole pairs, and micro_batch_size counts rows of them (batch.h says how
/// they lie in a batch).
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "dataset/batch.h"
#include "dataset/mixture.h"
#include "dataset/packing.h"
#include "dataset/row_order.h"
#include "dataset/shard_set.h"
#include "recipe/mixture.h"

namespace hone::dataset {

struct LoaderOptions {
  int64_t sequence_len = 512;    ///< Longest segment, and with packing the length of a row, in tokens.
  int64_t micro_batch_size = 1;  ///< Rows of one forward pass.
  int64_t gradient_accumulation_steps = 1;
  int64_t most_rows = 0;         ///< In memory at once: cuts micro batches that have more, and changes no step. 0: none is cut.
  bool sample_packing = true;     ///< Off: each row is one segment, or one pair.
  Order order = Order::shuffled;  ///< Sequential for validation: the order of the shards, every epoch.
  int64_t epochs = 1;             ///< That will be asked for.
  std::vector<recipe::MixtureOptions> mixture;
  uint64_t seed = 0;
  int rank = 0;
  int world = 1;
};

/// The same for held-out documents: each once, in order.
LoaderOptions held_out(LoaderOptions options);

/// One optimizer step as one rank sees it.
struct Step {
  std::vector<Batch> micro_batches;  ///< Of this rank; ranks have equally many, the last ones may be empty.
  int64_t tokens = 0;                ///< Of all ranks.
  int64_t trained =
      0;  ///< Targets that count, of all ranks: the divisor of the step's loss, known beforehand.
};

class Loader {
 public:
  /// Cuts and packs. Throws data when an epoch holds nothing to train on or the mixture names what is not there,
  /// usage when an option makes no sense.
  Loader(std::shared_ptr<const ShardSet> shards, LoaderOptions options);
  /// The same steps with another most_rows: nothing is cut or packed again.
  Loader(const Loader& other, int64_t most_rows);

  /// 0 ≤ epoch < options().epochs.
  int64_t steps_in(int64_t epoch) const;
  int64_t steps_per_epoch() const { return steps_in(0); }
  /// Of all epochs.
  int64_t steps() const;
  /// Throws internal when index is not in [0, steps_in(epoch)).
  Step step(int64_t epoch, int64_t index) const;
  /// A micro batch at least as large as any of any epoch: the costliest rows, as many as one has, together.
  Batch longest_batch() const;
  /// Ordinals of the documents (ShardSet::document) that a step reads, sorted: for "which text was this?".
  std::vector<uint64_t> documents_of(int64_t epoch, int64_t index) const;
  /// Rows of packing(epoch) that a step reads, by micro batch, of all ranks.
  StepRows rows_of(int64_t epoch, int64_t index) const { return order(epoch)->step(index); }

  /// Rows of an epoch, packed when it is not the one last asked for.
  std::shared_ptr<const Packing> packing(int64_t epoch) const;
  const Conservation& conservation(int64_t epoch = 0) const;
  int64_t rows(int64_t epoch = 0) const;
  /// Sums of all epochs, by place in cut().sources(); without row_capacity.
  std::vector<Conservation> conservation_by_source() const;
  /// Sums of all epochs.
  int64_t tokens() const;
  int64_t trained() const;
  const LoaderOptions& options() const { return options_; }
  const ShardSet& shards() const { return cut_->shards(); }
  const Cut& cut() const { return *cut_; }
  const Mixture& mixture() const { return *mixture_; }

 private:
  struct Epoch {
    uint64_t rows = 0;
    Conservation conservation;
    std::vector<Conservation> by_source;
  };
  struct Cost {
    uint64_t positions = 0, squares = 0;  ///< Attention costs by the square of a segment, everything else by position.
    uint64_t row = 0, epoch = 0;
    auto operator<=>(const Cost&) const = default;
  };
  uint64_t kind_of(int64_t epoch) const;
  RowShape shape() const;
  std::shared_ptr<const RowOrder> order(int64_t epoch) const;
  Batch read(const Packing& packing, const std::vector<uint64_t>& rows) const;

  LoaderOptions options_;
  std::shared_ptr<const Cut> cut_;
  std::shared_ptr<const Mixture> mixture_;
  std::shared_ptr<const std::vector<Epoch>> epochs_;  ///< One when all are alike.
  mutable std::mutex mutex_;  ///< Guards what was last asked for.
  mutable int64_t packed_epoch_ = -1, ordered_epoch_ = -1;
  mutable std::shared_ptr<const Packing> packing_;
  mutable std::shared_ptr<const RowOrder> order_;
};

}  // namespace hone::dataset
