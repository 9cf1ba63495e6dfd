#include "tensor/blockwise_8bit_kernel.h"

#include <algorithm>
#include <bit>
#include <limits>

#include "base/error.h"
#include "tensor/simd.h"

namespace hone::tensor {
namespace {

int32_t code_of(const EightBitMap& map, float x) {
  return static_cast<int32_t>(std::lower_bound(map.midpoint.begin(), map.midpoint.end(), x) - map.midpoint.begin());
}

/// Where a cell begins and ends, by magnitude.
float begin_of(uint32_t cell) { return cell == 0 ? 0.0f : std::bit_cast<float>((CodeCells::kFirst + cell) << 16); }
float end_of(uint32_t cell) {
  return cell + 1 == CodeCells::kCells ? 1.0f : std::bit_cast<float>(((CodeCells::kFirst + cell + 1) << 16) - 1);
}

}  // namespace

CodeCells make_code_cells(const EightBitMap& map) {
  CodeCells cells;
  std::copy(map.midpoint.begin(), map.midpoint.end(), cells.midpoint.begin());
  cells.midpoint.back() = std::numeric_limits<float>::max();
  for (uint32_t cell = 0; cell < CodeCells::kCells; ++cell) {
    const float begin = begin_of(cell), end = end_of(cell);
    cells.first[cell] = code_of(map, begin);
    cells.first[CodeCells::kCells + cell] = code_of(map, -end);
    HONE_ASSERT(code_of(map, end) <= code_of(map, begin) + 1 && code_of(map, -begin) <= code_of(map, -end) + 1);
  }
  return cells;
}

HONE_CLONES
float eight_bit_absmax(const float* __restrict x, int64_t count) {
  uint32_t most = 0;
  for (int64_t i = 0; i < count; ++i) {
    const uint32_t bits = std::bit_cast<uint32_t>(x[i]) & 0x7FFFFFFFu;
    most = bits > most ? bits : most;
  }
  return std::bit_cast<float>(most);
}

HONE_CLONES
void eight_bit_encode(const CodeCells& cells, const float* __restrict x, float inverse, int64_t count,
                      uint8_t* __restrict codes) {
  for (int64_t i = 0; i < count; ++i) {
    const float scaled = x[i] * inverse;
    const uint32_t bits = std::bit_cast<uint32_t>(scaled);
    const int32_t upper = static_cast<int32_t>((bits & 0x7FFFFFFFu) >> 16);
    const int32_t first = static_cast<int32_t>(CodeCells::kFirst), last = static_cast<int32_t>(CodeCells::kLast);
    const int32_t within = (upper < first ? first : upper > last ? last : upper) - first;
    const int32_t code = cells.first[static_cast<size_t>(within + static_cast<int32_t>(bits >> 31) *
                                                                      static_cast<int32_t>(CodeCells::kCells))];
    const bool next = simd::ordered(scaled) > simd::ordered(cells.midpoint[static_cast<size_t>(code)]);
    codes[i] = static_cast<uint8_t>(code + (next ? 1 : 0));
  }
}

HONE_CLONES
void eight_bit_decode(const EightBitMap& map, const uint8_t* __restrict codes, float absmax, int64_t count,
                      float* __restrict x) {
  const float* value = map.value.data();
  for (int64_t i = 0; i < count; ++i) x[i] = value[codes[i]] * absmax;
}

}  // namespace hone::tensor
