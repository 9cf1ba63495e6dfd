#pragma once
/// Rotary positions (Su et al. 2021), in the halves layout of LLaMA: with h = head_dim/2, for i < h
///   y[i] = x[i] cos(p f_i) - x[i+h] sin(p f_i),   y[i+h] = x[i+h] cos(p f_i) + x[i] sin(p f_i)
/// where p is the position inside the segment and f the inverse frequencies. Angles, cosines and sines are
/// float32.
#include <ATen/ATen.h>

#include <cstdint>
#include <vector>

#include "formats/huggingface.h"

namespace hone::tensor {

/// float32 [head_dim/2] for rope types default, linear and llama3.
at::Tensor inverse_frequencies(const formats::RopeConfig& rope, int64_t head_dim);

/// Cosines and sines of every token of a batch: float32 [tokens, head_dim/2], on the device of `device_of`.
struct RopeTable {
  at::Tensor cosines, sines;
};
/// Positions restart at `first` with each segment.
RopeTable rope_table(const at::Tensor& frequencies, const std::vector<int32_t>& segments,
                     const at::Device& device, int64_t first = 0);

/// x: [tokens, heads, head_dim], float32, float64 or bfloat16. Differentiable in x.
at::Tensor rotate(const at::Tensor& x, const RopeTable& table);

at::Tensor rotate_reference(const at::Tensor& x, const RopeTable& table);

}  // namespace hone::tensor
