/// tokenizer.json in the ways that models build it, against ids and texts of the `tokenizers` library (tests/fixtures/tokenizer_json.py);
/// and what is refused, in which words.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/files.h"
#include "base/random.h"
#include "tokenizer/huggingface_tokenizer.h"
#include "tokenizer/stream_decoder.h"
#include "unit/tokenizer/vocabularies.h"

namespace hone::tokenizer {
namespace {

using nlohmann::json;
using testing::HasSubstr;

class TokenizerJson : public testing::TestWithParam<const char*> {
 protected:
  static std::filesystem::path file(const std::string& ending) { return test::vocabulary("json") / (std::string(GetParam()) + ending); }
  const HuggingFaceTokenizer vocabulary_{base::read_file(file(".json")), {file(".json")}};
};

TEST_P(TokenizerJson, IdsAndTextsAreThoseOfTheLibrary) {
  size_t texts = 0;
  for (const json& row : test::json_lines(file(".expected.jsonl"))) {
    SCOPED_TRACE(row.dump());
    const auto ids = vocabulary_.encode_markup(row.at("text").get<std::string>());
    EXPECT_EQ(ids, row.at("ids").get<std::vector<int32_t>>());
    EXPECT_EQ(vocabulary_.decode_markup(ids), row.at("decode").get<std::string>());
    EXPECT_EQ(vocabulary_.decode(ids), row.at("plain").get<std::string>());
    ++texts;
  }
  EXPECT_GT(texts, 80U);
}

TEST_P(TokenizerJson, SpansAreTheSameTokensInOrder) {
  for (const json& row : test::json_lines(file(".expected.jsonl"))) {
    SCOPED_TRACE(row.dump());
    const auto text = row.at("text").get<std::string>();
    std::vector<int32_t> ids;
    uint64_t at = 0;
    for (const TokenSpan& span : vocabulary_.encode_markup_spans(text)) {
      ids.push_back(span.id);
      EXPECT_LE(span.begin, span.end);
      EXPECT_LE(at, span.end);
      at = span.end;
    }
    EXPECT_EQ(ids, row.at("ids").get<std::vector<int32_t>>());
    EXPECT_LE(at, text.size());
  }
}

TEST_P(TokenizerJson, StreamsWriteWhatDecodingWrites) {
  base::RandomStream random(4, "ids of a stream");
  for (int round = 0; round < 200; ++round) {
    std::vector<int32_t> ids;
    for (uint64_t i = random.below(20); i > 0; --i) ids.push_back(static_cast<int32_t>(random.below(static_cast<uint64_t>(vocabulary_.vocabulary_size()))));
    StreamDecoder stream(vocabulary_);
    std::string text;
    for (const int32_t id : ids) text += stream.add(id);
    text += stream.finish();
    const std::string whole = vocabulary_.decode(ids);
    if (vocabulary_.byte_level() || whole.find("\xEF\xBF\xBD") == whole.npos) {  // a run of byte tokens that is broken: stream_decoder.h
      EXPECT_EQ(text, whole) << testing::PrintToString(ids);
    }
  }
}

TEST_P(TokenizerJson, NoControlTokenIsMadeOfText) {
  for (const json& row : test::json_lines(file(".expected.jsonl")))
    for (const int32_t id : vocabulary_.encode(row.at("text").get<std::string>())) EXPECT_NE(vocabulary_.kind(id), PieceKind::control) << row.dump();
}

INSTANTIATE_TEST_SUITE_P(All, TokenizerJson,
                         testing::Values("gpt2", "gpt2_prefix", "llama3_ignoring", "nfd", "digits", "tekken", "scripts", "behaviours", "metaspace_first",
                                         "metaspace_words", "prepend"));

json small() {
  return json::parse(R"({"model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2, "<s>": 3}, "merges": ["a b"]},
    "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false}, "decoder": {"type": "ByteLevel"},
    "added_tokens": [{"id": 3, "content": "<s>", "special": true}]})");
}

std::string refusal(const json& content) {
  try {
    HuggingFaceTokenizer(content.dump(), {"tokenizer.json"});
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::data) << error.what();
    return error.what();
  }
  ADD_FAILURE() << content << " was accepted";
  return {};
}

TEST(TokenizerJsonFile, WhatIsNotReadIsNamedByItsPlace) {
  const auto changed = [](const char* place, json value) {
    json content = small();
    content[json::json_pointer(place)] = std::move(value);
    return refusal(content);
  };
  EXPECT_THAT(changed("/model/type", "WordPiece"), HasSubstr("model is of the type WordPiece"));
  EXPECT_THAT(changed("/model/type", "Unigram"), HasSubstr("tokenizer.model"));
  EXPECT_THAT(changed("/model/dropout", 0.1), HasSubstr("model.dropout"));
  EXPECT_THAT(changed("/model/vocab/ab", 2'000'000), HasSubstr("model.vocab.ab"));
  EXPECT_THAT(changed("/model/vocab/ab", 1), HasSubstr("id 1"));
  EXPECT_THAT(changed("/model/merges/0", "a b c"), HasSubstr("model.merges[0]"));
  EXPECT_THAT(changed("/model/merges/0", "b b"), HasSubstr("merge 0"));
  EXPECT_THAT(changed("/normalizer", {{"type", "Lowercase"}}), HasSubstr("normalizer is of the type Lowercase"));
  EXPECT_THAT(changed("/pre_tokenizer", json::parse(R"({"type": "Sequence", "pretokenizers": [{"type": "Digits"}, {"type": "BertPreTokenizer"}]})")),
              HasSubstr("pre_tokenizer.pretokenizers[1]"));
  EXPECT_THAT(changed("/pre_tokenizer", json::parse(R"({"type": "Split", "pattern": {"Regex": "(a"}, "behavior": "Isolated"})")), HasSubstr("pre_tokenizer.pattern.Regex"));
  EXPECT_THAT(changed("/decoder", {{"type", "WordPiece"}}), HasSubstr("decoder"));
  EXPECT_THAT(changed("/post_processor", {{"type", "BertProcessing"}}), HasSubstr("post_processor"));
  EXPECT_THAT(changed("/added_tokens/0/id", -1), HasSubstr("added_tokens[0].id"));
  EXPECT_THAT(changed("/added_tokens/0/special", "yes"), HasSubstr("added_tokens[0].special"));
}

/// Nothing but Error comes of a damaged file, and what is accepted works.
TEST(TokenizerJsonFile, DamageIsRefusedOrHarmless) {
  base::RandomStream random(5, "damage");
  const std::string whole = base::read_file(test::vocabulary("json/metaspace_first.json"));
  for (int round = 0; round < 300; ++round) {
    std::string content = whole;
    for (uint64_t hits = 1 + random.below(4); hits > 0; --hits) content[random.below(content.size())] = static_cast<char>(32 + random.below(95));
    try {
      const HuggingFaceTokenizer vocabulary(content, {"tokenizer.json"});
      vocabulary.decode(vocabulary.encode("백업은 every night <s> word"));
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::data) << error.what();
    }
  }
}

TEST(TokenizerJsonFile, ALongWordTakesNoQuadraticTime) {
  const HuggingFaceTokenizer vocabulary(base::read_file(test::vocabulary("json/gpt2.json")), {"tokenizer.json"});
  const std::string text(2'000'000, 'a');
  EXPECT_EQ(vocabulary.decode(vocabulary.encode(text)), text);
}

}  // namespace
}  // namespace hone::tokenizer
