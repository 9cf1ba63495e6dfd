#pragma once
/// Parameters with gradients for the tests of update rules. Odd sizes, so that blocks and lanes end in the middle.
#include <ATen/ATen.h>

#include <cstring>
#include <memory>
#include <vector>

#include "training/update_rule.h"

namespace hone::test {

inline bool same_bytes(const at::Tensor& a, const at::Tensor& b) {
  return a.nbytes() == b.nbytes() && std::memcmp(a.const_data_ptr(), b.const_data_ptr(), a.nbytes()) == 0;
}

using Parameters = std::vector<training::TrainedParameter>;

inline Parameters parameters_of_shapes(const std::vector<std::vector<int64_t>>& shapes, at::ScalarType dtype,
                                       const at::Device& device = at::kCPU) {
  Parameters parameters;
  at::manual_seed(3);
  for (const std::vector<int64_t>& shape : shapes) {
    training::TrainedParameter p{.name = "p" + std::to_string(parameters.size()),
                                 .weight = at::randn(shape).to(device).to(dtype)};
    if (dtype != at::kFloat) p.master = p.weight.to(at::kFloat);
    p.gradient = at::randn(shape).to(device);
    p.learning_rate = shape[0] == 17 ? 2e-2 : 1e-2;
    p.weight_decay = shape[0] == 17 ? 0.0 : 0.1;
    parameters.push_back(p);
  }
  return parameters;
}

inline Parameters some_parameters(at::ScalarType dtype, const at::Device& device = at::kCPU) {
  return parameters_of_shapes({{1}, {17}, {4099}, {40001}}, dtype, device);
}

inline training::ParameterList list_of(Parameters& parameters) {
  training::ParameterList list;
  for (training::TrainedParameter& p : parameters) list.push_back(&p);
  return list;
}

/// Somewhere in the middle of a training: what a rule keeps is no longer zero, and never below it.
inline void fill_state(training::UpdateRule& rule) {
  at::manual_seed(5);
  for (auto& [name, tensor] : rule.state()) at::Tensor(tensor).copy_(at::rand(tensor.sizes()) * 0.01);
}

}  // namespace hone::test
