#include "plan/estimate.h"

#include <algorithm>
#include <cmath>

#include "dataset/loader.h"
#include "dataset/mixture_weights.h"
#include "dataset/shard_set.h"
#include "formats/huggingface.h"
#include "plan/model_shape.h"

namespace hone::plan {

namespace {

/// Text bytes a token stands for: measured on Hone's own manual, English and Korean, with unigram vocabularies.
double bytes_a_token(int64_t vocabulary) {
  return std::clamp(1.5 + 0.55 * std::log2(static_cast<double>(vocabulary) / 1000.0), 1.2, 4.5);
}

/// Bytes of the sources, each as often as training.mixture reads it.
double bytes_of_epoch(const RunPlan& plan, int64_t epoch) {
  if (plan.recipe.training.mixture.empty()) return static_cast<double>(plan.source_bytes);
  std::vector<double> bytes(plan.sources.size());
  for (const InputHash& input : plan.inputs) bytes[input.source] += static_cast<double>(input.bytes);
  std::vector<std::optional<recipe::MixtureOptions>> options(plan.sources.size());
  for (const recipe::MixtureOptions& option : plan.recipe.training.mixture)
    for (size_t source = 0; source < options.size(); ++source)
      if (plan.sources[source].name == option.source) options[source] = option;
  const std::vector<double> weights = dataset::mixture_weights(options, bytes, epoch);
  double sum = 0;
  for (size_t source = 0; source < bytes.size(); ++source) sum += weights[source] * bytes[source];
  return sum;
}

void count_steps(const RunPlan& plan, const formats::ModelConfig& config, Estimate& estimate) {
  const recipe::TrainingOptions& training = plan.recipe.training;
  if (is_up_to_date(plan.at(Stage::tokens))) {
    dataset::LoaderOptions options = loader_options(plan.recipe);
    const dataset::Loader loader(dataset::ShardSet::open(plan.run.tokens(), "train", dataset::Shard::Verify::structure), options);
    estimate.training_tokens = loader.conservation().trained;
    estimate.trained_tokens = loader.trained();
    estimate.steps_per_epoch = loader.steps_in(0);
    estimate.steps = loader.steps();
    estimate.tokens_are_exact = true;
  } else {
    const double tokens_a_byte = (1.0 - plan.recipe.corpus.split.validation) / bytes_a_token(config.vocabulary_size);
    const int64_t per_step = training.sequence_len * std::max<int64_t>(training.micro_batch_size, 1) * training.gradient_accumulation_steps;
    for (int64_t epoch = 0; epoch < training.num_epochs; ++epoch) {
      const auto tokens = static_cast<int64_t>(bytes_of_epoch(plan, epoch) * tokens_a_byte);
      const int64_t steps = std::max<int64_t>(1, (tokens + per_step - 1) / per_step);
      if (epoch == 0) {
        estimate.training_tokens = tokens;
        estimate.steps_per_epoch = steps;
      }
      estimate.trained_tokens += tokens;
      estimate.steps += steps;
    }
  }
}

/// Weights in memory, and which of them an optimizer keeps moments of.
struct Weights {
  uint64_t bytes = 0;             ///< Base and adapter.
  uint64_t adapter_bytes = 0;     ///< What a checkpoint holds of an adapter.
  int64_t trained = 0;            ///< Values.
  uint64_t trained_in_dtype = 0;  ///< Of those, values held in the model's dtype: they get masters in bfloat16.
  bool trains_base = true;
};

/// Bytes a rule keeps for a trained value.
double kept_by_rule(recipe::OptimizerKind kind) {
  switch (kind) {
    case recipe::OptimizerKind::adamw: return 8.0;                    // two moments in float32
    case recipe::OptimizerKind::adamw_8bit: return 2.0 + 8.0 / 256;  // two codes, and a scale of each for 256 of them
    case recipe::OptimizerKind::lion: return 4.0;
    case recipe::OptimizerKind::muon: return 4.0;  // of matrices, nearly all there is
  }
  return 8.0;
}

/// Freezing by pattern needs the names of a loaded model; it is left out here, so the figures are upper bounds with it.
Weights count_weights(const recipe::Recipe& recipe, const formats::ModelConfig& config) {
  const auto parameters = static_cast<uint64_t>(formats::parameter_count(config));
  const uint64_t weight = recipe.model.dtype == recipe::ModelDtype::bfloat16 ? 2 : 4;
  const bool continues = !recipe.model.adapter_path.empty();
  if (recipe.model.adapter == recipe::AdapterKind::none && !continues)
    return {.bytes = parameters * weight, .adapter_bytes = 0, .trained = static_cast<int64_t>(parameters), .trained_in_dtype = parameters, .trains_base = true};
  const AdapterParameters added =
      adapter_parameters(continues ? formats::read_adapter_config(recipe.model.adapter_path) : adapter_config(recipe), config);
  const auto low_rank = static_cast<uint64_t>(added.low_rank), whole = static_cast<uint64_t>(added.whole);
  uint64_t base = parameters * weight;
  if (recipe.model.adapter == recipe::AdapterKind::qlora) {
    uint64_t matrices = 0;
    for (const formats::ParameterShape& parameter : formats::model_parameters(config))
      if (parameter.shape.size() == 2 && parameter.name.starts_with("model.layers."))
        matrices += static_cast<uint64_t>(parameter.shape[0] * parameter.shape[1]);
    // Half a byte a value, and scales: a byte a block with double quantisation, else four.
    const auto blocks = matrices / static_cast<uint64_t>(recipe.model.qlora.block_size);
    base = (parameters - matrices) * weight + matrices / 2 + blocks * (recipe.model.qlora.double_quant ? 1 : 4);
  }
  const uint64_t adapter = low_rank * 4 + whole * weight;
  return {.bytes = base + adapter, .adapter_bytes = adapter, .trained = added.low_rank + added.whole, .trained_in_dtype = whole, .trains_base = false};
}

}  // namespace

Estimate estimate(const RunPlan& plan) {
  Estimate estimate;
  const formats::ModelConfig config = model_config(plan.recipe, plan.recipe.tokenizer.train.vocab_size);
  const recipe::TrainingOptions& training = plan.recipe.training;
  estimate.parameters = formats::parameter_count(config);
  estimate.source_bytes = plan.source_bytes;
  count_steps(plan, config, estimate);
  const Weights weights = count_weights(plan.recipe, config);
  const auto parameters = static_cast<uint64_t>(estimate.parameters);
  estimate.trained_parameters = weights.trained;
  const uint64_t weight = plan.recipe.model.dtype == recipe::ModelDtype::bfloat16 ? 2 : 4;
  // Below an adapter no gradients of the weights themselves: 2 · parameters of the 6 fall away.
  estimate.flops = (weights.trains_base ? 6.0 : 4.0) * static_cast<double>(estimate.parameters) * static_cast<double>(estimate.trained_tokens);

  // Activations kept for the backward pass, a token and layer: about 12 rows of hidden size and 3 of intermediate size.
  const auto tokens = static_cast<uint64_t>(training.sequence_len * std::max<int64_t>(training.micro_batch_size, 1));
  const auto layer = static_cast<uint64_t>(12 * config.hidden_size + 3 * config.intermediate_size) * weight;
  const uint64_t kept_layers = training.gradient_checkpointing ? 1 : static_cast<uint64_t>(config.layers);
  const uint64_t activations = tokens * layer * kept_layers;
  const uint64_t logits = std::min<uint64_t>(tokens, 512) * static_cast<uint64_t>(config.vocabulary_size) * 8;
  const auto trained = static_cast<uint64_t>(weights.trained);
  const uint64_t masters = weights.trained_in_dtype * (weight == 2 ? 4 : 0);
  const uint64_t optimizer = static_cast<uint64_t>(static_cast<double>(trained) * kept_by_rule(training.optimizer)) + masters;
  estimate.memory_bytes = weights.bytes + trained * 4 + optimizer + activations + logits;
  const uint64_t stored = weights.trains_base ? parameters * weight : weights.adapter_bytes;
  estimate.checkpoint_bytes = stored + optimizer;
  const auto kept = static_cast<uint64_t>(training.save.keep == 0 ? training.num_epochs : std::min(training.save.keep, training.num_epochs));
  estimate.disk_bytes = estimate.checkpoint_bytes * (kept + (training.save.keep_best ? 1 : 0) + 1) + parameters * 2 + 2 * plan.source_bytes;
  return estimate;
}

}  // namespace hone::plan
