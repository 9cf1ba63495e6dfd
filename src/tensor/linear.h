#pragma once
/// Matrix layers y = x Wᵀ + b, several at once when they read the same x: dx is then summed inside the
/// products. x: [tokens, in]; W: [out, in]; b: [out] or undefined. float32, float64 or bfloat16 (products as
/// matmul.h says). Weight gradients are added to W.grad() and b.grad() in float32, within the product itself
/// where dtypes allow.
#include <ATen/ATen.h>

#include <vector>

namespace hone::tensor {

struct WeightAndBias {
  at::Tensor weight;
  at::Tensor bias;  ///< Undefined: none.
};

at::Tensor linear(const at::Tensor& x, const WeightAndBias& layer);

/// One result for each layer.
std::vector<at::Tensor> linears(const at::Tensor& x, const std::vector<WeightAndBias>& layers);

/// rows[i] = weight[ids[i]]; ids int64 within the vocabulary (not checked here). The gradient is added to
/// weight.grad().
at::Tensor embed(const at::Tensor& ids, const at::Tensor& weight);

}  // namespace hone::tensor
