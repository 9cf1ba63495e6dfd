#include "tensor/gradient.h"

#include <utility>

#include "tensor/matmul.h"

namespace hone::tensor {

at::ScalarType gradient_dtype(const at::Tensor& parameter) {
  return parameter.scalar_type() == at::kDouble ? at::kDouble : at::kFloat;
}

void add_gradient(const at::Tensor& parameter, at::Tensor gradient, double scale) {
  const at::NoGradGuard no_grad;
  gradient = gradient.detach();
  at::Tensor& total = parameter.mutable_grad();
  if (total.defined()) {
    total.add_(gradient, scale);
    return;
  }
  if (gradient.scalar_type() != gradient_dtype(parameter)) gradient = gradient.to(gradient_dtype(parameter));
  if (scale != 1.0) gradient.mul_(scale);
  total = std::move(gradient);
}

void add_gradient_product(const at::Tensor& parameter, const at::Tensor& a, const at::Tensor& b) {
  const at::NoGradGuard no_grad;
  at::Tensor& total = parameter.mutable_grad();
  if (total.defined() && a.scalar_type() == total.scalar_type())
    total.addmm_(a, b);
  else
    add_gradient(parameter, wide_product(a, b));
}

void add_gradient_rows(const at::Tensor& parameter, const at::Tensor& ids, const at::Tensor& gradient) {
  const at::NoGradGuard no_grad;
  at::Tensor& total = parameter.mutable_grad();
  if (!total.defined())
    total = at::zeros_like(parameter, parameter.options().dtype(gradient_dtype(parameter)));
  total.index_add_(0, ids, gradient.to(total.scalar_type()));
}

}  // namespace hone::tensor
