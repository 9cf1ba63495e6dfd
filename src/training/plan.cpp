#include "training/plan.h"

namespace hone::training {

std::optional<PlannedStep> StepPlan::next(const TrainState& state) const {
  if (state.step >= steps() || ended_early(state)) return std::nullopt;
  return PlannedStep{state.step, state.step / steps_per_epoch, state.step % steps_per_epoch};
}

bool StepPlan::ended_early(const TrainState& state) const {
  return patience > 0 && state.epochs_without_improvement >= patience;
}

bool StepPlan::epoch_is_open_at_its_end(const TrainState& state) const {
  return state.step > 0 && state.step % steps_per_epoch == 0 &&
         state.epochs_closed < state.step / steps_per_epoch;
}

}  // namespace hone::training
