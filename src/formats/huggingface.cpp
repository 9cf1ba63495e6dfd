#include "formats/huggingface.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/error.h"
#include "base/files.h"
#include "formats/config_reader.h"
#include "formats/rope_config.h"
#include "formats/strict_json.h"
#include "formats/window_config.h"

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
                                     "model_max_length",
                                     "max_sequence_length"};

std::optional<DType> read_dtype(ConfigReader& reader, const std::string& key) {
  const auto name = reader.text(key);
  if (!name) return std::nullopt;
  if (*name == "float32") return DType::float32;
  if (*name == "bfloat16") return DType::bfloat16;
  if (*name == "float16") return DType::float16;
  reader.refuse(key, "is \"" + *name + "\"; float32, bfloat16 and float16 are supported");
}

constexpr Family kFamilies[] = {Family::llama, Family::mistral, Family::qwen2, Family::qwen3};

void read_family(ConfigReader& reader, ModelConfig& config) {
  std::string supported = "; supported are";
  for (const Family family : kFamilies)
    supported += (family == Family::llama ? " " : ", ") + family_name(family) + " (" + architecture_name(family) + ")";
  const auto type = reader.text("model_type");
  if (!type) reader.refuse("model_type", "is missing" + supported);
  const auto* found = std::find_if(std::begin(kFamilies), std::end(kFamilies),
                                   [&](Family family) { return family_name(family) == *type; });
  if (found == std::end(kFamilies)) reader.refuse("model_type", "is \"" + type->substr(0, 200) + "\"" + supported);
  config.family = *found;
  const std::string architecture = architecture_name(config.family);
  if (const json* architectures = reader.list("architectures"))
    for (const json& each : *architectures)
      if (each != architecture) reader.refuse("architectures", "names something other than " + architecture + supported);
}

/// What transformers takes where a key is not written (null is another thing: as many as attention heads).
int64_t usual_kv_heads(Family family, int64_t heads) {
  return family == Family::llama ? heads : family == Family::mistral ? 8 : 32;
}
int64_t usual_positions(Family family) {
  return family == Family::llama ? 2048 : family == Family::mistral ? 131072 : 32768;
}

void read_sizes(ConfigReader& reader, ModelConfig& config) {
  config.vocabulary_size = reader.required_integer("vocab_size", 1, kMaxSize);
  config.hidden_size = reader.required_integer("hidden_size", 1, kMaxSize);
  config.intermediate_size = reader.required_integer("intermediate_size", 1, kMaxSize);
  config.layers = reader.required_integer("num_hidden_layers", 1, 4096);
  config.heads = reader.required_integer("num_attention_heads", 1, 65536);
  const bool written = reader.has("num_key_value_heads");
  config.kv_heads = reader.integer("num_key_value_heads", 1, 65536)
                        .value_or(written ? config.heads : usual_kv_heads(config.family, config.heads));
  const auto head_dim = reader.integer("head_dim", 1, 65536);
  if (!head_dim && config.family == Family::llama && config.hidden_size % config.heads != 0)
    reader.refuse("hidden_size", "is not a multiple of num_attention_heads, and there is no head_dim");
  config.head_dim = head_dim.value_or(config.family == Family::qwen3 ? 128 : config.hidden_size / config.heads);
  config.max_positions = reader.integer("max_position_embeddings", 1, int64_t{1} << 31)
                             .value_or(usual_positions(config.family));
  config.rms_epsilon = reader.number("rms_norm_eps").value_or(1e-6);
  config.initializer_range = reader.number("initializer_range").value_or(0.02);
  config.tied_embeddings = reader.boolean("tie_word_embeddings").value_or(false);
}

/// Which layers have biases: a matter of the config for llama and qwen3, of the family for the others.
void read_biases(ConfigReader& reader, ModelConfig& config) {
  const auto attention = reader.boolean("attention_bias"), mlp = reader.boolean("mlp_bias");
  const bool chosen = config.family == Family::llama || config.family == Family::qwen3;
  const bool by_family = config.family == Family::qwen2;
  config.qk_norm = config.family == Family::qwen3;
  config.qkv_bias = chosen ? attention.value_or(false) : by_family;
  config.output_bias = chosen && config.qkv_bias;
  config.mlp_bias = config.family == Family::llama && mlp.value_or(false);
  if (!chosen && attention.value_or(by_family) != by_family)
    reader.refuse("attention_bias", "contradicts the family: " + family_name(config.family) +
                                        (by_family ? " models have biases on q, k and v" : " models have no biases"));
  if (mlp.value_or(false) && !config.mlp_bias)
    reader.refuse("mlp_bias", "is true; only llama models have biases there");
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
       {"rope_interleaved", "add_cross_attention", "is_encoder_decoder", "use_qk_norm", "use_mrope"})
    if (reader.boolean(key).value_or(false)) reader.refuse(key, "is true; this is not supported");
  if (reader.object("per_layer_config") != nullptr)
    reader.refuse("per_layer_config", "gives layers sizes of their own; this is not supported");
  if (reader.object("quantization_config") != nullptr)
    reader.refuse("quantization_config", "says that the weights are quantised; take the unquantised model");
  if (reader.object("auto_map") != nullptr)
    reader.refuse("auto_map", "asks for Python code of the model's own, which Hone does not run");
}

int32_t single_id(ConfigReader& reader, const std::string& key) {
  const std::vector<int32_t> ids = reader.token_ids(key);
  if (ids.size() > 1) reader.refuse(key, "must be a single token id");
  return ids.empty() ? -1 : ids.front();
}

void read_ids(ConfigReader& reader, ModelConfig& config) {
  config.bos_id = single_id(reader, "bos_token_id");
  config.pad_id = single_id(reader, "pad_token_id");
  config.eos_ids = reader.token_ids("eos_token_id");
  // Llama's own when they are not written; null says that there are none.
  if (config.family != Family::llama && config.family != Family::mistral) return;
  if (!reader.has("bos_token_id") && config.vocabulary_size > 1) config.bos_id = 1;
  if (!reader.has("eos_token_id") && config.vocabulary_size > 2) config.eos_ids = {2};
}

}  // namespace

ModelConfig parse_model_config(const json& parsed, const std::string& where) {
  ConfigReader reader(parsed, where);
  ModelConfig config;
  read_family(reader, config);
  read_sizes(reader, config);
  read_biases(reader, config);
  config.rope = read_rope(reader, config, where);
  read_windows(reader, config);
  refuse_unsupported(reader);
  const auto older = read_dtype(reader, "torch_dtype"), newer = read_dtype(reader, "dtype");
  if (older && newer && *older != *newer) reader.refuse("dtype", "and \"torch_dtype\" differ");
  config.dtype = newer ? *newer : older.value_or(DType::float32);
  read_ids(reader, config);
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
