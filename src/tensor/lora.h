#pragma once
/// What an adapter adds to the product of a frozen layer, and DoRA's rows (formulas: model/adapter.h).
///   lora_add    y + scale · (x Aᵀ) Bᵀ            dx = scale · g B A,  dA = scale · (g B)ᵀ x,  dB = scale · gᵀ (x Aᵀ)
///   row_scale   v · m / norm, column by column    dv = g · m / norm,  dm = Σ over tokens of g v / norm
/// Gradients of A, B and m are added to their .grad() in float32. Products are in the dtype of x (matmul.h); A, B and m
/// are float32 (float64 with float64 x) and rounded per use.
#include <ATen/ATen.h>

#include <cstdint>
#include <string>

namespace hone::tensor {

/// x: [tokens, in]; y: [tokens, out] of the same dtype; a: [r, in]; b: [out, r]. Differentiable in all four.
at::Tensor lora_add(const at::Tensor& y, const at::Tensor& x, const at::Tensor& a, const at::Tensor& b, double scale);

/// v: [tokens, out]; magnitude, norm: [out]. Differentiable in v and magnitude; the norm is a constant.
at::Tensor row_scale(const at::Tensor& v, const at::Tensor& magnitude, const at::Tensor& norm);

/// ‖W + scale · B A‖ of each row, [out] in float32 (float64). No gradients. Some thousand rows at a time.
at::Tensor adapted_row_norms(const at::Tensor& weight, const at::Tensor& a, const at::Tensor& b, double scale);

/// Which values a dropout leaves out: a pure function of these, so a second run and a resumed one draw the same.
struct DropoutKey {
  uint64_t seed = 0;
  uint64_t step = 0;
  uint32_t first_token = 0;  ///< Of x, in the step.
  std::string layer;
};

/// x / (1 - share) where kept, 0 elsewhere; x: [tokens, in]. `share` in steps of 1/65536. Differentiable in x.
at::Tensor dropout(const at::Tensor& x, double share, const DropoutKey& key);

}  // namespace hone::tensor
