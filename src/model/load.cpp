#include "model/load.h"

#include <ATen/Parallel.h>

#include <map>
#include <utility>

#include "base/error.h"
#include "base/random.h"
#include "tensor/files.h"
#include "tensor/rope.h"

namespace hone::model {
namespace {

namespace fs = std::filesystem;
using StoredTensors = std::map<std::string, at::Tensor>;

/// What a model is put together from, by name.
struct Parameters {
  std::map<std::string, at::Tensor> plain;
  std::map<std::string, tensor::Nf4Weight> in_four_bits;
};

template <typename T>
T take(std::map<std::string, T>& values, const std::string& name) {
  const auto found = values.find(name);
  HONE_ASSERT(found != values.end());
  T value = std::move(found->second);
  values.erase(found);
  return value;
}

at::Tensor take(Parameters& parameters, const std::string& name) { return take(parameters.plain, name); }

Linear take_linear(Parameters& parameters, const std::string& name, bool bias) {
  Linear linear;
  if (parameters.in_four_bits.contains(name + ".weight"))
    linear.weight = take(parameters.in_four_bits, name + ".weight");
  else
    linear.weight = Dense{take(parameters, name + ".weight")};
  if (bias) linear.bias = take(parameters, name + ".bias");
  return linear;
}

bool is_matrix_of_a_layer(const std::string& name) {
  return name.starts_with("model.layers.") && name.ends_with("_proj.weight");
}

/// `value` as it is stored, and read from no more. Scales are coded as bitsandbytes does on a device of the same kind.
void put(Parameters& parameters, const std::string& name, const at::Tensor& value, const LoadOptions& options,
         const std::string& where) {
  if (!options.four_bits || !is_matrix_of_a_layer(name)) {
    parameters.plain[name] = value.to(options.device, options.dtype, /*non_blocking=*/false, /*copy=*/true);
    return;
  }
  tensor::Nf4Options how = *options.four_bits;
  how.nearest = options.device.is_cpu() ? tensor::NearestCode::table : tensor::NearestCode::exact;
  how.dtype = options.dtype;
  tensor::Nf4Weight small = tensor::quantize_nf4(value, how, where + ": \"" + name + "\"");
  for (at::Tensor* part : {&small.packed, &small.absmax, &small.absmax_codes, &small.nested_absmax})
    if (part->defined()) *part = part->to(options.device);
  parameters.in_four_bits[name] = std::move(small);
}

/// `parameters` holds exactly the names of formats::model_parameters(config), in final dtype and place.
Model assemble(const formats::ModelConfig& config, Parameters parameters) {
  Model model;
  model.config = config;
  model.embedding = take(parameters, "model.embed_tokens.weight");
  for (int64_t i = 0; i < config.layers; ++i) {
    const std::string prefix = "model.layers." + std::to_string(i) + ".";
    Layer layer;
    layer.input_norm = take(parameters, prefix + "input_layernorm.weight");
    layer.query = take_linear(parameters, prefix + "self_attn.q_proj", config.qkv_bias);
    layer.key = take_linear(parameters, prefix + "self_attn.k_proj", config.qkv_bias);
    layer.value = take_linear(parameters, prefix + "self_attn.v_proj", config.qkv_bias);
    layer.output = take_linear(parameters, prefix + "self_attn.o_proj", config.output_bias);
    if (config.qk_norm) {
      layer.query_norm = take(parameters, prefix + "self_attn.q_norm.weight");
      layer.key_norm = take(parameters, prefix + "self_attn.k_norm.weight");
    }
    layer.post_attention_norm = take(parameters, prefix + "post_attention_layernorm.weight");
    layer.gate = take_linear(parameters, prefix + "mlp.gate_proj", config.mlp_bias);
    layer.up = take_linear(parameters, prefix + "mlp.up_proj", config.mlp_bias);
    layer.down = take_linear(parameters, prefix + "mlp.down_proj", config.mlp_bias);
    model.layers.push_back(std::move(layer));
  }
  model.norm = take(parameters, "model.norm.weight");
  if (!config.tied_embeddings) model.head = take(parameters, "lm_head.weight");
  model.rope = tensor::make_rope(config.rope, config.head_dim, config.max_positions);
  return model;
}

std::string shape_text(at::IntArrayRef shape) {
  std::string text;
  for (const int64_t size : shape) text += (text.empty() ? "" : ", ") + std::to_string(size);
  return "[" + text + "]";
}

/// Buffers that some versions stored beside the weights; they follow from the config.
bool known_extra(const std::string& name, const formats::ModelConfig& config) {
  return name.ends_with(".rotary_emb.inv_freq") || (name == "lm_head.weight" && config.tied_embeddings);
}

/// All tensors of the folder's files, still mapped.
StoredTensors read_files(const fs::path& folder) {
  StoredTensors found;
  for (const fs::path& file : formats::safetensors_of_model(folder))
    for (auto& [name, tensor] : tensor::read_tensors(file).tensors)
      if (!found.emplace(name, tensor).second)
        throw Error(ExitCode::data, file.string() + ": tensor \"" + name + "\" is also in another shard");
  return found;
}

/// A stored head beside a tied embedding must be the embedding: otherwise config and weights contradict each
/// other.
void check_tied_head(const StoredTensors& found, const formats::ModelConfig& config, const std::string& where) {
  const auto head = found.find("lm_head.weight");
  const auto embedding = found.find("model.embed_tokens.weight");
  if (!config.tied_embeddings || head == found.end() || embedding == found.end()) return;
  if (head->second.sizes() != embedding->second.sizes() || !at::equal(head->second, embedding->second))
    throw Error(ExitCode::data, where +
                                    ": config.json says tie_word_embeddings, but lm_head.weight differs from "
                                    "model.embed_tokens.weight");
}

}  // namespace

Model load_model(const fs::path& folder, const LoadOptions& options) {
  const at::NoGradGuard no_grad;
  const formats::ModelConfig config = formats::read_model_config(folder);
  StoredTensors found = read_files(folder);
  check_tied_head(found, config, folder.string());
  Parameters parameters;
  for (const formats::ParameterShape& expected : formats::model_parameters(config)) {
    const auto stored = found.find(expected.name);
    if (stored == found.end())
      throw Error(ExitCode::data, folder.string() + ": the weights lack \"" + expected.name +
                                      "\", which config.json asks for");
    if (stored->second.sizes() != at::IntArrayRef(expected.shape))
      throw Error(ExitCode::data, folder.string() + ": \"" + expected.name + "\" has shape " +
                                      shape_text(stored->second.sizes()) + " where config.json implies " +
                                      shape_text(expected.shape));
    if (!at::isFloatingType(stored->second.scalar_type()))
      throw Error(ExitCode::data,
                  folder.string() + ": \"" + expected.name + "\" does not hold floating-point numbers");
    put(parameters, expected.name, stored->second, options, folder.string());
    tensor::release_pages(stored->second);
    found.erase(stored);
  }
  for (const auto& [name, tensor] : found)
    if (!known_extra(name, config))
      throw Error(ExitCode::data, folder.string() + ": the weights hold \"" + name.substr(0, 200) +
                                      "\", which a " + formats::family_name(config.family) +
                                      " model with this config.json does not have");
  return assemble(config, std::move(parameters));
}

Model random_model(const formats::ModelConfig& config, uint64_t seed, const LoadOptions& options) {
  const at::NoGradGuard no_grad;
  formats::check_model_config(config, "model shape");
  const std::vector<formats::ParameterShape> shapes = formats::model_parameters(config);
  std::vector<at::Tensor> values(shapes.size());
  at::parallel_for(0, static_cast<int64_t>(shapes.size()), 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const auto& [name, shape] = shapes[static_cast<size_t>(i)];
      at::Tensor value = at::empty(shape, at::kFloat);
      base::RandomStream stream(seed, "initial weights of " + name);
      const bool bias = name.ends_with(".bias"), norm = shape.size() == 1 && !bias;
      for (float& x : std::span(value.mutable_data_ptr<float>(), static_cast<size_t>(value.numel())))
        x = bias ? 0.0f : norm ? 1.0f : static_cast<float>(config.initializer_range * stream.normal());
      values[static_cast<size_t>(i)] = value;
    }
  });
  Parameters parameters;
  for (size_t i = 0; i < shapes.size(); ++i) {
    put(parameters, shapes[i].name, values[i], options, "model shape");
    values[i].reset();
  }
  return assemble(config, std::move(parameters));
}

}  // namespace hone::model
