#pragma once
/// Output layer and cross-entropy in one, a chunk of rows at a time, so that logits of a whole batch never
/// exist:
///   nll_sum = Σ over rows with target ≥ 0 of  log Σ_v exp(h·W_v) - h·W_target
/// With z-loss (PaLM, Chowdhery et al. 2022, section 5), which keeps the softmax's sum near 1:
///   total = nll_sum + z_loss · Σ over the same rows of (log Σ_v exp(h·W_v))²
///   dlogits = softmax · (1 + 2 z_loss · log Σ exp) - onehot
/// Gradients are made in the forward pass (they are linear in the one number that comes back) and scaled in
/// the backward pass. Rows with target -100 cost nothing. Logits and sums are float32 (float64 for float64);
/// dW is accumulated in float32.
#include <ATen/ATen.h>

#include <cstdint>

namespace hone::tensor {

/// hidden: [tokens, hidden]; weight: [vocabulary, hidden]; targets: int64 [tokens], -100 or within the
/// vocabulary. Scalar, float32 (float64). Differentiable in hidden and weight (whose gradient goes to
/// weight.grad()).
at::Tensor linear_cross_entropy(const at::Tensor& hidden, const at::Tensor& weight,
                                const at::Tensor& targets);

/// What is minimised, and the cross-entropy in it.
struct CrossEntropy {
  at::Tensor total;    ///< Scalar, differentiable like linear_cross_entropy.
  at::Tensor nll_sum;  ///< Scalar without gradients.
};
CrossEntropy linear_cross_entropy(const at::Tensor& hidden, const at::Tensor& weight, const at::Tensor& targets,
                                  double z_loss);

/// -log p of each target, differentiable: what an objective needs that weighs its tokens by what they turn out
/// to be (dpo). [tokens] in float32 (float64), 0 where the target is -100. Logits are made once more in the
/// backward pass where weight has a gradient, since dW is no longer one number times what forward knew.
at::Tensor linear_token_nll(const at::Tensor& hidden, const at::Tensor& weight, const at::Tensor& targets);

/// The same as linear_cross_entropy (its total) by plain operators with whole logits.
at::Tensor linear_cross_entropy_reference(const at::Tensor& hidden, const at::Tensor& weight,
                                          const at::Tensor& targets, double z_loss = 0.0);

/// -log p of each target, [tokens] in float32 (float64), 0 where the target is -100. No gradients.
at::Tensor linear_nll(const at::Tensor& hidden, const at::Tensor& weight, const at::Tensor& targets);

}  // namespace hone::tensor
