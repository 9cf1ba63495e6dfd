#include "training/parameter_groups.h"

#include <ATen/Functions.h>
#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/nearest.h"

namespace hone::training {
namespace {

/// The first group whose pattern matches; -1 when none does.
int64_t group_of(const std::string& name, const std::vector<recipe::ParameterGroupOptions>& groups) {
  for (size_t i = 0; i < groups.size(); ++i)
    if (fnmatch(groups[i].match.c_str(), name.c_str(), 0) == 0) return static_cast<int64_t>(i);
  return -1;
}

double learning_rate_of(const TrainedParameter& p, const recipe::ParameterGroupOptions* group,
                        const recipe::TrainingOptions& options) {
  if (group != nullptr && group->learning_rate) return *group->learning_rate;
  if (options.loraplus_lr_ratio && p.name.find(".lora_B") != std::string::npos)
    return options.learning_rate * *options.loraplus_lr_ratio;
  if (options.optimizer == recipe::OptimizerKind::muon && is_matrix_of_a_layer(p.name, p.weight))
    return options.muon.learning_rate;
  return options.learning_rate;
}

double weight_decay_of(const TrainedParameter& p, const recipe::ParameterGroupOptions* group,
                       const recipe::TrainingOptions& options) {
  if (group != nullptr && group->weight_decay) return *group->weight_decay;
  const bool spared = options.weight_decay_on == recipe::DecayOn::matrices && p.weight.dim() < 2;
  return spared ? 0.0 : options.weight_decay;
}

void require_matched(const std::vector<recipe::ParameterGroupOptions>& groups, const std::vector<bool>& matched,
                     const std::vector<TrainedParameter>& parameters) {
  std::vector<std::string> names;
  for (const TrainedParameter& p : parameters) names.push_back(p.name);
  for (size_t i = 0; i < groups.size(); ++i) {
    if (matched[i]) continue;
    const std::string key = fmt::format("training.parameter_groups.{}.match", i);
    const auto hides = [&](const std::string& name) { return fnmatch(groups[i].match.c_str(), name.c_str(), 0) == 0; };
    if (std::any_of(names.begin(), names.end(), hides))
      throw Error(ExitCode::usage, fmt::format("{}: all that \"{}\" matches is already in a group before it; the first that matches counts",
                                               key, groups[i].match));
    const auto nearest = base::nearest(groups[i].match, names);
    throw Error(ExitCode::usage, fmt::format("{}: \"{}\" matches no trained parameter; {}", key, groups[i].match,
                                             nearest ? fmt::format("did you mean {}?", *nearest)
                                                     : fmt::format("names are like {} and {}", names.front(), names.back())));
  }
}

}  // namespace

bool is_matrix_of_a_layer(const std::string& name, const at::Tensor& weight) {
  return weight.dim() == 2 && name.find("layers.") != std::string::npos;
}

std::vector<TrainedParameter> trained_parameters(model::Model& model, const recipe::TrainingOptions& options) {
  model::set_trainable(model, true);
  at::NoGradGuard no_grad;
  std::vector<TrainedParameter> parameters;
  std::vector<bool> matched(options.parameter_groups.size(), false);
  model::visit_trained(model, [&](const std::string& name, at::Tensor& weight) {
    HONE_ASSERT(weight.is_contiguous());
    TrainedParameter parameter{.name = name, .weight = weight};
    if (weight.scalar_type() != at::kFloat) parameter.master = weight.detach().to(at::kFloat);
    const int64_t index = group_of(name, options.parameter_groups);
    if (index >= 0) matched[index] = true;
    const recipe::ParameterGroupOptions* group = index >= 0 ? &options.parameter_groups[index] : nullptr;
    parameter.learning_rate = learning_rate_of(parameter, group, options);
    parameter.weight_decay = weight_decay_of(parameter, group, options);
    parameters.push_back(std::move(parameter));
  });
  if (parameters.empty())
    throw Error(ExitCode::usage, "training.freeze leaves no parameter to train");
  require_matched(options.parameter_groups, matched, parameters);
  return parameters;
}

nlohmann::json groups_for_people(const std::vector<TrainedParameter>& parameters) {
  nlohmann::json groups = nlohmann::json::array();
  for (const TrainedParameter& p : parameters) {
    nlohmann::json* group = nullptr;
    for (auto& known : groups)
      if (known["learning_rate"] == p.learning_rate && known["weight_decay"] == p.weight_decay) group = &known;
    if (group == nullptr) {
      groups.push_back({{"learning_rate", p.learning_rate}, {"weight_decay", p.weight_decay}, {"first", p.name}, {"parameters", 0}, {"elements", 0}});
      group = &groups.back();
    }
    (*group)["parameters"] = (*group)["parameters"].get<int64_t>() + 1;
    (*group)["elements"] = (*group)["elements"].get<int64_t>() + p.weight.numel();
  }
  return groups;
}

}  // namespace hone::training
