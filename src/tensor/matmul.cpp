#include "tensor/matmul.h"

#include <ATen/Context.h>

#include <mutex>
#include <optional>

namespace hone::tensor {
namespace {

std::mutex policy_lock;
std::optional<MatmulPolicy> policy;

/// LibTorch's "medium" hands float32 products to oneDNN and lets it use bfloat16 inside; whether it does
/// depends on the processor, so its error is looked at.
void allow_onednn_float32(bool allow) {
  at::globalContext().setFloat32MatmulPrecision(allow ? "medium" : "highest");
}

/// Values of one sign pattern spread over [-1, 1]: no generator, the same everywhere.
at::Tensor trial_values(int64_t rows, int64_t columns, double step) {
  return at::arange(rows * columns, at::kDouble).mul_(step).sin_().view({rows, columns}).to(at::kFloat);
}

/// By what the processor is, never by a stopwatch: a choice that a busy neighbour can turn would make two
/// runs of one recipe differ. MKL keeps AMD's processors to AVX2, half of what those with AVX-512 can do.
bool onednn_is_faster() {
#if defined(__x86_64__)
  return __builtin_cpu_is("amd") && __builtin_cpu_supports("avx512f");
#else
  return false;
#endif
}

/// The permission that brings oneDNN in also lets it round to bfloat16 where there are matrix units for it.
bool onednn_is_exact() {
  const at::Tensor a = trial_values(512, 576, 0.7), b = trial_values(576, 1024, 1.3);
  const at::Tensor exact = a.to(at::kDouble).mm(b.to(at::kDouble));
  const double scale = exact.abs().max().item<double>();
  allow_onednn_float32(true);
  const double error = (a.mm(b).to(at::kDouble) - exact).abs().max().item<double>() / scale;
  allow_onednn_float32(false);
  return error < 2e-6;
}

bool has_fast_bfloat16() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512bf16") != 0;  // every processor with AMX has it too
#else
  return false;
#endif
}

}  // namespace

std::string MatmulPolicy::words() const {
  return std::string("float32 by ") + (onednn_float32 ? "oneDNN" : "MKL") + ", bfloat16 " +
         (widen_bfloat16 ? "widened to float32" : "as it is");
}

const MatmulPolicy& matmul_policy() {
  const std::lock_guard guard(policy_lock);
  if (!policy) {
    const at::NoGradGuard no_grad;
    policy = MatmulPolicy{.onednn_float32 = onednn_is_faster() && onednn_is_exact(),
                          .widen_bfloat16 = !has_fast_bfloat16()};
    allow_onednn_float32(policy->onednn_float32);
  }
  return *policy;
}

void set_matmul_policy(const MatmulPolicy& recorded) {
  const std::lock_guard guard(policy_lock);
  policy = recorded;
  allow_onednn_float32(policy->onednn_float32);
}

at::Tensor operand(const at::Tensor& tensor) {
  const bool widen =
      tensor.is_cpu() && tensor.scalar_type() == at::kBFloat16 && matmul_policy().widen_bfloat16;
  return widen ? tensor.to(at::kFloat) : tensor;
}

void add_product(at::Tensor& out, const at::Tensor& a, const at::Tensor& b) {
  if (out.defined())
    out.addmm_(a, b);
  else
    out = a.mm(b);
}

at::Tensor wide_product(const at::Tensor& a, const at::Tensor& b) {
  if (a.is_cuda() && a.scalar_type() == at::kBFloat16) return at::mm(a, b, at::kFloat);
  const at::Tensor product = a.mm(b);
  return product.scalar_type() == at::kDouble ? product : product.to(at::kFloat);
}

}  // namespace hone::tensor
