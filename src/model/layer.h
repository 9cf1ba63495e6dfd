#pragma once
/// One layer of the forward pass, shared by training and generation: everything but which keys and values the
/// queries meet.
#include <ATen/ATen.h>

#include <functional>

#include "model/linear.h"
#include "model/model.h"
#include "tensor/rope.h"

namespace hone::model {

/// What turns rotated q, k and plain v ([tokens, heads or kv_heads, head_dim]) into [tokens, heads,
/// head_dim].
using Attend = std::function<at::Tensor(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v)>;

/// hidden: [tokens, hidden] → the same shape.
at::Tensor layer_forward(const Layer& layer, const formats::ModelConfig& config, const at::Tensor& hidden,
                         const tensor::RopeTable& positions, const Attend& attend, const LinearUse& use = {});

}  // namespace hone::model
