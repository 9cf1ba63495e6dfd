#include "model/model.h"

#include "tensor/gradient.h"

namespace hone::model {
namespace {

/// One walk for both forms; M is Model or const Model.
template <typename M, typename F>
void walk(M& model, const F& f) {
  f("model.embed_tokens.weight", model.embedding);
  const auto linear = [&](const std::string& name, auto& layer) {
    std::visit([&](auto& form) { f(name + ".weight", form.weight); }, layer.weight);
    if (layer.bias.defined()) f(name + ".bias", layer.bias);
  };
  for (size_t i = 0; i < model.layers.size(); ++i) {
    auto& layer = model.layers[i];
    const std::string prefix = "model.layers." + std::to_string(i) + ".";
    f(prefix + "input_layernorm.weight", layer.input_norm);
    linear(prefix + "self_attn.q_proj", layer.query);
    linear(prefix + "self_attn.k_proj", layer.key);
    linear(prefix + "self_attn.v_proj", layer.value);
    linear(prefix + "self_attn.o_proj", layer.output);
    f(prefix + "post_attention_layernorm.weight", layer.post_attention_norm);
    linear(prefix + "mlp.gate_proj", layer.gate);
    linear(prefix + "mlp.up_proj", layer.up);
    linear(prefix + "mlp.down_proj", layer.down);
  }
  f("model.norm.weight", model.norm);
  if (model.head.defined()) f("lm_head.weight", model.head);
}

}  // namespace

void visit_parameters(Model& model, const std::function<void(const std::string&, at::Tensor&)>& f) {
  walk(model, f);
}

void visit_parameters(const Model& model,
                      const std::function<void(const std::string&, const at::Tensor&)>& f) {
  walk(model, f);
}

void set_trainable(Model& model, bool trainable) {
  visit_parameters(model, [&](const std::string&, at::Tensor& tensor) { tensor.requires_grad_(trainable); });
}

}  // namespace hone::model
