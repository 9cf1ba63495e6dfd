#include "training/adamw_kernel.h"

#include <algorithm>
#include <cmath>

#include "tensor/simd.h"

// Elementwise, so the number of threads never matters; the instruction set does (fused multiply-add), and
// checkpoints record it. Compiled with -fno-math-errno (CMakeLists.txt): a square root that may set errno
// stays scalar, three times slower.
namespace hone::training {
namespace {

constexpr int64_t kLanes = 16;
constexpr int64_t kRun = 4096;  // elements per float32 partial sum; 256 additions a lane

/// One element; returns the new weight.
HONE_INLINE float update(const AdamWStep& s, float gradient, float weight, float& first_moment,
                         float& second_moment) {
  const float g = gradient * s.gradient_scale;
  const float m = s.beta1 * first_moment + (1.0f - s.beta1) * g;
  const float v = s.beta2 * second_moment + (1.0f - s.beta2) * g * g;
  first_moment = m;
  second_moment = v;
  return weight * s.keep - s.rate * (m / (std::sqrt(v) * s.second_scale + s.epsilon));
}

}  // namespace

HONE_CLONES
void adamw_block(const AdamWStep& step, const float* __restrict gradient, float* __restrict weight,
                 float* __restrict first_moment, float* __restrict second_moment, int64_t count) {
  const AdamWStep s = step;
  for (int64_t i = 0; i < count; ++i)
    weight[i] = update(s, gradient[i], weight[i], first_moment[i], second_moment[i]);
}

HONE_CLONES
void adamw_block(const AdamWStep& step, const float* __restrict gradient, float* __restrict master,
                 float* __restrict first_moment, float* __restrict second_moment,
                 c10::BFloat16* __restrict weight, int64_t count) {
  const AdamWStep s = step;
  for (int64_t i = 0; i < count; ++i) {
    master[i] = update(s, gradient[i], master[i], first_moment[i], second_moment[i]);
    tensor::simd::store(weight + i, master[i]);
  }
}

HONE_CLONES
double sum_of_squares(const float* __restrict values, int64_t count) {
  double sum = 0.0;
  for (int64_t begin = 0; begin < count; begin += kRun) {
    const int64_t end = std::min(begin + kRun, count);
    float lanes[kLanes] = {};
    int64_t i = begin;
    for (; i + kLanes <= end; i += kLanes)
      for (int64_t lane = 0; lane < kLanes; ++lane) lanes[lane] += values[i + lane] * values[i + lane];
    for (; i < end; ++i) lanes[0] += values[i] * values[i];
    for (const float lane : lanes) sum += lane;
  }
  return sum;
}

}  // namespace hone::training
