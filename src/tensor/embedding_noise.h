#pragma once
/// NEFTune (Jain et al. 2023, "NEFTune: noisy embeddings improve instruction finetuning"): while training, what the
/// embedding gives is shaken a little:
///   y[t, j] = x[t, j] + u · alpha / √(L · d)      u uniform in [-1, 1), L the length of t's segment, d its width
/// L is the paper's sequence length; a packed row holds several segments, each with its own.
/// u is a pure function of (seed, step, place of the token in the step, j): the same when resumed, for any number of
/// threads, and however the step is cut into micro batches.
#include <ATen/ATen.h>

#include <cstdint>
#include <vector>

namespace hone::tensor {

struct EmbeddingNoise {
  double alpha = 0.0;
  uint64_t seed = 0;
  uint64_t step = 0;
  uint32_t first_token = 0;  ///< Of x, in the step.
};

/// x: [tokens, hidden]; segments: lengths that add up to tokens. Gradients pass unchanged.
at::Tensor add_noise(const at::Tensor& x, const std::vector<int32_t>& segments, const EmbeddingNoise& noise);

/// What is added, float32 on the CPU.
at::Tensor embedding_noise(int64_t width, const std::vector<int32_t>& segments, const EmbeddingNoise& noise);

}  // namespace hone::tensor
