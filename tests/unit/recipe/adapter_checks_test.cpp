#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.h"
#include "recipe/load.h"
#include "support/shared.h"

namespace hone::recipe {
namespace {

using ::testing::HasSubstr;

class AdapterKeys : public ::testing::Test {
 protected:
  LoadedRecipe load(const std::string& model, const std::string& rest = "") {
    base::write_file(file_, "corpus:\n  sources:\n    - path: docs\nmodel: {" + model + "}\n" + rest);
    return load_recipe(file_, {});
  }
  std::string complaints(const std::string& model, const std::string& rest = "") {
    std::string all;
    for (const Problem& problem : load(model, rest).problems) all += problem.message + "\n";
    return all;
  }
  std::string warnings(const std::string& model, const std::string& rest = "") {
    std::string all;
    for (const Problem& warning : load(model, rest).warnings) all += warning.message + "\n";
    return all;
  }
  test::TempDir folder_;
  std::filesystem::path file_ = folder_.path() / "r.yaml";
};

TEST_F(AdapterKeys, ALayerThatDoesNotExistIsAnsweredWithTheNearest) {
  EXPECT_THAT(complaints("path: b, adapter: lora, lora: {target_modules: [q_porj]}"), HasSubstr("did you mean q_proj?"));
  EXPECT_THAT(complaints("path: b, adapter: lora, lora: {target_modules: [all-linear, q_proj]}"), HasSubstr("all-linear stands alone"));
  EXPECT_THAT(complaints("path: b, adapter: lora, lora: {target_modules: []}"), HasSubstr("names no layer"));
  EXPECT_EQ(complaints("path: b, adapter: lora, lora: {target_modules: [v_proj, q_proj]}"), "");
}

TEST_F(AdapterKeys, EmbeddingsAndHeadsAreSentToModulesToSave) {
  for (const char* module : {"lm_head", "embed_tokens"})
    EXPECT_THAT(complaints(std::string("path: b, adapter: lora, lora: {target_modules: [") + module + "]}"), HasSubstr("name it in model.lora.modules_to_save"));
  EXPECT_THAT(complaints("path: b, adapter: lora, lora: {modules_to_save: [lm_haed]}"), HasSubstr("did you mean lm_head?"));
}

TEST_F(AdapterKeys, AddedTokensNeedTrainedEmbeddings) {
  const std::string tokens = "tokenizer: {add_tokens: [pod]}\n";
  EXPECT_THAT(complaints("path: b, adapter: lora", tokens), HasSubstr("modules_to_save: [embed_tokens, lm_head]"));
  EXPECT_EQ(complaints("path: b, adapter: lora, lora: {modules_to_save: [embed_tokens]}", tokens), "");
  EXPECT_EQ(complaints("path: b", tokens), "");
}

TEST_F(AdapterKeys, AnAdapterNeedsABaseAndAPathNeedsAnAdapter) {
  EXPECT_THAT(complaints("adapter: lora"), HasSubstr("set model.path"));
  EXPECT_THAT(complaints("path: b, adapter_path: a"), HasSubstr("set model.adapter: lora"));
}

TEST_F(AdapterKeys, WhatHasNoEffectIsSaid) {
  EXPECT_THAT(warnings("path: b, lora: {r: 4}"), HasSubstr("model.lora.r has no effect: model.adapter is none"));
  EXPECT_THAT(warnings("path: b, adapter: lora, qlora: {block_size: 64}"), HasSubstr("model.qlora.block_size has no effect: model.adapter is lora"));
  EXPECT_THAT(warnings("path: b, adapter: lora, adapter_path: a, lora: {r: 4}"), HasSubstr("model.lora.r has no effect: the adapter at model.adapter_path"));
  EXPECT_THAT(warnings("path: b", "training: {loraplus_lr_ratio: 16}\n"), HasSubstr("training.loraplus_lr_ratio has no effect"));
  EXPECT_EQ(warnings("path: b, adapter: qlora, lora: {r: 4}, qlora: {block_size: 64}", "training: {loraplus_lr_ratio: 16}\n"), "");
}

}  // namespace
}  // namespace hone::recipe
