#pragma once
/// Matrices in four bits: NormalFloat 4 with double quantisation (Dettmers et al. 2023, "QLoRA"), value for value as
/// bitsandbytes stores them. The weight is flattened row by row and cut into blocks that share one scale:
///   absmax[block] = max |w|      w ≈ code value[nibble] · absmax      nibble = nearest of the 16 values to w / absmax
/// Two nibbles a byte, the earlier one in the high half. Double quantisation stores the scales in eight bits:
///   absmax ≈ map[code] · nested_absmax[block / 256] + offset, offset = mean of absmax (tensor/blockwise_8bit.h)
/// so a weight takes 4 + 8/64 + 32/(64·256) = 4.127 bits instead of 4.5 at the usual block size.
#include <ATen/ATen.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "tensor/blockwise_8bit.h"

namespace hone::tensor {

/// The sixteen values of the code: quantiles of a normal distribution, with an exact zero (paper, appendix E).
extern const std::array<float, 16> kNf4Values;
constexpr int64_t kNestedBlock = 256;  ///< Scales that share a nested scale.

struct Nf4Options {
  int64_t block_size = 64;  ///< Weights that share a scale.
  bool double_quant = true;
  /// Of scales. Not set by a recipe: the same as bitsandbytes on the device that the weight is on.
  NearestCode nearest = NearestCode::table;
  /// What weights are rounded to first and decoded to later; not set: their own dtype.
  std::optional<at::ScalarType> dtype = std::nullopt;
};

/// A matrix [rows, columns] in four bits. Either `absmax` or the three tensors of double quantisation are defined.
struct Nf4Weight {
  at::Tensor packed;         ///< uint8 [(rows · columns + 1) / 2]
  at::Tensor absmax;         ///< float32 [blocks]
  at::Tensor absmax_codes;   ///< uint8 [blocks]
  at::Tensor nested_absmax;  ///< float32 [(blocks + 255) / 256]
  float offset = 0.0f;
  int64_t rows = 0, columns = 0;
  int64_t block_size = 64;
  at::ScalarType dtype = at::kFloat;  ///< What values are rounded to when they are used: float32 or bfloat16.
};

/// weight: [rows, columns], floating point, any device, not changed, and never widened as a whole: a tensor mapped from a file
/// costs no memory but the result's. The result lies on the same device. Throws data beginning with `name` when a weight is
/// not finite.
Nf4Weight quantize_nf4(const at::Tensor& weight, const Nf4Options& options, const std::string& name);

/// All of it: [rows, columns] of weight.dtype.
at::Tensor dequantize_nf4(const Nf4Weight& weight);

/// Rows [begin, end) and columns [left, right), as `dtype` (float32, bfloat16 or float64), rounded to weight.dtype before.
/// Written into the front of `buffer` when that has room, so that a loop over blocks takes memory once; returns a view of it.
at::Tensor dequantize_nf4_part(const Nf4Weight& weight, int64_t begin, int64_t end, int64_t left, int64_t right,
                               at::ScalarType dtype, at::Tensor& buffer);

/// The same as dequantize_nf4 by plain operators: slow, obvious, its measure; also the form for devices other than a CPU.
at::Tensor dequantize_nf4_reference(const Nf4Weight& weight);

/// float32 [blocks]: absmax, or what double quantisation kept of it.
at::Tensor nf4_scales(const Nf4Weight& weight);

/// Bytes that the weight takes in memory.
int64_t nf4_bytes(const Nf4Weight& weight);

}  // namespace hone::tensor
