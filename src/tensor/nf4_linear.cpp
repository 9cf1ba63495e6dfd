#include "tensor/nf4_linear.h"

#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <utility>

#include "tensor/gradient.h"
#include "tensor/matmul.h"

namespace hone::tensor {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::Variable;
using torch::autograd::variable_list;

/// Decoded at a time: 2 MiB of float32, which stay in a processor's cache until the product has read them.
constexpr int64_t kPartElements = INT64_C(1) << 19;
/// Products that are narrower waste the vector units.
constexpr int64_t kLeastWidth = 64;

/// Rows (or columns) of a part when each has `length` values; a multiple of 16.
int64_t part_width(int64_t length) {
  return std::max(kLeastWidth, kPartElements / std::max<int64_t>(1, length) / 16 * 16);
}

void keep(AutogradContext* context, const Nf4Weight& weight, const at::Tensor& bias) {
  context->save_for_backward({weight.packed, weight.absmax, weight.absmax_codes, weight.nested_absmax, bias});
  context->saved_data["offset"] = static_cast<double>(weight.offset);
  context->saved_data["rows"] = weight.rows;
  context->saved_data["columns"] = weight.columns;
  context->saved_data["block_size"] = weight.block_size;
  context->saved_data["dtype"] = weight.dtype;
}

Nf4Weight kept(AutogradContext* context, const variable_list& saved) {
  return {.packed = saved[0],
          .absmax = saved[1],
          .absmax_codes = saved[2],
          .nested_absmax = saved[3],
          .offset = static_cast<float>(context->saved_data["offset"].toDouble()),
          .rows = context->saved_data["rows"].toInt(),
          .columns = context->saved_data["columns"].toInt(),
          .block_size = context->saved_data["block_size"].toInt(),
          .dtype = context->saved_data["dtype"].toScalarType()};
}

/// y[:, rows of a part] = x partᵀ: every element of y is one sum over all of x's row.
at::Tensor forward_product(const at::Tensor& x, const Nf4Weight& weight) {
  at::Tensor y = at::empty({x.size(0), weight.rows}, x.options()), buffer;
  const int64_t step = part_width(weight.columns);
  for (int64_t begin = 0; begin < weight.rows; begin += step) {
    const int64_t end = std::min(begin + step, weight.rows);
    const at::Tensor part = dequantize_nf4_part(weight, begin, end, 0, weight.columns, x.scalar_type(), buffer);
    at::Tensor into = y.slice(1, begin, end);
    at::mm_out(into, x, part.t());
  }
  return y;
}

/// dx[:, columns of a part] = g part: parts are of columns here, so that nothing is added up across them and bfloat16 rounds
/// once.
at::Tensor backward_product(const at::Tensor& g, const Nf4Weight& weight) {
  at::Tensor dx = at::empty({g.size(0), weight.columns}, g.options()), buffer;
  const int64_t step = part_width(weight.rows);
  for (int64_t left = 0; left < weight.columns; left += step) {
    const int64_t right = std::min(left + step, weight.columns);
    const at::Tensor part = dequantize_nf4_part(weight, 0, weight.rows, left, right, g.scalar_type(), buffer);
    at::Tensor into = dx.slice(1, left, right);
    at::mm_out(into, g, part);
  }
  return dx;
}

/// `bias` is an argument of its own so that a trained one asks for gradients.
struct Nf4Linear : torch::autograd::Function<Nf4Linear> {
  static at::Tensor forward(AutogradContext* context, const Variable& x, const std::optional<at::Tensor>& bias,
                            const Nf4Weight* weight) {
    keep(context, *weight, bias ? *bias : at::Tensor());
    const at::ScalarType dtype = x.scalar_type();
    context->saved_data["x_dtype"] = dtype;
    at::Tensor y = forward_product(operand(x), *weight);
    if (bias) y.add_(bias->to(y.scalar_type()));
    return y.scalar_type() == dtype ? y : y.to(dtype);
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const variable_list saved = context->get_saved_variables();
    const Nf4Weight weight = kept(context, saved);
    const at::Tensor g = operand(gradients[0].contiguous());
    const at::Tensor& bias = saved[4];
    if (bias.defined() && bias.requires_grad()) add_gradient(bias, g.sum(0, false, gradient_dtype(bias)));
    if (!context->needs_input_grad(0)) return {at::Tensor(), at::Tensor(), at::Tensor()};
    const at::ScalarType dtype = context->saved_data["x_dtype"].toScalarType();
    const at::Tensor dx = backward_product(g, weight);
    return {dx.scalar_type() == dtype ? dx : dx.to(dtype), at::Tensor(), at::Tensor()};
  }
};

}  // namespace

at::Tensor nf4_linear(const at::Tensor& x, const Nf4Weight& weight, const at::Tensor& bias) {
  return Nf4Linear::apply(x, bias.defined() ? std::optional<at::Tensor>(bias) : std::nullopt, &weight);
}

}  // namespace hone::tensor
