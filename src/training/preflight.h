#pragma once
/// What would fail late fails before the first step: a checkpoint that cannot be written or read back (a full
/// disk on day two), a longest batch that does not fit into memory (at step 129), a base model that already
/// holds NaN. Nothing here changes weights, moments or gradients.
#include <functional>

#include "artifact/names.h"
#include "dataset/loader.h"
#include "model/forward.h"
#include "training/objective.h"
#include "training/optimizer.h"

namespace hone::training {

/// Throws data naming the first parameter with a value that is not finite.
void require_finite_weights(const Optimizer& optimizer);

/// Writes a checkpoint of the present state beside the real ones, reads it back, compares every byte, removes
/// it. Throws storage saying how much room a checkpoint takes.
void rehearse_saving(const artifact::RunDirectory& run, const model::Model& model,
                     const Optimizer& optimizer);

/// Forward and backward over the largest micro batch of the run, with the optimizer's memory already taken;
/// not when `first`, the step that comes next anyway, holds one as large. Throws storage saying what to
/// lower.
void try_longest_batch(const Objective& objective, const model::Model& model, Optimizer& optimizer, const dataset::Loader& loader,
                       const dataset::Step& first, const model::ForwardOptions& options);

/// Calls `work`; a refused allocation, on whatever device, becomes Error(storage) that says what to lower.
void with_memory_advice(const std::function<void()>& work);

}  // namespace hone::training
