#include "training/lion_kernel.h"

#include "tensor/simd.h"

namespace hone::training {
namespace {

/// One element; returns the new weight.
HONE_INLINE float update(const LionStep& s, float gradient, float weight, float& momentum) {
  const float g = gradient * s.gradient_scale;
  const float direction = s.beta1 * momentum + (1.0f - s.beta1) * g;
  momentum = s.beta2 * momentum + (1.0f - s.beta2) * g;
  const float sign = static_cast<float>(direction > 0.0f) - static_cast<float>(direction < 0.0f);
  return weight * s.keep - s.rate * sign;
}

}  // namespace

HONE_CLONES
void lion_block(const LionStep& step, const float* __restrict gradient, float* __restrict weight,
                float* __restrict momentum, int64_t count) {
  const LionStep s = step;
  for (int64_t i = 0; i < count; ++i) weight[i] = update(s, gradient[i], weight[i], momentum[i]);
}

HONE_CLONES
void lion_block(const LionStep& step, const float* __restrict gradient, float* __restrict master,
                float* __restrict momentum, c10::BFloat16* __restrict weight, int64_t count) {
  const LionStep s = step;
  for (int64_t i = 0; i < count; ++i) {
    master[i] = update(s, gradient[i], master[i], momentum[i]);
    tensor::simd::store(weight + i, master[i]);
  }
}

}  // namespace hone::training
