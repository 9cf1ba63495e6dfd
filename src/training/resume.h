#pragma once
/// Going on where a run was left. Only a checkpoint that verifies to the last byte is taken; newer ones that
/// do not are named with the reason. A run that has checkpoints is never silently begun again, and never
/// continued with other fixed options or data.
#include <nlohmann/json_fwd.hpp>
#include <optional>

#include "artifact/names.h"
#include "model/model.h"
#include "training/optimizer.h"
#include "training/state.h"

namespace hone::training {

/// The content of state.json. `inputs` is what a continued run must agree on.
nlohmann::json state_document(const TrainState& state, const Machine& machine, const nlohmann::json& inputs);

/// Loads the newest checkpoint of `run` into `model` and `optimizer`; nothing when the run has none.
/// Takes over the recorded thread count; other differences of the machine are warned about as "not exact".
/// Throws usage with a line per differing field of `inputs`, data when checkpoints are there and none
/// verifies.
std::optional<TrainState> resume(const artifact::RunDirectory& run, const nlohmann::json& inputs,
                                 model::Model& model, Optimizer& optimizer);

}  // namespace hone::training
