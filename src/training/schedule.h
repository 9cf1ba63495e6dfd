#pragma once
/// How the learning rate moves: a pure function of the optimizer step, so resuming needs no state.
/// With W warmup steps of N in all, step s (0 first):
///   s < W:     rate · s / W
///   constant:  rate
///   linear:    rate · (f + (1 − f) · (1 − p))               with p = (s − W) / (N − W), f = final_ratio
///   cosine:    rate · (f + (1 − f) · (1 + cos πp) / 2)
/// These are the shapes of Hugging Face's schedulers of the same names (cosine with f > 0 is their
/// cosine_with_min_lr).
#include <cstdint>

#include "recipe/training.h"

namespace hone::training {

struct Schedule {
  recipe::Schedule shape = recipe::Schedule::cosine;
  double learning_rate = 2e-4;  ///< Peak, reached right after warmup.
  int64_t warmup_steps = 0;
  int64_t total_steps = 1;
  double final_ratio = 0.0;  ///< Where the decay would end, at step `total_steps`, as a share of the peak.

  /// The rate that step `step` uses; 0 ≤ step < total_steps.
  double rate(int64_t step) const;
};

/// Warmup below 1 is a share of all steps, rounded up; from 1 on it is a number of steps. Never more than all
/// steps.
Schedule make_schedule(const recipe::TrainingOptions& options, int64_t total_steps);

}  // namespace hone::training
