#pragma once
/// y = x / sqrt(mean(x², over hidden) + epsilon) · weight      (Zhang & Sennrich 2019)
/// x, y: [tokens, hidden], float32, float64 or bfloat16; weight: [hidden] of the same dtype. Sums in float32
/// (float64). As in transformers' LlamaRMSNorm, x / rms is rounded to the dtype before the weight is applied.
/// backward: dx = (w·g - n · mean(w·g·n)) / rms with n = x / rms;  dweight = Σ over tokens of g · n
#include <ATen/ATen.h>

namespace hone::tensor {

/// Differentiable in x and weight (whose gradient goes to weight.grad()). Throws data when the shapes do not
/// fit.
at::Tensor rms_norm(const at::Tensor& x, const at::Tensor& weight, double epsilon);

/// The same by plain operators: slow, obvious, the measure of rms_norm.
at::Tensor rms_norm_reference(const at::Tensor& x, const at::Tensor& weight, double epsilon);

}  // namespace hone::tensor
