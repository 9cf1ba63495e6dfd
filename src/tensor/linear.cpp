#include "tensor/linear.h"

#include <torch/csrc/autograd/custom_function.h>

#include <optional>
#include <utility>

#include "tensor/gradient.h"
#include "tensor/matmul.h"

namespace hone::tensor {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::Variable;
using torch::autograd::variable_list;

at::Tensor product_with_bias(const at::Tensor& x, const at::Tensor& w, const at::Tensor& bias,
                             at::ScalarType dtype) {
  at::Tensor y = bias.defined() ? at::addmm(bias.to(w.scalar_type()), x, w.t()) : x.mm(w.t());
  return y.scalar_type() == dtype ? y : y.to(dtype);
}

/// Autograd looks for gradients in plain tensor arguments only, so `anchor` (a parameter that wants one, or
/// none) stands for all weights and biases.
struct Linears : torch::autograd::Function<Linears> {
  static variable_list forward(AutogradContext* context, const Variable& x,
                               const std::optional<at::Tensor>& anchor, variable_list weights,
                               variable_list biases) {
    static_cast<void>(anchor);
    const at::Tensor wide_x = operand(x);
    variable_list results;
    for (size_t i = 0; i < weights.size(); ++i)
      results.push_back(product_with_bias(wide_x, operand(weights[i]), biases[i], x.scalar_type()));
    variable_list saved = {x};
    saved.insert(saved.end(), weights.begin(), weights.end());
    saved.insert(saved.end(), biases.begin(), biases.end());
    context->save_for_backward(std::move(saved));
    return results;
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const variable_list saved = context->get_saved_variables();
    const size_t count = gradients.size();
    const at::Tensor wide_x = operand(saved[0]);
    const bool needs_dx = context->needs_input_grad(0);
    at::Tensor dx;
    for (size_t i = 0; i < count; ++i) {
      if (!gradients[i].defined()) continue;
      const at::Tensor &weight = saved[1 + i], &bias = saved[1 + count + i];
      const at::Tensor g = operand(gradients[i].contiguous());
      if (needs_dx) add_product(dx, g, operand(weight));
      if (weight.requires_grad()) add_gradient_product(weight, g.t(), wide_x);
      if (bias.defined() && bias.requires_grad()) add_gradient(bias, g.sum(0, false, gradient_dtype(bias)));
    }
    if (dx.defined() && dx.scalar_type() != saved[0].scalar_type()) dx = dx.to(saved[0].scalar_type());
    return {dx, at::Tensor(), at::Tensor(), at::Tensor()};
  }
};

struct Embed : torch::autograd::Function<Embed> {
  static at::Tensor forward(AutogradContext* context, const Variable& weight, const at::Tensor& ids) {
    context->save_for_backward({weight, ids});
    return weight.index_select(0, ids);
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const variable_list saved = context->get_saved_variables();
    add_gradient_rows(saved[0], saved[1], gradients[0]);
    return {at::Tensor(), at::Tensor()};
  }
};

}  // namespace

std::vector<at::Tensor> linears(const at::Tensor& x, const std::vector<WeightAndBias>& layers) {
  variable_list weights, biases;
  std::optional<at::Tensor> anchor;
  for (const WeightAndBias& layer : layers) {
    weights.push_back(layer.weight);
    biases.push_back(layer.bias);
    for (const at::Tensor& parameter : {layer.weight, layer.bias})
      if (!anchor && parameter.defined() && parameter.requires_grad()) anchor = parameter;
  }
  return Linears::apply(x, anchor, std::move(weights), std::move(biases));
}

at::Tensor linear(const at::Tensor& x, const WeightAndBias& layer) { return linears(x, {layer}).front(); }

at::Tensor embed(const at::Tensor& ids, const at::Tensor& weight) { return Embed::apply(weight, ids); }

}  // namespace hone::tensor
