#pragma once
/// AdamW with decoupled weight decay (Loshchilov & Hutter 2019), one pass over memory per step:
///   g ← gradient · gradient_scale
///   w ← w · (1 − rate · weight_decay)                       for parameters that decay
///   m ← β₁ m + (1 − β₁) g      v ← β₂ v + (1 − β₂) g²
///   w ← w − rate · (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε)  with t = 1 at the first step
/// All of it in float32. A bfloat16 weight has a float32 master copy that is updated and then rounded to
/// nearest even. The result does not depend on the number of threads. Clipping enters as `gradient_scale`, so
/// it costs no pass of its own.
#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>
#include <vector>

namespace hone::training {

/// One trained tensor, what AdamW keeps for it, and where its gradient comes from.
struct TrainedParameter {
  std::string name;
  at::Tensor weight;    ///< The model's own storage; float32 or bfloat16, contiguous; updated in place.
  at::Tensor gradient;  ///< float32, the weight's shape; undefined: no gradient this step, then only decay
                        ///< and moments move.
  at::Tensor master;    ///< float32; undefined when the weight is float32 itself.
  at::Tensor first_moment;   ///< m, float32.
  at::Tensor second_moment;  ///< v, float32.
  bool decays = true;
};

struct AdamWOptions {
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0.01;
};

/// One update with 1-based step number `step`. Gradients are read and left as they are.
/// Throws Error(internal) when shapes or types of a parameter's tensors do not fit.
void adamw_step(std::vector<TrainedParameter>& parameters, const AdamWOptions& options, int64_t step,
                double rate, double gradient_scale);

/// The same by plain operators on one parameter: slow, obvious, the measure of adamw_step; any device.
void adamw_reference(TrainedParameter& parameter, const AdamWOptions& options, int64_t step, double rate,
                     double gradient_scale);

/// √ Σ g² over all gradients. Summed in double over blocks of a fixed size, so the same for any number of
/// threads.
double gradient_norm(const std::vector<TrainedParameter>& parameters);

/// What gradients are multiplied by so that their norm is at most `max_norm` (0: never clipped): min(1,
/// max_norm / (norm + 1e-6)).
double clip_scale(double norm, double max_norm);

}  // namespace hone::training
