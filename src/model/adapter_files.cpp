/// PEFT adapter folders in and out.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/files.h"
#include "base/json_file.h"
#include "model/adapters.h"
#include "model/freeze.h"
#include "model/linear.h"
#include "model/vocabulary.h"

namespace hone::model {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPrefix = "base_model.model.";

std::string shape_of(const at::Tensor& tensor) { return fmt::format("[{}]", fmt::join(tensor.sizes(), ", ")); }

/// The tensors of one adapter_model.safetensors, taken out one by one; what is left at the end is not understood.
class Weights {
 public:
  explicit Weights(const fs::path& file) : file_(file), tensors_(tensor::read_tensors(file).tensors) {}

  bool has(const std::string& name) const { return tensors_.contains(kPrefix + name); }
  /// First dimension, 0 when it is not there or has none.
  int64_t rows(const std::string& name) const {
    const auto found = tensors_.find(kPrefix + name);
    return found == tensors_.end() || found->second.dim() == 0 ? 0 : found->second.size(0);
  }

  /// A float32 copy on `device`. `shape` entries of -1 take any length.
  at::Tensor take(const std::string& name, const std::vector<int64_t>& shape, at::Device device) {
    const auto found = tensors_.find(kPrefix + name);
    if (found == tensors_.end()) refuse(name, "is missing");
    const at::Tensor stored = found->second;
    tensors_.erase(found);
    bool fits = stored.dim() == static_cast<int64_t>(shape.size()) && at::isFloatingType(stored.scalar_type());
    for (size_t i = 0; fits && i < shape.size(); ++i) fits = shape[i] < 0 || stored.size(static_cast<int64_t>(i)) == shape[i];
    if (!fits)
      refuse(name, fmt::format("is {} {} where the base model and {} ask for floating-point numbers of shape [{}]",
                               c10::toString(stored.scalar_type()), shape_of(stored), formats::kAdapterConfig, fmt::join(shape, ", ")));
    at::Tensor values = stored.to(device, at::kFloat, /*non_blocking=*/false, /*copy=*/true);
    if (!at::isfinite(values).all().item<bool>()) refuse(name, "holds NaN or Inf");
    return values;
  }

  void require_empty() const {
    if (!tensors_.empty()) refuse(tensors_.begin()->first.substr(0, 200), "is not part of an adapter of this base model, or its config does not target it");
  }

  [[noreturn]] void refuse(const std::string& name, const std::string& what) const {
    throw Error(ExitCode::data, fmt::format("{}: \"{}\" {}", file_.string(), name, what));
  }

 private:
  fs::path file_;
  std::map<std::string, at::Tensor> tensors_;
};

Adapter read_one(Weights& weights, const Linear& linear, const formats::AdapterConfig& config, const formats::AdapterRules& rules,
                 const std::string& name) {
  const at::Tensor weight = dense_weight(linear);
  const int64_t rank = rules.rank(name), out = weight.size(0), in = weight.size(1);
  Adapter adapter{.a = weights.take(name + ".lora_A.weight", {rank, in}, weight.device()),
                  .b = weights.take(name + ".lora_B.weight", {out, rank}, weight.device()),
                  .scale = rules.scale(name),
                  .dropout = config.dropout,
                  .magnitude = {}};
  if (!config.use_dora) return adapter;
  // Before peft 0.9 the vector was the weight of a layer.
  const bool old = weights.has(name + ".lora_magnitude_vector.weight");
  adapter.magnitude = weights.take(name + (old ? ".lora_magnitude_vector.weight" : ".lora_magnitude_vector"), {out}, weight.device());
  return adapter;
}

at::Tensor read_rows(Weights& weights, const std::string& name, Model& model) {
  const at::Tensor values = weights.take(name, {-1, model.config.hidden_size}, model.device());
  if (values.size(0) != model.config.vocabulary_size)
    weights.refuse(name, fmt::format("has {} rows where the base model has {}: the adapter was trained with another vocabulary",
                                     values.size(0), model.config.vocabulary_size));
  return values.to(model.dtype());
}

/// Of a base whose vocabulary was resized PEFT stores embedding and head though modules_to_save does not name them.
void take_resized(const Weights& weights, const Model& model, formats::AdapterConfig& config) {
  const bool embedding = weights.has("model.embed_tokens.weight") && !config.saves("embed_tokens");
  const bool head = weights.has("lm_head.weight") && !config.saves("lm_head");
  if (!embedding || (config.saves("lm_head") && !model.head.defined())) return;
  config.modules_to_save.insert(config.modules_to_save.begin(), "embed_tokens");
  if (!model.head.defined()) config.ensure_weight_tying = true;
  else if (head) config.modules_to_save.push_back("lm_head");
}

/// Tokens that were added while the adapter was made: it brings whole matrices with a row for each of them.
void grow_to(Weights& weights, Model& model, const formats::AdapterConfig& config) {
  const bool both = config.saves("embed_tokens") && (config.saves("lm_head") || !model.head.defined());
  const int64_t rows = both ? weights.rows("model.embed_tokens.weight") : 0;
  if (rows <= model.config.vocabulary_size) return;
  model.config.vocabulary_size = rows;
  model.embedding = with_rows(model.embedding, rows);
  if (model.head.defined()) model.head = with_rows(model.head, rows);
}

/// Embedding and head as PEFT stored them. On a tied base: one matrix if the option says so, else two.
void read_whole(Weights& weights, Model& model, formats::AdapterConfig& config) {
  const std::string embedding = "model.embed_tokens.weight", head = "lm_head.weight";
  const bool tied = !model.head.defined(), saves_embedding = config.saves("embed_tokens"), saves_head = config.saves("lm_head");
  if (tied && config.ensure_weight_tying && (saves_embedding || saves_head)) {
    config.modules_to_save = {"embed_tokens"};
    train_whole(model, config);
    model.embedding = read_rows(weights, embedding, model);
    if (weights.has(head) && !at::equal(read_rows(weights, head, model), model.embedding))
      weights.refuse(head, "differs from the embedding, though ensure_weight_tying says that they are one");
    return;
  }
  if (tied && (saves_embedding || saves_head)) {
    model.head = model.embedding.detach().clone();
    model.config.tied_embeddings = false;
    model.frozen.insert(head);
  }
  train_whole(model, config);
  if (saves_embedding) model.embedding = read_rows(weights, embedding, model);
  if (saves_head) model.head = read_rows(weights, head, model);
}

}  // namespace

void load_adapter(Model& model, const fs::path& folder) {
  const at::NoGradGuard no_grad;
  const std::string where = (folder / formats::kAdapterConfig).string();
  formats::AdapterConfig config = formats::read_adapter_config(folder);
  const formats::AdapterRules rules(config, where);
  Weights weights(folder / formats::kAdapterWeights);
  size_t adapted = 0;
  visit_linears(model, [&](const std::string& name, Linear& linear) {
    const bool wanted = config.targets.empty() ? weights.has(name + ".lora_A.weight") : rules.targets(name);
    if (!wanted) return;
    linear.adapter = read_one(weights, linear, config, rules, name);
    ++adapted;
  });
  if (adapted == 0) throw Error(ExitCode::data, where + ": key \"target_modules\" matches no layer of the base model");
  take_resized(weights, model, config);
  grow_to(weights, model, config);
  freeze_base(model);
  read_whole(weights, model, config);
  weights.require_empty();
  model.adapter = config;
}

void save_adapter(const Model& model, const fs::path& folder) {
  HONE_ASSERT(model.adapter);
  base::write_file(folder / formats::kAdapterConfig, base::json_text(formats::adapter_config_json(*model.adapter)));
  tensor::write_tensors(folder / formats::kAdapterWeights, adapter_tensors(model), {{"format", "pt"}});
}

}  // namespace hone::model
