#pragma once
/// Activation checkpointing (Chen et al. 2016): run a function without keeping what its backward pass would
/// need, and run it again when that is due. The function must be pure, so the second run is bit-identical to
/// the first. Parameters that it reads besides `input` get their gradients as usual (gradient.h).
#include <ATen/ATen.h>

#include <functional>

namespace hone::tensor {

at::Tensor recompute(const std::function<at::Tensor(const at::Tensor&)>& function, const at::Tensor& input);

}  // namespace hone::tensor
