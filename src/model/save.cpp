#include "model/save.h"

#include <map>
#include <nlohmann/json.hpp>
#include <vector>

#include "base/error.h"
#include "base/files.h"
#include "base/json_file.h"
#include "model/merge.h"
#include "tensor/device.h"
#include "tensor/files.h"

namespace hone::model {
namespace {

namespace fs = std::filesystem;
using Names = std::vector<std::string>;

std::string shard_name(size_t index, size_t count) {
  if (count == 1) return "model.safetensors";
  const auto five = [](size_t number) {
    return std::string(5 - std::min<size_t>(5, std::to_string(number).size()), '0') + std::to_string(number);
  };
  return "model-" + five(index + 1) + "-of-" + five(count) + ".safetensors";
}

uint64_t stored_bytes(const formats::ParameterShape& parameter, at::ScalarType dtype) {
  uint64_t bytes = c10::elementSize(dtype);
  for (const int64_t size : parameter.shape) bytes *= static_cast<uint64_t>(size);
  return bytes;
}

/// Parameters in order, a new shard where the next one would not fit.
std::vector<Names> plan_shards(const std::vector<formats::ParameterShape>& parameters, const SaveOptions& options) {
  std::vector<Names> shards(1);
  uint64_t bytes = 0;
  for (const formats::ParameterShape& parameter : parameters) {
    const uint64_t more = stored_bytes(parameter, options.dtype);
    if (bytes > 0 && bytes + more > options.max_shard_bytes) {
      shards.emplace_back();
      bytes = 0;
    }
    shards.back().push_back(parameter.name);
    bytes += more;
  }
  return shards;
}

void write_index(const std::vector<Names>& shards, uint64_t total_bytes, const fs::path& folder) {
  nlohmann::json index = {{"metadata", {{"total_size", total_bytes}}},
                          {"weight_map", nlohmann::json::object()}};
  for (size_t i = 0; i < shards.size(); ++i)
    for (const std::string& name : shards[i]) index["weight_map"][name] = shard_name(i, shards.size());
  base::write_file(folder / "model.safetensors.index.json", base::json_text(index));
}

}  // namespace

void save_model(const Model& model, const fs::path& folder, const SaveOptions& options) {
  const at::NoGradGuard no_grad;
  formats::ModelConfig config = model.config;
  config.dtype = tensor::file_dtype(options.dtype);
  base::write_file(folder / "config.json", base::json_text(formats::model_config_json(config)));
  base::write_file(folder / "generation_config.json",
                   base::json_text(formats::generation_config_json(config)));

  std::map<std::string, std::function<at::Tensor()>> values;
  visit_merged(model, [&](const std::string& name, const std::function<at::Tensor()>& value) { values[name] = value; });
  const std::vector<formats::ParameterShape> parameters = formats::model_parameters(config);
  uint64_t total_bytes = 0;
  for (const formats::ParameterShape& parameter : parameters) total_bytes += stored_bytes(parameter, options.dtype);
  const auto value_of = [&](const std::string& name) {
    const at::Tensor own = options.value_of ? options.value_of(name) : at::Tensor();
    return own.defined() ? own : values.at(name)();
  };
  const std::vector<Names> shards = plan_shards(parameters, options);
  for (size_t i = 0; i < shards.size(); ++i) {
    tensor::NamedTensors tensors;
    for (const std::string& name : shards[i])
      tensors.emplace_back(name, tensor::stored_as(value_of(name), options.dtype, name));
    tensor::write_tensors(folder / shard_name(i, shards.size()), tensors, {{"format", "pt"}});
  }
  if (shards.size() > 1) write_index(shards, total_bytes, folder);
}

}  // namespace hone::model
