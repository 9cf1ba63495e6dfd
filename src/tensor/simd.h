#pragma once
/// What plain loops need to become vector code on whatever processor they meet: functions compiled once for
/// each instruction set and chosen when the program loads, bfloat16 as bits, and an exponential that loops
/// can contain. Kernels are written as HONE_CLONES functions over a range of rows, one a dtype, round an
/// always-inlined template body.
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
HONE_INLINE float load(const c10::BFloat16* p) {
  return std::bit_cast<float>(static_cast<uint32_t>(p->x) << 16);
}

HONE_INLINE void store(float* p, float value) { *p = value; }
HONE_INLINE void store(double* p, double value) { *p = value; }
/// Rounds to nearest, ties to even; a NaN stays one. Comparisons are of integers throughout this file: those
/// of floats may trap, and GCC does not vectorise round them.
HONE_INLINE void store(c10::BFloat16* p, float value) {
  const uint32_t bits = std::bit_cast<uint32_t>(value);
  const uint32_t rounded = (bits + 0x7FFFu + ((bits >> 16) & 1u)) >> 16;
  p->x = static_cast<uint16_t>((bits & 0x7FFFFFFFu) > 0x7F800000u ? 0x7FC0u : rounded);
}

/// e^x to 2 units in the last place (Cephes expf: range reduction by ln 2 in two parts, polynomial of degree
/// 5). x is taken as at most 87.3 either way, where the result is within the normal numbers. NaN and
/// infinities give NaN.
HONE_INLINE float exp(float x) {
  const uint32_t bits = std::bit_cast<uint32_t>(x), magnitude = bits & 0x7FFFFFFFu, most = 0x42AE999Au;
  const float clamped = std::bit_cast<float>((magnitude < most ? magnitude : most) | (bits & 0x80000000u));
  // Adding 1.5 · 2²³ rounds to a whole number without a call.
  const float shifted = clamped * 1.44269504088896341f + 12582912.0f;
  const float n = shifted - 12582912.0f;
  const float r = (clamped - n * 0.693359375f) - n * -2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  const int32_t exponent = (std::bit_cast<int32_t>(shifted) - 0x4B400000 + 127) << 23;
  return p * std::bit_cast<float>(exponent) + (x - x);
}
HONE_INLINE double exp(double x) { return std::exp(x); }

/// A whole number that orders as the float does (a NaN of either sign may come anywhere), and back.
HONE_INLINE int32_t ordered(float x) {
  const int32_t bits = std::bit_cast<int32_t>(x);
  return bits ^ ((bits >> 31) & 0x7FFFFFFF);
}
HONE_INLINE int64_t ordered(double x) {
  const int64_t bits = std::bit_cast<int64_t>(x);
  return bits ^ ((bits >> 63) & 0x7FFFFFFFFFFFFFFF);
}
HONE_INLINE float unordered(int32_t x) { return std::bit_cast<float>(x ^ ((x >> 31) & 0x7FFFFFFF)); }
HONE_INLINE double unordered(int64_t x) {
  return std::bit_cast<double>(x ^ ((x >> 63) & 0x7FFFFFFFFFFFFFFF));
}

}  // namespace hone::tensor::simd
