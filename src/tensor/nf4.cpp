#include "tensor/nf4.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <bit>
#include <vector>

#include "base/error.h"
#include "tensor/nf4_kernel.h"

namespace hone::tensor {
namespace {

/// Widened to float32 at a time.
constexpr int64_t kRunElements = INT64_C(1) << 16;

int64_t blocks_in(int64_t count, int64_t block_size) { return (count + block_size - 1) / block_size; }

/// `count` values into packed nibbles and the absmax of each block. `block_size` is even, so blocks begin at whole bytes. An
/// odd last nibble is padded with the code of zero.
void encode_blocks(const float* x, int64_t count, int64_t block_size, uint8_t* packed, float* absmax) {
  std::vector<uint8_t> nibbles(static_cast<size_t>(block_size) + 1);
  std::vector<float> shares(static_cast<size_t>(block_size));
  for (int64_t block = 0; block < blocks_in(count, block_size); ++block) {
    const int64_t begin = block * block_size, size = std::min(block_size, count - begin);
    float most = std::bit_cast<float>(nf4_absmax_bits(x + begin, size));
    if (size == block_size) {
      nf4_encode(x + begin, 1.0f / std::max(most, kLeastAbsmax), size, nibbles.data());
    } else {  // a last short block is divided, not multiplied by an inverse
      most = std::max(most, kLeastAbsmax);
      for (int64_t i = 0; i < size; ++i) shares[static_cast<size_t>(i)] = x[begin + i] / most;
      nf4_encode(shares.data(), 1.0f, size, nibbles.data());
    }
    absmax[block] = most;
    nibbles[static_cast<size_t>(size)] = 7;
    for (int64_t i = 0; i < size; i += 2)
      packed[(begin + i) / 2] = static_cast<uint8_t>(nibbles[static_cast<size_t>(i)] << 4 | nibbles[static_cast<size_t>(i) + 1]);
  }
}

/// LibTorch's mean, whose last bit is bitsandbytes', by one thread: a sum in parts depends on how many there are. Inside a
/// parallel loop nothing is divided any further.
at::Tensor mean_by_one_thread(const at::Tensor& values) {
  at::Tensor mean;
  at::parallel_for(0, 2, 1, [&](int64_t first, int64_t) {
    if (first == 0) mean = values.mean();
  });
  return mean;
}

void quantize_scales(Nf4Weight& weight, NearestCode nearest) {
  const at::Tensor mean = mean_by_one_thread(weight.absmax);
  weight.offset = mean.item<float>();
  EightBitBlocks scales = quantize_8bit(weight.absmax - mean, dynamic_map(MapSign::both), kNestedBlock, nearest);
  weight.absmax_codes = std::move(scales.codes);
  weight.nested_absmax = std::move(scales.absmax);
  weight.absmax = at::Tensor();
}

/// Scales one by one, so that a part of a matrix costs only its own. Product and sum round apart, as in bitsandbytes:
/// nothing here may be compiled for fused multiply-add.
struct Scales {
  const float* absmax;  ///< nullptr with double quantisation.
  const uint8_t* codes;
  const float* nested;
  float offset;
  const EightBitMap& map = dynamic_map(MapSign::both);

  explicit Scales(const Nf4Weight& weight)
      : absmax(weight.absmax.defined() ? weight.absmax.const_data_ptr<float>() : nullptr),
        codes(absmax != nullptr ? nullptr : weight.absmax_codes.const_data_ptr<uint8_t>()),
        nested(absmax != nullptr ? nullptr : weight.nested_absmax.const_data_ptr<float>()),
        offset(weight.offset) {}

  float at(int64_t block) const {
    return absmax != nullptr ? absmax[block] : map.value[codes[block]] * nested[block / kNestedBlock] + offset;
  }
};

/// What decoding one range of the flattened weight writes to.
struct Target {
  at::ScalarType dtype;
  void* data;
};

/// `count` values from the flattened index `begin`, all in one block of scale `scale`.
void decode_run(const uint8_t* packed, int64_t begin, int64_t count, float scale, bool rounded, const Target& target,
                int64_t at) {
  if (target.dtype == at::kBFloat16)
    nf4_decode(packed + begin / 2, scale, count, static_cast<c10::BFloat16*>(target.data) + at);
  else if (rounded)
    nf4_decode_rounded(packed + begin / 2, scale, count, static_cast<float*>(target.data) + at);
  else
    nf4_decode(packed + begin / 2, scale, count, static_cast<float*>(target.data) + at);
}

/// Flattened values [begin, end) to target.data[at …].
void decode_range(const Nf4Weight& weight, const Scales& scales, int64_t begin, int64_t end, const Target& target, int64_t at) {
  const uint8_t* packed = weight.packed.const_data_ptr<uint8_t>();
  const bool rounded = weight.dtype == at::kBFloat16;
  while (begin < end) {
    const int64_t block = begin / weight.block_size;
    int64_t count = std::min(end, (block + 1) * weight.block_size) - begin;
    if (begin % 2 != 0) {  // the low half of a byte: alone, so that the rest begins at a whole one
      const uint8_t low = static_cast<uint8_t>(packed[begin / 2] << 4);
      decode_run(&low, 0, 1, scales.at(block), rounded, target, at);
      count = 1;
    } else {
      decode_run(packed, begin, count, scales.at(block), rounded, target, at);
    }
    begin += count;
    at += count;
  }
}

}  // namespace

Nf4Weight quantize_nf4(const at::Tensor& weight, const Nf4Options& options, const std::string& name) {
  const at::NoGradGuard no_grad;
  HONE_ASSERT(weight.dim() == 2 && weight.is_floating_point() && options.block_size > 0 && options.block_size % 2 == 0);
  const at::Tensor flat = weight.detach().to(at::kCPU).contiguous().flatten();
  const at::ScalarType dtype = options.dtype.value_or(weight.scalar_type()) == at::kBFloat16 ? at::kBFloat16 : at::kFloat;
  const int64_t count = flat.numel(), blocks = blocks_in(count, options.block_size);
  const auto bytes = at::TensorOptions(at::kCPU).dtype(at::kByte);
  Nf4Weight result{.packed = at::empty({(count + 1) / 2}, bytes),
                   .absmax = at::empty({blocks}, bytes.dtype(at::kFloat)),
                   .rows = weight.size(0),
                   .columns = weight.size(1),
                   .block_size = options.block_size,
                   .dtype = dtype};
  uint8_t* packed = result.packed.mutable_data_ptr<uint8_t>();
  float* absmax = result.absmax.mutable_data_ptr<float>();
  const int64_t run = std::max<int64_t>(1, kRunElements / options.block_size);  // blocks
  at::parallel_for(0, (blocks + run - 1) / run, 1, [&](int64_t first, int64_t last) {
    const at::NoGradGuard nor_here;
    for (int64_t part = first; part < last; ++part) {
      const int64_t begin = part * run * options.block_size, end = std::min(begin + run * options.block_size, count);
      const at::Tensor values = flat.slice(0, begin, end).to(dtype).to(at::kFloat);
      encode_blocks(values.const_data_ptr<float>(), end - begin, options.block_size, packed + begin / 2, absmax + part * run);
    }
  });
  for (int64_t block = 0; block < blocks; ++block)
    if ((std::bit_cast<uint32_t>(absmax[block]) & 0x7FFFFFFFu) > 0x7F7FFFFFu)
      throw Error(ExitCode::data, name + ": a weight is not a finite number, so it cannot be quantised; the base model is damaged");
  if (options.double_quant && count > 0) quantize_scales(result, options.nearest);
  for (at::Tensor* part : {&result.packed, &result.absmax, &result.absmax_codes, &result.nested_absmax})
    if (part->defined()) *part = part->to(weight.device());
  return result;
}

at::Tensor nf4_scales(const Nf4Weight& weight) {
  if (weight.absmax.defined()) return weight.absmax;
  const at::Tensor scales = dequantize_8bit({weight.absmax_codes.to(at::kCPU), weight.nested_absmax.to(at::kCPU)},
                                            dynamic_map(MapSign::both), kNestedBlock);
  return scales.add_(weight.offset).to(weight.packed.device());
}

at::Tensor dequantize_nf4_part(const Nf4Weight& weight, int64_t begin, int64_t end, int64_t left, int64_t right,
                               at::ScalarType dtype, at::Tensor& buffer) {
  const at::NoGradGuard no_grad;
  HONE_ASSERT(0 <= begin && begin <= end && end <= weight.rows && 0 <= left && left <= right && right <= weight.columns);
  if (!weight.packed.is_cpu()) return dequantize_nf4_reference(weight).slice(0, begin, end).slice(1, left, right).to(dtype);
  const int64_t width = right - left, count = (end - begin) * width;
  const at::ScalarType held = dtype == at::kBFloat16 ? at::kBFloat16 : at::kFloat;
  if (!buffer.defined() || buffer.scalar_type() != held || buffer.numel() < count)
    buffer = at::empty({count}, at::TensorOptions(at::kCPU).dtype(held));
  const Scales scales(weight);
  const Target target{held, buffer.mutable_data_ptr()};
  const bool whole_rows = width == weight.columns;
  at::parallel_for(begin, end, std::max<int64_t>(1, 32768 / std::max<int64_t>(1, width)), [&](int64_t first, int64_t last) {
    if (whole_rows) {
      decode_range(weight, scales, first * width, last * width, target, (first - begin) * width);
      return;
    }
    for (int64_t row = first; row < last; ++row)
      decode_range(weight, scales, row * weight.columns + left, row * weight.columns + right, target,
                   (row - begin) * width);
  });
  const at::Tensor part = buffer.narrow(0, 0, count).view({end - begin, width});
  return dtype == held ? part : part.to(dtype);
}

at::Tensor dequantize_nf4(const Nf4Weight& weight) {
  at::Tensor buffer;
  return dequantize_nf4_part(weight, 0, weight.rows, 0, weight.columns, weight.dtype, buffer);
}

at::Tensor dequantize_nf4_reference(const Nf4Weight& weight) {
  const at::NoGradGuard no_grad;
  const at::Tensor bytes = weight.packed.to(at::kLong);
  const at::Tensor nibbles = at::stack({bytes.bitwise_right_shift(4), bytes.bitwise_and(15)}, 1).flatten();
  const at::Tensor values = at::tensor(at::ArrayRef<float>(kNf4Values.data(), kNf4Values.size())).to(weight.packed.device());
  const int64_t count = weight.rows * weight.columns;
  const at::Tensor scales = nf4_scales(weight).repeat_interleave(weight.block_size).narrow(0, 0, count);
  return (values.index_select(0, nibbles.narrow(0, 0, count)) * scales).view({weight.rows, weight.columns}).to(weight.dtype);
}

int64_t nf4_bytes(const Nf4Weight& weight) {
  int64_t bytes = static_cast<int64_t>(sizeof(weight.offset));
  for (const at::Tensor& part : {weight.packed, weight.absmax, weight.absmax_codes, weight.nested_absmax})
    if (part.defined()) bytes += static_cast<int64_t>(part.nbytes());
  return bytes;
}

}  // namespace hone::tensor
