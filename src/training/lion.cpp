#include "training/lion.h"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>

#include <utility>

#include "training/blocks.h"
#include "training/lion_kernel.h"

namespace hone::training {
namespace {

class Lion final : public UpdateRule {
 public:
  Lion(ParameterList parameters, const recipe::LionOptions& options)
      : parameters_(std::move(parameters)), options_(options) {
    for (const TrainedParameter* p : parameters_)
      momenta_.push_back(at::zeros(p->weight.sizes(), p->weight.options().dtype(at::kFloat).requires_grad(false)));
  }

  void step(const RuleStep& how) override {
    at::NoGradGuard no_grad;
    if (parameters_.empty()) return;
    if (parameters_.front()->weight.is_cpu())
      step_on_cpu(how);
    else
      for (size_t i = 0; i < parameters_.size(); ++i) lion_reference(*parameters_[i], momenta_[i], options_, how);
  }

  tensor::NamedTensors state() const override {
    tensor::NamedTensors tensors;
    for (size_t i = 0; i < parameters_.size(); ++i) tensors.emplace_back("momentum." + parameters_[i]->name, momenta_[i]);
    return tensors;
  }

 private:
  LionStep kernel_step(const TrainedParameter& p, const RuleStep& how) const {
    const double rate = p.learning_rate * how.rate_factor;
    return {.gradient_scale = static_cast<float>(how.gradient_scale),
            .keep = static_cast<float>(1.0 - rate * p.weight_decay),
            .beta1 = static_cast<float>(options_.beta1),
            .beta2 = static_cast<float>(options_.beta2),
            .rate = static_cast<float>(rate)};
  }

  void step_on_cpu(const RuleStep& how) {
    std::vector<ParameterArrays> arrays;
    std::vector<LionStep> steps;
    for (const TrainedParameter* p : parameters_) {
      arrays.push_back(arrays_of(*p));
      steps.push_back(kernel_step(*p, how));
    }
    const std::vector<Block> blocks = blocks_of(parameters_);
    at::parallel_for(0, static_cast<int64_t>(blocks.size()), 1, [&](int64_t begin, int64_t end) {
      for (int64_t b = begin; b < end; ++b) {
        const auto [parameter, first, count] = blocks[b];
        const ParameterArrays& at = arrays[parameter];
        const float* gradient = at.gradient != nullptr ? at.gradient + first : no_gradient();
        float* m = momenta_[parameter].mutable_data_ptr<float>() + first;
        if (at.rounded == nullptr)
          lion_block(steps[parameter], gradient, at.weight + first, m, count);
        else
          lion_block(steps[parameter], gradient, at.weight + first, m, at.rounded + first, count);
      }
    });
  }

  ParameterList parameters_;
  recipe::LionOptions options_;
  std::vector<at::Tensor> momenta_;
};

}  // namespace

std::unique_ptr<UpdateRule> make_lion(ParameterList parameters, const recipe::LionOptions& options) {
  return std::make_unique<Lion>(std::move(parameters), options);
}

void lion_reference(TrainedParameter& p, at::Tensor& momentum, const recipe::LionOptions& options,
                    const RuleStep& how) {
  at::NoGradGuard no_grad;
  at::Tensor exact = p.exact();
  const double rate = p.learning_rate * how.rate_factor;
  const at::Tensor g = p.gradient.defined() ? p.gradient * how.gradient_scale : at::zeros_like(exact);
  const at::Tensor direction = (momentum * options.beta1 + g * (1.0 - options.beta1)).sign();
  exact.mul_(1.0 - rate * p.weight_decay).sub_(direction * rate);
  momentum.mul_(options.beta2).add_(g, 1.0 - options.beta2);
  if (p.master.defined()) p.weight.copy_(exact);
}

}  // namespace hone::training
