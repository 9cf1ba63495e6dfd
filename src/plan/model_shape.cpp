#include "plan/model_shape.h"

#include <algorithm>

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

formats::AdapterConfig adapter_config(const recipe::Recipe& recipe) {
  const recipe::LoraOptions& lora = recipe.model.lora;
  formats::AdapterConfig config;
  config.base_model = recipe.model.path;
  config.r = lora.r;
  config.alpha = lora.alpha;
  config.dropout = lora.dropout;
  config.use_rslora = lora.use_rslora;
  config.use_dora = lora.use_dora;
  const bool all = lora.target_modules == std::vector<std::string>{"all-linear"};
  config.targets.names = all ? formats::adaptable_layers() : lora.target_modules;
  for (const char* module : {"embed_tokens", "lm_head"})  // in PEFT's order whatever the recipe's
    if (std::find(lora.modules_to_save.begin(), lora.modules_to_save.end(), module) != lora.modules_to_save.end())
      config.modules_to_save.push_back(module);
  return config;
}

AdapterParameters adapter_parameters(const formats::AdapterConfig& adapter, const formats::ModelConfig& base) {
  const formats::AdapterRules rules(adapter, formats::kAdapterConfig);
  AdapterParameters count;
  for (const formats::ParameterShape& parameter : formats::model_parameters(base)) {
    const std::string_view ending = ".weight";
    if (!parameter.name.ends_with(ending) || parameter.shape.size() != 2) continue;
    const std::string module = parameter.name.substr(0, parameter.name.size() - ending.size());
    if (module == "model.embed_tokens" || module == "lm_head") {
      const bool tied_pair = base.tied_embeddings && !adapter.modules_to_save.empty();
      if (tied_pair || adapter.saves(module == "lm_head" ? "lm_head" : "embed_tokens")) count.whole += parameter.shape[0] * parameter.shape[1];
    } else if (rules.targets(module)) {
      count.low_rank += rules.rank(module) * (parameter.shape[0] + parameter.shape[1]) + (adapter.use_dora ? parameter.shape[0] : 0);
    }
  }
  return count;
}

dataset::LoaderOptions loader_options(const recipe::Recipe& recipe) {
  dataset::LoaderOptions options;
  options.sequence_len = recipe.training.sequence_len;
  options.micro_batch_size = recipe.training.micro_batch_size;
  options.gradient_accumulation_steps = recipe.training.gradient_accumulation_steps;
  if (options.micro_batch_size == 0) {  // auto: all rows of a step, to be cut by what the machine holds (LoaderOptions::most_rows)
    options.micro_batch_size = options.gradient_accumulation_steps;
    options.gradient_accumulation_steps = 1;
  }
  options.sample_packing = recipe.training.sample_packing;
  if (recipe.training.group_by_length && !options.sample_packing) options.order = dataset::Order::grouped;
  options.epochs = recipe.training.num_epochs;
  options.mixture = recipe.training.mixture;
  options.seed = recipe.seed;
  return options;
}

}  // namespace hone::plan
