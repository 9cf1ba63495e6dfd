#pragma once
/// The loss of one pair of answers to the same prompt, and its slope, in plain numbers (Rafailov et al. 2023).
///   π, ρ  Σ over the answer's trained tokens of log p, under the model and under the reference
///   δ = (π_chosen - ρ_chosen) - (π_rejected - ρ_rejected)
///   sigmoid   -(1-ε) log σ(β δ) - ε log σ(-β δ)      ε: label_smoothing, conservative DPO (Mitchell 2023)
///   ipo       (δ' - 1 / 2β)²   δ': δ with each log-ratio divided by its answer's trained tokens, as TRL 1.16 does
///             on the advice of the paper's authors (Azar et al. 2023)
///   reward    β (π - ρ), of either loss
#include <cstdint>

#include "recipe/objective.h"

namespace hone::training {

struct ScoredAnswer {
  double log_probability = 0.0;  ///< π
  double reference = 0.0;        ///< ρ
  int64_t tokens = 0;            ///< Trained ones.
};

struct PairLoss {
  double loss = 0.0;
  double chosen_slope = 0.0;  ///< d loss / d π of the chosen answer; likewise rejected_slope.
  double rejected_slope = 0.0;
  double chosen_reward = 0.0;
  double rejected_reward = 0.0;
};

/// The sft term is not in it: its divisor is not the pair's (dpo.h).
PairLoss pair_loss(const recipe::DpoOptions& options, const ScoredAnswer& chosen, const ScoredAnswer& rejected);

}  // namespace hone::training
