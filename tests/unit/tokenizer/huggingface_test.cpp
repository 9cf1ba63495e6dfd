// The form that Hugging Face reads: that it says what the SentencePiece file says. That the ids are equal is shown by
// tests/interop, where the library that reads it is at hand.
#include "tokenizer/huggingface.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/files.h"
#include "unit/tokenizer/vocabularies.h"

namespace hone::tokenizer {
namespace {

using nlohmann::json;

json converted(const std::filesystem::path& file) {
  return json::parse(huggingface_files(*load_tokenizer(file), 256).tokenizer_json);
}

TEST(HuggingFaceForm, EveryPieceKeepsItsId) {
  for (const char* name : {"unigram.model", "bpe.model", "plain.model"}) {
    const auto vocabulary = load_tokenizer(test::vocabulary(name));
    const json model = converted(test::vocabulary(name))["model"];
    ASSERT_EQ(model["vocab"].size(), static_cast<size_t>(vocabulary->vocabulary_size())) << name;
    for (int32_t id = 0; id < vocabulary->vocabulary_size(); ++id) {
      const std::string piece = vocabulary->piece(id);
      if (model["type"] == "Unigram") EXPECT_EQ(model["vocab"][static_cast<size_t>(id)][0], piece);
      else EXPECT_EQ(model["vocab"][piece], id);
    }
  }
}

TEST(HuggingFaceForm, TextCannotBecomeAByteOrControlPieceByItsSpelling) {
  const auto vocabulary = load_tokenizer(test::vocabulary("unigram.model"));
  const json model = converted(test::vocabulary("unigram.model"))["model"];
  double lowest = 0;
  for (int32_t id = 0; id < vocabulary->vocabulary_size(); ++id)
    if (vocabulary->kind(id) == PieceKind::normal) lowest = std::min(lowest, model["vocab"][static_cast<size_t>(id)][1].get<double>());
  for (int32_t id = 0; id < vocabulary->vocabulary_size(); ++id) {
    if (vocabulary->kind(id) != PieceKind::byte && vocabulary->kind(id) != PieceKind::control) continue;
    const double score = model["vocab"][static_cast<size_t>(id)][1];
    EXPECT_LT(score, 1000 * lowest) << vocabulary->piece(id);
  }
}

TEST(HuggingFaceForm, MergesAndNormalizerAreThoseOfTheReference) {
  const auto golden = hone::test::golden();
  if (!golden) GTEST_SKIP() << "no golden figures: set HONE_GOLDEN";
  const json reference = json::parse(base::read_file(*golden / "tokenizers/llama2_as_json/tokenizer.json"));
  const json ours = converted(*golden / "tokenizers/spm_bpe.model");
  EXPECT_EQ(ours["normalizer"], reference["normalizer"]);
  EXPECT_EQ(ours["decoder"], reference["decoder"]);
  json special = json::array();  // user-defined pieces are cut out behind the normaliser, where no prefix follows them
  for (const json& token : reference["added_tokens"])
    if (token["special"] == true) special.push_back(token);
  EXPECT_EQ(ours["added_tokens"], special);
  EXPECT_EQ(ours["pre_tokenizer"]["pattern"]["Regex"], R"(\<\|sep\|\>|\<mask\>)");
  EXPECT_EQ(ours["model"]["vocab"], reference["model"]["vocab"]);
  const auto joined = [](const json& merges) {
    std::vector<std::string> out;
    for (const json& merge : merges)
      out.push_back(merge.is_string() ? merge.get<std::string>() : merge[0].get<std::string>() + " " + merge[1].get<std::string>());
    return out;
  };
  EXPECT_THAT(joined(ours["model"]["merges"]), testing::ElementsAreArray(joined(reference["model"]["merges"])));
}

TEST(HuggingFaceForm, ConfigNamesTheSpecialTokens) {
  const auto vocabulary = load_tokenizer(test::vocabulary("unigram.model"));
  const json config = json::parse(huggingface_files(*vocabulary, 256).tokenizer_config_json);
  EXPECT_EQ(config["model_max_length"], 256);
  EXPECT_EQ(config["bos_token"], vocabulary->piece(vocabulary->bos_id()));
  EXPECT_EQ(config["eos_token"], vocabulary->piece(vocabulary->eos_id()));
}

}  // namespace
}  // namespace hone::tokenizer
