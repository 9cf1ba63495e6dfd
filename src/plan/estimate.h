#pragma once
/// What a run will cost before it starts: parameters, tokens, steps, memory, disk. Exact where the artefacts are there, estimated
/// (and said to be) where they are not.
#include <cstdint>

#include "plan/run_plan.h"

namespace hone::plan {

struct Estimate {
  int64_t parameters = 0;
  int64_t trained_parameters = 0;    ///< All of them, or an adapter's.
  uint64_t source_bytes = 0;
  int64_t training_tokens = 0;       ///< Trained in the first epoch; a mixture may make others differ.
  int64_t trained_tokens = 0;        ///< In all epochs.
  bool tokens_are_exact = false;     ///< False: source bytes / bytes a token of such a vocabulary.
  int64_t steps_per_epoch = 0;       ///< In the first epoch.
  int64_t steps = 0;
  double flops = 0;                  ///< 6 · parameters · tokens (Kaplan et al. 2020), 4 with an adapter; all epochs.
  uint64_t memory_bytes = 0;         ///< Weights, gradients, optimizer, activations.
  uint64_t checkpoint_bytes = 0;     ///< One checkpoint.
  uint64_t disk_bytes = 0;           ///< All that is kept.
};

Estimate estimate(const RunPlan& plan);

}  // namespace hone::plan
