#include "tensor/blockwise_8bit.h"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/error.h"
#include "tensor/blockwise_8bit_kernel.h"

namespace hone::tensor {
namespace {

constexpr int kExponents = 7;
constexpr int64_t kSteps = 65536;

/// For every number of exponent bits the means of equally wide fractions of [0.1, 1], scaled by a power of ten. LibTorch's
/// own linspace and products, so that the last bit is that of the Python library.
EightBitMap make_dynamic_map(MapSign sign) {
  std::vector<float> values = {0.0f, 1.0f};
  for (int exponent = 0; exponent < kExponents; ++exponent) {
    const int64_t fractions = INT64_C(1) << (sign == MapSign::both ? exponent : exponent + 1);
    const at::Tensor bounds = at::linspace(0.1, 1.0, fractions + 1, at::TensorOptions(at::kFloat));
    const at::Tensor means = (bounds.narrow(0, 0, fractions) + bounds.narrow(0, 1, fractions)) / 2.0;
    const at::Tensor scaled = means * std::pow(10.0, exponent - (kExponents - 1));
    for (int64_t i = 0; i < fractions; ++i) {
      const float value = scaled.const_data_ptr<float>()[i];
      values.push_back(value);
      if (sign == MapSign::both) values.push_back(-value);
    }
  }
  EightBitMap map;
  HONE_ASSERT(values.size() == map.value.size());
  std::sort(values.begin(), values.end());
  std::copy(values.begin(), values.end(), map.value.begin());
  for (size_t i = 0; i < map.midpoint.size(); ++i) map.midpoint[i] = (map.value[i] + map.value[i + 1]) / 2.0f;
  return map;
}

/// The code of each of the equally spaced steps from -1 to 1.
std::vector<uint8_t> step_codes(const EightBitMap& map) {
  std::vector<uint8_t> codes(kSteps);
  for (int64_t i = 0; i < kSteps; ++i)
    codes[static_cast<size_t>(i)] = static_cast<uint8_t>(
        std::lower_bound(map.midpoint.begin(), map.midpoint.end(), -1.0f + (2.0f * static_cast<float>(i)) / static_cast<float>(kSteps - 1)) -
        map.midpoint.begin());
  return codes;
}

/// The step nearest to x; the last product and sum round once, as bitsandbytes is compiled.
size_t step_of(float x) {
  const float share = (std::clamp(x, -1.0f, 1.0f) + 1.0f) * 0.5f;
  return static_cast<size_t>(std::fma(share, static_cast<float>(kSteps - 1), 0.5f));
}

}  // namespace

const EightBitMap& dynamic_map(MapSign sign) {
  static const EightBitMap both = make_dynamic_map(MapSign::both);
  static const EightBitMap positive = make_dynamic_map(MapSign::positive);
  return sign == MapSign::both ? both : positive;
}

EightBitBlocks quantize_8bit(const at::Tensor& values, const EightBitMap& map, int64_t block_size, NearestCode nearest) {
  HONE_ASSERT(values.is_cpu() && values.is_contiguous() && values.scalar_type() == at::kFloat && block_size > 0);
  const int64_t count = values.numel(), blocks = (count + block_size - 1) / block_size;
  EightBitBlocks result{.codes = at::empty(values.sizes(), values.options().dtype(at::kByte)),
                        .absmax = at::empty({blocks}, values.options())};
  const CodeCells cells = make_code_cells(map);
  const std::vector<uint8_t> table = nearest == NearestCode::table ? step_codes(map) : std::vector<uint8_t>();
  const float* x = values.const_data_ptr<float>();
  uint8_t* codes = result.codes.mutable_data_ptr<uint8_t>();
  float* absmax = result.absmax.mutable_data_ptr<float>();
  at::parallel_for(0, blocks, 64, [&](int64_t first, int64_t last) {
    for (int64_t block = first; block < last; ++block) {
      const int64_t begin = block * block_size, end = std::min(begin + block_size, count);
      const float most = eight_bit_absmax(x + begin, end - begin);
      absmax[block] = most;
      if (most == 0.0f && nearest == NearestCode::table) {
        std::fill(codes + begin, codes + end, uint8_t{0});  // whatever the code, its value is zero
        continue;
      }
      const float inverse = 1.0f / std::max(most, kLeastAbsmax);
      if (nearest == NearestCode::exact)
        eight_bit_encode(cells, x + begin, inverse, end - begin, codes + begin);
      else
        for (int64_t i = begin; i < end; ++i) codes[i] = table[step_of(x[i] * inverse)];
    }
  });
  return result;
}

at::Tensor dequantize_8bit(const EightBitBlocks& blocks, const EightBitMap& map, int64_t block_size) {
  HONE_ASSERT(blocks.codes.is_contiguous() && blocks.absmax.is_contiguous() &&
              blocks.absmax.numel() == (blocks.codes.numel() + block_size - 1) / block_size);
  at::Tensor values = at::empty(blocks.codes.sizes(), blocks.absmax.options());
  const uint8_t* codes = blocks.codes.const_data_ptr<uint8_t>();
  const float* absmax = blocks.absmax.const_data_ptr<float>();
  float* x = values.mutable_data_ptr<float>();
  for (int64_t block = 0; block < blocks.absmax.numel(); ++block) {
    const int64_t begin = block * block_size, end = std::min(begin + block_size, values.numel());
    eight_bit_decode(map, codes + begin, absmax[block], end - begin, x + begin);
  }
  return values;
}

}  // namespace hone::tensor
