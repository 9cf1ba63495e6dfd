#include "tensor/rms_norm.h"

#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>

#include <cmath>

#include "base/error.h"
#include "tensor/gradient.h"
#include "tensor/simd.h"
#include "tensor/by_dtype.h"

namespace hone::tensor {
namespace {

using simd::load;
using simd::store;
using simd::wide_t;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr int64_t kRowsPerTask = 16;

template <typename T, typename W>
HONE_INLINE void forward_rows(const T* x, const T* weight, T* y, W* inverse_rms, int64_t rows, int64_t hidden,
                              W epsilon) {
  for (int64_t row = 0; row < rows; ++row, x += hidden, y += hidden) {
    W squares = 0;
#pragma omp simd reduction(+ : squares)
    for (int64_t i = 0; i < hidden; ++i) squares += load(x + i) * load(x + i);
    const W inverse = W(1) / std::sqrt(squares / static_cast<W>(hidden) + epsilon);
    inverse_rms[row] = inverse;
#pragma omp simd
    for (int64_t i = 0; i < hidden; ++i) {
      T normed;
      store(&normed, load(x + i) * inverse);
      store(y + i, load(&normed) * load(weight + i));
    }
  }
}

template <typename T, typename W>
HONE_INLINE void backward_rows(const T* g, const T* x, const T* weight, const W* inverse_rms, T* dx,
                               W* dweight, int64_t rows, int64_t hidden) {
  for (int64_t row = 0; row < rows; ++row, g += hidden, x += hidden, dx += hidden) {
    const W inverse = inverse_rms[row];
    W dot = 0;
#pragma omp simd reduction(+ : dot)
    for (int64_t i = 0; i < hidden; ++i) {
      const W gi = load(g + i), n = load(x + i) * inverse;
      dot += gi * load(weight + i) * n;
      dweight[i] += gi * n;
    }
    dot /= static_cast<W>(hidden);
#pragma omp simd
    for (int64_t i = 0; i < hidden; ++i)
      store(dx + i, (load(g + i) * load(weight + i) - load(x + i) * inverse * dot) * inverse);
  }
}

#define HONE_RMS_NORM_KERNELS(T, W)                                                                 \
  HONE_CLONES void forward_kernel(const T* x, const T* w, T* y, W* r, int64_t rows, int64_t hidden, \
                                  W epsilon) {                                                      \
    forward_rows<T, W>(x, w, y, r, rows, hidden, epsilon);                                          \
  }                                                                                                 \
  HONE_CLONES void backward_kernel(const T* g, const T* x, const T* w, const W* r, T* dx, W* dw,    \
                                   int64_t rows, int64_t hidden) {                                  \
    backward_rows<T, W>(g, x, w, r, dx, dw, rows, hidden);                                          \
  }
HONE_RMS_NORM_KERNELS(float, float)
HONE_RMS_NORM_KERNELS(double, double)
HONE_RMS_NORM_KERNELS(c10::BFloat16, float)
#undef HONE_RMS_NORM_KERNELS

template <typename T>
void forward_cpu(const at::Tensor& x, const at::Tensor& weight, double epsilon, at::Tensor& y,
                 at::Tensor& inverse_rms) {
  using W = wide_t<T>;
  const int64_t hidden = x.size(1);
  at::parallel_for(0, x.size(0), kRowsPerTask, [&](int64_t begin, int64_t end) {
    forward_kernel(x.const_data_ptr<T>() + begin * hidden, weight.const_data_ptr<T>(),
                   y.mutable_data_ptr<T>() + begin * hidden, inverse_rms.mutable_data_ptr<W>() + begin,
                   end - begin, hidden, static_cast<W>(epsilon));
  });
}

/// dweight is summed over fixed blocks of rows, so it does not depend on the number of threads.
template <typename T>
void backward_cpu(const at::Tensor& g, const at::Tensor& x, const at::Tensor& weight,
                  const at::Tensor& inverse_rms, at::Tensor& dx, at::Tensor& partial_dweight) {
  using W = wide_t<T>;
  const int64_t hidden = x.size(1), rows = x.size(0), blocks = partial_dweight.size(0);
  const int64_t block_rows = (rows + blocks - 1) / blocks;
  at::parallel_for(0, blocks, 1, [&](int64_t begin, int64_t end) {
    for (int64_t block = begin; block < end; ++block) {
      const int64_t first = std::min(block * block_rows, rows), last = std::min(first + block_rows, rows);
      backward_kernel(g.const_data_ptr<T>() + first * hidden, x.const_data_ptr<T>() + first * hidden,
                      weight.const_data_ptr<T>(), inverse_rms.const_data_ptr<W>() + first,
                      dx.mutable_data_ptr<T>() + first * hidden,
                      partial_dweight.mutable_data_ptr<W>() + block * hidden, last - first, hidden);
    }
  });
}

struct RmsNorm : torch::autograd::Function<RmsNorm> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x_any, const at::Tensor& weight,
                            double epsilon) {
    const at::Tensor x = x_any.contiguous();
    at::Tensor y = at::empty_like(x);
    at::Tensor inverse_rms = at::empty({x.size(0)}, x.options().dtype(gradient_dtype(x)));
    if (x.is_cpu()) {
      by_dtype("rms_norm", x.scalar_type(),
               [&](auto t) { forward_cpu<decltype(t)>(x, weight, epsilon, y, inverse_rms); });
    } else {
      const at::Tensor wide = x.to(inverse_rms.scalar_type());
      inverse_rms = wide.square().mean(-1).add_(epsilon).rsqrt_();
      y = (wide * inverse_rms.unsqueeze(1)).to(x.scalar_type()) * weight;
    }
    context->save_for_backward({x, weight, inverse_rms});
    return y;
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const variable_list saved = context->get_saved_variables();
    const at::Tensor &x = saved[0], &weight = saved[1], &inverse_rms = saved[2];
    const at::Tensor g = gradients[0].contiguous();
    at::Tensor dx = at::empty_like(x), dweight;
    if (x.is_cpu()) {
      const int64_t blocks = std::clamp<int64_t>(x.size(0) / kRowsPerTask, 1, 16);
      at::Tensor partial = at::zeros({blocks, x.size(1)}, inverse_rms.options());
      by_dtype("rms_norm", x.scalar_type(),
               [&](auto t) { backward_cpu<decltype(t)>(g, x, weight, inverse_rms, dx, partial); });
      dweight = partial.sum(0);
    } else {
      const at::ScalarType wide = inverse_rms.scalar_type();
      const at::Tensor n = x.to(wide) * inverse_rms.unsqueeze(1), gw = g.to(wide) * weight.to(wide);
      dx = ((gw - n * (gw * n).mean(-1, true)) * inverse_rms.unsqueeze(1)).to(x.scalar_type());
      dweight = (g.to(wide) * n).sum(0);
    }
    if (context->needs_input_grad(1)) add_gradient(weight, dweight);
    return {dx, at::Tensor(), at::Tensor()};
  }
};

}  // namespace

at::Tensor rms_norm(const at::Tensor& x, const at::Tensor& weight, double epsilon) {
  if (x.dim() != 2 || weight.dim() != 1 || x.size(1) != weight.size(0) ||
      x.scalar_type() != weight.scalar_type())
    throw Error(ExitCode::data, "rms_norm: x must be [tokens, hidden] and weight [hidden], of one dtype");
  return RmsNorm::apply(x, weight.contiguous(), epsilon);
}

at::Tensor rms_norm_reference(const at::Tensor& x, const at::Tensor& weight, double epsilon) {
  const at::Tensor wide = x.to(gradient_dtype(x));
  return (wide * at::rsqrt(wide.square().mean(-1, true) + epsilon)).to(x.scalar_type()) * weight;
}

}  // namespace hone::tensor
