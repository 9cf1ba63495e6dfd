#pragma once
/// From a recipe to what the model floors understand: the architecture to train and how its tokens are dealt out.
#include "dataset/loader.h"
#include "formats/huggingface.h"
#include "recipe/recipe.h"

namespace hone::plan {

/// The base model's config, or that of the recipe's shape with `vocabulary_size` rows. Throws data when the base cannot be read.
formats::ModelConfig model_config(const recipe::Recipe& recipe, int64_t vocabulary_size);

/// Training order of the tokens.
dataset::LoaderOptions loader_options(const recipe::Recipe& recipe);

}  // namespace hone::plan
