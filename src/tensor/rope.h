#pragma once
/// Rotary positions (Su et al. 2021), in the halves layout of LLaMA: with h = head_dim/2, for i < h
///   y[i] = a (x[i] cos(p f_i) - x[i+h] sin(p f_i)),   y[i+h] = a (x[i+h] cos(p f_i) + x[i] sin(p f_i))
/// where p is the position inside the segment, f the inverse frequencies and a the attention factor (1 but for
/// yarn). Angles, cosines and sines are float32. How f follows from f0_i = theta^(-i/h), as transformers 5.23:
///   linear   f0 / factor
///   dynamic  theta grows with the length L of the segment: theta (factor L / M - factor + 1)^(d/(d-2)) beyond
///            M = max_position_embeddings, d = head_dim; L ≤ M: f0. Each segment by its own length, so that what a
///            document gives does not depend on what it is packed with
///   llama3   slow pairs f0 / factor, fast ones f0, a blend between
///   yarn     the same with a linear ramp between the pairs that turn beta_fast and beta_slow times in the original
///            context (Peng et al. 2023)
#include <ATen/ATen.h>

#include <cstdint>
#include <vector>

#include "formats/huggingface.h"

namespace hone::tensor {

/// What a model's config says about its positions.
struct Rope {
  formats::RopeConfig config;
  int64_t head_dim = 0;
  int64_t max_positions = 0;
  at::Tensor frequencies;         ///< float32 [head_dim/2], on the CPU: of segments within max_positions.
  double attention_factor = 1.0;  ///< Multiplies cosines and sines.
};
Rope make_rope(const formats::RopeConfig& config, int64_t head_dim, int64_t max_positions);

/// float32 [head_dim/2] on the CPU, for a segment of `length` tokens; only `dynamic` looks at the length.
at::Tensor frequencies_at(const Rope& rope, int64_t length);

/// Cosines and sines of every token of a batch: float32 [tokens, head_dim/2], the attention factor in them.
struct RopeTable {
  at::Tensor cosines, sines;
};
/// Positions restart at `first` with each segment; a segment's length counts what came before it.
RopeTable rope_table(const Rope& rope, const std::vector<int32_t>& segments, const at::Device& device,
                     int64_t first = 0);

/// x: [tokens, heads, head_dim], float32, float64 or bfloat16. Differentiable in x.
at::Tensor rotate(const at::Tensor& x, const RopeTable& table);

at::Tensor rotate_reference(const at::Tensor& x, const RopeTable& table);

}  // namespace hone::tensor
