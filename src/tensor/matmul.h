#pragma once
/// The matrix products of training, in the form that is fastest on this machine and still what its dtype
/// promises.
///   nt: x wᵀ     nn: g w     tn: gᵀ x
/// float32 is exact to float32 grade. bfloat16 rounds once, at the result; where the processor has no
/// bfloat16 products the operands are widened to float32 per use (LibTorch's own fallback is 20 times
/// slower).
#include <ATen/ATen.h>

#include <string>

namespace hone::tensor {

struct MatmulPolicy {
  bool onednn_float32 = false;  ///< float32 by oneDNN: faster here than MKL and as exact.
  bool widen_bfloat16 = false;  ///< bfloat16 operands widened to float32 per use.
  /// For logs and checkpoints, as in "float32 by MKL, bfloat16 widened to float32".
  std::string words() const;
};

/// The policy in force. Decided at first use by what the processor is, so that equal machines decide alike.
const MatmulPolicy& matmul_policy();
/// Puts a recorded policy in force, for a resume that must compute the same bytes. Before any product.
void set_matmul_policy(const MatmulPolicy& policy);

/// The tensor as products take it: itself, or widened to float32 where the policy says so. Widen once,
/// multiply often.
at::Tensor operand(const at::Tensor& tensor);

/// out (undefined: made) += a b. For operands as `operand` gives them; `out` has their dtype.
void add_product(at::Tensor& out, const at::Tensor& a, const at::Tensor& b);

/// a b with a float32 result whatever the operands (float64 for float64): weight gradients accumulate in it.
at::Tensor wide_product(const at::Tensor& a, const at::Tensor& b);

}  // namespace hone::tensor
