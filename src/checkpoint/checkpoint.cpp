#include "checkpoint/checkpoint.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstring>

#include "artifact/commit.h"
#include "artifact/names.h"
#include "base/error.h"
#include "base/files.h"
#include "base/json_file.h"
#include "model/adapters.h"
#include "model/save.h"

namespace hone::checkpoint {
namespace fs = std::filesystem;
using nlohmann::json;

namespace {

/// What a checkpoint holds of the model: all of it, or its adapter.
tensor::NamedTensors parameters_of(const model::Model& model) {
  if (model.adapter) return model::adapter_tensors(model);
  tensor::NamedTensors parameters;
  model::visit_parameters(model, [&](const std::string& name, const at::Tensor& tensor) {
    parameters.emplace_back(name, tensor.detach());
  });
  return parameters;
}

const char* weights_file(const model::Model& model) {
  return model.adapter ? formats::kAdapterWeights : artifact::kModelWeights;
}

std::string shape_and_type(const at::Tensor& tensor) {
  return fmt::format("{} [{}]", c10::toString(tensor.scalar_type()), fmt::join(tensor.sizes(), ", "));
}

/// Weights in one file or in shards: all tensors of the model or adapter folder by name.
tensor::TensorFile read_weights(const fs::path& folder, const model::Model& model) {
  if (model.adapter) return tensor::read_tensors(folder / formats::kAdapterWeights);
  tensor::TensorFile all;
  for (const fs::path& file : formats::safetensors_of_model(folder)) {
    tensor::TensorFile part = tensor::read_tensors(file);
    all.tensors.merge(part.tensors);
  }
  return all;
}

/// The first stored tensor that does not fit `wanted` by name, shape or type.
std::optional<std::string> first_misfit(const tensor::TensorFile& stored,
                                        const tensor::NamedTensors& wanted) {
  for (const auto& [name, tensor] : wanted) {
    const auto found = stored.tensors.find(name);
    if (found == stored.tensors.end()) return name + " is missing";
    if (found->second.sizes() != tensor.sizes() || found->second.scalar_type() != tensor.scalar_type())
      return fmt::format("{} is {} where the training has {}", name, shape_and_type(found->second),
                         shape_and_type(tensor));
  }
  if (stored.tensors.size() == wanted.size()) return std::nullopt;
  for (const auto& [name, tensor] : stored.tensors)
    if (std::none_of(wanted.begin(), wanted.end(), [&](const auto& pair) { return pair.first == name; }))
      return name + " is not part of this training";
  return std::nullopt;
}

void require_fit(const tensor::TensorFile& stored, const tensor::NamedTensors& wanted,
                 const fs::path& where) {
  if (const auto misfit = first_misfit(stored, wanted))
    throw Error(ExitCode::data,
                where.string() + ": " + *misfit + "; this checkpoint belongs to another model or recipe");
}

void copy_into(const tensor::TensorFile& stored, const tensor::NamedTensors& into) {
  at::NoGradGuard no_grad;
  for (const auto& [name, tensor] : into) at::Tensor(tensor).copy_(stored.tensors.at(name));
}

std::optional<std::string> first_unequal(const tensor::TensorFile& stored,
                                         const tensor::NamedTensors& expected) {
  if (auto misfit = first_misfit(stored, expected)) return misfit;
  for (const auto& [name, tensor] : expected) {
    const at::Tensor ours = tensor.to(at::kCPU).contiguous();
    if (std::memcmp(ours.const_data_ptr(), stored.tensors.at(name).const_data_ptr(), ours.nbytes()) != 0)
      return name + " has other values";
  }
  return std::nullopt;
}

}  // namespace

artifact::Manifest save(const fs::path& target, const model::Model& model,
                        const tensor::NamedTensors& optimizer, const json& state, const json& inputs,
                        const json& facts) {
  artifact::Commit commit(target, "checkpoint", inputs);
  if (model.adapter) model::save_adapter(model, commit.directory());
  else model::save_model(model, commit.directory(), {.dtype = model.dtype()});
  tensor::write_tensors(commit.directory() / artifact::kOptimizer, optimizer);
  base::write_file(commit.directory() / artifact::kTrainState, base::json_text(state));
  return commit.finish(facts);
}

void load_into(const fs::path& folder, model::Model& model, const tensor::NamedTensors& optimizer) {
  const tensor::TensorFile weights = read_weights(folder, model),
                           moments = tensor::read_tensors(folder / artifact::kOptimizer);
  const tensor::NamedTensors parameters = parameters_of(model);
  require_fit(weights, parameters, folder / weights_file(model));
  require_fit(moments, optimizer, folder / artifact::kOptimizer);
  copy_into(weights, parameters);
  copy_into(moments, optimizer);
}

std::optional<std::string> first_difference(const fs::path& folder, const model::Model& model,
                                            const tensor::NamedTensors& optimizer) {
  if (auto problem = first_unequal(read_weights(folder, model), parameters_of(model)))
    return std::string(weights_file(model)) + ": " + *problem;
  if (auto problem = first_unequal(tensor::read_tensors(folder / artifact::kOptimizer), optimizer))
    return std::string(artifact::kOptimizer) + ": " + *problem;
  return std::nullopt;
}

json read_state(const fs::path& folder) {
  const fs::path file = folder / artifact::kTrainState;
  json state = base::read_json(file, UINT64_C(1) << 26);
  if (!state.is_object()) throw Error(ExitCode::data, file.string() + ": not a JSON object");
  return state;
}

}  // namespace hone::checkpoint
