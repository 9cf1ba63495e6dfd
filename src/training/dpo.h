#pragma once
/// Direct preference optimisation: of two answers to a prompt the chosen one is made likelier than the rejected
/// one, measured against the model that training started from. Segments 2k and 2k+1 of a batch are the chosen
/// and the rejected answer of a pair, each behind its prompt; masks leave the answer's tokens.
///   loss of a step = mean over its pairs of pair_loss (dpo_loss.h)
///                    + sft_weight · mean over its chosen answers' tokens of -log p       (TRL's loss type sft)
/// The reference is what training starts from: the base with a new adapter switched off, or the model with the
/// adapter it goes on from. Its log-probabilities are computed once (reference.h).
/// Metrics: preference_accuracy (share of pairs whose chosen reward is the larger), reward_margin,
/// chosen_reward, rejected_reward (means), sft_loss when it is part of the loss.
#include <span>

#include "training/dpo_loss.h"
#include "training/objective.h"
#include "training/reference.h"

namespace hone::training {

/// Log-probability of every segment of a batch under the reference, in order.
using ReferenceOf = std::function<std::vector<double>(const dataset::Batch& batch)>;

/// Gradient of the step's mean loss into .grad(), as Objective::accumulate.
Loss accumulate_pairs(const model::Model& model, const dataset::Step& step, const recipe::DpoOptions& options,
                      const ReferenceOf& reference, const model::ForwardOptions& forward);

/// As Objective::validate.
std::optional<Loss> validate_pairs(const model::Model& model, const dataset::Loader& loader,
                                   const recipe::DpoOptions& options, const ReferenceOf& reference,
                                   const KeepGoing& keep_going);

class DirectPreference final : public Objective {
 public:
  explicit DirectPreference(const ObjectiveSetup& setup);

  bool prepare(model::Model& model, const KeepGoing& keep_going) override;
  Loss accumulate(const model::Model& model, const dataset::Step& step,
                  const model::ForwardOptions& options) const override;
  std::optional<Loss> validate(const model::Model& model, const dataset::Loader& loader,
                               const KeepGoing& keep_going) const override;
  void rehearse(const model::Model& model, const dataset::Batch& batch,
                const model::ForwardOptions& options) const override;

 private:
  ReferenceOf reference() const;

  ObjectiveSetup setup_;
  ReferenceStore store_;
};

}  // namespace hone::training
