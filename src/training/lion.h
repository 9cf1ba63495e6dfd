#pragma once
/// Lion (Chen et al. 2023, "Symbolic discovery of optimization algorithms", algorithm 2), one pass over memory
/// per step and one moment instead of two:
///   g ← gradient · gradient_scale
///   w ← w · (1 − rate · weight_decay) − rate · sign(β₁ m + (1 − β₁) g)
///   m ← β₂ m + (1 − β₂) g
/// Every element moves by `rate`, so rates are a third to a tenth of AdamW's and decays three to ten times as
/// large (section 5 of the paper).
#include <memory>

#include "recipe/optimizer.h"
#include "training/update_rule.h"

namespace hone::training {

/// State: momentum.NAME, float32, zero at first.
std::unique_ptr<UpdateRule> make_lion(ParameterList parameters, const recipe::LionOptions& options);

/// The same by plain operators on one parameter with its momentum; any device.
void lion_reference(TrainedParameter& parameter, at::Tensor& momentum, const recipe::LionOptions& options,
                    const RuleStep& how);

}  // namespace hone::training
