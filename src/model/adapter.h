#pragma once
/// What a low-rank adapter adds to one frozen layer (Hu et al. 2021), and with a magnitude to its rows' lengths (DoRA, Liu et al. 2024):
///   LoRA   W' = W + scale · B A
///   DoRA   W' = m · (W + scale · B A) / ‖W + scale · B A‖   row by row; the norm counts as a constant in the backward pass
///   scale = alpha / r, or alpha / √r with rsLoRA (Kalajdzievski 2023)
/// Dropout is of what A reads, while training only. The tensors are float32 whatever holds W, and are rounded per use.
#include <ATen/ATen.h>

namespace hone::model {

struct Adapter {
  at::Tensor a;          ///< [r, in], float32
  at::Tensor b;          ///< [out, r], float32
  double scale = 1.0;
  double dropout = 0.0;
  at::Tensor magnitude;  ///< [out], float32; undefined: plain LoRA.
};

/// Whether a forward pass meets the adapters. `off` is the base model as it was loaded, modules_to_save included.
enum class Adapters { on, off };

}  // namespace hone::model
