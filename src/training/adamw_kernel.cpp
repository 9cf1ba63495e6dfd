#include "training/adamw_kernel.h"

#include <algorithm>
#include <cmath>
#include <cstring>

// One body, three machine codes; the loader picks. Elementwise, so the choice of threads never matters; the instruction set does
// (fused multiply-add), which is why checkpoints record it.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__)
#define HONE_EVERY_PROCESSOR __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default"), optimize("O3")))
#else
#define HONE_EVERY_PROCESSOR
#endif

namespace hone::training {
namespace {

constexpr int64_t kLanes = 16;
constexpr int64_t kRun = 4096;  // elements per float32 partial sum; 256 additions a lane

}  // namespace

HONE_EVERY_PROCESSOR
void adamw_block(const AdamWStep& step, const float* __restrict gradient, float* __restrict weight,
                 float* __restrict first_moment, float* __restrict second_moment, uint16_t* __restrict rounded,
                 int64_t count) {
  const AdamWStep s = step;
  const float one_minus_beta1 = 1.0f - s.beta1, one_minus_beta2 = 1.0f - s.beta2;
  for (int64_t i = 0; i < count; ++i) {
    const float g = gradient[i] * s.gradient_scale;
    const float m = s.beta1 * first_moment[i] + one_minus_beta1 * g;
    const float v = s.beta2 * second_moment[i] + one_minus_beta2 * g * g;
    first_moment[i] = m;
    second_moment[i] = v;
    weight[i] = weight[i] * s.keep - s.rate * (m / (std::sqrt(v) * s.second_scale + s.epsilon));
  }
  if (rounded == nullptr) return;
  for (int64_t i = 0; i < count; ++i) {
    uint32_t bits;
    std::memcpy(&bits, &weight[i], sizeof bits);
    rounded[i] = static_cast<uint16_t>((bits + 0x7FFFu + ((bits >> 16) & 1u)) >> 16);
  }
}

HONE_EVERY_PROCESSOR
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
