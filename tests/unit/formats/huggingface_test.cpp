#include "formats/huggingface.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/files.h"
#include "base/json_file.h"
#include "support/shared.h"

namespace hone::formats {
namespace {

using nlohmann::json;

json plain_llama() {
  return json::parse(
      R"({"model_type":"llama","architectures":["LlamaForCausalLM"],"vocab_size":100,"hidden_size":64,
    "intermediate_size":128,"num_hidden_layers":2,"num_attention_heads":4,"num_key_value_heads":2,"bos_token_id":1,"eos_token_id":2})");
}

json merged(const std::string& patch) {
  json config = plain_llama();
  config.update(json::parse(patch));  // a null stays one
  return config;
}

json of_family(const std::string& family, const std::string& patch = "{}") {
  json config = merged(patch);
  config["model_type"] = family;
  config.erase("architectures");
  return config;
}

void expect_refused(const json& config, const std::string& words) {
  try {
    parse_model_config(config, "config.json");
    FAIL() << "accepted; expected an error about " << words;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::data);
    EXPECT_NE(std::string(error.what()).find(words), std::string::npos) << error.what();
  }
}

TEST(ModelConfig, OlderAndNewerSpellingsMeanTheSame) {
  const json older = merged(
      R"({"torch_dtype":"bfloat16","rope_theta":500000.0,"rope_scaling":{"type":"linear","factor":2.0}})");
  const json newer = merged(
      R"({"dtype":"bfloat16","rope_parameters":{"rope_theta":500000.0,"rope_type":"linear","factor":2.0}})");
  const ModelConfig a = parse_model_config(older, "f"), b = parse_model_config(newer, "f");
  EXPECT_EQ(model_config_json(a), model_config_json(b));
  EXPECT_EQ(a.rope.theta, 500000.0);
  EXPECT_EQ(a.rope.type, RopeType::linear);
  EXPECT_EQ(a.dtype, DType::bfloat16);
}

TEST(ModelConfig, WrittenConfigReadsBackAsItself) {
  for (
      const json& config :
      {plain_llama(),
       merged(
           R"({"attention_bias":true,"mlp_bias":true,"tie_word_embeddings":true,"head_dim":32,"eos_token_id":[2,3],"pad_token_id":0})"),
       merged(
           R"({"rope_scaling":{"rope_type":"llama3","factor":8.0,"low_freq_factor":1.0,"high_freq_factor":4.0,"original_max_position_embeddings":64}})"),
       merged(
           R"({"model_type":"qwen2","architectures":["Qwen2ForCausalLM"],"use_sliding_window":false,"sliding_window":512,"max_window_layers":2})"),
       of_family("qwen2", R"({"use_sliding_window":true,"sliding_window":5,"max_window_layers":1})"),
       of_family("qwen3", R"({"attention_bias":true,"use_sliding_window":true,"sliding_window":5,"layer_types":["sliding_attention","full_attention"]})"),
       of_family("mistral", R"({"head_dim":20})"), of_family("mistral", R"({"sliding_window":null})"),
       merged(R"({"rope_scaling":{"type":"dynamic","factor":2.0}})"),
       merged(R"({"rope_scaling":{"rope_type":"yarn","factor":2.0,"attention_factor":1.5,"beta_fast":16,"truncate":false}})"),
       merged(R"({"rope_scaling":{"rope_type":"yarn","factor":null,"original_max_position_embeddings":512,"mscale":0.5,"mscale_all_dim":1}})")}) {
    const ModelConfig once = parse_model_config(config, "f");
    const ModelConfig twice = parse_model_config(model_config_json(once), "f");
    EXPECT_EQ(model_config_json(once), model_config_json(twice));
    EXPECT_EQ(parameter_count(once), parameter_count(twice));
    EXPECT_EQ(once.rope, twice.rope);
    EXPECT_EQ(once.sliding_window, twice.sliding_window);
    EXPECT_EQ(once.sliding_layers, twice.sliding_layers);
  }
}

TEST(ModelConfig, KeysThatMatterAndAreNotUnderstoodAreNamed) {
  expect_refused(json::array(), "not a JSON object");
  expect_refused(merged(R"({"model_type":"mixtral"})"), "model_type");
  expect_refused(merged(R"({"model_type":null})"), "model_type");
  expect_refused(merged(R"({"architectures":["LlamaForSequenceClassification"]})"), "architectures");
  expect_refused(merged(R"({"hidden_act":"gelu"})"), "hidden_act");
  expect_refused(merged(R"({"attention_dropout":0.1})"), "attention_dropout");
  expect_refused(merged(R"({"quantization_config":{"bits":4}})"), "quantization_config");
  expect_refused(merged(R"({"auto_map":{"AutoModel":"m.py"}})"), "auto_map");
  expect_refused(merged(R"({"logit_scale":2.0})"), "logit_scale");
  expect_refused(merged(R"({"rms_norm_ep":1e-5})"), "did you mean \"rms_norm_eps\"");
  expect_refused(merged(R"({"rope_scaling":{"rope_type":"longrope","factor":2.0}})"), "longrope");
  expect_refused(merged(R"({"rope_scaling":{"rope_type":"yarn"}})"), "factor");
  expect_refused(merged(R"({"rope_scaling":{"rope_type":"yarn","factor":2.0,"low_freq_factor":1.0}})"), "low_freq_factor");
  expect_refused(merged(R"({"rope_scaling":{"rope_type":"dynamic","factor":2.0,"alpha":1.0}})"), "alpha");
  expect_refused(merged(R"({"rope_scaling":{"rope_type":"yarn","factor":2.0,"attention_factor":0.0}})"), "attention_factor");
  expect_refused(merged(R"({"rope_scaling":{"rope_type":"yarn","factor":2.0,"beta_fast":-1}})"), "beta_fast");
  expect_refused(merged(R"({"rope_parameters":{"full_attention":{"rope_type":"default"}}})"), "full_attention");
  expect_refused(merged(R"({"per_layer_config":{"0":{"num_attention_heads":2}}})"), "per_layer_config");
  expect_refused(merged(R"({"rope_scaling":{"rope_type":"linear"}})"), "factor");
  expect_refused(merged(R"({"rope_scaling":{"rope_type":"linear","factor":2.0,"mscale":1.0}})"), "mscale");
  expect_refused(merged(R"({"use_sliding_window":true})"), "use_sliding_window");
  expect_refused(merged(R"({"sliding_window":512})"), "sliding_window");
  expect_refused(of_family("mistral", R"({"attention_bias":true})"), "attention_bias");
  expect_refused(of_family("qwen2", R"({"mlp_bias":true})"), "mlp_bias");
  expect_refused(of_family("qwen3", R"({"layer_types":["full_attention","linear_attention"]})"), "layer_types");
}

TEST(ModelConfig, ContradictionsAreNamed) {
  expect_refused(merged(R"({"torch_dtype":"float32","dtype":"bfloat16"})"), "dtype");
  expect_refused(
      merged(R"({"rope_theta":10000.0,"rope_parameters":{"rope_type":"default","rope_theta":20000.0}})"),
      "rope_theta");
  expect_refused(merged(R"({"rope_scaling":{"type":"linear","rope_type":"default","factor":2.0}})"), "type");
  expect_refused(
      merged(R"({"rope_scaling":{"type":"linear","factor":2.0},"rope_parameters":{"rope_type":"default"}})"),
      "rope_scaling");
  expect_refused(merged(R"({"hidden_size":66})"), "hidden_size");
  expect_refused(merged(R"({"hidden_size":66,"head_dim":16})"), "hidden_size");
  expect_refused(
      merged(R"({"original_max_position_embeddings":64,"rope_scaling":{"rope_type":"yarn","factor":2.0,"original_max_position_embeddings":32}})"),
      "original_max_position_embeddings");
  expect_refused(of_family("qwen2", R"({"attention_bias":false})"), "attention_bias");
  expect_refused(of_family("mistral", R"({"use_sliding_window":false})"), "use_sliding_window");
  expect_refused(of_family("mistral", R"({"layer_types":["full_attention","sliding_attention"]})"), "layer_types");
  expect_refused(of_family("mistral", R"({"sliding_window":0})"), "sliding_window");
  expect_refused(of_family("qwen2", R"({"layer_types":["full_attention","sliding_attention"]})"), "layer_types");
  expect_refused(of_family("qwen3", R"({"layer_types":["full_attention"]})"), "layer_types");
  expect_refused(of_family("qwen3", R"({"use_sliding_window":true,"sliding_window":null})"), "use_sliding_window");
  expect_refused(merged(R"({"num_key_value_heads":3})"), "num_key_value_heads");
  expect_refused(merged(R"({"head_dim":15})"), "head_dim");
  expect_refused(merged(R"({"eos_token_id":100})"), "eos_token_id");
}

TEST(ModelConfig, LayersSlideAsTheFamilySays) {
  const auto windows = [](const json& config) {
    const ModelConfig parsed = parse_model_config(config, "f");
    return std::vector<int64_t>{parsed.window(0), parsed.window(1)};
  };
  using Windows = std::vector<int64_t>;
  EXPECT_EQ(windows(plain_llama()), (Windows{0, 0}));
  EXPECT_EQ(windows(merged(R"({"use_sliding_window":false,"sliding_window":512,"max_window_layers":1})")), (Windows{0, 0}));
  EXPECT_EQ(windows(of_family("mistral")), (Windows{4096, 4096}));
  EXPECT_EQ(windows(of_family("mistral", R"({"sliding_window":3,"layer_types":["sliding_attention","sliding_attention"]})")), (Windows{3, 3}));
  json without = of_family("mistral");
  without["sliding_window"] = nullptr;
  EXPECT_EQ(windows(without), (Windows{0, 0}));
  for (const char* family : {"qwen2", "qwen3"}) {
    EXPECT_EQ(windows(of_family(family)), (Windows{0, 0}));
    EXPECT_EQ(windows(of_family(family, R"({"use_sliding_window":true,"sliding_window":9})")), (Windows{0, 0})) << "28 full layers";
    EXPECT_EQ(windows(of_family(family, R"({"use_sliding_window":true,"sliding_window":9,"max_window_layers":1})")), (Windows{0, 9}));
    EXPECT_EQ(windows(of_family(family, R"({"use_sliding_window":true,"max_window_layers":0})")), (Windows{4096, 4096}));
    EXPECT_EQ(windows(of_family(family, R"({"use_sliding_window":true,"sliding_window":9,"max_window_layers":0,"layer_types":["full_attention","sliding_attention"]})")),
              (Windows{0, 9}));
  }
}

TEST(ModelConfig, KeysThatAreNotWrittenMeanWhatTransformersTakes) {
  const auto bare = [](const char* family) {
    return parse_model_config(
        json{{"model_type", family}, {"vocab_size", 100}, {"hidden_size", 512}, {"intermediate_size", 8}, {"num_hidden_layers", 1},
             {"num_attention_heads", 64}},
        "f");
  };
  EXPECT_EQ(bare("llama").kv_heads, 64);
  EXPECT_EQ(bare("mistral").kv_heads, 8);
  EXPECT_EQ(bare("qwen2").kv_heads, 32);
  EXPECT_EQ(bare("qwen3").head_dim, 128);
  EXPECT_EQ(bare("qwen2").head_dim, 8);
  EXPECT_EQ(bare("llama").max_positions, 2048);
  EXPECT_EQ(bare("mistral").max_positions, 131072);
  EXPECT_EQ(bare("qwen3").max_positions, 32768);
  EXPECT_EQ(bare("llama").eos_ids, (std::vector<int32_t>{2}));
  EXPECT_EQ(bare("mistral").bos_id, 1);
  EXPECT_TRUE(bare("qwen3").eos_ids.empty());
  EXPECT_TRUE(bare("qwen2").qkv_bias);
  EXPECT_FALSE(bare("qwen3").qkv_bias);
  json explicit_null = plain_llama();
  explicit_null["eos_token_id"] = explicit_null["bos_token_id"] = explicit_null["num_key_value_heads"] = nullptr;
  EXPECT_TRUE(parse_model_config(explicit_null, "f").eos_ids.empty());
  EXPECT_EQ(parse_model_config(explicit_null, "f").bos_id, -1);
  EXPECT_EQ(parse_model_config(explicit_null, "f").kv_heads, 4);
}

TEST(ModelConfig, PositionsStretchAsTheirTypeSays) {
  const auto rope = [](const std::string& scaling) {
    return parse_model_config(merged(R"({"max_position_embeddings":4096,"rope_scaling":)" + scaling + "}"), "f").rope;
  };
  const RopeConfig yarn = rope(R"({"type":"yarn","factor":null,"original_max_position_embeddings":1024,"beta_fast":0})");
  EXPECT_EQ(yarn.type, RopeType::yarn);
  EXPECT_EQ(yarn.factor, 4.0) << "of the two contexts";
  EXPECT_EQ(yarn.beta_fast, 32.0) << "0 is not set";
  EXPECT_EQ(yarn.beta_slow, 1.0);
  EXPECT_TRUE(yarn.truncate);
  EXPECT_FALSE(rope(R"({"type":"yarn","factor":2.0,"truncate":null})").truncate);
  EXPECT_EQ(rope(R"({"type":"yarn","factor":2.0})").original_max_positions, 4096);
  EXPECT_EQ(rope(R"({"type":"llama3","factor":2.0,"low_freq_factor":1,"high_freq_factor":4})").original_max_positions, 4096);
  const ModelConfig dynamic = parse_model_config(merged(R"({"rope_scaling":{"type":"dynamic","factor":2.0}})"), "f");
  EXPECT_GT(dynamic.context(), dynamic.max_positions);
  EXPECT_EQ(parse_model_config(plain_llama(), "f").context(), 2048);
  // Both spellings with one meaning are no contradiction.
  EXPECT_EQ(parse_model_config(merged(R"({"rope_theta":5.0,"rope_scaling":{"type":"linear","factor":2.0},
      "rope_parameters":{"rope_type":"linear","factor":2.0,"rope_theta":5.0}})"), "f").rope.factor, 2.0);
}

TEST(ModelConfig, SizesAreChecked) {
  for (const char* key :
       {"vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads"}) {
    for (const json& value :
         {json(nullptr), json(0), json(-1), json("64"), json(1.5), json(1u << 31), json(UINT64_MAX)}) {
      json config = plain_llama();
      config[key] = value;
      expect_refused(config, key);
    }
  }
}

TEST(ModelConfig, GenerationConfigDecidesWhereTextEnds) {
  const test::TempDir folder;
  base::write_file(folder / "config.json", base::json_text(plain_llama()));
  EXPECT_EQ(read_model_config(folder.path()).eos_ids, (std::vector<int32_t>{2}));
  base::write_file(folder / "generation_config.json", R"({"eos_token_id":[5,7]})");
  EXPECT_EQ(read_model_config(folder.path()).eos_ids, (std::vector<int32_t>{5, 7}));
  base::write_file(folder / "generation_config.json", R"({"eos_token_id":["5"]})");
  EXPECT_THROW(read_model_config(folder.path()), Error);
}

TEST(ModelConfig, AKeyWrittenTwiceIsRefused) {
  const test::TempDir folder;
  base::write_file(folder / "config.json", R"({"model_type":"llama","model_type":"qwen2"})");
  EXPECT_THROW(read_model_config(folder.path()), Error);
}

/// config.json of published models as their makers wrote it, and the number of parameters they are known for.
TEST(ModelConfig, PublishedModelsHaveTheParametersTheyAreKnownFor) {
  const std::pair<const char*, int64_t> models[] = {
      // LLaMA 7B, in the spelling of its first conversions.
      {R"({"architectures":["LlamaForCausalLM"],"bos_token_id":1,"eos_token_id":2,"hidden_act":"silu","hidden_size":4096,"intermediate_size":11008,
        "initializer_range":0.02,"max_sequence_length":2048,"model_type":"llama","num_attention_heads":32,"num_hidden_layers":32,"pad_token_id":-1,
        "rms_norm_eps":1e-06,"torch_dtype":"float16","transformers_version":"4.27.0.dev0","use_cache":true,"vocab_size":32000})",
       6'738'415'616},
      // Llama 3.2 1B
      {R"({"architectures":["LlamaForCausalLM"],"attention_bias":false,"attention_dropout":0.0,"bos_token_id":128000,"eos_token_id":128001,"head_dim":64,
        "hidden_act":"silu","hidden_size":2048,"initializer_range":0.02,"intermediate_size":8192,"max_position_embeddings":131072,"mlp_bias":false,
        "model_type":"llama","num_attention_heads":32,"num_hidden_layers":16,"num_key_value_heads":8,"pretraining_tp":1,"rms_norm_eps":1e-05,
        "rope_scaling":{"factor":32.0,"high_freq_factor":4.0,"low_freq_factor":1.0,"original_max_position_embeddings":8192,"rope_type":"llama3"},
        "rope_theta":500000.0,"tie_word_embeddings":true,"torch_dtype":"bfloat16","use_cache":true,"vocab_size":128256})",
       1'235'814'400},
      // Mistral 7B v0.1
      {R"({"architectures":["MistralForCausalLM"],"bos_token_id":1,"eos_token_id":2,"hidden_act":"silu","hidden_size":4096,"initializer_range":0.02,
        "intermediate_size":14336,"max_position_embeddings":32768,"model_type":"mistral","num_attention_heads":32,"num_hidden_layers":32,
        "num_key_value_heads":8,"rms_norm_eps":1e-05,"rope_theta":10000.0,"sliding_window":4096,"tie_word_embeddings":false,"torch_dtype":"bfloat16",
        "transformers_version":"4.34.0.dev0","use_cache":true,"vocab_size":32000})",
       7'241'732'096},
      // Qwen2.5 0.5B
      {R"({"architectures":["Qwen2ForCausalLM"],"attention_dropout":0.0,"bos_token_id":151643,"eos_token_id":151643,"hidden_act":"silu","hidden_size":896,
        "initializer_range":0.02,"intermediate_size":4864,"max_position_embeddings":32768,"max_window_layers":24,"model_type":"qwen2",
        "num_attention_heads":14,"num_hidden_layers":24,"num_key_value_heads":2,"rms_norm_eps":1e-06,"rope_theta":1000000.0,"sliding_window":32768,
        "tie_word_embeddings":true,"torch_dtype":"bfloat16","use_cache":true,"use_mrope":false,"use_sliding_window":false,"vocab_size":151936})",
       494'032'768},
      // Qwen3 0.6B
      {R"({"architectures":["Qwen3ForCausalLM"],"attention_bias":false,"attention_dropout":0.0,"bos_token_id":151643,"eos_token_id":151645,"head_dim":128,
        "hidden_act":"silu","hidden_size":1024,"initializer_range":0.02,"intermediate_size":3072,"max_position_embeddings":40960,"max_window_layers":28,
        "model_type":"qwen3","num_attention_heads":16,"num_hidden_layers":28,"num_key_value_heads":8,"rms_norm_eps":1e-06,"rope_scaling":null,
        "rope_theta":1000000,"sliding_window":null,"tie_word_embeddings":true,"torch_dtype":"bfloat16","use_cache":true,"use_sliding_window":false,
        "vocab_size":151936})",
       596'049'920}};
  for (const auto& [text, parameters] : models) {
    const ModelConfig config = parse_model_config(json::parse(text), "config.json");
    EXPECT_EQ(parameter_count(config), parameters) << text;
    EXPECT_EQ(parameter_count(parse_model_config(model_config_json(config), "written")), parameters);
  }
}

TEST(ModelConfig, ParametersFollowFromTheConfig) {
  const ModelConfig tied = parse_model_config(merged(R"({"tie_word_embeddings":true})"), "f");
  const ModelConfig free = parse_model_config(plain_llama(), "f");
  EXPECT_EQ(parameter_count(free) - parameter_count(tied), 100 * 64);
  EXPECT_EQ(parameter_count(tied), 100 * 64 + 2 * (2 * 64 + 2 * 64 * 64 + 2 * 32 * 64 + 3 * 64 * 128) + 64);
  EXPECT_EQ(model_parameters(free).back().name, "lm_head.weight");
}

}  // namespace
}  // namespace hone::formats
