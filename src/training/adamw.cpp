#include "training/adamw.h"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>

#include <cmath>
#include <utility>

#include "base/error.h"
#include "training/blocks.h"

namespace hone::training {
namespace {

class AdamW final : public UpdateRule {
 public:
  AdamW(ParameterList parameters, const AdamWOptions& options)
      : parameters_(std::move(parameters)), options_(options) {
    for (const TrainedParameter* p : parameters_) {
      const auto exact = p->weight.options().dtype(at::kFloat).requires_grad(false);
      moments_.push_back({at::zeros(p->weight.sizes(), exact), at::zeros(p->weight.sizes(), exact)});
    }
  }

  void step(const RuleStep& how) override {
    at::NoGradGuard no_grad;
    if (parameters_.empty()) return;
    if (parameters_.front()->weight.is_cpu())
      step_on_cpu(how);
    else
      for (size_t i = 0; i < parameters_.size(); ++i) step_on_device(*parameters_[i], moments_[i], how);
  }

  tensor::NamedTensors state() const override {
    tensor::NamedTensors tensors;
    for (size_t i = 0; i < parameters_.size(); ++i) {
      tensors.emplace_back("first_moment." + parameters_[i]->name, moments_[i].first);
      tensors.emplace_back("second_moment." + parameters_[i]->name, moments_[i].second);
    }
    return tensors;
  }

 private:
  struct Moments {
    at::Tensor first, second;
  };

  void step_on_cpu(const RuleStep& how) {
    std::vector<ParameterArrays> arrays;
    std::vector<AdamWStep> steps;
    for (const TrainedParameter* p : parameters_) {
      arrays.push_back(arrays_of(*p));
      steps.push_back(kernel_step(options_, *p, how));
    }
    const std::vector<Block> blocks = blocks_of(parameters_);
    at::parallel_for(0, static_cast<int64_t>(blocks.size()), 1, [&](int64_t begin, int64_t end) {
      for (int64_t b = begin; b < end; ++b) {
        const auto [parameter, first, count] = blocks[b];
        const ParameterArrays& at = arrays[parameter];
        const float* gradient = at.gradient != nullptr ? at.gradient + first : no_gradient();
        float* m = moments_[parameter].first.mutable_data_ptr<float>() + first;
        float* v = moments_[parameter].second.mutable_data_ptr<float>() + first;
        if (at.rounded == nullptr)
          adamw_block(steps[parameter], gradient, at.weight + first, m, v, count);
        else
          adamw_block(steps[parameter], gradient, at.weight + first, m, v, at.rounded + first, count);
      }
    });
  }

  /// LibTorch's fused kernel for float32, then one rounding copy for bfloat16 weights.
  void step_on_device(TrainedParameter& p, Moments& moments, const RuleStep& how) {
    at::Tensor exact = p.exact();
    const at::Tensor gradient = p.gradient.defined() ? p.gradient * how.gradient_scale : at::zeros_like(exact);
    const at::Tensor count = at::full({}, static_cast<double>(how.number), exact.options().requires_grad(false));
    at::_fused_adamw_({exact}, {gradient}, {moments.first}, {moments.second}, {}, {count},
                      p.learning_rate * how.rate_factor, options_.beta1, options_.beta2, p.weight_decay,
                      options_.epsilon, false, false);
    if (p.master.defined()) p.weight.copy_(exact);
  }

  ParameterList parameters_;
  AdamWOptions options_;
  std::vector<Moments> moments_;
};

}  // namespace

AdamWStep kernel_step(const AdamWOptions& options, const TrainedParameter& p, const RuleStep& how) {
  const auto t = static_cast<double>(how.number);
  const double rate = p.learning_rate * how.rate_factor;
  const double correction1 = 1.0 - std::pow(options.beta1, t);
  const double correction2 = 1.0 - std::pow(options.beta2, t);
  return {.gradient_scale = static_cast<float>(how.gradient_scale),
          .keep = static_cast<float>(1.0 - rate * p.weight_decay),
          .beta1 = static_cast<float>(options.beta1),
          .beta2 = static_cast<float>(options.beta2),
          .rate = static_cast<float>(rate / correction1),
          .second_scale = static_cast<float>(1.0 / std::sqrt(correction2)),
          .epsilon = static_cast<float>(options.epsilon)};
}

std::unique_ptr<UpdateRule> make_adamw(ParameterList parameters, const AdamWOptions& options) {
  return std::make_unique<AdamW>(std::move(parameters), options);
}

void adamw_reference(TrainedParameter& p, at::Tensor& first_moment, at::Tensor& second_moment,
                     const AdamWOptions& options, const RuleStep& how) {
  at::NoGradGuard no_grad;
  at::Tensor exact = p.exact();
  const double rate = p.learning_rate * how.rate_factor;
  const auto t = static_cast<double>(how.number);
  const at::Tensor g = p.gradient.defined() ? p.gradient * how.gradient_scale : at::zeros_like(exact);
  exact.mul_(1.0 - rate * p.weight_decay);
  first_moment.mul_(options.beta1).add_(g, 1.0 - options.beta1);
  second_moment.mul_(options.beta2).addcmul_(g, g, 1.0 - options.beta2);
  const at::Tensor m = first_moment / (1.0 - std::pow(options.beta1, t));
  const at::Tensor v = second_moment / (1.0 - std::pow(options.beta2, t));
  exact.sub_(rate * (m / (v.sqrt() + options.epsilon)));
  if (p.master.defined()) p.weight.copy_(exact);
}

}  // namespace hone::training
