#pragma once
/// Causal attention inside each segment of a packed row, and nowhere across: softmax(q kᵀ / √head_dim) v,
/// query t seeing keys ≤ t of its own segment. Segments are taken one by one, neighbours of equal length as a
/// batch; never a mask (four times slower). Grouped queries (Ainslie et al. 2023): query head h reads key and
/// value head h / (heads / kv_heads). q: [tokens, heads, head_dim]; k, v: [tokens, kv_heads, head_dim];
/// result [tokens, heads, head_dim]. `window` > 0: query t sees the last `window` keys only, its own among them
/// (t − j < window; Jiang et al. 2023), and no work is done for the others. On a CPU without fast bfloat16 products it computes in float32 and
/// rounds the result, and so it does where a window hides keys. On CUDA the variable-length flash kernel (bfloat16).
#include <ATen/ATen.h>

#include <cstdint>
#include <vector>

namespace hone::tensor {

/// Differentiable in q, k and v.
at::Tensor isolated_attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v,
                              const std::vector<int32_t>& segments, int64_t window = 0);

/// The same by plain operators, one segment and the whole score matrix at a time.
at::Tensor isolated_attention_reference(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v,
                                        const std::vector<int32_t>& segments, int64_t window = 0);

/// New queries over all cached keys, for generation: q [new, heads, head_dim]; k, v [cached, kv_heads,
/// head_dim], the last `new` of them belonging to the queries. With a window keys that no query sees may be
/// missing at the front. No gradients.
at::Tensor cached_attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, int64_t window = 0);

}  // namespace hone::tensor
