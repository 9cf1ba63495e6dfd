#pragma once
/// Muon (Jordan et al. 2024): momentum, made orthogonal, so that every direction of a matrix learns alike.
///   g ← gradient · gradient_scale
///   m ← μ m + (1 − μ) g                       μ = momentum
///   u ← newton_schulz(μ m + (1 − μ) g)        Nesterov's look ahead
///   w ← w · (1 − rate · weight_decay) − rate · √max(1, rows / columns) · u
/// √max(1, rows / columns) is the scaling of Jordan's own code ("original" in torch.optim.Muon): a tall matrix
/// then changes what it maps unit vectors to by as much as a square one. The other published one,
/// 0.2 √max(rows, columns) of Moonshot (Liu et al. 2025), matches AdamW's size of step so that both can share a
/// learning rate; Hone gives Muon a rate of its own (muon.learning_rate), so there is nothing to match.
/// Matrices only. A product of matrices is computed by one thread, different matrices by different ones, so that
/// the bytes do not depend on the number of threads.
#include <memory>

#include "recipe/optimizer.h"
#include "training/update_rule.h"

namespace hone::training {

/// State: momentum.NAME, float32, zero at first. Every parameter must have two dimensions.
std::unique_ptr<UpdateRule> make_muon(ParameterList parameters, const recipe::MuonOptions& options);

/// The same by plain operators in float64 on one parameter with its momentum, rounded at the end.
void muon_reference(TrainedParameter& parameter, at::Tensor& momentum, const recipe::MuonOptions& options,
                    const RuleStep& how);

}  // namespace hone::training
