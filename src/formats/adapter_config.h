#pragma once
/// adapter_config.json of a PEFT adapter folder (peft 0.21): which layers have low-rank matrices, of which rank and scale.
///   target_modules    list: the name itself or its end ("q_proj", "layers.0.self_attn.q_proj"); string: a regular expression
///                     of the whole name, or "all-linear"
///   rank_pattern, alpha_pattern   {expression of the name's end: value}; the first that fits, in the order of their bytes
/// A key that changes what is computed and is not understood is Error(data) naming it; keys that are null, false or empty,
/// and those known to matter only while training, are passed over. Expressions are RE2's (linear time).
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace hone::formats {

/// Names of layers as PEFT writes them: a list, one expression, or nothing at all.
struct ModuleSelection {
  std::vector<std::string> names;
  std::string expression;
  bool empty() const { return names.empty() && expression.empty(); }
};

struct AdapterConfig {
  std::string base_model;  ///< base_model_name_or_path, as written.
  int64_t r = 8;
  double alpha = 8.0;
  double dropout = 0.0;
  bool use_rslora = false;
  bool use_dora = false;
  ModuleSelection targets;   ///< Empty: what the weights say.
  ModuleSelection excluded;
  std::vector<int64_t> layers;  ///< layers_to_transform; empty: all. Counts for target lists only, as in PEFT.
  std::map<std::string, int64_t> rank_pattern;
  std::map<std::string, double> alpha_pattern;
  std::vector<std::string> modules_to_save;  ///< "embed_tokens", "lm_head"; each once, in this order.
  bool ensure_weight_tying = false;          ///< A tied head follows a trained embedding.

  bool saves(const std::string& module) const;
};

/// What a config says of one layer. Compiles the expressions once.
class AdapterRules {
 public:
  /// Throws data naming the key of an expression that RE2 does not take. `where` names the file.
  AdapterRules(const AdapterConfig& config, const std::string& where);
  ~AdapterRules();
  AdapterRules(const AdapterRules&) = delete;
  AdapterRules& operator=(const AdapterRules&) = delete;

  /// `module` as in "model.layers.0.self_attn.q_proj". Without targets: false.
  bool targets(const std::string& module) const;
  int64_t rank(const std::string& module) const;
  /// alpha / r, or alpha / √r with rsLoRA, by the module's own alpha and r.
  double scale(const std::string& module) const;

 private:
  struct Expressions;
  const AdapterConfig config_;
  std::unique_ptr<Expressions> expressions_;
};

/// Reads folder/adapter_config.json. Throws data naming the key.
AdapterConfig read_adapter_config(const std::filesystem::path& folder);
AdapterConfig parse_adapter_config(const nlohmann::json& document, const std::string& where);

/// As PEFT writes it, inference_mode true.
nlohmann::json adapter_config_json(const AdapterConfig& config);

/// The seven layers that an adapter can have, by their last name, in the order of the forward pass.
const std::vector<std::string>& adaptable_layers();

inline constexpr const char* kAdapterConfig = "adapter_config.json";
inline constexpr const char* kAdapterWeights = "adapter_model.safetensors";

/// True when the folder holds a PEFT adapter.
bool is_adapter_folder(const std::filesystem::path& folder);

}  // namespace hone::formats
