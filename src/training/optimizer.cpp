#include "training/optimizer.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "training/adamw.h"
#include "training/adamw_8bit.h"
#include "training/clipping.h"
#include "training/lion.h"
#include "training/muon.h"
#include "training/parameter_groups.h"

namespace hone::training {
namespace {

std::vector<std::unique_ptr<UpdateRule>> make_rules(std::vector<TrainedParameter>& parameters,
                                                    const recipe::TrainingOptions& options) {
  const AdamWOptions adamw{options.adam_beta1, options.adam_beta2, options.adam_epsilon};
  ParameterList matrices, others;  // of the layers; without Muon all are others
  for (TrainedParameter& p : parameters) {
    const bool by_muon = options.optimizer == recipe::OptimizerKind::muon && is_matrix_of_a_layer(p.name, p.weight);
    (by_muon ? matrices : others).push_back(&p);
  }
  std::vector<std::unique_ptr<UpdateRule>> rules;
  switch (options.optimizer) {
    case recipe::OptimizerKind::adamw_8bit:
      rules.push_back(make_adamw_8bit(std::move(others), adamw));
      break;
    case recipe::OptimizerKind::adamw:
      rules.push_back(make_adamw(std::move(others), adamw));
      break;
    case recipe::OptimizerKind::lion:
      rules.push_back(make_lion(std::move(others), options.lion));
      break;
    case recipe::OptimizerKind::muon:
      rules.push_back(make_muon(std::move(matrices), options.muon));
      rules.push_back(make_adamw(std::move(others), adamw));
      break;
  }
  return rules;
}

}  // namespace

Optimizer::Optimizer(model::Model& model, const recipe::TrainingOptions& options)
    : kind_(options.optimizer),
      max_norm_(options.max_grad_norm),
      parameters_(trained_parameters(model, options)),
      rules_(make_rules(parameters_, options)),
      average_(all(), options.ema_decay) {}

double Optimizer::gradient_norm() {
  take_gradients();
  return training::gradient_norm(all());
}

void Optimizer::update(int64_t step, double rate_factor, double norm) {
  take_gradients();
  for (const auto& rule : rules_)
    rule->step({.number = step, .rate_factor = rate_factor, .gradient_scale = clip_scale(norm, max_norm_)});
  average_.update(step);
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
  for (const auto& rule : rules_)
    for (auto& named : rule->state()) tensors.push_back(std::move(named));
  for (const TrainedParameter& p : parameters_)
    if (p.master.defined()) tensors.emplace_back("master." + p.name, p.master);
  for (auto& named : average_.state()) tensors.push_back(std::move(named));
  return tensors;
}

nlohmann::json Optimizer::facts() const {
  int64_t elements = 0;
  for (const TrainedParameter& p : parameters_) elements += p.weight.numel();
  return {{"optimizer", names_of(kind_)[static_cast<size_t>(kind_)]},
          {"trained_parameters", elements},
          {"groups", groups_for_people(parameters_)}};
}

void Optimizer::take_gradients() {
  for (TrainedParameter& parameter : parameters_) {
    const at::Tensor& gradient = parameter.weight.grad();
    parameter.gradient = gradient.defined() ? gradient.detach().contiguous() : at::Tensor();
  }
}

ParameterList Optimizer::all() {
  ParameterList list;
  for (TrainedParameter& parameter : parameters_) list.push_back(&parameter);
  return list;
}

}  // namespace hone::training
