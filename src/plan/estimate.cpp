#include "plan/estimate.h"

#include <algorithm>
#include <cmath>

#include "dataset/loader.h"
#include "dataset/shard_set.h"
#include "formats/huggingface.h"
#include "plan/model_shape.h"

namespace hone::plan {

namespace {

/// Text bytes a token stands for: measured on Hone's own manual, English and Korean, with unigram vocabularies.
double bytes_a_token(int64_t vocabulary) {
  return std::clamp(1.5 + 0.55 * std::log2(static_cast<double>(vocabulary) / 1000.0), 1.2, 4.5);
}

void count_steps(const RunPlan& plan, const formats::ModelConfig& config, Estimate& estimate) {
  const recipe::TrainingOptions& training = plan.recipe.training;
  if (is_up_to_date(plan.at(Stage::tokens))) {
    dataset::LoaderOptions options = loader_options(plan.recipe);
    const dataset::Loader loader(dataset::ShardSet::open(plan.run.tokens(), "train", dataset::Shard::Verify::structure), options);
    estimate.training_tokens = loader.trained_per_epoch();
    estimate.steps_per_epoch = loader.steps_per_epoch();
    estimate.tokens_are_exact = true;
  } else {
    const double share = 1.0 - plan.recipe.corpus.split.validation;
    estimate.training_tokens =
        static_cast<int64_t>(static_cast<double>(plan.source_bytes) * share / bytes_a_token(config.vocabulary_size));
    const int64_t per_step = training.sequence_len * training.micro_batch_size * training.gradient_accumulation_steps;
    estimate.steps_per_epoch = std::max<int64_t>(1, (estimate.training_tokens + per_step - 1) / per_step);
  }
  estimate.steps = estimate.steps_per_epoch * training.num_epochs;
}

}  // namespace

Estimate estimate(const RunPlan& plan) {
  Estimate estimate;
  const formats::ModelConfig config = model_config(plan.recipe, plan.recipe.tokenizer.train.vocab_size);
  const recipe::TrainingOptions& training = plan.recipe.training;
  estimate.parameters = formats::parameter_count(config);
  estimate.source_bytes = plan.source_bytes;
  count_steps(plan, config, estimate);
  const auto parameters = static_cast<uint64_t>(estimate.parameters);
  const uint64_t weight = plan.recipe.model.dtype == recipe::ModelDtype::bfloat16 ? 2 : 4;
  estimate.flops = 6.0 * static_cast<double>(estimate.parameters) * static_cast<double>(estimate.training_tokens * training.num_epochs);

  // Activations kept for the backward pass, a token and layer: about 12 rows of hidden size and 3 of intermediate size.
  const auto tokens = static_cast<uint64_t>(training.sequence_len * training.micro_batch_size);
  const auto layer = static_cast<uint64_t>(12 * config.hidden_size + 3 * config.intermediate_size) * weight;
  const uint64_t kept_layers = training.gradient_checkpointing ? 1 : static_cast<uint64_t>(config.layers);
  const uint64_t activations = tokens * layer * kept_layers;
  const uint64_t logits = std::min<uint64_t>(tokens, 512) * static_cast<uint64_t>(config.vocabulary_size) * 8;
  const uint64_t optimizer = parameters * (8 + (weight == 2 ? 4 : 0));
  estimate.memory_bytes = parameters * (weight + 4) + optimizer + activations + logits;
  estimate.checkpoint_bytes = parameters * weight + optimizer;
  const auto kept = static_cast<uint64_t>(training.save.keep == 0 ? training.num_epochs : std::min(training.save.keep, training.num_epochs));
  estimate.disk_bytes = estimate.checkpoint_bytes * (kept + (training.save.keep_best ? 1 : 0) + 1) + parameters * 2 + 2 * plan.source_bytes;
  return estimate;
}

}  // namespace hone::plan
