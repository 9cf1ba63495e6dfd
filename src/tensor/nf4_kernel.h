#pragma once
/// The inner loops of NF4 over plain arrays, compiled for several instruction sets and chosen when the program starts.
/// Exact: no instruction set changes a bit.
#include <c10/util/BFloat16.h>

#include <cstdint>

namespace hone::tensor {

/// The largest |x| as bits of a float32; above 0x7F7FFFFF when one of them is not finite.
uint32_t nf4_absmax_bits(const float* x, int64_t count);

/// nibbles[i] = the code nearest to x[i] · inverse; at a midpoint the lower one.
void nf4_encode(const float* x, float inverse, int64_t count, uint8_t* nibbles);

/// out[i] = value of the i-th nibble · scale; `packed` begins at a whole byte, high nibble first.
void nf4_decode(const uint8_t* packed, float scale, int64_t count, float* out);
void nf4_decode(const uint8_t* packed, float scale, int64_t count, c10::BFloat16* out);
/// The same, rounded to bfloat16 on the way.
void nf4_decode_rounded(const uint8_t* packed, float scale, int64_t count, float* out);

}  // namespace hone::tensor
