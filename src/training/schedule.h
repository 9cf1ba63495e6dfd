#pragma once
/// How the learning rate moves: a pure function of the optimizer step, so resuming needs no state.
/// With W warmup steps of N in all and D steps of closing decay, step s (0 first) has the factor
///   s < W:     s / W
///   constant:  1
///   linear:    f + (1 − f) · (1 − p)               with p = (s − W) / (N − W), f = final_ratio
///   cosine:    f + (1 − f) · (1 + cos πp) / 2
///   wsd:       1, then f + (1 − f) · (1 − q)       with q = (s − (N − D)) / D from step N − D on
/// times a peak: learning_rate, or what a group of parameters has for itself. The first four are the shapes of
/// Hugging Face's schedulers of the same names (cosine with f > 0 is their cosine_with_min_lr); wsd is theirs with
/// a linear decay (Hu et al. 2024).
#include <cstdint>

#include "recipe/training.h"

namespace hone::training {

struct Schedule {
  recipe::Schedule shape = recipe::Schedule::cosine;
  double learning_rate = 2e-4;  ///< Peak, reached right after warmup.
  int64_t warmup_steps = 0;
  int64_t total_steps = 1;
  double final_ratio = 0.0;  ///< Where the decay would end, at step `total_steps`, as a share of the peak.
  int64_t decay_steps = 0;   ///< Of wsd: the last steps, which decay; warmup + decay ≤ total.

  /// What the peak is multiplied with at step `step`; 0 ≤ step < total_steps.
  double factor(int64_t step) const;
  double rate(int64_t step) const { return learning_rate * factor(step); }
};

/// Warmup and wsd's decay below 1 are shares of all steps, rounded up; from 1 on they are numbers of steps. Warmup
/// is never more than all steps, the decay never more than what warmup leaves.
Schedule make_schedule(const recipe::TrainingOptions& options, int64_t total_steps);

}  // namespace hone::training
