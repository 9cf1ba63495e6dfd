#include "pipeline/models.h"

#include <fmt/format.h>

#include "base/error.h"
#include "model/adapters.h"
#include "model/freeze.h"
#include "model/load.h"
#include "model/merge.h"
#include "model/vocabulary.h"
#include "plan/model_shape.h"
#include "tensor/device.h"
#include "tokenizer/new_tokens.h"

namespace hone::pipeline {

namespace {

at::Device device_of(const recipe::Recipe& recipe) {
  return tensor::choose_device(names_of(recipe.training.device)[static_cast<size_t>(recipe.training.device)]);
}

at::ScalarType dtype_of(const recipe::Recipe& recipe) {
  return recipe.model.dtype == recipe::ModelDtype::bfloat16 ? at::kBFloat16 : at::kFloat;
}

model::LoadOptions in_four_bits(const recipe::Recipe& recipe, model::LoadOptions options) {
  if (recipe.model.adapter == recipe::AdapterKind::qlora)
    options.four_bits = tensor::Nf4Options{.block_size = recipe.model.qlora.block_size, .double_quant = recipe.model.qlora.double_quant};
  return options;
}

void require_rows(int32_t pieces, int64_t rows) {
  if (pieces > rows)
    throw Error(ExitCode::data, fmt::format("the vocabulary has {} pieces, more than the base model's {} rows; use the model's own vocabulary", pieces, rows));
}

model::Model random_base(const plan::RunPlan& plan, const tokenizer::Tokenizer& vocabulary, const model::LoadOptions& options) {
  formats::ModelConfig config = plan::model_config(plan.recipe, vocabulary.vocabulary_size());
  config.bos_id = vocabulary.bos_id();
  config.pad_id = vocabulary.pad_id();
  if (vocabulary.eos_id() >= 0) config.eos_ids = {vocabulary.eos_id()};
  return model::random_model(config, plan.recipe.seed, options);
}

/// Base weights, or random ones, with a row for every piece of the vocabulary; those of added tokens are means of what they were
/// written with before.
model::Model base_model(const plan::RunPlan& plan, const tokenizer::Tokenizer& vocabulary, const model::LoadOptions& options) {
  if (plan.recipe.starts_from_random()) return random_base(plan, vocabulary, options);
  model::Model model = model::load_model(plan.recipe.model.path, options);
  if (!plan.recipe.tokenizer.add_tokens.empty()) {
    const auto given = tokenizer::load_tokenizer(plan.given_vocabulary);
    require_rows(given->vocabulary_size(), model.config.vocabulary_size);
    std::vector<model::NewRow> rows;
    for (const tokenizer::NewToken& token : tokenizer::new_tokens(*given, vocabulary)) rows.push_back({token.id, token.pieces});
    model::add_rows(model, rows);
  }
  require_rows(vocabulary.vocabulary_size(), model.config.vocabulary_size);
  return model;
}

void put_adapter(model::Model& model, const recipe::Recipe& recipe) {
  if (!recipe.model.adapter_path.empty()) return model::load_adapter(model, recipe.model.adapter_path);
  if (recipe.model.adapter != recipe::AdapterKind::none) model::add_adapter(model, plan::adapter_config(recipe), recipe.seed);
}

/// A new row that is not trained means nothing more than its pieces did, and an adapter without it fits no base.
void require_trained_rows(const model::Model& model, const recipe::Recipe& recipe) {
  if (recipe.tokenizer.add_tokens.empty() || !model.adapter) return;
  const bool both = model.adapter->saves("embed_tokens") && (model.adapter->saves("lm_head") || !model.head.defined());
  if (both) return;
  throw Error(ExitCode::usage, fmt::format("tokenizer.add_tokens needs rows that are trained{}; set model.lora.modules_to_save: [embed_tokens, lm_head]",
                                           model.head.defined() ? ", and this model's head has rows of its own" : ""));
}

}  // namespace

model::Model starting_model(const plan::RunPlan& plan, const tokenizer::Tokenizer& vocabulary) {
  const recipe::Recipe& recipe = plan.recipe;
  model::Model model = base_model(plan, vocabulary, in_four_bits(recipe, {.dtype = dtype_of(recipe), .device = device_of(recipe)}));
  put_adapter(model, recipe);
  require_trained_rows(model, recipe);
  if (model.adapter) model.adapter->base_model = recipe.model.path;
  if (!recipe.training.freeze.empty()) model::freeze(model, recipe.training.freeze);
  return model;
}

model::Model untrained_model(const plan::RunPlan& plan, const tokenizer::Tokenizer& vocabulary) {
  const recipe::Recipe& recipe = plan.recipe;
  model::Model model = base_model(plan, vocabulary, {.dtype = dtype_of(recipe), .device = device_of(recipe)});
  if (!recipe.model.adapter_path.empty()) model::load_adapter(model, recipe.model.adapter_path);
  return model;
}

model::Model trained_model(const plan::RunPlan& plan, const tokenizer::Tokenizer& vocabulary, const std::filesystem::path& checkpoint) {
  const recipe::Recipe& recipe = plan.recipe;
  const model::LoadOptions options{.dtype = at::kFloat, .device = device_of(recipe)};
  if (!formats::is_adapter_folder(checkpoint)) return model::load_model(checkpoint, options);
  const bool four_bits = recipe.model.adapter == recipe::AdapterKind::qlora;
  // Four-bit values follow from the weights in the dtype that they were trained in.
  model::Model model = base_model(plan, vocabulary, four_bits ? in_four_bits(recipe, {.dtype = dtype_of(recipe), .device = device_of(recipe)}) : options);
  if (four_bits) model::widen(model);
  model::load_adapter(model, checkpoint);
  return model;
}

model::Model exported_model(const plan::RunPlan& plan) {
  model::LoadOptions options;
  options.dtype = at::kFloat;
  options.device = device_of(plan.recipe);
  return model::load_model(plan.run.exported(), options);
}

std::filesystem::path exported_adapter(const artifact::RunDirectory& run) { return run.exported().parent_path() / "adapter"; }

}  // namespace hone::pipeline
