#pragma once
/// What an export is made with besides weights: the type and the end of turns, text to compare models on, words about the method.
#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "dataset/batch.h"
#include "export/huggingface.h"
#include "plan/run_plan.h"

namespace hone::pipeline {

/// Type of the weights; for conversations the template they were written by, and the tokens that end its turns, so that the
/// exported model stops where it was taught to.
exporting::ExportOptions export_options(const plan::RunPlan& plan, const tokenizer::Tokenizer& vocabulary);

/// Up to 4096 tokens of held-out text, as training would read them; of training text where nothing is held out.
std::vector<dataset::Batch> sample_of_text(const plan::RunPlan& plan);

/// {"name": "full" | "lora" | "qlora" …, "trained_parameters", "parameters", "share", and of an adapter "r", "alpha", "targets" …}
nlohmann::json method_facts(const model::Model& model);

}  // namespace hone::pipeline
