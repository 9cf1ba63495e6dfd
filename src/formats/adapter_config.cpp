#include "formats/adapter_config.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/files.h"
#include "formats/config_reader.h"
#include "formats/strict_json.h"

namespace hone::formats {

using nlohmann::json;

namespace {

constexpr size_t kMostNames = 100'000;
constexpr int64_t kMostRank = 1 << 20;

/// Nothing is computed differently for these values, whatever the key.
bool says_nothing(const json& value) {
  return value.is_null() || (value.is_boolean() && !value.get<bool>()) || ((value.is_object() || value.is_array()) && value.empty());
}

std::vector<std::string> names_in(const json& list, const std::string& key, const ConfigReader& reader) {
  if (list.size() > kMostNames) reader.refuse(key, "lists too many names");
  std::vector<std::string> names;
  for (const json& name : list) {
    if (!name.is_string()) reader.refuse(key, "must list names");
    names.push_back(name.get<std::string>());
  }
  return names;
}

ModuleSelection selection(const json& document, const std::string& key, const ConfigReader& reader) {
  ModuleSelection result;
  const auto found = document.find(key);
  if (found == document.end() || found->is_null()) return result;
  if (found->is_string()) result.expression = found->get<std::string>();
  else if (found->is_array()) result.names = names_in(*found, key, reader);
  else reader.refuse(key, "must be a list of names or an expression");
  return result;
}

template <typename T>
std::map<std::string, T> pattern(ConfigReader& reader, const std::string& key) {
  std::map<std::string, T> result;
  const json* object = reader.object(key);
  if (object == nullptr) return result;
  if (object->size() > 10'000) reader.refuse(key, "has too many patterns");
  for (auto item = object->begin(); item != object->end(); ++item) {
    const json& value = item.value();
    const double number = value.is_number() ? value.get<double>() : -1.0;
    const bool fits = std::is_integral_v<T> ? value.is_number_integer() && number >= 1 && number <= kMostRank : number >= 0;
    if (!fits) reader.refuse(key, "must hold positive numbers");
    result[item.key()] = static_cast<T>(number);
  }
  return result;
}

std::vector<int64_t> layer_indices(const json& document, const ConfigReader& reader) {
  const std::string key = "layers_to_transform";
  const auto found = document.find(key);
  if (found == document.end() || found->is_null()) return {};
  const json listed = found->is_array() ? *found : json::array({*found});
  if (listed.size() > kMostNames) reader.refuse(key, "lists too many layers");
  std::vector<int64_t> layers;
  for (const json& index : listed) {
    if (!index.is_number_integer()) reader.refuse(key, "must list layer numbers");
    layers.push_back(index.get<int64_t>());
  }
  return layers;
}

/// PEFT takes whatever ends in a listed name; of what a LLaMA-family model has, that is these two.
std::vector<std::string> saved_modules(const json& document, const ConfigReader& reader) {
  const std::string key = "modules_to_save";
  const auto found = document.find(key);
  if (found == document.end() || found->is_null()) return {};
  if (!found->is_array()) reader.refuse(key, "must be a list of names");
  std::vector<std::string> result;
  std::vector<std::string> left = names_in(*found, key, reader);
  for (const char* known : {"embed_tokens", "lm_head"}) {
    const auto is = [&](const std::string& name) { return name == known || name == "model." + std::string(known); };
    if (std::erase_if(left, is) > 0) result.emplace_back(known);
  }
  if (!left.empty()) reader.refuse(key, "names " + left.front() + "; embed_tokens and lm_head can be trained whole");
  return result;
}

/// Some ways to begin change the base's own weights; an adapter begun so does not belong to the base as it is stored.
void check_initialisation(const json& document, const ConfigReader& reader) {
  const json value = document.value("init_lora_weights", json());
  if (value.is_boolean() || value.is_null() || value == "gaussian" || value == "eva" || value == "orthogonal") return;
  reader.refuse("init_lora_weights", "is " + value.dump() + ", which changes the base's weights; convert the adapter to plain LoRA with PEFT first");
}

void check_fixed(ConfigReader& reader) {
  if (const auto type = reader.text("peft_type"); type != "LORA")
    reader.refuse("peft_type", "is " + type.value_or("missing") + "; only LORA adapters are understood");
  if (const auto task = reader.text("task_type"); task && *task != "CAUSAL_LM")
    reader.refuse("task_type", "is " + *task + "; only CAUSAL_LM adapters are understood");
  if (const auto bias = reader.text("bias"); bias && *bias != "none")
    reader.refuse("bias", "is " + *bias + "; trained biases are not understood, only none is");
}

void refuse_unknown(const json& document, const ConfigReader& reader) {
  static const std::vector<std::string> kUnderstood = {
      "peft_type", "task_type", "bias", "r", "lora_alpha", "lora_dropout", "use_rslora", "use_dora", "target_modules", "exclude_modules",
      "layers_to_transform", "rank_pattern", "alpha_pattern", "modules_to_save", "ensure_weight_tying", "init_lora_weights",
      "base_model_name_or_path", "layers_pattern"};
  // Where the folder came from, and settings of ways that are named by another key when they are in use.
  static const std::vector<std::string> kHarmless = {"auto_mapping", "peft_version", "revision", "inference_mode", "megatron_core",
                                                     "qalora_group_size", "eva_config", "loftq_config", "corda_config", "lora_ga_config"};
  const auto among = [](const std::vector<std::string>& names, const std::string& key) { return std::find(names.begin(), names.end(), key) != names.end(); };
  for (const auto& [key, value] : document.items())
    if (!among(kUnderstood, key) && !among(kHarmless, key) && !says_nothing(value))
      reader.refuse(key, "is not understood; it may change what the adapter computes");
}

bool names_layers(const json& value) {
  return says_nothing(value) || value == "layers" || value == "" || value == json::array({"layers"});
}

}  // namespace

bool AdapterConfig::saves(const std::string& module) const {
  return std::find(modules_to_save.begin(), modules_to_save.end(), module) != modules_to_save.end();
}

const std::vector<std::string>& adaptable_layers() {
  static const std::vector<std::string> kLayers = {"q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"};
  return kLayers;
}

AdapterConfig parse_adapter_config(const json& document, const std::string& where) {
  if (!document.is_object()) throw Error(ExitCode::data, where + ": not a JSON object");
  ConfigReader reader(document, where);
  check_fixed(reader);
  check_initialisation(document, reader);
  refuse_unknown(document, reader);
  if (!names_layers(document.value("layers_pattern", json()))) reader.refuse("layers_pattern", "must be layers");
  AdapterConfig config;
  config.base_model = reader.text("base_model_name_or_path").value_or("");
  config.r = reader.integer("r", 1, kMostRank).value_or(config.r);
  config.alpha = reader.number("lora_alpha").value_or(config.alpha);
  config.dropout = reader.number("lora_dropout").value_or(0.0);
  if (config.dropout < 0.0 || config.dropout >= 1.0) reader.refuse("lora_dropout", "must be a share below 1");
  config.use_rslora = reader.boolean("use_rslora").value_or(false);
  config.use_dora = reader.boolean("use_dora").value_or(false);
  config.targets = selection(document, "target_modules", reader);
  config.excluded = selection(document, "exclude_modules", reader);
  config.layers = layer_indices(document, reader);
  config.rank_pattern = pattern<int64_t>(reader, "rank_pattern");
  config.alpha_pattern = pattern<double>(reader, "alpha_pattern");
  config.modules_to_save = saved_modules(document, reader);
  config.ensure_weight_tying = reader.boolean("ensure_weight_tying").value_or(false);
  return config;
}

AdapterConfig read_adapter_config(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / kAdapterConfig;
  const std::string where = file.string();
  return parse_adapter_config(parse_strict_json(base::read_file(file, UINT64_C(1) << 26), where, 32), where);
}

json adapter_config_json(const AdapterConfig& config) {
  const auto selected = [](const ModuleSelection& modules) {
    return modules.empty() ? json() : modules.names.empty() ? json(modules.expression) : json(modules.names);
  };
  const auto whole = [](double value) { return value == static_cast<double>(static_cast<int64_t>(value)) ? json(static_cast<int64_t>(value)) : json(value); };
  json alphas = json::object();
  for (const auto& [name, alpha] : config.alpha_pattern) alphas[name] = whole(alpha);
  return {{"peft_type", "LORA"},
          {"task_type", "CAUSAL_LM"},
          {"base_model_name_or_path", config.base_model},
          {"inference_mode", true},
          {"r", config.r},
          {"lora_alpha", whole(config.alpha)},
          {"lora_dropout", config.dropout},
          {"bias", "none"},
          {"fan_in_fan_out", false},
          {"use_rslora", config.use_rslora},
          {"use_dora", config.use_dora},
          {"target_modules", selected(config.targets)},
          {"exclude_modules", selected(config.excluded)},
          {"layers_to_transform", config.layers.empty() ? json() : json(config.layers)},
          {"rank_pattern", config.rank_pattern},
          {"alpha_pattern", alphas},
          {"modules_to_save", config.modules_to_save.empty() ? json() : json(config.modules_to_save)},
          {"ensure_weight_tying", config.ensure_weight_tying},
          {"init_lora_weights", true}};
}

bool is_adapter_folder(const std::filesystem::path& folder) { return std::filesystem::exists(folder / kAdapterConfig); }

}  // namespace hone::formats
