#pragma once
/// The two ways training reads data: forward and backward over the micro batches of one optimizer step, and
/// forward only over all validation documents. Losses are means over trained tokens, in nats:
///   loss = Σ over micro batches nll_sum / Σ over micro batches trained tokens
/// so k micro batches give the gradient of one batch of k, to rounding (not a mean of means).
#include <cstdint>
#include <functional>
#include <optional>

#include "dataset/loader.h"
#include "model/forward.h"
#include "model/model.h"
#include "training/loss.h"

namespace hone::training {

/// Adds the gradient of the step's mean loss to every parameter's .grad(). The step must have trained tokens.
Loss accumulate(const model::Model& model, const dataset::Step& step, const model::ForwardOptions& options);

/// Mean loss over one epoch of `loader`, without gradients. `keep_going(done, total)` is asked between
/// batches; nothing is returned when it says no.
std::optional<Loss> validate(const model::Model& model, const dataset::Loader& loader,
                             const std::function<bool(int64_t done, int64_t total)>& keep_going);

}  // namespace hone::training
