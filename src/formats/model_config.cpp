// What follows from a ModelConfig alone: its checks, its parameters, its JSON.
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "formats/huggingface.h"
#include "formats/rope_config.h"
#include "formats/window_config.h"

namespace hone::formats {
namespace {

using nlohmann::json;

constexpr int64_t kMaxParameters = int64_t{1} << 43;

void require(bool holds, const std::string& where, const std::string& what) {
  if (!holds) throw Error(ExitCode::data, where + ": " + what);
}

bool positive(double value) { return std::isfinite(value) && value > 0.0; }

/// Upper bound that cannot overflow: doubles are exact enough here.
double rough_parameters(const ModelConfig& c) {
  const double h = static_cast<double>(c.hidden_size), d = static_cast<double>(c.head_dim);
  const double attention = h * d * 2.0 * static_cast<double>(c.heads + c.kv_heads);
  const double mlp = 3.0 * h * static_cast<double>(c.intermediate_size);
  return 2.0 * h * static_cast<double>(c.vocabulary_size) + static_cast<double>(c.layers) * (attention + mlp);
}

/// What the code of each family has, whatever a config says.
void check_family(const ModelConfig& config, const std::string& where) {
  const bool llama = config.family == Family::llama, qwen2 = config.family == Family::qwen2,
             qwen3 = config.family == Family::qwen3;
  require(!llama || config.hidden_size % config.heads == 0, where,
          "hidden_size must be a multiple of num_attention_heads in llama models, also with a head_dim");
  require(!(llama || qwen3) || config.qkv_bias == config.output_bias, where,
          family_name(config.family) + " has biases on all of q, k, v and output or on none");
  require(!qwen2 || (config.qkv_bias && !config.output_bias), where, "qwen2 has biases on q, k and v, and no others");
  require(config.family != Family::mistral || (!config.qkv_bias && !config.output_bias), where, "mistral has no biases");
  require(llama || !config.mlp_bias, where, family_name(config.family) + " has no mlp_bias");
  require(config.qk_norm == qwen3, where, "norms of queries and keys belong to qwen3 and to no other family");
}

void check_ids(const ModelConfig& config, const std::string& where) {
  const auto fits = [&](int32_t id) { return id < config.vocabulary_size; };
  require(fits(config.bos_id), where, "bos_token_id is outside the vocabulary");
  require(std::all_of(config.eos_ids.begin(), config.eos_ids.end(), fits), where,
          "eos_token_id is outside the vocabulary");
}

json id_or_null(int32_t id) { return id < 0 ? json(nullptr) : json(id); }

json ids_json(const std::vector<int32_t>& ids) {
  if (ids.empty()) return nullptr;
  return ids.size() == 1 ? json(ids.front()) : json(ids);
}

}  // namespace

std::string family_name(Family family) {
  constexpr const char* kNames[] = {"llama", "mistral", "qwen2", "qwen3"};  // in the order of Family
  return kNames[static_cast<size_t>(family)];
}

std::string architecture_name(Family family) {
  std::string name = family_name(family);
  name.front() = static_cast<char>(name.front() - 'a' + 'A');
  return name + "ForCausalLM";
}

void check_model_config(const ModelConfig& config, const std::string& where) {
  const int64_t sizes[] = {config.vocabulary_size, config.hidden_size,  config.intermediate_size,
                           config.layers,          config.heads,        config.kv_heads,
                           config.head_dim,        config.max_positions};
  require(
      std::all_of(std::begin(sizes), std::end(sizes), [](int64_t size) { return size > 0; }), where,
      "vocabulary, hidden and intermediate size, layers, heads, head_dim and positions must all be above 0");
  require(config.heads % config.kv_heads == 0, where,
          "num_attention_heads must be a multiple of num_key_value_heads");
  require(positive(config.rms_epsilon), where, "rms_norm_eps must be above 0");
  require(positive(config.initializer_range), where, "initializer_range must be above 0");
  require(rough_parameters(config) < static_cast<double>(kMaxParameters), where,
          "describes a model of more than 8 trillion parameters");
  check_family(config, where);
  check_rope(config, where);
  check_windows(config, where);
  check_ids(config, where);
}

std::vector<ParameterShape> model_parameters(const ModelConfig& c) {
  std::vector<ParameterShape> parameters;
  const auto linear = [&](const std::string& name, int64_t out, int64_t in, bool bias) {
    parameters.push_back({name + ".weight", {out, in}});
    if (bias) parameters.push_back({name + ".bias", {out}});
  };
  parameters.push_back({"model.embed_tokens.weight", {c.vocabulary_size, c.hidden_size}});
  for (int64_t i = 0; i < c.layers; ++i) {
    const std::string layer = "model.layers." + std::to_string(i) + ".";
    parameters.push_back({layer + "input_layernorm.weight", {c.hidden_size}});
    linear(layer + "self_attn.q_proj", c.heads * c.head_dim, c.hidden_size, c.qkv_bias);
    linear(layer + "self_attn.k_proj", c.kv_heads * c.head_dim, c.hidden_size, c.qkv_bias);
    linear(layer + "self_attn.v_proj", c.kv_heads * c.head_dim, c.hidden_size, c.qkv_bias);
    linear(layer + "self_attn.o_proj", c.hidden_size, c.heads * c.head_dim, c.output_bias);
    if (c.qk_norm) parameters.push_back({layer + "self_attn.q_norm.weight", {c.head_dim}});
    if (c.qk_norm) parameters.push_back({layer + "self_attn.k_norm.weight", {c.head_dim}});
    parameters.push_back({layer + "post_attention_layernorm.weight", {c.hidden_size}});
    linear(layer + "mlp.gate_proj", c.intermediate_size, c.hidden_size, c.mlp_bias);
    linear(layer + "mlp.up_proj", c.intermediate_size, c.hidden_size, c.mlp_bias);
    linear(layer + "mlp.down_proj", c.hidden_size, c.intermediate_size, c.mlp_bias);
  }
  parameters.push_back({"model.norm.weight", {c.hidden_size}});
  if (!c.tied_embeddings) parameters.push_back({"lm_head.weight", {c.vocabulary_size, c.hidden_size}});
  return parameters;
}

int64_t parameter_count(const ModelConfig& config) {
  int64_t count = 0;
  for (const ParameterShape& parameter : model_parameters(config)) {
    int64_t elements = 1;
    for (const int64_t size : parameter.shape) elements *= size;
    count += elements;
  }
  return count;
}

json model_config_json(const ModelConfig& c) {
  json result = {{"architectures", {architecture_name(c.family)}},
                 {"model_type", family_name(c.family)},
                 {"vocab_size", c.vocabulary_size},
                 {"hidden_size", c.hidden_size},
                 {"intermediate_size", c.intermediate_size},
                 {"num_hidden_layers", c.layers},
                 {"num_attention_heads", c.heads},
                 {"num_key_value_heads", c.kv_heads},
                 {"head_dim", c.head_dim},
                 {"max_position_embeddings", c.max_positions},
                 {"rms_norm_eps", c.rms_epsilon},
                 {"initializer_range", c.initializer_range},
                 {"rope_parameters", rope_json(c.rope)},
                 {"tie_word_embeddings", c.tied_embeddings},
                 {"hidden_act", "silu"},
                 {"attention_dropout", 0.0},
                 {"use_cache", true},
                 {"bos_token_id", id_or_null(c.bos_id)},
                 {"eos_token_id", ids_json(c.eos_ids)},
                 {"pad_token_id", id_or_null(c.pad_id)},
                 {"dtype", c.dtype == DType::bfloat16  ? "bfloat16"
                           : c.dtype == DType::float16 ? "float16"
                                                       : "float32"}};
  if (c.family == Family::llama || c.family == Family::qwen3) result["attention_bias"] = c.qkv_bias;
  if (c.family == Family::llama) result["mlp_bias"] = c.mlp_bias;
  add_windows(c, result);
  return result;
}

json generation_config_json(const ModelConfig& config) {
  json result = json::object();
  if (config.bos_id >= 0) result["bos_token_id"] = config.bos_id;
  if (!config.eos_ids.empty()) result["eos_token_id"] = ids_json(config.eos_ids);
  if (config.pad_id >= 0) result["pad_token_id"] = config.pad_id;
  return result;
}

}  // namespace hone::formats
