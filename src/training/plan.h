#pragma once
/// Which optimizer step reads what: a pure function of the step's number, so that going on is a seek and
/// never a replay.
///   epoch = step / steps_per_epoch      index = step mod steps_per_epoch
#include <cstdint>
#include <optional>

#include "training/state.h"

namespace hone::training {

struct PlannedStep {
  int64_t number = 0;  ///< From 0.
  int64_t epoch = 0;   ///< From 0.
  int64_t index = 0;   ///< Within the epoch.
};

struct StepPlan {
  int64_t steps_per_epoch = 1;
  int64_t epochs = 1;
  int64_t patience = 0;  ///< Epochs without improvement before the run ends early; 0: never.

  int64_t steps() const { return steps_per_epoch * epochs; }
  /// The step after those done; nothing at the end, be it early.
  std::optional<PlannedStep> next(const TrainState& state) const;
  bool ended_early(const TrainState& state) const;
  /// True when all steps of an epoch are done and its end has not been dealt with yet.
  bool epoch_is_open_at_its_end(const TrainState& state) const;
};

}  // namespace hone::training
