#pragma once
/// The models a run deals with: the weights training starts from, the ones it ends with, and what lies between.
#include <filesystem>

#include "model/model.h"
#include "plan/run_plan.h"
#include "tokenizer/tokenizer.h"

namespace hone::pipeline {

/// What is trained: the recipe's base model, or random weights of its shape, with rows for added tokens, and with its adapter where
/// there is one; on the recipe's device in its dtype, with what training.freeze names frozen. Throws data when the vocabulary
/// does not fit the model.
model::Model starting_model(const plan::RunPlan& plan, const tokenizer::Tokenizer& vocabulary);

/// What the tuned model is compared with: the same before training, in full precision and without an adapter that does nothing yet.
model::Model untrained_model(const plan::RunPlan& plan, const tokenizer::Tokenizer& vocabulary);

/// The model of a checkpoint in float32, as it was trained: with its adapter beside the base, whose four-bit matrices keep the
/// values that training met.
model::Model trained_model(const plan::RunPlan& plan, const tokenizer::Tokenizer& vocabulary, const std::filesystem::path& checkpoint);

/// The exported folder, in float32: what is evaluated is what is shipped.
model::Model exported_model(const plan::RunPlan& plan);

/// Where the run's PEFT adapter is exported to.
std::filesystem::path exported_adapter(const artifact::RunDirectory& run);

}  // namespace hone::pipeline
