#include "tensor/nf4_kernel.h"

#include <array>

#include "tensor/nf4.h"
#include "tensor/simd.h"

namespace hone::tensor {

// bitsandbytes functional.get_4bit_type("nf4"); the QLoRA paper's appendix E.
const std::array<float, 16> kNf4Values = {
    -1.0f,                -0.6961928009986877f, -0.5250730514526367f, -0.39491748809814453f,
    -0.28444138169288635f, -0.18477343022823334f, -0.09105003625154495f, 0.0f,
    0.07958029955625534f, 0.16093020141124725f, 0.24611230194568634f, 0.33791524171829224f,
    0.44070982933044434f, 0.5626170039176941f,  0.7229568362236023f,  1.0f};

namespace {

/// Eight lanes: one vector register where there is AVX2, two where there is not.
typedef float Floats __attribute__((vector_size(32)));
typedef float UnalignedFloats __attribute__((vector_size(32), aligned(4), may_alias));
typedef uint32_t Words __attribute__((vector_size(32)));
typedef uint16_t Halves __attribute__((vector_size(16)));
typedef uint16_t UnalignedHalves __attribute__((vector_size(16), aligned(2), may_alias));

/// Values of the eight nibbles of four bytes: a choice between two registers of eight values.
HONE_INLINE void values_of(const uint8_t* packed, Floats& values) {
  const Floats low = {-1.0f, -0.6961928009986877f, -0.5250730514526367f, -0.39491748809814453f,
                      -0.28444138169288635f, -0.18477343022823334f, -0.09105003625154495f, 0.0f};
  const Floats high = {0.07958029955625534f, 0.16093020141124725f, 0.24611230194568634f, 0.33791524171829224f,
                       0.44070982933044434f, 0.5626170039176941f, 0.7229568362236023f, 1.0f};
  uint32_t bytes;
  __builtin_memcpy(&bytes, packed, 4);
  const Words shift = {4, 0, 12, 8, 20, 16, 28, 24};  // little endian, the high half of a byte first
  values = __builtin_shuffle(low, high, ((bytes >> shift) & 15u));
}

/// bfloat16 bits in the upper halves, to nearest even. Values and scales are finite, so nothing looks out for NaN.
HONE_INLINE void round_to_halves(const Floats& values, Words& rounded) {
  const Words bits = (Words)values;
  rounded = (bits + 0x7FFFu + ((bits >> 16) & 1u)) & 0xFFFF0000u;
}

HONE_INLINE void put(float* out, const Floats& values) { *(UnalignedFloats*)out = values; }
HONE_INLINE void put(c10::BFloat16* out, const Floats& values) {
  Words rounded;
  round_to_halves(values, rounded);
  *(UnalignedHalves*)out = __builtin_convertvector(rounded >> 16, Halves);
}
HONE_INLINE void put_rounded(float* out, const Floats& values) {
  Words rounded;
  round_to_halves(values, rounded);
  *(UnalignedFloats*)out = (Floats)rounded;
}

enum class Keep { all, bfloat16 };

template <Keep keep, typename T>
HONE_INLINE void decode(const uint8_t* packed, float scale, int64_t count, T* out) {
  int64_t i = 0;
  for (; i + 8 <= count; i += 8) {
    Floats values;
    values_of(packed + i / 2, values);
    values *= scale;
    if constexpr (keep == Keep::all)
      put(out + i, values);
    else
      put_rounded(out + i, values);
  }
  for (; i < count; ++i) {
    const float value = kNf4Values[i % 2 == 0 ? packed[i / 2] >> 4 : packed[i / 2] & 15] * scale;
    if constexpr (keep == Keep::all) {
      simd::store(out + i, value);
    } else {
      c10::BFloat16 half;
      simd::store(&half, value);
      out[i] = simd::load(&half);
    }
  }
}

}  // namespace

HONE_CLONES
uint32_t nf4_absmax_bits(const float* __restrict x, int64_t count) {
  uint32_t most = 0;
  for (int64_t i = 0; i < count; ++i) {
    const uint32_t bits = std::bit_cast<uint32_t>(x[i]) & 0x7FFFFFFFu;
    most = bits > most ? bits : most;
  }
  return most;
}

HONE_CLONES
void nf4_encode(const float* __restrict x, float inverse, int64_t count, uint8_t* __restrict nibbles) {
  constexpr int64_t kRun = 64;
  int32_t scaled[kRun], codes[kRun];
  for (int64_t begin = 0; begin < count; begin += kRun) {
    const int64_t run = count - begin < kRun ? count - begin : kRun;
    for (int64_t i = 0; i < run; ++i) {
      scaled[i] = simd::ordered(x[begin + i] * inverse);
      codes[i] = 0;
    }
    for (size_t b = 0; b < 15; ++b) {  // outermost, so that the values fill the vector registers
      const int32_t bound = simd::ordered((kNf4Values[b] + kNf4Values[b + 1]) / 2.0f);
      for (int64_t i = 0; i < run; ++i) codes[i] += scaled[i] > bound ? 1 : 0;
    }
    for (int64_t i = 0; i < run; ++i) nibbles[begin + i] = static_cast<uint8_t>(codes[i]);
  }
}

HONE_CLONES
void nf4_decode(const uint8_t* __restrict packed, float scale, int64_t count, float* __restrict out) {
  decode<Keep::all>(packed, scale, count, out);
}

HONE_CLONES
void nf4_decode(const uint8_t* __restrict packed, float scale, int64_t count, c10::BFloat16* __restrict out) {
  decode<Keep::all>(packed, scale, count, out);
}

HONE_CLONES
void nf4_decode_rounded(const uint8_t* __restrict packed, float scale, int64_t count, float* __restrict out) {
  decode<Keep::bfloat16>(packed, scale, count, out);
}

}  // namespace hone::tensor
