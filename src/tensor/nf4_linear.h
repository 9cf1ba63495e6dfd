#pragma once
/// The frozen layer y = x Wᵀ + b of a weight in four bits (QLoRA): W is decoded a few rows at a time into one buffer, forward
/// and backward, so that no matrix ever lies dense in memory. Products are those of matmul.h on operands rounded to W's
/// dtype, so the result is that of a dense layer whose weight is dequantize_nf4(W), up to the order of sums.
/// Gradients: dx = g W, and the bias's into its .grad() when it is trained. W has none, and x is not kept.
#include <ATen/ATen.h>

#include "tensor/nf4.h"

namespace hone::tensor {

/// x: [tokens, columns of W], float32, float64 or bfloat16; bias: [rows of W] or undefined. Result: [tokens, rows of W] of
/// x's dtype.
at::Tensor nf4_linear(const at::Tensor& x, const Nf4Weight& weight, const at::Tensor& bias);

}  // namespace hone::tensor
