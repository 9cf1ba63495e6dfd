#pragma once
/// Gradients of parameters, written by the backward passes themselves into .grad(): float32 whatever the
/// parameter's dtype (float64 for float64), added to over calls. Autograd's own accumulation would round to
/// the parameter's dtype and pass over memory once more.
#include <ATen/ATen.h>

namespace hone::tensor {

/// float32, or float64 for a float64 parameter.
at::ScalarType gradient_dtype(const at::Tensor& parameter);

/// parameter.grad() += scale · gradient. Takes the memory of `gradient` over when there is no gradient yet.
void add_gradient(const at::Tensor& parameter, at::Tensor gradient, double scale = 1.0);

/// parameter.grad() += a b, the product added in place where dtypes allow it. Operands as `operand` gives
/// them.
void add_gradient_product(const at::Tensor& parameter, const at::Tensor& a, const at::Tensor& b);

/// parameter.grad()[ids[i]] += gradient[i].
void add_gradient_rows(const at::Tensor& parameter, const at::Tensor& ids, const at::Tensor& gradient);

}  // namespace hone::tensor
