#include "model/layer.h"

#include <utility>

#include "tensor/rms_norm.h"
#include "tensor/swiglu.h"

namespace hone::model {
namespace {

at::Tensor heads_of(const at::Tensor& x, int64_t head_dim) { return x.view({x.size(0), -1, head_dim}); }

at::Tensor attention_block(const Layer& layer, const formats::ModelConfig& config, const at::Tensor& normed,
                           const tensor::RopeTable& positions, const Attend& attend) {
  const auto qkv = tensor::linears(
      normed, {plain_weight(layer.query), plain_weight(layer.key), plain_weight(layer.value)});
  const at::Tensor q = tensor::rotate(heads_of(qkv[0], config.head_dim), positions);
  const at::Tensor k = tensor::rotate(heads_of(qkv[1], config.head_dim), positions);
  const at::Tensor attended = attend(q, k, heads_of(qkv[2], config.head_dim));
  return tensor::linear(attended.reshape({normed.size(0), -1}), plain_weight(layer.output));
}

at::Tensor mlp_block(const Layer& layer, const at::Tensor& normed) {
  const auto gate_up = tensor::linears(normed, {plain_weight(layer.gate), plain_weight(layer.up)});
  return tensor::linear(tensor::swiglu(gate_up[0], gate_up[1]), plain_weight(layer.down));
}

}  // namespace

tensor::WeightAndBias plain_weight(const Linear& linear) {
  return {std::visit([](const auto& form) { return form.weight; }, linear.weight), linear.bias};
}

at::Tensor layer_forward(const Layer& layer, const formats::ModelConfig& config, const at::Tensor& hidden,
                         const tensor::RopeTable& positions, const Attend& attend) {
  const at::Tensor attended = attention_block(
      layer, config, tensor::rms_norm(hidden, layer.input_norm, config.rms_epsilon), positions, attend);
  const at::Tensor middle = hidden + attended;
  return middle + mlp_block(layer, tensor::rms_norm(middle, layer.post_attention_norm, config.rms_epsilon));
}

}  // namespace hone::model
