#include "training/muon.h"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/error.h"
#include "training/newton_schulz.h"

namespace hone::training {
namespace {

double scale_of(const at::Tensor& weight) {
  return std::sqrt(std::max(1.0, static_cast<double>(weight.size(0)) / static_cast<double>(weight.size(1))));
}

class Muon final : public UpdateRule {
 public:
  Muon(ParameterList parameters, const recipe::MuonOptions& options)
      : parameters_(std::move(parameters)), options_(options) {
    for (const TrainedParameter* p : parameters_) {
      HONE_ASSERT(p->weight.dim() == 2);
      momenta_.push_back(at::zeros(p->weight.sizes(), p->weight.options().dtype(at::kFloat).requires_grad(false)));
    }
  }

  void step(const RuleStep& how) override {
    if (parameters_.empty()) return;
    const auto count = static_cast<int64_t>(parameters_.size());
    if (!parameters_.front()->weight.is_cpu()) {
      for (int64_t i = 0; i < count; ++i) step_of(i, how);
      return;
    }
    // Inside a parallel region products run on the calling thread alone. A single matrix gets a region as well:
    // the second index does nothing.
    at::parallel_for(0, std::max<int64_t>(2, count), 1, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < std::min(end, count); ++i) step_of(i, how);
    });
  }

  tensor::NamedTensors state() const override {
    tensor::NamedTensors tensors;
    for (size_t i = 0; i < parameters_.size(); ++i) tensors.emplace_back("momentum." + parameters_[i]->name, momenta_[i]);
    return tensors;
  }

 private:
  void step_of(int64_t index, const RuleStep& how) {
    const at::NoGradGuard no_grad;  // of this thread
    TrainedParameter& p = *parameters_[static_cast<size_t>(index)];
    at::Tensor& momentum = momenta_[static_cast<size_t>(index)];
    const double rate = p.learning_rate * how.rate_factor, keep = options_.momentum;
    at::Tensor exact = p.exact();
    const at::Tensor g = p.gradient.defined() ? p.gradient * how.gradient_scale : at::zeros_like(momentum);
    momentum.mul_(keep).add_(g, 1.0 - keep);
    const at::Tensor ahead = (g * (1.0 - keep)).add_(momentum, keep);
    exact.mul_(1.0 - rate * p.weight_decay)
        .sub_(newton_schulz(ahead, options_.newton_schulz_steps), rate * scale_of(exact));
    if (p.master.defined()) p.weight.copy_(exact);
  }

  ParameterList parameters_;
  recipe::MuonOptions options_;
  std::vector<at::Tensor> momenta_;
};

}  // namespace

std::unique_ptr<UpdateRule> make_muon(ParameterList parameters, const recipe::MuonOptions& options) {
  return std::make_unique<Muon>(std::move(parameters), options);
}

void muon_reference(TrainedParameter& p, at::Tensor& momentum, const recipe::MuonOptions& options,
                    const RuleStep& how) {
  const at::NoGradGuard no_grad;
  at::Tensor exact = p.exact();
  const double rate = p.learning_rate * how.rate_factor;
  const at::Tensor g = p.gradient.defined() ? p.gradient.to(at::kDouble) * how.gradient_scale
                                            : at::zeros(momentum.sizes(), at::kDouble);
  const at::Tensor m = momentum.to(at::kDouble) * options.momentum + g * (1.0 - options.momentum);
  const at::Tensor ahead = m * options.momentum + g * (1.0 - options.momentum);
  at::Tensor x = ahead / (ahead.norm() + 1e-7);
  for (int64_t i = 0; i < options.newton_schulz_steps; ++i) {
    const at::Tensor left = x.size(0) > x.size(1) ? x.t().mm(x) : x.mm(x.t());
    const at::Tensor inner = left * -4.7750 + left.mm(left) * 2.0315;
    x = x * 3.4445 + (x.size(0) > x.size(1) ? x.mm(inner) : inner.mm(x));
  }
  const at::Tensor w = exact.to(at::kDouble) * (1.0 - rate * p.weight_decay) - x * (rate * scale_of(exact));
  momentum.copy_(m);
  exact.copy_(w);
  if (p.master.defined()) p.weight.copy_(exact);
}

}  // namespace hone::training
