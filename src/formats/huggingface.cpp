#include "formats/huggingface.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/error.h"
#include "base/files.h"
#include "formats/config_reader.h"
#include "formats/strict_json.h"

namespace hone::formats {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr uint64_t kMaxConfigBytes = 16'000'000;
constexpr int64_t kMaxSize = int64_t{1} << 24;  // of any one dimension; larger is a mistake or an attack
constexpr int kMaxDepth = 32;

/// Written by transformers of one version or another; none of them changes logits, losses or generated ids as
/// Hone makes them.
constexpr const char* kHarmless[] = {"transformers_version",
                                     "use_cache",
                                     "pretraining_tp",
                                     "tokenizer_class",
                                     "is_llama_config",
                                     "unsloth_version",
                                     "unsloth_fixed",
                                     "return_dict",
                                     "output_hidden_states",
                                     "output_attentions",
                                     "output_scores",
                                     "return_dict_in_generate",
                                     "torchscript",
                                     "use_bfloat16",
                                     "tf_legacy_loss",
                                     "pruned_heads",
                                     "chunk_size_feed_forward",
                                     "is_decoder",
                                     "cross_attention_hidden_size",
                                     "tie_encoder_decoder",
                                     "max_length",
                                     "min_length",
                                     "do_sample",
                                     "early_stopping",
                                     "num_beams",
                                     "num_beam_groups",
                                     "diversity_penalty",
                                     "temperature",
                                     "top_k",
                                     "top_p",
                                     "typical_p",
                                     "repetition_penalty",
                                     "length_penalty",
                                     "no_repeat_ngram_size",
                                     "encoder_no_repeat_ngram_size",
                                     "bad_words_ids",
                                     "num_return_sequences",
                                     "forced_bos_token_id",
                                     "forced_eos_token_id",
                                     "remove_invalid_values",
                                     "exponential_decay_length_penalty",
                                     "suppress_tokens",
                                     "begin_suppress_tokens",
                                     "finetuning_task",
                                     "id2label",
                                     "label2id",
                                     "prefix",
                                     "sep_token_id",
                                     "unk_token_id",
                                     "decoder_start_token_id",
                                     "task_specific_params",
                                     "problem_type",
                                     "keys_to_ignore_at_inference",
                                     "name_or_path",
                                     "model_max_length"};

std::optional<DType> read_dtype(ConfigReader& reader, const std::string& key) {
  const auto name = reader.text(key);
  if (!name) return std::nullopt;
  if (*name == "float32") return DType::float32;
  if (*name == "bfloat16") return DType::bfloat16;
  if (*name == "float16") return DType::float16;
  reader.refuse(key, "is \"" + *name + "\"; float32, bfloat16 and float16 are supported");
}

void read_family(ConfigReader& reader, ModelConfig& config) {
  const std::string supported = "; supported are llama (LlamaForCausalLM) and qwen2 (Qwen2ForCausalLM)";
  const auto type = reader.text("model_type");
  if (!type) reader.refuse("model_type", "is missing" + supported);
  if (*type != "llama" && *type != "qwen2") reader.refuse("model_type", "is \"" + *type + "\"" + supported);
  config.family = *type == "llama" ? Family::llama : Family::qwen2;
  const std::string architecture = config.family == Family::llama ? "LlamaForCausalLM" : "Qwen2ForCausalLM";
  if (const json* architectures = reader.list("architectures"))
    for (const json& each : *architectures)
      if (!each.is_string() || each.get<std::string>() != architecture)
        reader.refuse("architectures", "names something other than " + architecture + supported);
}

void read_sizes(ConfigReader& reader, ModelConfig& config) {
  config.vocabulary_size = reader.required_integer("vocab_size", 1, kMaxSize);
  config.hidden_size = reader.required_integer("hidden_size", 1, kMaxSize);
  config.intermediate_size = reader.required_integer("intermediate_size", 1, kMaxSize);
  config.layers = reader.required_integer("num_hidden_layers", 1, 4096);
  config.heads = reader.required_integer("num_attention_heads", 1, 65536);
  config.kv_heads = reader.integer("num_key_value_heads", 1, 65536).value_or(config.heads);
  const auto head_dim = reader.integer("head_dim", 1, 65536);
  if (!head_dim && config.hidden_size % config.heads != 0)
    reader.refuse("hidden_size", "is not a multiple of num_attention_heads, and there is no head_dim");
  config.head_dim = head_dim.value_or(config.hidden_size / config.heads);
  const int64_t usual_positions = config.family == Family::llama ? 2048 : 32768;
  config.max_positions =
      reader.integer("max_position_embeddings", 1, int64_t{1} << 31).value_or(usual_positions);
  config.rms_epsilon = reader.number("rms_norm_eps").value_or(1e-6);
  config.initializer_range = reader.number("initializer_range").value_or(0.02);
  config.tied_embeddings = reader.boolean("tie_word_embeddings").value_or(false);
}

void read_biases(ConfigReader& reader, ModelConfig& config) {
  if (config.family == Family::qwen2) {
    config.qkv_bias = true;
    return;
  }
  config.qkv_bias = config.output_bias = reader.boolean("attention_bias").value_or(false);
  config.mlp_bias = reader.boolean("mlp_bias").value_or(false);
}

/// Keys that matter and for which Hone knows only the plain value.
void refuse_unsupported(ConfigReader& reader) {
  const std::string activation = reader.text("hidden_act").value_or("silu");
  if (activation != "silu" && activation != "swish")
    reader.refuse("hidden_act", "is \"" + activation + "\"; only silu is supported");
  if (reader.number("attention_dropout").value_or(0.0) != 0.0)
    reader.refuse("attention_dropout", "is not 0; Hone trains without attention dropout, set it to 0");
  if (reader.number("partial_rotary_factor").value_or(1.0) != 1.0)
    reader.refuse("partial_rotary_factor", "is not 1; this is not supported");
  for (const char* key :
       {"use_sliding_window", "rope_interleaved", "add_cross_attention", "is_encoder_decoder", "use_qk_norm"})
    if (reader.boolean(key).value_or(false)) reader.refuse(key, "is true; this is not supported");
  for (const char* key : {"sliding_window", "max_window_layers"})
    reader.ignore(key);  // without use_sliding_window they do nothing
  if (const json* layers = reader.list("layer_types"))
    for (const json& each : *layers)
      if (!each.is_string() || each.get<std::string>() != "full_attention")
        reader.refuse("layer_types", "names something other than full_attention; this is not supported");
  if (reader.object("quantization_config") != nullptr)
    reader.refuse("quantization_config", "says that the weights are quantised; take the unquantised model");
  if (reader.object("auto_map") != nullptr)
    reader.refuse("auto_map", "asks for Python code of the model's own, which Hone does not run");
}

void check_rope_agreement(ConfigReader& reader, const std::optional<double>& a,
                          const std::optional<double>& b, const std::string& key) {
  if (a && b && *a != *b) reader.refuse(key, "appears twice with different values");
}

/// `rope_parameters` (newer) or `rope_scaling` (older), with rope_theta inside or beside it.
void read_rope(ConfigReader& reader, ModelConfig& config, const std::string& where) {
  const json* newer = reader.object("rope_parameters");
  const json* older = reader.object("rope_scaling");
  if (newer != nullptr && older != nullptr && *newer != *older)
    reader.refuse("rope_scaling", "and \"rope_parameters\" are both there and differ");
  const auto theta_beside = reader.number("rope_theta");
  const auto original_beside = reader.integer("original_max_position_embeddings", 1, int64_t{1} << 31);
  RopeConfig& rope = config.rope;
  rope.theta = theta_beside.value_or(10000.0);
  const json* scaling = newer != nullptr ? newer : older;
  if (scaling == nullptr) return;

  ConfigReader inside(*scaling, where + (newer != nullptr ? ": rope_parameters" : ": rope_scaling"));
  const auto type = inside.text("rope_type"), older_type = inside.text("type");
  if (type && older_type && *type != *older_type) inside.refuse("type", "and \"rope_type\" differ");
  const std::string name = type ? *type : older_type.value_or("default");
  const auto theta_inside = inside.number("rope_theta");
  check_rope_agreement(reader, theta_beside, theta_inside, "rope_theta");
  rope.theta = theta_inside.value_or(rope.theta);
  if (inside.number("partial_rotary_factor").value_or(1.0) != 1.0)
    inside.refuse("partial_rotary_factor", "is not 1; this is not supported");
  const auto factor = inside.number("factor");
  if (name == "default") {
    rope.type = RopeType::plain;
    if (factor && *factor != 1.0) inside.refuse("factor", "has no meaning with rope_type default");
  } else if (name == "linear" || name == "llama3") {
    rope.type = name == "linear" ? RopeType::linear : RopeType::llama3;
    if (!factor) inside.refuse("factor", "is missing");
    rope.factor = *factor;
  } else {
    inside.refuse("rope_type", "is \"" + name + "\"; default, linear and llama3 are supported");
  }
  if (rope.type == RopeType::llama3) {
    const auto low = inside.number("low_freq_factor"), high = inside.number("high_freq_factor");
    const auto original = inside.integer("original_max_position_embeddings", 1, int64_t{1} << 31);
    if (!low || !high) inside.refuse(low ? "high_freq_factor" : "low_freq_factor", "is missing");
    if (!original && !original_beside) inside.refuse("original_max_position_embeddings", "is missing");
    rope.low_freq_factor = *low;
    rope.high_freq_factor = *high;
    rope.original_max_positions = original ? *original : *original_beside;
  }
  inside.refuse_unknown();
}

int32_t single_id(ConfigReader& reader, const std::string& key) {
  const std::vector<int32_t> ids = reader.token_ids(key);
  if (ids.size() > 1) reader.refuse(key, "must be a single token id");
  return ids.empty() ? -1 : ids.front();
}

}  // namespace

ModelConfig parse_model_config(const json& parsed, const std::string& where) {
  ConfigReader reader(parsed, where);
  ModelConfig config;
  read_family(reader, config);
  read_sizes(reader, config);
  read_biases(reader, config);
  read_rope(reader, config, where);
  refuse_unsupported(reader);
  const auto older = read_dtype(reader, "torch_dtype"), newer = read_dtype(reader, "dtype");
  if (older && newer && *older != *newer) reader.refuse("dtype", "and \"torch_dtype\" differ");
  config.dtype = newer ? *newer : older.value_or(DType::float32);
  config.bos_id = single_id(reader, "bos_token_id");
  config.pad_id = single_id(reader, "pad_token_id");
  config.eos_ids = reader.token_ids("eos_token_id");
  for (const char* key : kHarmless) reader.ignore(key);
  reader.refuse_unknown();
  check_model_config(config, where);
  return config;
}

ModelConfig read_model_config(const fs::path& folder) {
  const fs::path path = folder / "config.json";
  const std::string text = base::read_file(path, kMaxConfigBytes);
  ModelConfig config = parse_model_config(parse_strict_json(text, path.string(), kMaxDepth), path.string());
  const fs::path generation = folder / "generation_config.json";
  std::error_code ignored;
  if (!fs::exists(generation, ignored)) return config;
  const json parsed =
      parse_strict_json(base::read_file(generation, kMaxConfigBytes), generation.string(), kMaxDepth);
  ConfigReader reader(parsed, generation.string());
  if (const auto ids = reader.token_ids("eos_token_id"); !ids.empty()) config.eos_ids = ids;
  check_model_config(config, generation.string());
  return config;
}

}  // namespace hone::formats
