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
  config.merge_patch(json::parse(patch));
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
           R"({"model_type":"qwen2","architectures":["Qwen2ForCausalLM"],"use_sliding_window":false,"sliding_window":512,"max_window_layers":2})")}) {
    const ModelConfig once = parse_model_config(config, "f");
    const ModelConfig twice = parse_model_config(model_config_json(once), "f");
    EXPECT_EQ(model_config_json(once), model_config_json(twice));
    EXPECT_EQ(parameter_count(once), parameter_count(twice));
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
  expect_refused(merged(R"({"rope_scaling":{"rope_type":"yarn","factor":2.0}})"), "yarn");
  expect_refused(merged(R"({"rope_scaling":{"rope_type":"linear"}})"), "factor");
  expect_refused(merged(R"({"rope_scaling":{"rope_type":"linear","factor":2.0,"mscale":1.0}})"), "mscale");
  expect_refused(merged(R"({"model_type":"qwen2","architectures":null,"use_sliding_window":true})"),
                 "use_sliding_window");
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
  expect_refused(merged(R"({"num_key_value_heads":3})"), "num_key_value_heads");
  expect_refused(merged(R"({"head_dim":15})"), "head_dim");
  expect_refused(merged(R"({"eos_token_id":100})"), "eos_token_id");
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

TEST(ModelConfig, ParametersFollowFromTheConfig) {
  const ModelConfig tied = parse_model_config(merged(R"({"tie_word_embeddings":true})"), "f");
  const ModelConfig free = parse_model_config(plain_llama(), "f");
  EXPECT_EQ(parameter_count(free) - parameter_count(tied), 100 * 64);
  EXPECT_EQ(parameter_count(tied), 100 * 64 + 2 * (2 * 64 + 2 * 64 * 64 + 2 * 32 * 64 + 3 * 64 * 128) + 64);
  EXPECT_EQ(model_parameters(free).back().name, "lm_head.weight");
}

}  // namespace
}  // namespace hone::formats
