#include "training/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace hone::training {
namespace {

int64_t whole_steps(double steps_or_share, int64_t total_steps) {
  return static_cast<int64_t>(steps_or_share < 1.0 ? std::ceil(steps_or_share * static_cast<double>(total_steps))
                                                   : std::round(steps_or_share));
}

/// How far a decay from `first` to `last` has come at `step`, 0 … 1.
double progress(int64_t step, int64_t first, int64_t last) {
  const auto length = static_cast<double>(std::max<int64_t>(1, last - first));
  return std::clamp(static_cast<double>(step - first) / length, 0.0, 1.0);
}

}  // namespace

double Schedule::factor(int64_t step) const {
  if (step < warmup_steps) return static_cast<double>(step) / static_cast<double>(warmup_steps);
  double left = 1.0;
  switch (shape) {
    case recipe::Schedule::constant:
      return 1.0;
    case recipe::Schedule::linear:
      left = 1.0 - progress(step, warmup_steps, total_steps);
      break;
    case recipe::Schedule::cosine:
      left = 0.5 * (1.0 + std::cos(std::numbers::pi * progress(step, warmup_steps, total_steps)));
      break;
    case recipe::Schedule::wsd:
      left = 1.0 - progress(step, total_steps - decay_steps, total_steps);
      break;
  }
  return final_ratio + (1.0 - final_ratio) * left;
}

Schedule make_schedule(const recipe::TrainingOptions& options, int64_t total_steps) {
  const int64_t warmup = std::min(whole_steps(options.warmup_steps, total_steps), total_steps);
  const bool decays_last = options.lr_scheduler == recipe::Schedule::wsd;
  return {.shape = options.lr_scheduler,
          .learning_rate = options.learning_rate,
          .warmup_steps = warmup,
          .total_steps = total_steps,
          .final_ratio = options.lr_final_ratio,
          .decay_steps = decays_last ? std::min(whole_steps(options.lr_decay_steps, total_steps), total_steps - warmup) : 0};
}

}  // namespace hone::training
