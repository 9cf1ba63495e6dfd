#include "plan/model_shape.h"

namespace hone::plan {

formats::ModelConfig model_config(const recipe::Recipe& recipe, int64_t vocabulary_size) {
  if (!recipe.starts_from_random()) return formats::read_model_config(recipe.model.path);
  const recipe::ShapeOptions& shape = recipe.model.shape;
  formats::ModelConfig config;
  config.vocabulary_size = vocabulary_size;
  config.hidden_size = shape.hidden_size;
  config.intermediate_size = shape.intermediate_size;
  config.layers = shape.num_hidden_layers;
  config.heads = shape.num_attention_heads;
  config.kv_heads = shape.num_key_value_heads.value_or(shape.num_attention_heads);
  config.head_dim = shape.head_dim.value_or(shape.hidden_size / shape.num_attention_heads);
  config.max_positions = shape.max_position_embeddings;
  config.rms_epsilon = shape.rms_norm_eps;
  config.initializer_range = shape.initializer_range;
  config.rope.theta = shape.rope_theta;
  config.tied_embeddings = shape.tie_word_embeddings;
  formats::check_model_config(config, "model.shape");
  return config;
}

dataset::LoaderOptions loader_options(const recipe::Recipe& recipe) {
  dataset::LoaderOptions options;
  options.sequence_len = recipe.training.sequence_len;
  options.micro_batch_size = recipe.training.micro_batch_size;
  options.gradient_accumulation_steps = recipe.training.gradient_accumulation_steps;
  options.sample_packing = recipe.training.sample_packing;
  options.seed = recipe.seed;
  return options;
}

}  // namespace hone::plan
