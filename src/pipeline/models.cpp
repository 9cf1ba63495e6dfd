#include "pipeline/models.h"

#include <fmt/format.h>

#include "base/error.h"
#include "model/load.h"
#include "plan/model_shape.h"
#include "tensor/device.h"

namespace hone::pipeline {

namespace {

at::Device device_of(const recipe::Recipe& recipe) {
  return tensor::choose_device(names_of(recipe.training.device)[static_cast<size_t>(recipe.training.device)]);
}

}  // namespace

model::Model starting_model(const plan::RunPlan& plan, const tokenizer::Tokenizer& vocabulary) {
  const recipe::Recipe& recipe = plan.recipe;
  model::LoadOptions options;
  options.dtype = recipe.model.dtype == recipe::ModelDtype::bfloat16 ? at::kBFloat16 : at::kFloat;
  options.device = device_of(recipe);
  formats::ModelConfig config = plan::model_config(recipe, vocabulary.vocabulary_size());
  if (vocabulary.vocabulary_size() > config.vocabulary_size)
    throw Error(ExitCode::data, fmt::format("the vocabulary has {} pieces, more than the base model's {} rows; use the model's own vocabulary",
                                            vocabulary.vocabulary_size(), config.vocabulary_size));
  if (!recipe.starts_from_random()) return model::load_model(recipe.model.path, options);
  config.bos_id = vocabulary.bos_id();
  config.pad_id = vocabulary.pad_id();
  if (vocabulary.eos_id() >= 0) config.eos_ids = {vocabulary.eos_id()};
  return model::random_model(config, recipe.seed, options);
}

model::Model exported_model(const plan::RunPlan& plan) {
  model::LoadOptions options;
  options.dtype = at::kFloat;
  options.device = device_of(plan.recipe);
  return model::load_model(plan.run.exported(), options);
}

}  // namespace hone::pipeline
