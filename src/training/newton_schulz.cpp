#include "training/newton_schulz.h"

#include <ATen/Functions.h>

namespace hone::training {
namespace {

constexpr double kA = 3.4445, kB = -4.7750, kC = 2.0315;
constexpr double kTiny = 1e-7;

}  // namespace

at::Tensor newton_schulz(const at::Tensor& matrix, int64_t steps) {
  const at::NoGradGuard no_grad;
  const bool tall = matrix.size(0) > matrix.size(1);  // X Xᵀ is the smaller of the two products
  at::Tensor x = tall ? matrix.t().contiguous() : matrix.clone();
  x.div_(x.norm() + kTiny);
  for (int64_t step = 0; step < steps; ++step) {
    const at::Tensor gram = x.mm(x.t());
    x = at::addmm(x, at::addmm(gram, gram, gram, kB, kC), x, kA);
  }
  return tall ? x.t().contiguous() : x;
}

}  // namespace hone::training
