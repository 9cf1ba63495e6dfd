#include "tensor/rope.h"

#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/error.h"
#include "tensor/simd.h"

namespace hone::tensor {
namespace {

using simd::load;
using simd::store;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr int64_t kTokensPerTask = 16;

/// direction 1 rotates, -1 rotates back (the gradient).
template <typename T>
HONE_INLINE void rotate_rows(const T* x, const float* cosines, const float* sines, T* y, int64_t tokens,
                             int64_t heads, int64_t half, float direction) {
  for (int64_t token = 0; token < tokens; ++token, cosines += half, sines += half) {
    for (int64_t head = 0; head < heads; ++head, x += 2 * half, y += 2 * half) {
#pragma omp simd
      for (int64_t i = 0; i < half; ++i) {
        const auto a = load(x + i), b = load(x + half + i);
        const auto c = cosines[i], s = direction * sines[i];
        store(y + i, a * c - b * s);
        store(y + half + i, b * c + a * s);
      }
    }
  }
}

#define HONE_ROTATE_KERNEL(T)                                                                                \
  HONE_CLONES void rotate_kernel(const T* x, const float* c, const float* s, T* y, int64_t n, int64_t heads, \
                                 int64_t half, float d) {                                                    \
    rotate_rows<T>(x, c, s, y, n, heads, half, d);                                                           \
  }
HONE_ROTATE_KERNEL(float)
HONE_ROTATE_KERNEL(double)
HONE_ROTATE_KERNEL(c10::BFloat16)
#undef HONE_ROTATE_KERNEL

template <typename T>
at::Tensor rotate_cpu(const at::Tensor& x, const RopeTable& table, float direction) {
  at::Tensor y = at::empty_like(x);
  const int64_t heads = x.size(1), head_dim = x.size(2), half = head_dim / 2;
  at::parallel_for(0, x.size(0), kTokensPerTask, [&](int64_t begin, int64_t end) {
    const int64_t at_x = begin * heads * head_dim, at_table = begin * half;
    rotate_kernel(x.const_data_ptr<T>() + at_x, table.cosines.const_data_ptr<float>() + at_table,
                  table.sines.const_data_ptr<float>() + at_table, y.mutable_data_ptr<T>() + at_x, end - begin,
                  heads, half, direction);
  });
  return y;
}

at::Tensor rotate_by_operators(const at::Tensor& x, const RopeTable& table, double direction) {
  const int64_t half = x.size(2) / 2;
  const at::Tensor a = x.narrow(2, 0, half), b = x.narrow(2, half, half);
  const at::Tensor c = table.cosines.unsqueeze(1), s = table.sines.unsqueeze(1) * direction;
  return at::cat({a * c - b * s, b * c + a * s}, 2).to(x.scalar_type());
}

at::Tensor rotate_any(const at::Tensor& any, const RopeTable& table, float direction) {
  const at::Tensor x = any.contiguous();
  if (!x.is_cpu()) return rotate_by_operators(x, table, direction);
  switch (x.scalar_type()) {
    case at::kFloat:
      return rotate_cpu<float>(x, table, direction);
    case at::kDouble:
      return rotate_cpu<double>(x, table, direction);
    case at::kBFloat16:
      return rotate_cpu<c10::BFloat16>(x, table, direction);
    default:
      throw Error(ExitCode::internal,
                  std::string("rotate has no kernel for ") + c10::toString(x.scalar_type()));
  }
}

struct Rotate : torch::autograd::Function<Rotate> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& cosines,
                            const at::Tensor& sines) {
    context->save_for_backward({cosines, sines});
    return rotate_any(x, {cosines, sines}, 1.0f);
  }
  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const variable_list saved = context->get_saved_variables();
    return {rotate_any(gradients[0], {saved[0], saved[1]}, -1.0f), at::Tensor(), at::Tensor()};
  }
};

// In float32 throughout, as the reference: its rounding is part of what models were trained with.
at::Tensor exponents(int64_t head_dim) {
  return at::arange(0, head_dim, 2, at::kLong).to(at::kFloat).div_(static_cast<double>(head_dim));
}

at::Tensor llama3_frequencies(const formats::RopeConfig& rope, const at::Tensor& frequencies) {
  const double original = static_cast<double>(rope.original_max_positions);
  const double low_wavelength = original / rope.low_freq_factor,
               high_wavelength = original / rope.high_freq_factor;
  const at::Tensor wavelengths = frequencies.reciprocal().mul_(2.0 * std::numbers::pi);
  const at::Tensor slowed = at::where(wavelengths > low_wavelength, frequencies / rope.factor, frequencies);
  const at::Tensor blend = (wavelengths.reciprocal() * original - rope.low_freq_factor) /
                           (rope.high_freq_factor - rope.low_freq_factor);
  const at::Tensor blended = (1 - blend) * slowed / rope.factor + blend * slowed;
  const at::Tensor medium = (wavelengths >= high_wavelength).logical_and(wavelengths <= low_wavelength);
  return at::where(medium, blended, slowed);
}

/// The pair that turns `turns` times in the original context, as a real number.
double pair_turning(double turns, const formats::RopeConfig& rope, int64_t head_dim) {
  return static_cast<double>(head_dim) *
         std::log(static_cast<double>(rope.original_max_positions) / (turns * 2.0 * std::numbers::pi)) /
         (2.0 * std::log(rope.theta));
}

at::Tensor yarn_frequencies(const formats::RopeConfig& rope, int64_t head_dim) {
  const at::Tensor wavelengths = at::pow(rope.theta, exponents(head_dim));
  double first = pair_turning(rope.beta_fast, rope, head_dim), last = pair_turning(rope.beta_slow, rope, head_dim);
  if (rope.truncate) {
    first = std::floor(first);
    last = std::ceil(last);
  }
  first = std::max(first, 0.0);
  last = std::min(last, static_cast<double>(head_dim - 1));  // head_dim, not its half: the reference's bound
  if (first == last) last += 0.001;
  const at::Tensor ramp = ((at::arange(head_dim / 2, at::kFloat) - first) / (last - first)).clamp_(0, 1);
  const at::Tensor kept = 1 - ramp;
  return (wavelengths * rope.factor).reciprocal() * (1 - kept) + wavelengths.reciprocal() * kept;
}

double yarn_attention_factor(const formats::RopeConfig& rope) {
  if (rope.attention_factor) return *rope.attention_factor;
  const auto scale = [&](double mscale) {
    return rope.factor <= 1.0 ? 1.0 : 0.1 * mscale * std::log(rope.factor) + 1.0;
  };
  const double mscale = rope.mscale.value_or(0.0), all = rope.mscale_all_dim.value_or(0.0);
  return mscale != 0.0 && all != 0.0 ? scale(mscale) / scale(all) : scale(1.0);
}

at::Tensor dynamic_frequencies(const Rope& rope, int64_t length) {
  const double factor = rope.config.factor, d = static_cast<double>(rope.head_dim);
  const at::Tensor tokens = at::scalar_tensor(length, at::kLong);
  const at::Tensor stretch = tokens * factor / static_cast<double>(rope.max_positions) - (factor - 1.0);
  return at::pow(stretch.pow(d / (d - 2.0)) * rope.config.theta, exponents(rope.head_dim)).reciprocal_();
}

}  // namespace

Rope make_rope(const formats::RopeConfig& config, int64_t head_dim, int64_t max_positions) {
  Rope rope{.config = config, .head_dim = head_dim, .max_positions = max_positions, .frequencies = {}};
  rope.frequencies = at::pow(config.theta, exponents(head_dim)).reciprocal_();
  if (config.type == formats::RopeType::linear) rope.frequencies.div_(config.factor);
  if (config.type == formats::RopeType::llama3) rope.frequencies = llama3_frequencies(config, rope.frequencies);
  if (config.type != formats::RopeType::yarn) return rope;
  rope.frequencies = yarn_frequencies(config, head_dim);
  rope.attention_factor = yarn_attention_factor(config);
  return rope;
}

at::Tensor frequencies_at(const Rope& rope, int64_t length) {
  const bool stretched = rope.config.type == formats::RopeType::dynamic && length > rope.max_positions;
  return stretched ? dynamic_frequencies(rope, length) : rope.frequencies;
}

RopeTable rope_table(const Rope& rope, const std::vector<int32_t>& segments, const at::Device& device,
                     int64_t first) {
  std::vector<at::Tensor> positions, angles;
  for (const int32_t length : segments) positions.push_back(at::arange(first, first + length, at::kFloat).unsqueeze(1));
  if (rope.config.type == formats::RopeType::dynamic) {
    for (size_t i = 0; i < segments.size(); ++i)
      angles.push_back(positions[i] * frequencies_at(rope, first + segments[i]).unsqueeze(0));
  } else {
    angles.push_back(at::cat(positions) * rope.frequencies.unsqueeze(0));
  }
  const at::Tensor all = at::cat(angles).to(device);
  const RopeTable table{all.cos(), all.sin()};
  if (rope.attention_factor == 1.0) return table;
  return {table.cosines * rope.attention_factor, table.sines * rope.attention_factor};
}

at::Tensor rotate(const at::Tensor& x, const RopeTable& table) {
  if (x.dim() != 3 || x.size(2) != 2 * table.cosines.size(1) || x.size(0) != table.cosines.size(0))
    throw Error(ExitCode::internal,
                "rotate: x must be [tokens, heads, head_dim] and the table [tokens, head_dim/2]");
  return Rotate::apply(x, table.cosines, table.sines);
}

at::Tensor rotate_reference(const at::Tensor& x, const RopeTable& table) {
  return rotate_by_operators(x, table, 1.0);
}

}  // namespace hone::tensor
