#pragma once
/// The models a run deals with: the weights training starts from and the ones it ends with.
#include "model/model.h"
#include "plan/run_plan.h"
#include "tokenizer/tokenizer.h"

namespace hone::pipeline {

/// The recipe's base model, or random weights of its shape; on the recipe's device in its dtype.
/// Throws data when the vocabulary has more pieces than the model has rows.
model::Model starting_model(const plan::RunPlan& plan, const tokenizer::Tokenizer& vocabulary);

/// The exported folder, in float32: what is evaluated is what is shipped.
model::Model exported_model(const plan::RunPlan& plan);

}  // namespace hone::pipeline
