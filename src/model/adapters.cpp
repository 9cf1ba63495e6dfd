#include "model/adapters.h"

#include <cmath>
#include <span>
#include <utility>

#include "base/error.h"
#include "base/random.h"
#include "model/freeze.h"
#include "model/linear.h"
#include "tensor/lora.h"

namespace hone::model {
namespace {

constexpr const char* kEmbedding = "model.embed_tokens.weight";
constexpr const char* kHead = "lm_head.weight";

at::Tensor initial_a(int64_t rank, int64_t in, uint64_t seed, const std::string& layer) {
  at::Tensor a = at::empty({rank, in}, at::kFloat);
  const double bound = 1.0 / std::sqrt(static_cast<double>(in));
  base::RandomStream stream(seed, "initial lora_A of " + layer);
  for (float& x : std::span(a.mutable_data_ptr<float>(), static_cast<size_t>(a.numel())))
    x = static_cast<float>((2.0 * stream.uniform() - 1.0) * bound);
  return a;
}

Adapter new_adapter(const Linear& linear, const formats::AdapterConfig& config, const formats::AdapterRules& rules,
                    uint64_t seed, const std::string& name) {
  const at::Tensor weight = dense_weight(linear);
  const int64_t rank = rules.rank(name), out = weight.size(0), in = weight.size(1);
  Adapter adapter{.a = initial_a(rank, in, seed, name).to(weight.device()),
                  .b = at::zeros({out, rank}, weight.options().dtype(at::kFloat).requires_grad(false)),
                  .scale = rules.scale(name),
                  .dropout = config.dropout,
                  .magnitude = {}};
  if (config.use_dora) adapter.magnitude = tensor::adapted_row_norms(weight, adapter.a, adapter.b, adapter.scale);
  return adapter;
}

}  // namespace

void add_adapter(Model& model, const formats::AdapterConfig& config, uint64_t seed) {
  const at::NoGradGuard no_grad;
  const formats::AdapterRules rules(config, "model.lora");
  formats::AdapterConfig own = config;
  size_t adapted = 0;
  visit_linears(model, [&](const std::string& name, Linear& linear) {
    if (!rules.targets(name)) return;
    linear.adapter = new_adapter(linear, config, rules, seed, name);
    ++adapted;
  });
  if (adapted == 0) throw Error(ExitCode::usage, "model.lora.target_modules matches no layer of this model");
  freeze_base(model);
  train_whole(model, config);
  if (!model.head.defined() && !config.modules_to_save.empty()) {  // both words mean the one matrix
    own.modules_to_save = {"embed_tokens"};
    own.ensure_weight_tying = true;
  }
  model.adapter = own;
}

tensor::NamedTensors adapter_tensors(const Model& model) {
  HONE_ASSERT(model.adapter);
  const std::string prefix = "base_model.model.";
  tensor::NamedTensors tensors;
  const auto add = [&](const std::string& name, const at::Tensor& tensor) { tensors.emplace_back(prefix + name, tensor.detach()); };
  const bool tied = !model.head.defined();
  if (model.adapter->saves("embed_tokens")) add(kEmbedding, model.embedding);
  visit_linears(model, [&](const std::string& name, const Linear& linear) {
    if (!linear.adapter) return;
    add(name + ".lora_A.weight", linear.adapter->a);
    add(name + ".lora_B.weight", linear.adapter->b);
    if (linear.adapter->magnitude.defined()) add(name + ".lora_magnitude_vector", linear.adapter->magnitude);
  });
  if (model.adapter->saves("lm_head") && !tied) add(kHead, model.head);
  if (model.adapter->saves("embed_tokens") && tied) add(kHead, model.embedding);  // PEFT keeps a tied pair under both names
  return tensors;
}

AdapterSize adapter_size(const Model& model) {
  AdapterSize size;
  for (const formats::ParameterShape& parameter : formats::model_parameters(model.config)) {
    int64_t values = 1;
    for (const int64_t length : parameter.shape) values *= length;
    size.all += values;
  }
  visit_trained(model, [&](const std::string& name, const at::Tensor& tensor) {
    size.trained += tensor.numel();
    if (name.find(".lora_") != std::string::npos) size.all += tensor.numel();
  });
  return size;
}

}  // namespace hone::model
