#include "training/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace hone::training {

double Schedule::rate(int64_t step) const {
  if (step < warmup_steps)
    return learning_rate * static_cast<double>(step) / static_cast<double>(warmup_steps);
  if (shape == recipe::Schedule::constant) return learning_rate;
  const auto decay_steps = static_cast<double>(std::max<int64_t>(1, total_steps - warmup_steps));
  const double done = std::min(1.0, static_cast<double>(step - warmup_steps) / decay_steps);
  const double left =
      shape == recipe::Schedule::linear ? 1.0 - done : 0.5 * (1.0 + std::cos(std::numbers::pi * done));
  return learning_rate * (final_ratio + (1.0 - final_ratio) * left);
}

Schedule make_schedule(const recipe::TrainingOptions& options, int64_t total_steps) {
  const double warmup = options.warmup_steps < 1.0
                            ? std::ceil(options.warmup_steps * static_cast<double>(total_steps))
                            : std::round(options.warmup_steps);
  return {.shape = options.lr_scheduler,
          .learning_rate = options.learning_rate,
          .warmup_steps = std::min(static_cast<int64_t>(warmup), total_steps),
          .total_steps = total_steps,
          .final_ratio = options.lr_final_ratio};
}

}  // namespace hone::training
