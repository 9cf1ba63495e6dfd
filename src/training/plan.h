#pragma once
/// Which optimizer step reads what: a pure function of the step's number, so that going on is a seek and
/// never a replay. Epochs of a mixture may have different numbers of steps (dataset/loader.h).
///   epoch = the first whose end is beyond the step      index = step - the end of the epoch before
#include <cstdint>
#include <optional>
#include <vector>

#include "dataset/loader.h"
#include "training/state.h"

namespace hone::training {

struct PlannedStep {
  int64_t number = 0;  ///< From 0.
  int64_t epoch = 0;   ///< From 0.
  int64_t index = 0;   ///< Within the epoch.
};

struct StepPlan {
  std::vector<int64_t> ends;  ///< Of each epoch, how many steps are done at its end; ascending.
  int64_t patience = 0;       ///< Epochs without improvement before the run ends early; 0: never.

  int64_t steps() const { return ends.empty() ? 0 : ends.back(); }
  /// Epochs that are complete after so many steps.
  int64_t epochs_done(int64_t steps) const;
  /// The step after those done; nothing at the end, be it early.
  std::optional<PlannedStep> next(const TrainState& state) const;
  bool ended_early(const TrainState& state) const;
  /// True when all steps of an epoch are done and its end has not been dealt with yet.
  bool epoch_is_open_at_its_end(const TrainState& state) const;
};

/// The first `epochs` epochs of a loader.
StepPlan plan_steps(const dataset::Loader& loader, int64_t epochs, int64_t patience);

}  // namespace hone::training
