#include "tensor/recompute.h"

#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/custom_function.h>

namespace hone::tensor {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;
using Step = std::function<at::Tensor(const at::Tensor&)>;

/// Lets autograd keep the function from the forward to the backward pass.
struct StepHolder : torch::CustomClassHolder {
  explicit StepHolder(Step kept) : step(std::move(kept)) {}
  Step step;
};

struct Recompute : torch::autograd::Function<Recompute> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& input,
                            const std::shared_ptr<Step>& step) {
    context->save_for_backward({input});
    context->saved_data["step"] = c10::IValue::make_capsule(c10::make_intrusive<StepHolder>(*step));
    return (*step)(input);  // gradients are off inside forward
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const at::Tensor saved = context->get_saved_variables()[0];
    const auto holder = context->saved_data["step"].toCapsule();
    const at::AutoGradMode with_gradients(true);
    const at::Tensor input = saved.detach().requires_grad_(true);
    const at::Tensor output = static_cast<StepHolder&>(*holder).step(input);
    torch::autograd::backward({output}, {gradients[0]});
    return {input.grad(), at::Tensor()};
  }
};

}  // namespace

at::Tensor recompute(const Step& function, const at::Tensor& input) {
  // Without a gradient to pass on, autograd would leave the step out, and with it the gradients of its
  // parameters.
  const at::Tensor anchored = input.requires_grad() ? input : input.detach().requires_grad_(true);
  return Recompute::apply(anchored, std::make_shared<Step>(function));
}

}  // namespace hone::tensor
