#include "tensor/attention.h"

#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include "base/error.h"
#include "tensor/causal_blocks.h"
#include "tensor/gradient.h"
#include "tensor/matmul.h"

namespace hone::tensor {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// Neighbouring segments of one length.
struct Run {
  int64_t first_token, count, length;
};

std::vector<Run> runs_of(const std::vector<int64_t>& segments) {
  std::vector<Run> runs;
  int64_t token = 0;
  for (const int64_t length : segments) {
    if (!runs.empty() && runs.back().length == length)
      ++runs.back().count;
    else
      runs.push_back({token, 1, length});
    token += length;
  }
  return runs;
}

/// [tokens, heads, head_dim] → [count, heads, length, head_dim], a view.
at::Tensor part(const at::Tensor& x, const Run& run) {
  return x.narrow(0, run.first_token, run.count * run.length)
      .view({run.count, run.length, x.size(1), x.size(2)})
      .transpose(1, 2);
}

/// Keys and values for every query head, without a copy where a stride says it all.
at::Tensor for_heads(const at::Tensor& x, int64_t heads) {
  if (x.size(1) == heads) return x;
  return x.repeat_interleave(heads / x.size(1), 1);
}

/// Sums the heads of a group: [tokens, heads, d] → [tokens, kv_heads, d].
at::Tensor sum_groups(const at::Tensor& x, int64_t kv_heads) {
  if (x.size(1) == kv_heads) return x;
  return x.view({x.size(0), kv_heads, x.size(1) / kv_heads, x.size(2)}).sum(2);
}

/// float32, or float64 as it is, whatever the processor multiplies.
at::Tensor wide(const at::Tensor& x) { return x.to(gradient_dtype(x)).contiguous(); }

/// Blocks of our own, in float32 (bfloat16 widened to it) or float64.
struct BlockAttention : torch::autograd::Function<BlockAttention> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& q, const at::Tensor& k,
                            const at::Tensor& v, const std::vector<int64_t>& segments, int64_t window) {
    const CausalResult result = causal_forward(wide(q), wide(k), wide(v), segments, window);
    const at::Tensor output = result.output.to(q.scalar_type());
    context->save_for_backward({q, k, v, output, result.log_sums});
    context->saved_data["segments"] = segments;
    context->saved_data["window"] = window;
    return output;
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const variable_list saved = context->get_saved_variables();
    const auto [dq, dk, dv] = causal_backward(
        wide(gradients[0]), wide(saved[0]), wide(saved[1]), wide(saved[2]), {wide(saved[3]), saved[4]},
        context->saved_data["segments"].toIntVector(), context->saved_data["window"].toInt());
    const at::ScalarType dtype = saved[0].scalar_type();
    return {dq.to(dtype), dk.to(dtype), dv.to(dtype), at::Tensor(), at::Tensor()};
  }
};

/// LibTorch's flash kernel, for bfloat16 on processors that multiply it.
struct FlashAttention : torch::autograd::Function<FlashAttention> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& q, const at::Tensor& k,
                            const at::Tensor& v, const std::vector<int64_t>& segments) {
    const int64_t heads = q.size(1);
    const at::Tensor wide_q = operand(q), wide_k = for_heads(operand(k), heads),
                     wide_v = for_heads(operand(v), heads);
    variable_list saved = {q, k, v};
    std::vector<at::Tensor> outputs;
    for (const Run& run : runs_of(segments)) {
      auto [output, log_sums] = at::_scaled_dot_product_flash_attention_for_cpu(
          part(wide_q, run), part(wide_k, run), part(wide_v, run), 0.0, /*is_causal=*/true);
      saved.push_back(log_sums);
      outputs.push_back(output.transpose(1, 2).reshape({run.count * run.length, heads, q.size(2)}));
    }
    at::Tensor result = outputs.size() == 1 ? outputs.front() : at::cat(outputs);
    result = result.to(q.scalar_type());
    saved.push_back(result);
    context->save_for_backward(std::move(saved));
    context->saved_data["segments"] = segments;
    return result;
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const variable_list saved = context->get_saved_variables();
    const at::Tensor &q = saved[0], &k = saved[1], &v = saved[2];
    const int64_t heads = q.size(1);
    const at::Tensor wide_q = operand(q), wide_k = for_heads(operand(k), heads),
                     wide_v = for_heads(operand(v), heads);
    const at::Tensor g = operand(gradients[0].contiguous()), output = operand(saved.back());
    at::Tensor dq, dk, dv;
    std::vector<at::Tensor> dqs, dks, dvs;
    size_t index = 3;
    for (const Run& run : runs_of(context->saved_data["segments"].toIntVector())) {
      auto [a, b, c] = at::_scaled_dot_product_flash_attention_for_cpu_backward(
          part(g, run), part(wide_q, run), part(wide_k, run), part(wide_v, run), part(output, run),
          saved[index++], 0.0,
          /*is_causal=*/true);
      const auto back = [&](const at::Tensor& x) {
        return x.transpose(1, 2).reshape({run.count * run.length, heads, q.size(2)});
      };
      dqs.push_back(back(a));
      dks.push_back(back(b));
      dvs.push_back(back(c));
    }
    const auto join = [](const std::vector<at::Tensor>& parts) {
      return parts.size() == 1 ? parts.front() : at::cat(parts);
    };
    return {join(dqs).to(q.scalar_type()), sum_groups(join(dks), k.size(1)).to(k.scalar_type()),
            sum_groups(join(dvs), v.size(1)).to(v.scalar_type()), at::Tensor()};
  }
};

/// True where a query may not look: [queries, keys], the queries being the last of the keys' tokens.
at::Tensor hidden_keys(int64_t queries, int64_t keys, int64_t window, const at::Device& device) {
  const at::TensorOptions options = at::TensorOptions(device).dtype(at::kBool);
  const at::Tensor later = at::ones({queries, keys}, options).triu(keys - queries + 1);
  return window > 0 ? later.logical_or(at::ones({queries, keys}, options).tril(keys - queries - window)) : later;
}

at::Tensor reference_segment(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, int64_t window) {
  const int64_t length = q.size(0);
  const at::Tensor queries = q.transpose(0, 1), keys = for_heads(k, q.size(1)).transpose(0, 1),
                   values = for_heads(v, q.size(1)).transpose(0, 1);
  const at::Tensor hidden = hidden_keys(length, length, window, q.device());
  const at::Tensor scores =
      at::matmul(queries, keys.transpose(1, 2)) / std::sqrt(static_cast<double>(q.size(2)));
  const at::Tensor weights =
      at::softmax(scores.masked_fill(hidden, -INFINITY), -1, gradient_dtype(q)).to(q.scalar_type());
  return at::matmul(weights, values).transpose(0, 1);
}

/// float32 on CUDA: segment by segment through plain operators, a mask only where a window hides keys.
at::Tensor cuda_by_segments(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v,
                            const std::vector<int32_t>& segments, int64_t window) {
  std::vector<at::Tensor> outputs;
  int64_t token = 0;
  for (const int32_t length : segments) {
    const auto heads_first = [&](const at::Tensor& x) {
      return x.narrow(0, token, length).transpose(0, 1).unsqueeze(0);
    };
    std::optional<at::Tensor> seen;
    if (window > 0 && window < length) seen = hidden_keys(length, length, window, q.device()).logical_not_();
    outputs.push_back(at::scaled_dot_product_attention(heads_first(q), heads_first(k), heads_first(v), seen, 0.0,
                                                       /*is_causal=*/!seen, {}, /*enable_gqa=*/true)
                          .squeeze(0)
                          .transpose(0, 1));
    token += length;
  }
  return at::cat(outputs);
}

/// Flash attention of LibTorch's CUDA library takes 16-bit floats only, in heads of a multiple of 8 up to 256: others are
/// filled up with zeros, which change no product. Its window counts the keys before the query.
at::Tensor cuda_attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v,
                          const std::vector<int32_t>& segments, int64_t window) {
  const int64_t dim = q.size(2), filled_dim = (dim + 7) / 8 * 8;
  if ((q.scalar_type() != at::kBFloat16 && q.scalar_type() != at::kHalf) || filled_dim > 256)
    return cuda_by_segments(q, k, v, segments, window);
  const auto filled = [&](const at::Tensor& x) {
    return filled_dim == dim ? x : at::constant_pad_nd(x, {0, filled_dim - dim});
  };
  std::vector<int32_t> borders = {0};
  for (const int32_t length : segments) borders.push_back(borders.back() + length);
  const at::Tensor cumulative = at::tensor(borders, at::kInt).to(q.device());
  const int64_t longest = *std::max_element(segments.begin(), segments.end());
  std::optional<int64_t> left, right;
  if (window > 0) {
    left = window - 1;
    right = 0;
  }
  const at::Tensor output = std::get<0>(at::_flash_attention_forward(
      filled(q), filled(k), filled(v), cumulative, cumulative, longest, longest, 0.0, /*is_causal=*/true, false,
      1.0 / std::sqrt(static_cast<double>(dim)), left, right));
  return filled_dim == dim ? output : output.narrow(2, 0, dim);
}

void check_shapes(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v) {
  const bool fit = q.dim() == 3 && k.dim() == 3 && k.sizes() == v.sizes() && q.size(2) == k.size(2) &&
                   q.size(1) % k.size(1) == 0;
  if (!fit)
    throw Error(ExitCode::internal,
                "attention: q [tokens, heads, head_dim] does not fit k, v [tokens, kv_heads, head_dim]");
}

}  // namespace

at::Tensor isolated_attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v,
                              const std::vector<int32_t>& segments, int64_t window) {
  check_shapes(q, k, v);
  const bool binds = window > 0 && window < *std::max_element(segments.begin(), segments.end());
  if (!q.is_cpu()) return cuda_attention(q, k, v, segments, binds ? window : 0);
  std::vector<int64_t> lengths(segments.begin(), segments.end());
  // LibTorch's kernel knows no window, and a mask costs more than float32 over the keys that are seen.
  if (!binds && operand(q.narrow(0, 0, 0)).scalar_type() == at::kBFloat16)
    return FlashAttention::apply(q, k, v, std::move(lengths));
  return BlockAttention::apply(q, k, v, std::move(lengths), binds ? window : 0);
}

at::Tensor isolated_attention_reference(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v,
                                        const std::vector<int32_t>& segments, int64_t window) {
  check_shapes(q, k, v);
  std::vector<at::Tensor> outputs;
  int64_t token = 0;
  for (const int32_t length : segments) {
    outputs.push_back(reference_segment(q.narrow(0, token, length), k.narrow(0, token, length),
                                        v.narrow(0, token, length), window));
    token += length;
  }
  return at::cat(outputs);
}

at::Tensor cached_attention(const at::Tensor& q, const at::Tensor& all_k, const at::Tensor& all_v, int64_t window) {
  check_shapes(q, all_k, all_v);
  const at::NoGradGuard no_grad;
  const int64_t fresh = q.size(0);
  // What the oldest of the new queries sees and later ones too; older keys are seen by none.
  const int64_t met = window > 0 ? std::min(all_k.size(0), fresh + window - 1) : all_k.size(0);
  const at::Tensor k = all_k.narrow(0, all_k.size(0) - met, met), v = all_v.narrow(0, all_v.size(0) - met, met);
  if (fresh > 1 && fresh == met) return isolated_attention(q, k, v, {static_cast<int32_t>(fresh)}, window);
  const auto heads_first = [](const at::Tensor& x) { return operand(x).transpose(0, 1).unsqueeze(0); };
  const at::Tensor keys = heads_first(for_heads(k, q.size(1))), values = heads_first(for_heads(v, q.size(1)));
  std::optional<at::Tensor> seen;
  if (fresh > 1) seen = hidden_keys(fresh, met, window, q.device()).logical_not_();
  const at::Tensor result = at::scaled_dot_product_attention(heads_first(q), keys, values, seen, 0.0, false);
  return result.squeeze(0).transpose(0, 1).to(q.scalar_type());
}

}  // namespace hone::tensor
