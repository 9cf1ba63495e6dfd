#include "tensor/swiglu.h"

#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>

#include <string>

#include "base/error.h"
#include "tensor/simd.h"
#include "tensor/by_dtype.h"

namespace hone::tensor {
namespace {

using simd::load;
using simd::store;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr int64_t kElementsPerTask = 1 << 14;

template <typename T>
HONE_INLINE void forward_elements(const T* gate, const T* up, T* y, int64_t count) {
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) {
    const auto z = load(gate + i);
    store(y + i, z / (1 + simd::exp(-z)) * load(up + i));
  }
}

template <typename T>
HONE_INLINE void backward_elements(const T* g, const T* gate, const T* up, T* dgate, T* dup, int64_t count) {
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) {
    const auto z = load(gate + i), gi = load(g + i);
    const auto s = 1 / (1 + simd::exp(-z));
    store(dup + i, gi * z * s);
    store(dgate + i, gi * load(up + i) * s * (1 + z * (1 - s)));
  }
}

#define HONE_SWIGLU_KERNELS(T)                                                                            \
  HONE_CLONES void forward_kernel(const T* gate, const T* up, T* y, int64_t n) {                          \
    forward_elements<T>(gate, up, y, n);                                                                  \
  }                                                                                                       \
  HONE_CLONES void backward_kernel(const T* g, const T* gate, const T* up, T* dgate, T* dup, int64_t n) { \
    backward_elements<T>(g, gate, up, dgate, dup, n);                                                     \
  }
HONE_SWIGLU_KERNELS(float)
HONE_SWIGLU_KERNELS(double)
HONE_SWIGLU_KERNELS(c10::BFloat16)
#undef HONE_SWIGLU_KERNELS

at::Tensor forward_cpu(const at::Tensor& gate, const at::Tensor& up) {
  at::Tensor y = at::empty_like(gate);
  by_dtype("swiglu", gate.scalar_type(), [&](auto t) {
    using T = decltype(t);
    at::parallel_for(0, gate.numel(), kElementsPerTask, [&](int64_t begin, int64_t end) {
      forward_kernel(gate.const_data_ptr<T>() + begin, up.const_data_ptr<T>() + begin,
                     y.mutable_data_ptr<T>() + begin, end - begin);
    });
  });
  return y;
}

void backward_cpu(const at::Tensor& g, const at::Tensor& gate, const at::Tensor& up, at::Tensor& dgate,
                  at::Tensor& dup) {
  by_dtype("swiglu", gate.scalar_type(), [&](auto t) {
    using T = decltype(t);
    at::parallel_for(0, gate.numel(), kElementsPerTask, [&](int64_t begin, int64_t end) {
      backward_kernel(g.const_data_ptr<T>() + begin, gate.const_data_ptr<T>() + begin,
                      up.const_data_ptr<T>() + begin, dgate.mutable_data_ptr<T>() + begin,
                      dup.mutable_data_ptr<T>() + begin, end - begin);
    });
  });
}

struct SwiGlu : torch::autograd::Function<SwiGlu> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& any_gate, const at::Tensor& any_up) {
    const at::Tensor gate = any_gate.contiguous(), up = any_up.contiguous();
    context->save_for_backward({gate, up});
    return gate.is_cpu() ? forward_cpu(gate, up) : at::silu(gate) * up;
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const variable_list saved = context->get_saved_variables();
    const at::Tensor &gate = saved[0], &up = saved[1];
    const at::Tensor g = gradients[0].contiguous();
    if (!gate.is_cpu()) return {at::silu_backward(g * up, gate), g * at::silu(gate)};
    at::Tensor dgate = at::empty_like(gate), dup = at::empty_like(up);
    backward_cpu(g, gate, up, dgate, dup);
    return {dgate, dup};
  }
};

}  // namespace

at::Tensor swiglu(const at::Tensor& gate, const at::Tensor& up) {
  if (gate.sizes() != up.sizes() || gate.scalar_type() != up.scalar_type())
    throw Error(ExitCode::internal, "swiglu: gate and up must have one shape and dtype");
  return SwiGlu::apply(gate, up);
}

at::Tensor swiglu_reference(const at::Tensor& gate, const at::Tensor& up) {
  return gate / (1 + at::exp(-gate)) * up;
}

}  // namespace hone::tensor
