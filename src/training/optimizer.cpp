#include "training/optimizer.h"

#include "base/error.h"

namespace hone::training {
namespace {

/// "matrices" leaves out what has one dimension: norms and biases.
bool decays(const at::Tensor& weight, recipe::DecayOn on) {
  return on == recipe::DecayOn::all || weight.dim() > 1;
}

}  // namespace

Optimizer::Optimizer(model::Model& model, const recipe::TrainingOptions& options)
    : options_{options.adam_beta1, options.adam_beta2, options.adam_epsilon, options.weight_decay},
      max_norm_(options.max_grad_norm) {
  model::set_trainable(model, true);
  at::NoGradGuard no_grad;
  model::visit_parameters(model, [&](const std::string& name, at::Tensor& weight) {
    HONE_ASSERT(weight.is_contiguous());
    const auto exact = weight.options().dtype(at::kFloat).requires_grad(false);
    TrainedParameter parameter{.name = name, .weight = weight};
    if (weight.scalar_type() != at::kFloat) parameter.master = weight.detach().to(at::kFloat);
    parameter.first_moment = at::zeros(weight.sizes(), exact);
    parameter.second_moment = at::zeros(weight.sizes(), exact);
    parameter.decays = decays(weight, options.weight_decay_on);
    parameters_.push_back(std::move(parameter));
  });
}

double Optimizer::gradient_norm() {
  take_gradients();
  return training::gradient_norm(parameters_);
}

void Optimizer::update(int64_t step, double rate, double norm) {
  take_gradients();
  adamw_step(parameters_, options_, step, rate, clip_scale(norm, max_norm_));
  drop_gradients();
}

void Optimizer::drop_gradients() {
  for (TrainedParameter& parameter : parameters_) {
    parameter.gradient.reset();
    parameter.weight.mutable_grad().reset();
  }
}

tensor::NamedTensors Optimizer::state() const {
  tensor::NamedTensors tensors;
  for (const TrainedParameter& p : parameters_) {
    tensors.emplace_back("first_moment." + p.name, p.first_moment);
    tensors.emplace_back("second_moment." + p.name, p.second_moment);
    if (p.master.defined()) tensors.emplace_back("master." + p.name, p.master);
  }
  return tensors;
}

void Optimizer::take_gradients() {
  for (TrainedParameter& parameter : parameters_) {
    const at::Tensor& gradient = parameter.weight.grad();
    parameter.gradient = gradient.defined() ? gradient.detach().contiguous() : at::Tensor();
  }
}

}  // namespace hone::training
