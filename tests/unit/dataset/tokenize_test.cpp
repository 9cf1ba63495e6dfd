// The stage from cleaned documents to shards: ends of documents, equal bytes, figures, and what a reader is
// shown.
#include "dataset/tokenize.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/files.h"
#include "base/json_file.h"
#include "base/log.h"
#include "base/random.h"
#include "dataset/shard_set.h"
#include "dataset/show.h"
#include "support/shared.h"

namespace hone::dataset {
namespace {

using corpus::CleanDocument;
using corpus::Side;
using hone::test::TempDir;
using testing::HasSubstr;

std::unique_ptr<tokenizer::Tokenizer> vocabulary() {
  return tokenizer::load_tokenizer(hone::test::source() / "tests" / "fixtures" / "tokenizer" /
                                   "unigram.model");
}

std::function<std::optional<CleanDocument>()> each(std::vector<CleanDocument> documents) {
  return [documents = std::move(documents), next = size_t{0}]() mutable -> std::optional<CleanDocument> {
    if (next == documents.size()) return std::nullopt;
    return documents[next++];
  };
}

CleanDocument document(const std::string& id, const std::string& text, Side side = Side::train,
                       const std::string& language = "en") {
  CleanDocument made;
  made.id = id;
  made.source = "wiki";
  made.access = "internal";
  made.licence = "CC0-1.0";
  made.language = language;
  made.side = side;
  made.text = text;
  return made;
}

std::vector<CleanDocument> many() {
  base::RandomStream random(4, "documents");
  const std::vector<std::string> words = {
      "backup ", "백업은 ", "매일 ", "\n", "runs ", "뷁 ", "👩‍👩‍👧‍👦 ", "12 "};
  std::vector<CleanDocument> documents;
  for (int i = 0; i < 300; ++i) {
    std::string text;
    for (uint64_t n = random.below(200); n > 0; --n) text += words[random.below(words.size())];
    documents.push_back(document("d" + std::to_string(i), text, i % 10 == 0 ? Side::validation : Side::train,
                                 i % 2 ? "ko" : "en"));
  }
  return documents;
}

class TokenizeStage : public testing::Test {
 protected:
  void SetUp() override { base::set_talk(base::Talk::quiet); }
  TempDir folder_;
  std::unique_ptr<tokenizer::Tokenizer> tokenizer_ = vocabulary();
};

TEST_F(TokenizeStage, DocumentsOpenWithBosAndCloseWithEosAndNowhereElse) {
  tokenize(*tokenizer_, each(many()), folder_.path());
  const auto documents = many();
  size_t train = 0;
  const auto set = ShardSet::open(folder_.path(), "train");
  for (const CleanDocument& text : documents) {
    if (text.side != Side::train) continue;
    const DocumentView view = set->document(train++);
    EXPECT_EQ(view.id, text.id);
    EXPECT_EQ(view.language, text.language);
    EXPECT_EQ(view.text_bytes, text.text.size());
    const auto tokens = view.tokens.all();
    ASSERT_GE(tokens.size(), 2U);
    EXPECT_EQ(tokens.front(), tokenizer_->bos_id());
    EXPECT_EQ(tokens.back(), tokenizer_->eos_id());
    EXPECT_EQ(std::count(tokens.begin(), tokens.end(), tokenizer_->bos_id()), 1);
    EXPECT_EQ(std::count(tokens.begin(), tokens.end(), tokenizer_->eos_id()), 1);
    EXPECT_EQ(tokenizer_->decode(tokens), text.text);
    EXPECT_EQ(tokens, document_tokens(*tokenizer_, text.text));
  }
  EXPECT_EQ(train, set->documents());
}

TEST_F(TokenizeStage, BytesDoNotDependOnThreads) {
  const TempDir other;
  const auto one =
      tokenize(*tokenizer_, each(many()), folder_.path(), {.threads = 1, .max_shard_tokens = 5000});
  const auto many_threads =
      tokenize(*tokenizer_, each(many()), other.path(), {.threads = 5, .max_shard_tokens = 5000});
  ASSERT_EQ(one.files.size(), many_threads.files.size());
  EXPECT_GT(one.files.size(), 4U);
  for (size_t i = 0; i < one.files.size(); ++i) {
    EXPECT_EQ(one.files[i].filename(), many_threads.files[i].filename());
    EXPECT_EQ(base::read_file(one.files[i]), base::read_file(many_threads.files[i])) << one.files[i];
  }
}

TEST_F(TokenizeStage, FiguresAddUp) {
  const auto summary = tokenize(*tokenizer_, each(many()), folder_.path());
  const SplitCounts& train = summary.statistics.splits.at("train");
  EXPECT_EQ(train.all.documents, 270U);
  EXPECT_EQ(train.all.tokens, ShardSet::open(folder_.path(), "train")->tokens());
  EXPECT_EQ(train.by_language.at("ko").tokens + train.by_language.at("en").tokens, train.all.tokens);
  EXPECT_EQ(train.by_source.at("wiki").text_bytes, train.all.text_bytes);
  EXPECT_EQ(train.all.altered, 0U);
  const auto json = base::read_json(folder_ / "statistics.json");
  EXPECT_EQ(json.at("splits").at("train").at("tokens"), train.all.tokens);
}

TEST_F(TokenizeStage, HangulIsCountedBySyllable) {
  // 뷁 and 쐛 have no piece: three byte tokens each. The vocabulary writes 백업은 as pieces.
  const auto summary = tokenize(
      *tokenizer_,
      each({document("a", "뷁쐛 a é", Side::train, "ko"), document("b", "백업은", Side::train, "ko")}),
      folder_.path());
  const TokenCounts& counts = summary.statistics.splits.at("train").all;
  EXPECT_EQ(counts.syllables, 5U);
  uint64_t of_pieces = 0;
  for (const int32_t id : tokenizer_->encode("백업은"))
    if (tokenizer_->surface(id).size() >= 3) ++of_pieces;
  EXPECT_EQ(counts.syllable_tokens, 6 + of_pieces);
  EXPECT_EQ(counts.byte_tokens, 8U) << "two syllables and é";
  EXPECT_EQ(counts.characters, 6U + 3U);
}

TEST_F(TokenizeStage, TextComesBackExactlyWhereDecodingSaysSo) {
  const std::vector<std::string> texts = {"",     " ",   "  two", "a ",        "The backup", "\xff\xfe",
                                          "뷁쐛", " 뷁", "\n x",  "e\u0301 é", "１２"};
  std::vector<std::filesystem::path> models;
  for (const char* name : {"unigram.model", "bpe.model", "plain.model"})
    models.push_back(hone::test::source() / "tests" / "fixtures" / "tokenizer" / name);
  if (const auto golden = hone::test::golden())
    models.push_back(*golden / "tokenizers" / "spm_unigram.model");  // squeezes spaces
  for (const auto& model : models) {
    const auto tokenizer = tokenizer::load_tokenizer(model);
    const DocumentCounter counter(*tokenizer);
    for (const std::string& text : texts) {
      const auto ids = tokenizer->encode(text);
      EXPECT_EQ(counter.count("x", text, ids).altered, tokenizer->decode(ids) == text ? 0U : 1U)
          << model << ": " << text;
    }
  }
}

TEST_F(TokenizeStage, TextThatDoesNotComeBackIsCounted) {
  const auto plain =
      tokenizer::load_tokenizer(hone::test::source() / "tests" / "fixtures" / "tokenizer" / "plain.model");
  const auto summary =
      tokenize(*plain, each({document("a", "The backup"), document("b", "뷁쐛")}), folder_.path());
  EXPECT_EQ(summary.statistics.splits.at("train").all.altered, 1U);
  EXPECT_GT(summary.statistics.splits.at("train").all.unknown_tokens, 0U);
}

TEST_F(TokenizeStage, SamplesShowBordersAndWhatIsTrained) {
  tokenize(*tokenizer_, each({document("a\x1b[31m", "The backup\nruns\x1b[2J 뷁")}), folder_.path());
  const auto set = ShardSet::open(folder_.path(), "train");
  const auto samples = first_samples(*set, *tokenizer_, 5);
  ASSERT_EQ(samples.size(), 1U);
  EXPECT_FALSE(samples[0].shown.front().trained) << "the first token is never predicted";
  EXPECT_TRUE(samples[0].shown.back().trained);
  const std::string plain = render(samples[0], false);
  EXPECT_THAT(plain, HasSubstr("⟦<s>⟧"));
  EXPECT_THAT(plain, HasSubstr("</s>│"));
  EXPECT_THAT(plain, HasSubstr("<0xEB>│"));
  EXPECT_EQ(plain.find('\x1b'), plain.npos) << "an escape sequence of a document reached the terminal";
  EXPECT_THAT(render(samples[0], true), HasSubstr("\x1b[2m<s>\x1b[0m"));
}

TEST_F(TokenizeStage, SamplesOfAnotherVocabularyAreRefused) {
  tokenize(*tokenizer_, each({document("a", "The backup")}), folder_.path());
  const auto other =
      tokenizer::load_tokenizer(hone::test::source() / "tests" / "fixtures" / "tokenizer" / "bpe.model");
  EXPECT_THROW(first_samples(*ShardSet::open(folder_.path(), "train"), *other, 1), Error);
}

}  // namespace
}  // namespace hone::dataset
