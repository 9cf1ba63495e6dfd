#include "pipeline/export_inputs.h"

#include <nlohmann/json.hpp>

#include "dataset/loader.h"
#include "dataset/shard_set.h"
#include "model/adapters.h"
#include "plan/model_shape.h"
#include "tokenizer/chat_template.h"
#include "tokenizer/chat_template_files.h"

namespace hone::pipeline {

using nlohmann::json;

namespace {

at::ScalarType export_dtype(recipe::ExportDtype dtype) {
  switch (dtype) {
    case recipe::ExportDtype::float32: return at::kFloat;
    case recipe::ExportDtype::bfloat16: return at::kBFloat16;
    case recipe::ExportDtype::float16: return at::kHalf;
  }
  return at::kFloat;
}

bool in_four_bits(const model::Model& model) {
  bool found = false;
  model::visit_linears(model, [&](const std::string&, const model::Linear& linear) { found = found || !std::holds_alternative<model::Dense>(linear.weight); });
  return found;
}

/// "q_proj" … of the layers that have an adapter, in the order of the forward pass.
json adapted_layers(const model::Model& model) {
  json names = json::array();
  for (const std::string& layer : formats::adaptable_layers()) {
    bool adapted = false;
    model::visit_linears(model, [&](const std::string& name, const model::Linear& linear) { adapted = adapted || (linear.adapter && name.ends_with("." + layer)); });
    if (adapted) names.push_back(layer);
  }
  return names;
}

}  // namespace

exporting::ExportOptions export_options(const plan::RunPlan& plan, const tokenizer::Tokenizer& vocabulary) {
  exporting::ExportOptions options;
  options.dtype = export_dtype(plan.recipe.exported.dtype);
  const recipe::TrainingOptions& training = plan.recipe.training;
  if (training.objective == recipe::Objective::pretrain) return options;
  const auto found = tokenizer::find_chat_template(training.chat_template, plan.vocabulary);
  if (!found) return options;
  if (!training.chat_template.empty()) options.chat_template = found->text;
  const std::vector<int32_t> end = vocabulary.encode_markup(tokenizer::ChatTemplate(found->text, found->where, vocabulary).terminator());
  if (end.size() == 1) options.end_ids = end;
  return options;
}

std::vector<dataset::Batch> sample_of_text(const plan::RunPlan& plan) {
  constexpr int64_t kEnough = 4096;
  auto shards = dataset::ShardSet::open(plan.run.tokens(), "validation");
  if (shards->documents() == 0) shards = dataset::ShardSet::open(plan.run.tokens(), "train");
  const dataset::Loader loader(shards, dataset::held_out(plan::loader_options(plan.recipe)));
  std::vector<dataset::Batch> batches;
  int64_t tokens = 0;
  for (int64_t step = 0; step < loader.steps_per_epoch() && tokens < kEnough; ++step)
    for (dataset::Batch& batch : loader.step(0, step).micro_batches) {
      if (batch.tokens() == 0 || tokens >= kEnough) continue;
      tokens += batch.tokens();
      batches.push_back(std::move(batch));
    }
  return batches;
}

json method_facts(const model::Model& model) {
  const model::AdapterSize size = model::adapter_size(model);
  json facts = {{"name", "full"},
                {"trained_parameters", size.trained},
                {"parameters", size.all},
                {"share", static_cast<double>(size.trained) / static_cast<double>(size.all)}};
  if (!model.adapter) {
    if (size.trained < size.all) facts["name"] = "frozen";
    return facts;
  }
  const formats::AdapterConfig& adapter = *model.adapter;
  facts["name"] = in_four_bits(model) ? "qlora" : "lora";
  facts["r"] = adapter.r;
  facts["alpha"] = adapter.alpha;
  facts["dropout"] = adapter.dropout;
  facts["rslora"] = adapter.use_rslora;
  facts["dora"] = adapter.use_dora;
  facts["targets"] = adapted_layers(model);
  facts["modules_to_save"] = adapter.modules_to_save;
  return facts;
}

}  // namespace hone::pipeline
