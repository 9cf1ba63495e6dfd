#pragma once
/// micro_batch_size: auto. The recipe's gradient_accumulation_steps is then the number of rows of an optimizer step, and
/// what is looked for is how many of them fit into memory at once: 1, 2, 4 … rows are tried with the longest rows of the
/// run, forward and backward, the optimizer's memory already taken. Going on stops
///   - where the next size would pass the memory there is, by what the last one added, or is refused;
///   - on a CPU, where tokens a second no longer grow: more rows at once then only take memory;
///   - at the rows of a step.
/// A step is the same rows however it is cut, its loss is divided by its tokens, and noise is drawn by place in the step:
/// another size rounds otherwise and changes nothing else. What was found is kept in the checkpoints.
#include <cstdint>
#include <functional>
#include <optional>

#include "dataset/loader.h"
#include "model/forward.h"
#include "training/objective.h"
#include "training/optimizer.h"

namespace hone::training {

/// One size, tried.
struct MicroBatchTrial {
  uint64_t peak = 0;  ///< Bytes in use at most.
  double tokens_per_second = 0.0;
};

struct MicroBatchLimits {
  int64_t most_rows = 1;      ///< Of a step.
  uint64_t used = 0;          ///< Bytes in use before the first trial.
  uint64_t room = 0;          ///< Bytes that may be in use at most; 0: not known, then 1 row.
  bool weighs_speed = false;  ///< Stops where speed no longer grows by a twentieth.
};

/// The size to train with. `attempt` gives nothing when memory is refused; with a single row it throws instead.
int64_t choose_rows(const MicroBatchLimits& limits,
                    const std::function<std::optional<MicroBatchTrial>(int64_t rows)>& attempt);

/// The same for a model and its data; says what was found. Weights, moments and gradients are as before. Throws storage,
/// saying what to lower, when not even one row fits.
int64_t find_micro_batch_size(const Objective& objective, const model::Model& model, Optimizer& optimizer,
                              const dataset::Loader& loader, const model::ForwardOptions& options);

}  // namespace hone::training
