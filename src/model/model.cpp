#include "model/model.h"

#include "tensor/gradient.h"

namespace hone::model {
namespace {

/// The layers of one block by their names; M is Model or const Model.
template <typename L, typename F>
void walk_linears(L& layer, const std::string& prefix, const F& f) {
  f(prefix + "self_attn.q_proj", layer.query);
  f(prefix + "self_attn.k_proj", layer.key);
  f(prefix + "self_attn.v_proj", layer.value);
  f(prefix + "self_attn.o_proj", layer.output);
  f(prefix + "mlp.gate_proj", layer.gate);
  f(prefix + "mlp.up_proj", layer.up);
  f(prefix + "mlp.down_proj", layer.down);
}

std::string prefix_of(size_t layer) { return "model.layers." + std::to_string(layer) + "."; }

template <typename M, typename F>
void walk_all_linears(M& model, const F& f) {
  for (size_t i = 0; i < model.layers.size(); ++i) walk_linears(model.layers[i], prefix_of(i), f);
}

/// One walk for both forms; M is Model or const Model.
template <typename M, typename F>
void walk(M& model, const F& f) {
  f("model.embed_tokens.weight", model.embedding);
  const auto linear = [&](const std::string& name, auto& layer) {
    if (auto* dense = std::get_if<Dense>(&layer.weight)) f(name + ".weight", dense->weight);
    if (layer.bias.defined()) f(name + ".bias", layer.bias);
  };
  for (size_t i = 0; i < model.layers.size(); ++i) {
    auto& layer = model.layers[i];
    const std::string prefix = prefix_of(i);
    f(prefix + "input_layernorm.weight", layer.input_norm);
    linear(prefix + "self_attn.q_proj", layer.query);
    linear(prefix + "self_attn.k_proj", layer.key);
    linear(prefix + "self_attn.v_proj", layer.value);
    linear(prefix + "self_attn.o_proj", layer.output);
    if (layer.query_norm.defined()) f(prefix + "self_attn.q_norm.weight", layer.query_norm);
    if (layer.key_norm.defined()) f(prefix + "self_attn.k_norm.weight", layer.key_norm);
    f(prefix + "post_attention_layernorm.weight", layer.post_attention_norm);
    linear(prefix + "mlp.gate_proj", layer.gate);
    linear(prefix + "mlp.up_proj", layer.up);
    linear(prefix + "mlp.down_proj", layer.down);
  }
  f("model.norm.weight", model.norm);
  if (model.head.defined()) f("lm_head.weight", model.head);
}

template <typename M, typename F>
void walk_adapters(M& model, const F& f) {
  walk_all_linears(model, [&](const std::string& name, auto& linear) {
    if (!linear.adapter) return;
    f(name + ".lora_A.weight", linear.adapter->a);
    f(name + ".lora_B.weight", linear.adapter->b);
    if (linear.adapter->magnitude.defined()) f(name + ".lora_magnitude_vector", linear.adapter->magnitude);
  });
}

template <typename M, typename F>
void walk_trained(M& model, const F& f) {
  const auto unless_frozen = [&](const std::string& name, auto& tensor) {
    if (!model.frozen.contains(name)) f(name, tensor);
  };
  walk(model, unless_frozen);
  walk_adapters(model, unless_frozen);
}

}  // namespace

void visit_parameters(Model& model, const std::function<void(const std::string&, at::Tensor&)>& f) {
  walk(model, f);
}

void visit_parameters(const Model& model,
                      const std::function<void(const std::string&, const at::Tensor&)>& f) {
  walk(model, f);
}

void visit_linears(Model& model, const std::function<void(const std::string&, Linear&)>& f) {
  walk_all_linears(model, f);
}

void visit_linears(const Model& model, const std::function<void(const std::string&, const Linear&)>& f) {
  walk_all_linears(model, f);
}

void visit_trained(Model& model, const std::function<void(const std::string&, at::Tensor&)>& f) {
  walk_trained(model, f);
}

void visit_trained(const Model& model, const std::function<void(const std::string&, const at::Tensor&)>& f) {
  walk_trained(model, f);
}

void set_trainable(Model& model, bool trainable) {
  const auto set = [&](const std::string& name, at::Tensor& tensor) {
    tensor.requires_grad_(trainable && !model.frozen.contains(name));
  };
  walk(model, set);
  walk_adapters(model, set);
}

const at::Tensor& Model::input_weight(Adapters adapters) const {
  return adapters == Adapters::off && base_embedding.defined() ? base_embedding : embedding;
}

const at::Tensor& Model::output_weight(Adapters adapters) const {
  if (!head.defined()) return input_weight(adapters);
  return adapters == Adapters::off && base_head.defined() ? base_head : head;
}

}  // namespace hone::model
