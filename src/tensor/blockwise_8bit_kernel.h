#pragma once
/// The inner loops of eight-bit blocks over plain arrays, compiled for several instruction sets and chosen when the program
/// starts. The nearest code is found without a search: the upper bits of a float32 (sign, exponent, seven of the fraction)
/// name a cell so narrow that at most one midpoint of the map lies in it, so the code is the cell's first or the next.
#include <array>
#include <cstdint>

#include "tensor/blockwise_8bit.h"

namespace hone::tensor {

/// The cells of a map; values below 2⁻²⁴ share one, those from 1 on another.
struct CodeCells {
  static constexpr uint32_t kFirst = (127u - 24u) << 7, kLast = 127u << 7;  ///< Upper bits of 2⁻²⁴ and of 1.
  static constexpr uint32_t kCells = kLast - kFirst + 1;
  std::array<int32_t, 2 * kCells> first;  ///< Code of the smallest number of each cell; the negative ones behind the positive.
  std::array<float, 256> midpoint;        ///< As of the map; the last one is beyond all numbers.
};

/// Throws internal when a map is too fine for cells.
CodeCells make_code_cells(const EightBitMap& map);

float eight_bit_absmax(const float* x, int64_t count);
/// codes[i] = the code nearest to x[i] · inverse.
void eight_bit_encode(const CodeCells& cells, const float* x, float inverse, int64_t count, uint8_t* codes);
void eight_bit_decode(const EightBitMap& map, const uint8_t* codes, float absmax, int64_t count, float* x);

}  // namespace hone::tensor
