#pragma once
/// AdamW with decoupled weight decay (Loshchilov & Hutter 2019), one pass over memory per step:
///   g ← gradient · gradient_scale
///   w ← w · (1 − rate · weight_decay)
///   m ← β₁ m + (1 − β₁) g      v ← β₂ v + (1 − β₂) g²
///   w ← w − rate · (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε)  with t = 1 at the first step
#include <memory>

#include "training/adamw_kernel.h"
#include "training/update_rule.h"

namespace hone::training {

struct AdamWOptions {
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
};

/// The factors of one step for the inner loops.
AdamWStep kernel_step(const AdamWOptions& options, const TrainedParameter& parameter, const RuleStep& how);

/// State: first_moment.NAME and second_moment.NAME, float32, zero at first. Throws Error(internal) at a step
/// where shapes or types of a parameter's tensors do not fit.
std::unique_ptr<UpdateRule> make_adamw(ParameterList parameters, const AdamWOptions& options);

/// The same by plain operators on one parameter with its moments: slow, obvious, the measure of make_adamw;
/// any device.
void adamw_reference(TrainedParameter& parameter, at::Tensor& first_moment, at::Tensor& second_moment,
                     const AdamWOptions& options, const RuleStep& how);

}  // namespace hone::training
