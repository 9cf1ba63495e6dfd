#pragma once
/// y = silu(gate) · up,  silu(z) = z / (1 + e^-z)      (Shazeer 2020)
/// One pass each way; backward needs gate and up only:
///   dup = g · silu(gate);  dgate = g · up · s · (1 + gate · (1 - s)),  s = 1 / (1 + e^-gate)
#include <ATen/ATen.h>

namespace hone::tensor {

/// gate, up: the same shape, float32, float64 or bfloat16. Differentiable in both.
at::Tensor swiglu(const at::Tensor& gate, const at::Tensor& up);

at::Tensor swiglu_reference(const at::Tensor& gate, const at::Tensor& up);

}  // namespace hone::tensor
