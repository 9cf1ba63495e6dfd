#pragma once
/// The inner loops of AdamW over plain float arrays, compiled for several instruction sets and chosen when
/// the program starts. bfloat16 is the upper half of a float32, rounded to nearest even.
#include <c10/util/BFloat16.h>

#include <cstdint>

namespace hone::training {

struct AdamWStep {
  float gradient_scale;
  float keep;  ///< 1 − rate · weight_decay
  float beta1, beta2;
  float rate;          ///< rate / (1 − β₁ᵗ)
  float second_scale;  ///< 1 / √(1 − β₂ᵗ)
  float epsilon;
};

/// Updates `count` float32 elements in place.
void adamw_block(const AdamWStep& step, const float* gradient, float* weight, float* first_moment,
                 float* second_moment, int64_t count);

/// The same on master weights, which are then rounded into `weight`.
void adamw_block(const AdamWStep& step, const float* gradient, float* master, float* first_moment,
                 float* second_moment, c10::BFloat16* weight, int64_t count);

/// Σ x² of `count` elements: sixteen float32 lanes over short runs, added up in double.
double sum_of_squares(const float* values, int64_t count);

}  // namespace hone::training
