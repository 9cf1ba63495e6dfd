#pragma once
/// Numbers in eight bits by blocks that share one scale (Dettmers et al. 2022, "8-bit optimizers via block-wise
/// quantization"):
///   absmax[block] = max |x|      code = the index of the map's value nearest to x / absmax      x ≈ map[code] · absmax
/// The map is sorted, within [-1, 1] or [0, 1], and "dynamic" (Dettmers 2016): the smaller a value, the more of its eight
/// bits are exponent and the fewer fraction, so seven orders of magnitude are covered and the largest values are finest.
/// Values as bitsandbytes computes them (functional.create_dynamic_map, quantize_blockwise).
#include <ATen/core/Tensor.h>

#include <array>
#include <cstdint>

namespace hone::tensor {

enum class MapSign { both, positive };

struct EightBitMap {
  std::array<float, 256> value;     ///< Sorted; 0 and 1 are among them.
  std::array<float, 255> midpoint;  ///< Between neighbours; a value above midpoint[i] is at least code i + 1.
};

/// The dynamic map, made once.
const EightBitMap& dynamic_map(MapSign sign);

/// How the nearest code is found. `exact`: by the midpoints, as bitsandbytes does on a GPU. `table`: x / absmax is first
/// rounded to one of 65,536 steps, as bitsandbytes does on a CPU since 0.50: near a midpoint it may be the neighbour.
enum class NearestCode { exact, table };

struct EightBitBlocks {
  at::Tensor codes;   ///< uint8, the shape of what was quantised.
  at::Tensor absmax;  ///< float32 [blocks], over the flattened tensor.
};

/// What a block's values are divided by at least.
constexpr float kLeastAbsmax = 1e-38f;

/// values: float32, contiguous, finite, on a CPU.
EightBitBlocks quantize_8bit(const at::Tensor& values, const EightBitMap& map, int64_t block_size, NearestCode nearest);

/// float32 of the codes' shape.
at::Tensor dequantize_8bit(const EightBitBlocks& blocks, const EightBitMap& map, int64_t block_size);

}  // namespace hone::tensor
