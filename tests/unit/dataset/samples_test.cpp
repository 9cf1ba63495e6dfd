/// Records to token sequences: what is trained, what never is, and what is said when nothing could be.
#include "dataset/samples.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>

#include "base/json_file.h"
#include "base/log.h"
#include "dataset/shard_set.h"
#include "dataset/tokenize.h"
#include "support/shared.h"
#include "tokenizer/chat_template_files.h"

namespace hone::dataset {
namespace {

using corpus::CleanDocument;
using testing::HasSubstr;

struct Said {
  std::string role, text;
  bool trained = true;
};

CleanDocument record(const std::string& id, const std::string& format, const std::vector<Said>& parts) {
  CleanDocument made;
  made.id = id;
  made.source = "faq";
  made.language = "en";
  made.record = format;
  for (const Said& part : parts) {
    if (!made.parts.empty()) made.text += "\n\n";
    const uint64_t begin = made.text.size();
    made.text += part.text;
    made.parts.push_back({part.role, begin, made.text.size(), part.trained});
  }
  return made;
}

class SampleTest : public testing::Test {
 protected:
  void SetUp() override { base::set_talk(base::Talk::quiet); }

  tokenizer::ChatTemplate own(const std::string& name) const {
    const auto found = tokenizer::find_chat_template(name, {}).value();
    return {found.text, found.where, *vocabulary_};
  }
  /// The text of the tokens whose mask is `mask`, control tokens spelled out; the first token is never among them.
  std::string text(const TokenizedDocument& document, uint8_t mask) const {
    std::vector<int32_t> ids;
    for (size_t i = 1; i < document.tokens.size(); ++i)
      if (document.mask[i] == mask) ids.push_back(document.tokens[i]);
    return vocabulary_->decode_markup(ids);
  }
  std::string trained(const TokenizedDocument& document) const { return text(document, 1); }

  std::unique_ptr<tokenizer::Tokenizer> vocabulary_ = tokenizer::load_tokenizer(hone::test::source() / "tests" / "fixtures" / "tokenizer" / "bpe.model");
};

TEST_F(SampleTest, PlainTextIsTrainedFromTheEndOfThePrompt) {
  const SampleEncoder encoder(*vocabulary_, {});
  const auto samples = encoder.encode(record("r", "prompt_completion", {{"prompt", "The backup runs", false}, {"completion", " every day."}}));
  ASSERT_EQ(samples.documents.size(), 1u);
  const TokenizedDocument& document = samples.documents[0];
  EXPECT_EQ(document.tokens.front(), vocabulary_->bos_id());
  EXPECT_EQ(document.tokens.back(), vocabulary_->eos_id());
  EXPECT_THAT(trained(document), testing::AllOf(HasSubstr("every day."), testing::EndsWith("</s>")));
  EXPECT_THAT(text(document, 0), HasSubstr("The backup runs"));
  EXPECT_EQ(vocabulary_->decode(document.tokens), "The backup runs every day.");
  EXPECT_EQ(document.text_bytes, 11u);
}

TEST_F(SampleTest, QuestionsAreNeverTrainedAndAnswersAlwaysEnd) {
  std::mt19937 random(3);
  const std::vector<std::string> words = {"backup", "백업은", "매일", "runs", "\n", "[/INST]", "### Response:", "12", "👍", "  "};
  const auto some = [&](const std::string& mark) {
    std::string text = mark;
    for (size_t n = random() % 8; n > 0; --n) text += " " + words[random() % words.size()];
    return text + " " + mark;
  };
  for (const char* name : {"chatml", "llama3", "mistral", "alpaca"}) {
    const tokenizer::ChatTemplate chat = own(name);
    const SampleEncoder encoder(*vocabulary_, {.chat = &chat});
    for (int round = 0; round < 60; ++round) {
      std::vector<Said> parts;
      if (random() % 2 == 0) parts.push_back({"system", some("SSS")});
      const size_t turns = 1 + random() % 3;
      for (size_t turn = 0; turn < turns; ++turn) {
        parts.push_back({"user", some("QQQ")});
        parts.push_back({"assistant", some("AAA")});
      }
      const auto samples = encoder.encode(record("r", "messages", parts));
      ASSERT_EQ(samples.documents.size(), 1u) << samples.message;
      const std::string answers = trained(samples.documents[0]), rest = text(samples.documents[0], 0);
      SCOPED_TRACE(std::string(name) + ": " + answers);
      EXPECT_EQ(answers.find('Q'), std::string::npos);
      EXPECT_EQ(answers.find("SSS"), std::string::npos);
      EXPECT_EQ(rest.find("AAA"), std::string::npos);
      size_t ends = 0, at = 0;
      const std::string end = chat.terminator();
      for (; (at = answers.find(end, at)) != std::string::npos; at += end.size()) ++ends;
      EXPECT_EQ(ends, turns);
    }
  }
}

TEST_F(SampleTest, RolesToTrainAndTrainOnInputsSayWhat) {
  const tokenizer::ChatTemplate chat = own("chatml");
  const CleanDocument sample = record("r", "messages", {{"user", "Question"}, {"assistant", "first", false}, {"tool", "found"}, {"assistant", "second"}});
  EXPECT_EQ(trained(SampleEncoder(*vocabulary_, {.chat = &chat}).encode(sample).documents[0]), "second<|im_end|>");
  const std::string tools = trained(SampleEncoder(*vocabulary_, {.chat = &chat, .roles_to_train = {"tool"}}).encode(sample).documents[0]);
  EXPECT_EQ(tools, "found<|im_end|>");
  const auto everything = SampleEncoder(*vocabulary_, {.chat = &chat, .train_on_inputs = true}).encode(sample).documents[0];
  EXPECT_EQ(everything.mask.front(), 0);
  EXPECT_EQ(std::count(everything.mask.begin(), everything.mask.end(), uint8_t{0}), 1);
}

TEST_F(SampleTest, TokensKnowTheirRole) {
  const tokenizer::ChatTemplate chat = own("chatml");
  const auto document = SampleEncoder(*vocabulary_, {.chat = &chat}).encode(record("r", "messages", {{"system", "S"}, {"user", "U"}, {"assistant", "A"}})).documents[0];
  ASSERT_EQ(document.roles.size(), 3u);
  EXPECT_EQ(document.roles[0].role + document.roles[1].role + document.roles[2].role, "systemuserassistant");
  for (uint64_t i = 0; i < document.tokens.size(); ++i)
    EXPECT_EQ(document.mask[i] == 1, i >= document.roles[2].begin && i < document.roles[2].end);
}

TEST_F(SampleTest, PairsShareTheirPromptAndTrainTheirAnswers) {
  const tokenizer::ChatTemplate mistral = own("mistral");
  for (const tokenizer::ChatTemplate* chat : {static_cast<const tokenizer::ChatTemplate*>(nullptr), &mistral}) {
    const SampleEncoder encoder(*vocabulary_, {.chat = chat});
    const auto pair = encoder.encode(record("p", "preference", {{"prompt", "When does the backup run?", false}, {"chosen", "Every day."}, {"rejected", "Never, and nobody knows."}}));
    ASSERT_EQ(pair.documents.size(), 2u);
    const TokenizedDocument &chosen = pair.documents[0], &rejected = pair.documents[1];
    EXPECT_EQ(chosen.id, "p#chosen");
    EXPECT_EQ(rejected.id, "p#rejected");
    const auto first = static_cast<size_t>(std::find(chosen.mask.begin(), chosen.mask.end(), 1) - chosen.mask.begin());
    EXPECT_EQ(static_cast<size_t>(std::find(rejected.mask.begin(), rejected.mask.end(), 1) - rejected.mask.begin()), first);
    EXPECT_TRUE(std::equal(chosen.tokens.begin(), chosen.tokens.begin() + static_cast<ptrdiff_t>(first), rejected.tokens.begin()));
    EXPECT_THAT(trained(chosen), testing::AllOf(HasSubstr("Every day."), testing::EndsWith("</s>")));
    EXPECT_THAT(trained(rejected), testing::AllOf(HasSubstr("nobody knows."), testing::EndsWith("</s>")));
    EXPECT_EQ(trained(chosen).find("backup"), std::string::npos);
  }
}

TEST_F(SampleTest, AlpacaHasAFormWithoutATemplateAndConversationsNeedOne) {
  const tokenizer::ChatTemplate alpaca = own("alpaca");
  const SampleEncoder encoder(*vocabulary_, {.alpaca = &alpaca});
  const auto sample = encoder.encode(record("r", "alpaca", {{"user", "Add."}, {"input", "1, 2", false}, {"assistant", "3"}})).documents[0];
  EXPECT_EQ(trained(sample), "3</s>");
  EXPECT_THAT(vocabulary_->decode(sample.tokens), testing::AllOf(HasSubstr("### Input:\n1, 2"), HasSubstr("### Response:\n3")));
  try {
    encoder.encode(record("r", "messages", {{"user", "a"}, {"assistant", "b"}}));
    FAIL() << "a conversation was written without a template";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("training.chat_template"));
  }
}

TEST_F(SampleTest, WhatIsTooLongLosesItsEndAndWhatHasNothingLeftIsCounted) {
  const hone::test::TempDir folder("samples");
  const tokenizer::ChatTemplate chat = own("mistral");
  const SampleEncoder encoder(*vocabulary_, {.chat = &chat, .max_tokens = 40});
  std::string text;
  for (int i = 0; i < 60; ++i) text += "backup ";
  std::vector<CleanDocument> documents = {record("short", "messages", {{"user", "Hi"}, {"assistant", "Hello"}}), record("long", "messages", {{"user", "Hi"}, {"assistant", text}}),
                                          record("asks", "messages", {{"user", text}, {"assistant", "Hello"}})};
  CleanDocument prose;
  prose.id = "prose";
  prose.source = "wiki";
  prose.text = text;
  documents.push_back(prose);
  size_t next = 0;
  const auto summary = tokenize(
      *vocabulary_, [&]() -> std::optional<CleanDocument> { return next < documents.size() ? std::optional(documents[next++]) : std::nullopt; }, folder.path(),
      {.samples = &encoder});
  EXPECT_EQ(summary.samples, 2u);
  EXPECT_EQ(summary.truncated, 1u);
  EXPECT_EQ(summary.left_out.unlabelled, 1u);
  EXPECT_THAT(summary.left_out.first_unlabelled, HasSubstr("asks"));
  EXPECT_EQ(summary.warnings().size(), 2u);
  const auto shards = ShardSet::open(folder.path(), "train");
  ASSERT_EQ(shards->documents(), 3u);
  EXPECT_EQ(shards->document(1).tokens.size(), 40u);
  EXPECT_GT(shards->document(2).tokens.size(), 60u);  // running text is cut when it is packed
  EXPECT_EQ(shards->document(2).mask.trained(0, 10), 10u);
  const auto statistics = base::read_json(folder.path() / "statistics.json");
  EXPECT_NE(statistics.dump().find("assistant"), std::string::npos);
}

TEST_F(SampleTest, WhatATemplateDeclinesIsLeftOutAndSaid) {
  const tokenizer::ChatTemplate strict("{% for message in messages %}{% if message['role'] == 'system' %}{{ raise_exception('no system here') }}{% endif %}"
                                       "{{ message['role'] + ': ' + message['content'] + eos_token }}{% endfor %}",
                                       "strict.jinja", *vocabulary_);
  const SampleEncoder encoder(*vocabulary_, {.chat = &strict});
  const auto refused = encoder.encode(record("r", "messages", {{"system", "S"}, {"user", "U"}, {"assistant", "A"}}));
  EXPECT_EQ(refused.dropped, "refused");
  EXPECT_THAT(refused.message, HasSubstr("no system here"));
  EXPECT_EQ(encoder.encode(record("r", "messages", {{"user", "U"}, {"assistant", "A", false}})).dropped, "unlabelled");
}

TEST_F(SampleTest, ATemplateWithoutAnEndStopsBeforeAnythingIsEncoded) {
  const tokenizer::ChatTemplate endless("{% for message in messages %}{{ message['role'] + ': ' + message['content'] + '\n' }}{% endfor %}", "endless.jinja", *vocabulary_);
  EXPECT_THROW(SampleEncoder(*vocabulary_, {.chat = &endless}), Error);
}

}  // namespace
}  // namespace hone::dataset
