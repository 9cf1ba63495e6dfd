#pragma once
/// From a recipe to what the model floors understand: the architecture to train and how its tokens are dealt out.
#include "dataset/loader.h"
#include "formats/adapter_config.h"
#include "formats/huggingface.h"
#include "recipe/recipe.h"

namespace hone::plan {

/// The base model's config, or that of the recipe's shape with `vocabulary_size` rows. Throws data when the base cannot be read.
formats::ModelConfig model_config(const recipe::Recipe& recipe, int64_t vocabulary_size);

/// A new adapter as model.lora describes it.
formats::AdapterConfig adapter_config(const recipe::Recipe& recipe);

/// What an adapter adds: low-rank matrices, magnitudes, and a copy of what is trained whole.
struct AdapterParameters {
  int64_t low_rank = 0;  ///< A, B and magnitudes.
  int64_t whole = 0;     ///< Embedding and head of modules_to_save.
};
AdapterParameters adapter_parameters(const formats::AdapterConfig& adapter, const formats::ModelConfig& base);

/// Training order of the tokens. With micro_batch_size auto a step is gradient_accumulation_steps rows in one micro batch.
dataset::LoaderOptions loader_options(const recipe::Recipe& recipe);

}  // namespace hone::plan
