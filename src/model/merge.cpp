#include "model/merge.h"

#include <map>

#include "base/error.h"
#include "model/linear.h"
#include "tensor/gradient.h"
#include "tensor/lora.h"

namespace hone::model {

at::Tensor merged_weight(const Linear& linear) {
  const at::NoGradGuard no_grad;
  const at::Tensor base = dense_weight(linear).detach();
  const at::ScalarType wide = tensor::gradient_dtype(base);
  if (!linear.adapter) return base.to(wide);
  const Adapter& adapter = *linear.adapter;
  at::Tensor sum = at::addmm(base.to(wide), adapter.b.detach().to(wide), adapter.a.detach().to(wide), 1.0, adapter.scale);
  if (!adapter.magnitude.defined()) return sum;
  return sum.mul_((adapter.magnitude.detach() / sum.norm(2, 1)).unsqueeze(1));
}

void visit_merged(const Model& model, const std::function<void(const std::string&, const std::function<at::Tensor()>&)>& f) {
  std::map<std::string, std::function<at::Tensor()>> values;
  visit_parameters(model, [&](const std::string& name, const at::Tensor& tensor) { values[name] = [&tensor] { return tensor.detach(); }; });
  visit_linears(model, [&](const std::string& name, const Linear& linear) {
    values[name + ".weight"] = [&linear] { return linear.adapter ? merged_weight(linear) : dense_weight(linear).detach(); };
  });
  for (const formats::ParameterShape& parameter : formats::model_parameters(model.config)) {
    const auto found = values.find(parameter.name);
    HONE_ASSERT(found != values.end());
    f(parameter.name, found->second);
  }
}

void widen(Model& model) {
  const at::NoGradGuard no_grad;
  visit_linears(model, [](const std::string&, Linear& linear) {
    if (!std::holds_alternative<Dense>(linear.weight)) linear.weight = Dense{dense_weight(linear)};
  });
  visit_parameters(model, [](const std::string&, at::Tensor& tensor) { tensor = tensor.detach().to(tensor::gradient_dtype(tensor)); });
}

Model merged_model(const Model& model) {
  const at::NoGradGuard no_grad;
  Model merged = model;
  merged.adapter.reset();
  merged.frozen.clear();
  merged.base_embedding = merged.base_head = at::Tensor();
  visit_linears(merged, [](const std::string&, Linear& linear) {
    linear.weight = Dense{merged_weight(linear)};
    linear.adapter.reset();
  });
  widen(merged);
  return merged;
}

}  // namespace hone::model
