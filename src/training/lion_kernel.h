#pragma once
/// The inner loop of Lion over plain float arrays, compiled for several instruction sets and chosen when the
/// program starts.
#include <c10/util/BFloat16.h>

#include <cstdint>

namespace hone::training {

struct LionStep {
  float gradient_scale;
  float keep;  ///< 1 − rate · weight_decay
  float beta1, beta2;
  float rate;
};

/// Updates `count` float32 elements in place.
void lion_block(const LionStep& step, const float* gradient, float* weight, float* momentum, int64_t count);

/// The same on master weights, which are then rounded into `weight`.
void lion_block(const LionStep& step, const float* gradient, float* master, float* momentum,
                c10::BFloat16* weight, int64_t count);

}  // namespace hone::training
