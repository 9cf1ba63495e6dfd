#pragma once
/// What plain loops need to become vector code on whatever processor they meet: functions compiled once for each instruction
/// set and chosen when the program loads, bfloat16 as bits, and an exponential that loops can contain.
/// Kernels are written as HONE_CLONES functions over a range of rows, one a dtype, round an always-inlined template body.
#include <c10/util/BFloat16.h>

#include <bit>
#include <cmath>
#include <cstdint>

// A sanitizer is not ready yet when the loader chooses among clones.
#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define HONE_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define HONE_CLONES
#endif
#define HONE_INLINE __attribute__((always_inline)) inline

namespace hone::tensor::simd {

/// What a dtype is computed in.
template <typename T>
struct Wide {
  using type = float;
};
template <>
struct Wide<double> {
  using type = double;
};
template <typename T>
using wide_t = typename Wide<T>::type;

HONE_INLINE float load(const float* p) { return *p; }
HONE_INLINE double load(const double* p) { return *p; }
HONE_INLINE float load(const c10::BFloat16* p) { return std::bit_cast<float>(static_cast<uint32_t>(p->x) << 16); }

HONE_INLINE void store(float* p, float value) { *p = value; }
HONE_INLINE void store(double* p, double value) { *p = value; }
/// Rounds to nearest, ties to even; a NaN stays one.
HONE_INLINE void store(c10::BFloat16* p, float value) {
  const uint32_t bits = std::bit_cast<uint32_t>(value);
  const uint32_t rounded = (bits + 0x7FFFu + ((bits >> 16) & 1u)) >> 16;
  p->x = static_cast<uint16_t>(value == value ? rounded : 0x7FC0u);
}

/// e^x to 2 units in the last place (Cephes expf: range reduction by ln 2 in two parts, polynomial of degree 5).
/// Below -87.3 the result is the smallest normal number, above 88.3 about 2.4e38.
HONE_INLINE float exp(float x) {
  x = x < -87.3f ? -87.3f : x;
  x = x > 88.3f ? 88.3f : x;
  // Adding 1.5 · 2²³ rounds to a whole number without a call.
  const float shifted = x * 1.44269504088896341f + 12582912.0f;
  const float n = shifted - 12582912.0f;
  const float r = (x - n * 0.693359375f) - n * -2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  const int32_t exponent = (std::bit_cast<int32_t>(shifted) - 0x4B400000 + 127) << 23;
  return p * std::bit_cast<float>(exponent);
}
HONE_INLINE double exp(double x) { return std::exp(x); }

}  // namespace hone::tensor::simd
