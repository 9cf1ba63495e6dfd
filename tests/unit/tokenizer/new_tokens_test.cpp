/// Terms that become one token each: ids, what the rest of a text becomes, and where the files carry them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/files.h"
#include "base/json_file.h"
#include "tokenizer/huggingface.h"
#include "tokenizer/new_tokens.h"
#include "unit/tokenizer/vocabularies.h"

namespace hone::tokenizer {
namespace {

using hone::test::TempDir;
using testing::HasSubstr;

const std::vector<std::string> kTerms = {"쿠버네티스", "<|party|>", "café au lait"};
const std::string kText = "우리 쿠버네티스를 씁니다. (<|party|>) and café au lait, <|party|><|party|>.";

class NewTokens : public testing::TestWithParam<const char*> {
 protected:
  NewTokens() : base_(load_tokenizer(test::vocabulary(GetParam()))) {
    write_with_tokens(*base_, kTerms, folder_.path());
    extended_ = load_tokenizer(folder_.path());
  }
  const TempDir folder_;
  std::unique_ptr<Tokenizer> base_, extended_;
};

TEST_P(NewTokens, AreTheNextIdsAndKnowThePiecesTheyWere) {
  const auto added = new_tokens(*base_, *extended_);
  ASSERT_EQ(added.size(), kTerms.size());
  for (size_t i = 0; i < added.size(); ++i) {
    EXPECT_EQ(added[i].id, base_->vocabulary_size() + static_cast<int32_t>(i));
    EXPECT_EQ(added[i].text, kTerms[i]);
    EXPECT_EQ(added[i].pieces, base_->encode(kTerms[i]));
    EXPECT_EQ(extended_->kind(added[i].id), PieceKind::user_defined);
  }
  EXPECT_TRUE(new_tokens(*extended_, *extended_).empty());
  EXPECT_THROW(new_tokens(*extended_, *base_), Error);
}

TEST_P(NewTokens, AreFoundInATextAndTheRestIsCutAsBefore) {
  const auto ids = extended_->encode(kText);
  const int32_t first = base_->vocabulary_size();
  EXPECT_EQ(std::count(ids.begin(), ids.end(), first), 1);
  EXPECT_EQ(std::count(ids.begin(), ids.end(), first + 1), 3);
  EXPECT_EQ(std::count(ids.begin(), ids.end(), first + 2), 1);
  if (std::find(ids.begin(), ids.end(), base_->unk_id()) == ids.end()) {
    EXPECT_EQ(extended_->decode(ids), base_->decode(base_->encode(kText)));
  }
  const std::string without = "a text with none of them, 한국어도 있고";
  EXPECT_EQ(extended_->encode(without), base_->encode(without));
  EXPECT_EQ(extended_->bos_id(), base_->bos_id());
  EXPECT_NE(extended_->sha256(), base_->sha256());
}

TEST_P(NewTokens, AddedTwiceTheyAreThereOnce) {
  const TempDir again;
  write_with_tokens(*extended_, {kTerms[1], "another"}, again.path());
  const auto twice = load_tokenizer(again.path());
  EXPECT_EQ(twice->vocabulary_size(), extended_->vocabulary_size() + 1);
  const auto added = new_tokens(*extended_, *twice);
  ASSERT_EQ(added.size(), 1U);
  EXPECT_EQ(added[0].text, "another");
}

TEST_P(NewTokens, UnusableOnesAreNamed) {
  const auto refusal = [&](const std::vector<std::string>& terms) -> std::string {
    try {
      write_with_tokens(*base_, terms, TempDir().path());
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::usage);
      return error.what();
    }
    return "accepted";
  };
  EXPECT_THAT(refusal({"x", ""}), HasSubstr("tokenizer.add_tokens"));
  EXPECT_THAT(refusal({"x", "x"}), HasSubstr("twice"));
  EXPECT_THAT(refusal({std::string(5000, 'x')}), HasSubstr("longer"));
}

INSTANTIATE_TEST_SUITE_P(All, NewTokens, testing::Values("unigram.model", "bpe.model", "json/gpt2.json", "json/tekken.json", "json/prepend.json", "json/metaspace_first.json"));

TEST(NewTokensBeside, TokensOfTheFilesBesideAModelMoveIntoIt) {
  const TempDir folder, extended;
  const auto alone = test::load("bpe");
  base::write_file(folder / "tokenizer.model", base::read_file(test::vocabulary("bpe.model")));
  const int32_t next = alone->vocabulary_size();
  base::write_file(folder / "added_tokens.json", base::json_text({{"<|user|>", next}, {"사규", next + 1}}));
  base::write_file(folder / "special_tokens_map.json", R"({"additional_special_tokens": ["<|user|>"]})");
  const auto beside = load_tokenizer(folder.path());
  EXPECT_EQ(beside->vocabulary_size(), next + 2);
  EXPECT_EQ(beside->kind(next), PieceKind::control);
  write_with_tokens(*beside, {"쿠버네티스"}, extended.path());
  const auto all = load_tokenizer(extended.path());
  EXPECT_EQ(all->vocabulary_size(), next + 3);
  const std::string markup = "<|user|>사규와 쿠버네티스";
  const auto ids = all->encode_markup(markup);
  for (const int32_t id : {next, next + 1, next + 2}) EXPECT_EQ(std::count(ids.begin(), ids.end(), id), 1) << id;
  EXPECT_EQ(all->encode("<|user|>"), alone->encode("<|user|>"));
}

TEST(Markup, ASentencePieceTextIsCutAtControlTokensAndGetsItsPrefixAsTheFilesSay) {
  const TempDir folder;
  base::write_file(folder / "tokenizer.model", base::read_file(test::vocabulary("bpe.model")));
  const auto ids = [&](const char* config, const std::string& text) {
    base::write_file(folder / "tokenizer_config.json", config);
    return load_tokenizer(folder.path())->encode_markup(text);
  };
  const auto plain = test::load("bpe");
  const auto joined = [&](std::vector<std::vector<int32_t>> parts) {
    std::vector<int32_t> all;
    for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
    return all;
  };
  const std::vector<int32_t> bos{plain->bos_id()}, eos{plain->eos_id()};
  const auto every = plain->encode("every");
  std::vector<int32_t> inside = plain->encode("x\nevery");  // a line break ends a word, so what follows has no prefix
  inside.erase(inside.begin(), inside.begin() + static_cast<std::ptrdiff_t>(plain->encode("x\n").size()));
  EXPECT_EQ(ids("{}", "every<s>every</s>"), joined({every, bos, every, eos}));
  EXPECT_EQ(ids(R"({"legacy": true})", "every<s>every</s>"), joined({every, bos, every, eos}));
  EXPECT_EQ(ids(R"({"legacy": false})", "every<s>every</s>"), joined({every, bos, inside, eos}));
  EXPECT_EQ(ids(R"({"legacy": false})", " every"), every);
  EXPECT_EQ(ids(R"({"add_prefix_space": false})", "every<s>every"), joined({inside, bos, inside}));
  EXPECT_EQ(load_tokenizer(folder.path())->decode(inside), "every");
  const auto spelled = plain->decode_markup(joined({bos, every, eos}));
  EXPECT_THAT(spelled, testing::AllOf(testing::StartsWith("<s>"), testing::EndsWith("every</s>")));
}

}  // namespace
}  // namespace hone::tokenizer
