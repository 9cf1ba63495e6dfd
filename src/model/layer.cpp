#include "model/layer.h"

#include <utility>

#include "tensor/rms_norm.h"
#include "tensor/swiglu.h"

namespace hone::model {
namespace {

at::Tensor heads_of(const at::Tensor& x, int64_t head_dim) { return x.view({x.size(0), -1, head_dim}); }

/// Heads of q or k as attention meets them: normed one by one where the layer has a norm for it, then rotated.
at::Tensor placed(const at::Tensor& x, const at::Tensor& norm, const formats::ModelConfig& config,
                  const tensor::RopeTable& positions) {
  const at::Tensor heads = heads_of(x, config.head_dim);
  if (!norm.defined()) return tensor::rotate(heads, positions);
  const at::Tensor normed = tensor::rms_norm(heads.reshape({-1, config.head_dim}), norm, config.rms_epsilon);
  return tensor::rotate(normed.view(heads.sizes()), positions);
}

at::Tensor attention_block(const Layer& layer, const formats::ModelConfig& config, const at::Tensor& normed,
                           const tensor::RopeTable& positions, const Attend& attend, const LinearUse& use) {
  const auto qkv = apply(
      {{layer.query, "self_attn.q_proj"}, {layer.key, "self_attn.k_proj"}, {layer.value, "self_attn.v_proj"}}, normed,
      use);
  const at::Tensor q = placed(qkv[0], layer.query_norm, config, positions);
  const at::Tensor k = placed(qkv[1], layer.key_norm, config, positions);
  const at::Tensor attended = attend(q, k, heads_of(qkv[2], config.head_dim));
  return apply({{layer.output, "self_attn.o_proj"}}, attended.reshape({normed.size(0), -1}), use).front();
}

at::Tensor mlp_block(const Layer& layer, const at::Tensor& normed, const LinearUse& use) {
  const auto gate_up = apply({{layer.gate, "mlp.gate_proj"}, {layer.up, "mlp.up_proj"}}, normed, use);
  return apply({{layer.down, "mlp.down_proj"}}, tensor::swiglu(gate_up[0], gate_up[1]), use).front();
}

}  // namespace

at::Tensor layer_forward(const Layer& layer, const formats::ModelConfig& config, const at::Tensor& hidden,
                         const tensor::RopeTable& positions, const Attend& attend, const LinearUse& use) {
  const at::Tensor attended = attention_block(
      layer, config, tensor::rms_norm(hidden, layer.input_norm, config.rms_epsilon), positions, attend, use);
  const at::Tensor middle = hidden + attended;
  return middle + mlp_block(layer, tensor::rms_norm(middle, layer.post_attention_norm, config.rms_epsilon), use);
}

}  // namespace hone::model
