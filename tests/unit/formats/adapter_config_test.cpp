#include "formats/adapter_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/error.h"

namespace hone::formats {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

json plain() {
  return {{"peft_type", "LORA"}, {"r", 4}, {"lora_alpha", 8}, {"target_modules", {"q_proj", "down_proj"}}, {"task_type", "CAUSAL_LM"}};
}

json with(const char* key, const json& value) {
  json document = plain();
  document[key] = value;
  return document;
}

std::string refusal(const json& document) {
  try {
    const AdapterConfig config = parse_adapter_config(document, "adapter_config.json");
    const AdapterRules rules(config, "adapter_config.json");
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::data);
    return error.what();
  }
  return "";
}

TEST(AdapterConfig, ListedNamesAreWholeNamesOrTheirEnds) {
  const AdapterRules rules(parse_adapter_config(with("target_modules", {"q_proj", "layers.1.mlp.up_proj"}), "x"), "x");
  EXPECT_TRUE(rules.targets("model.layers.0.self_attn.q_proj"));
  EXPECT_TRUE(rules.targets("model.layers.1.mlp.up_proj"));
  EXPECT_FALSE(rules.targets("model.layers.11.mlp.up_proj"));
  EXPECT_FALSE(rules.targets("model.layers.0.self_attn.xq_proj"));
}

TEST(AdapterConfig, AStringIsAnExpressionOfTheWholeNameOrAllLinear) {
  const AdapterRules some(parse_adapter_config(with("target_modules", R"(.*\.(k|o)_proj)"), "x"), "x");
  EXPECT_TRUE(some.targets("model.layers.0.self_attn.k_proj"));
  EXPECT_FALSE(some.targets("model.layers.0.self_attn.q_proj"));
  const AdapterRules all(parse_adapter_config(with("target_modules", "All-Linear"), "x"), "x");
  EXPECT_TRUE(all.targets("model.layers.0.mlp.gate_proj"));
  EXPECT_FALSE(all.targets("lm_head"));
}

TEST(AdapterConfig, LayersAndExclusionsNarrowTheList) {
  json document = with("layers_to_transform", {1});
  document["exclude_modules"] = {"down_proj"};
  const AdapterRules rules(parse_adapter_config(document, "x"), "x");
  EXPECT_FALSE(rules.targets("model.layers.0.self_attn.q_proj"));
  EXPECT_TRUE(rules.targets("model.layers.1.self_attn.q_proj"));
  EXPECT_FALSE(rules.targets("model.layers.1.mlp.down_proj"));
}

TEST(AdapterConfig, PatternsGiveLayersTheirOwnRankAndScale) {
  json document = with("rank_pattern", {{"layers.0.mlp.up_proj", 2}});
  document["alpha_pattern"] = {{"o_proj", 3}};
  const AdapterRules plain_rules(parse_adapter_config(document, "x"), "x");
  EXPECT_EQ(plain_rules.rank("model.layers.0.mlp.up_proj"), 2);
  EXPECT_EQ(plain_rules.rank("model.layers.1.mlp.up_proj"), 4);
  EXPECT_DOUBLE_EQ(plain_rules.scale("model.layers.0.mlp.up_proj"), 4.0);
  EXPECT_DOUBLE_EQ(plain_rules.scale("model.layers.0.self_attn.o_proj"), 0.75);
  document["use_rslora"] = true;
  EXPECT_DOUBLE_EQ(AdapterRules(parse_adapter_config(document, "x"), "x").scale("model.layers.1.mlp.up_proj"), 4.0);  // 8 / √4
}

TEST(AdapterConfig, WhatChangesTheResultAndIsNotUnderstoodIsNamed) {
  const std::vector<std::pair<const char*, json>> cases = {
      {"peft_type", "LOHA"},          {"task_type", "SEQ_CLS"},          {"bias", "all"},
      {"init_lora_weights", "pissa"}, {"fan_in_fan_out", true},          {"trainable_token_indices", {1, 2}},
      {"lora_bias", true},            {"target_parameters", {"a"}},      {"layer_replication", {{0, 1}}},
      {"modules_to_save", {"score"}}, {"use_qalora", true},              {"something_of_tomorrow", 1},
      {"r", 0},                       {"target_modules", R"((?=q).*)"},  {"rank_pattern", {{"a", "b"}}},
      {"lora_dropout", 1.5},          {"alora_invocation_tokens", {5}},  {"layers_pattern", "h"},
  };
  for (const auto& [key, value] : cases) EXPECT_THAT(refusal(with(key, value)), HasSubstr(key)) << value;
  EXPECT_THAT(refusal({{"r", 4}}), HasSubstr("peft_type"));
}

TEST(AdapterConfig, WhatSaysNothingIsPassedOver) {
  json document = plain();
  for (const char* key : {"eva_config", "corda_config", "megatron_config", "trainable_token_indices", "something_of_tomorrow"}) document[key] = nullptr;
  document["loftq_config"] = json::object();
  document["inference_mode"] = true;
  document["megatron_core"] = "megatron.core";
  document["peft_version"] = "0.21.2";
  document["fan_in_fan_out"] = false;
  EXPECT_EQ(refusal(document), "");
}

TEST(AdapterConfig, WrittenAndReadAgainItIsTheSame) {
  AdapterConfig config;
  config.base_model = "base";
  config.r = 6;
  config.alpha = 4.5;
  config.dropout = 0.1;
  config.use_dora = config.use_rslora = config.ensure_weight_tying = true;
  config.targets.names = {"q_proj"};
  config.layers = {1, 2};
  config.rank_pattern = {{"k_proj", 2}};
  config.alpha_pattern = {{"k_proj", 5}};
  config.modules_to_save = {"embed_tokens"};
  const json written = adapter_config_json(config);
  EXPECT_EQ(adapter_config_json(parse_adapter_config(written, "x")), written);
}

}  // namespace
}  // namespace hone::formats
