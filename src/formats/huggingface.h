#pragma once
/// A Hugging Face model folder's config.json and generation_config.json as one struct, and back again.
/// Read in the older spelling (torch_dtype, rope_theta, rope_scaling) and the newer (dtype, rope_parameters);
/// written in the newer. A key that changes what the model computes and is not understood is Error(data)
/// naming the key; keys known to change nothing are passed over. From the config alone follow the name and
/// shape of every parameter, so that counting needs no tensor.
#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "formats/safetensors.h"

namespace hone::formats {

enum class Family { llama, mistral, qwen2, qwen3 };
enum class RopeType { plain, linear, dynamic, llama3, yarn };  ///< `plain` is "default" in config.json.

/// Rotary positions: inverse frequency of pair i is theta^(-2i/head_dim), then scaled as the type says
/// (tensor/rope.h).
struct RopeConfig {
  RopeType type = RopeType::plain;
  double theta = 10000.0;
  double factor = 1.0;                      ///< All but plain.
  double low_freq_factor = 1.0;             ///< llama3
  double high_freq_factor = 4.0;            ///< llama3
  int64_t original_max_positions = 0;       ///< llama3, yarn
  double beta_fast = 32.0;                  ///< yarn: pairs that turn more often than this keep their frequency.
  double beta_slow = 1.0;                   ///< yarn: pairs that turn less often are slowed by the whole factor.
  bool truncate = true;                     ///< yarn: the borders between are whole pairs.
  std::optional<double> attention_factor;   ///< yarn: multiplies cosines and sines; else from factor and mscale.
  std::optional<double> mscale;             ///< yarn
  std::optional<double> mscale_all_dim;     ///< yarn
  bool operator==(const RopeConfig&) const = default;
};

struct ModelConfig {
  Family family = Family::llama;
  int64_t vocabulary_size = 0;
  int64_t hidden_size = 0;
  int64_t intermediate_size = 0;
  int64_t layers = 0;
  int64_t heads = 0;
  int64_t kv_heads = 0;
  int64_t head_dim = 0;
  int64_t max_positions = 2048;
  double rms_epsilon = 1e-6;
  double initializer_range = 0.02;
  RopeConfig rope;
  bool tied_embeddings = false;
  bool qkv_bias = false;
  bool output_bias = false;  ///< Of the attention's output projection.
  bool mlp_bias = false;
  bool qk_norm = false;             ///< Each head of q and k is normed before its rotation.
  int64_t sliding_window = 0;       ///< Keys that a query of a sliding layer sees, its own among them; 0: no layer slides.
  std::vector<bool> sliding_layers; ///< One a layer; empty when none slides.
  DType dtype = DType::float32;  ///< Of the stored weights.
  int32_t bos_id = -1;           ///< -1: none. Likewise pad_id.
  int32_t pad_id = -1;
  std::vector<int32_t> eos_ids;  ///< generation_config.json's when it is there.

  /// Keys that a query of this layer sees at most, its own among them; 0: all that come before.
  int64_t window(size_t layer) const {
    return layer < sliding_layers.size() && sliding_layers[layer] ? sliding_window : 0;
  }
  /// Tokens of the longest text the model takes at once: max_positions, or no bound to speak of where the rotary
  /// positions stretch with the text (dynamic).
  int64_t context() const { return rope.type == RopeType::dynamic ? int64_t{1} << 31 : max_positions; }
};

/// A parameter as weight files name it, and its shape.
struct ParameterShape {
  std::string name;
  std::vector<int64_t> shape;
};

/// Reads folder/config.json, and folder/generation_config.json when there is one.
ModelConfig read_model_config(const std::filesystem::path& folder);
/// `where` names the file in errors.
ModelConfig parse_model_config(const nlohmann::json& config, const std::string& where);
/// Throws data unless sizes are positive, sensible, and fit each other. Every parsed config has passed it.
void check_model_config(const ModelConfig& config, const std::string& where);

nlohmann::json model_config_json(const ModelConfig& config);
nlohmann::json generation_config_json(const ModelConfig& config);

/// Every parameter in the order of the forward pass; a tied head is not among them.
std::vector<ParameterShape> model_parameters(const ModelConfig& config);
int64_t parameter_count(const ModelConfig& config);

/// "llama", "mistral", "qwen2", "qwen3": model_type in config.json.
std::string family_name(Family family);
/// "LlamaForCausalLM", …
std::string architecture_name(Family family);

}  // namespace hone::formats
