#pragma once
/// A Hugging Face model folder's config.json and generation_config.json as one struct, and back again.
/// Read in the older spelling (torch_dtype, rope_theta, rope_scaling) and the newer (dtype, rope_parameters);
/// written in the newer. A key that changes what the model computes and is not understood is Error(data)
/// naming the key; keys known to change nothing are passed over. From the config alone follow the name and
/// shape of every parameter, so that counting needs no tensor.
#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "formats/safetensors.h"

namespace hone::formats {

enum class Family { llama, qwen2 };
enum class RopeType { plain, linear, llama3 };  ///< `plain` is "default" in config.json.

/// Rotary positions: inverse frequency of pair i is theta^(-2i/head_dim), then scaled as the type says.
struct RopeConfig {
  RopeType type = RopeType::plain;
  double theta = 10000.0;
  double factor = 1.0;                 ///< linear, llama3
  double low_freq_factor = 1.0;        ///< llama3
  double high_freq_factor = 4.0;       ///< llama3
  int64_t original_max_positions = 0;  ///< llama3
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
  DType dtype = DType::float32;  ///< Of the stored weights.
  int32_t bos_id = -1;           ///< -1: none. Likewise pad_id.
  int32_t pad_id = -1;
  std::vector<int32_t> eos_ids;  ///< generation_config.json's when it is there.
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

/// "llama", "qwen2".
std::string family_name(Family family);

}  // namespace hone::formats
