#pragma once
/// The nearest semi-orthogonal matrix of G, roughly: the quintic Newton–Schulz iteration of Muon (Jordan et al.
/// 2024, https://kellerjordan.github.io/posts/muon/), which needs products alone:
///   X ← G / (‖G‖_F + 1e-7), transposed where it has more rows than columns
///   X ← a X + (b A + c A²) X   with A = X Xᵀ, a = 3.4445, b = −4.7750, c = 2.0315, `steps` times
/// The coefficients raise small singular values fast rather than converge: after five steps singular values lie
/// in about 0.7 … 1.2, which is as good for training as 1.
#include <ATen/core/Tensor.h>

#include <cstdint>

namespace hone::training {

/// matrix: [rows, columns] float32 (or float64), left as it is; the same shape. A matrix of zeros stays zero.
at::Tensor newton_schulz(const at::Tensor& matrix, int64_t steps);

}  // namespace hone::training
