#pragma once
/// What a training step minimises: the seam between the loop and the ways of training. The loop asks for the
/// gradient of a step and for the loss on held-out documents; which tokens, pairs or references that takes is
/// the objective's own business. Continued pre-training and sft are one objective: masks in the token shards
/// decide what is trained. dpo compares the two answers of each pair (dpo.h).
#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>

#include "artifact/names.h"
#include "dataset/loader.h"
#include "model/forward.h"
#include "model/model.h"
#include "recipe/training.h"
#include "training/loss.h"

namespace hone::training {

/// Asked between batches; work ends when it says no.
using KeepGoing = std::function<bool(int64_t done, int64_t total)>;

/// What an objective may look at before the first step. All borrowed.
struct ObjectiveSetup {
  const recipe::TrainingOptions& options;
  const artifact::RunDirectory& run;
  const nlohmann::json& inputs;  ///< TrainSetup::inputs
  const dataset::Loader& training;
  const dataset::Loader* validation = nullptr;
};

class Objective {
 public:
  virtual ~Objective() = default;

  /// Called once, before a checkpoint is loaded: `model` still is what training starts from. False when
  /// `keep_going` said no.
  virtual bool prepare(model::Model& model, const KeepGoing& keep_going) = 0;

  /// Adds the gradient of the step's mean loss to the .grad() of every parameter that is trained.
  virtual Loss accumulate(const model::Model& model, const dataset::Step& step,
                          const model::ForwardOptions& options) const = 0;

  /// Mean loss over one epoch of `loader`, without gradients; nothing when `keep_going` said no.
  virtual std::optional<Loss> validate(const model::Model& model, const dataset::Loader& loader,
                                       const KeepGoing& keep_going) const = 0;

  /// Forward and backward over one micro batch, for the memory they take: the gradients mean nothing.
  virtual void rehearse(const model::Model& model, const dataset::Batch& batch,
                        const model::ForwardOptions& options) const = 0;
};

/// The objective that `options.objective` names. Throws data when the loader's rows do not suit it.
std::unique_ptr<Objective> make_objective(const ObjectiveSetup& setup);

}  // namespace hone::training
