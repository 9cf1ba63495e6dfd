#include "training/plan.h"

#include <algorithm>

namespace hone::training {

StepPlan plan_steps(const dataset::Loader& loader, int64_t epochs, int64_t patience) {
  StepPlan plan{.ends = {}, .patience = patience};
  for (int64_t epoch = 0; epoch < epochs; ++epoch) plan.ends.push_back(plan.steps() + loader.steps_in(epoch));
  return plan;
}

int64_t StepPlan::epochs_done(int64_t steps) const {
  return std::upper_bound(ends.begin(), ends.end(), steps) - ends.begin();
}

std::optional<PlannedStep> StepPlan::next(const TrainState& state) const {
  if (state.step >= steps() || ended_early(state)) return std::nullopt;
  const int64_t epoch = epochs_done(state.step);
  const int64_t before = epoch == 0 ? 0 : ends[static_cast<size_t>(epoch) - 1];
  return PlannedStep{state.step, epoch, state.step - before};
}

bool StepPlan::ended_early(const TrainState& state) const {
  return patience > 0 && state.epochs_without_improvement >= patience;
}

bool StepPlan::epoch_is_open_at_its_end(const TrainState& state) const {
  return std::binary_search(ends.begin(), ends.end(), state.step) && state.epochs_closed < epochs_done(state.step);
}

}  // namespace hone::training
