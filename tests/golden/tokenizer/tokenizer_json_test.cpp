/// tokenizer.json vocabularies against ids and texts of the `tokenizers` library.
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>

#include "base/files.h"
#include "base/lines.h"
#include "support/shared.h"
#include "tokenizer/huggingface_tokenizer.h"

namespace hone::tokenizer {
namespace {

using nlohmann::json;

std::vector<json> rows(const std::filesystem::path& file) {
  std::vector<json> all;
  base::LineReader reader(file);
  while (const auto line = reader.next()) all.push_back(json::parse(*line));
  return all;
}

HuggingFaceTokenizer load(const std::filesystem::path& file) { return HuggingFaceTokenizer(base::read_file(file), {file}, {}); }

class TokenizerJsonGolden : public testing::TestWithParam<const char*> {};

TEST_P(TokenizerJsonGolden, IdsAndTextsAreThoseOfTheLibrary) {
  const auto golden = test::golden();
  if (!golden) GTEST_SKIP() << "no golden tokenizers: set HONE_GOLDEN";
  const auto folder = *golden / "tokenizers";
  const HuggingFaceTokenizer vocabulary = load(folder / GetParam() / "tokenizer.json");
  std::map<int, std::string> texts;
  for (const json& row : rows(folder / "texts.jsonl")) texts[row.at("id")] = row.at("text");
  ASSERT_GT(texts.size(), 200u);
  for (const json& row : rows(folder / (std::string(GetParam()) + ".expected.jsonl"))) {
    const std::string& text = texts.at(row.at("id"));
    SCOPED_TRACE(text);
    const auto ids = vocabulary.encode_markup(text);
    EXPECT_EQ(ids, row.at("ids").get<std::vector<int32_t>>());
    std::vector<int32_t> whole = vocabulary.opening();
    whole.insert(whole.end(), ids.begin(), ids.end());
    whole.insert(whole.end(), vocabulary.closing().begin(), vocabulary.closing().end());
    EXPECT_EQ(whole, row.at("ids_with_special").get<std::vector<int32_t>>());
    EXPECT_EQ(vocabulary.decode_markup(ids), row.at("decode").get<std::string>());
    EXPECT_EQ(vocabulary.decode(whole), row.at("decode_skip_special").get<std::string>());
  }
  for (const json& row : rows(folder / (std::string(GetParam()) + ".decode.jsonl")))
    EXPECT_EQ(vocabulary.decode_markup(row.at("ids").get<std::vector<int32_t>>()), row.at("decode").get<std::string>());
}

TEST_P(TokenizerJsonGolden, SpansCoverTheTextInOrderAndControlTokensAreNeverMadeOfText) {
  const auto golden = test::golden();
  if (!golden) GTEST_SKIP() << "no golden tokenizers: set HONE_GOLDEN";
  const auto folder = *golden / "tokenizers";
  const HuggingFaceTokenizer vocabulary = load(folder / GetParam() / "tokenizer.json");
  for (const json& row : rows(folder / "texts.jsonl")) {
    const auto text = row.at("text").get<std::string>();
    SCOPED_TRACE(text);
    const auto ids = vocabulary.encode(text);
    const auto spans = vocabulary.encode_spans(text);
    ASSERT_EQ(spans.size(), ids.size());
    uint64_t at = 0;
    for (size_t i = 0; i < spans.size(); ++i) {
      EXPECT_EQ(spans[i].id, ids[i]);
      EXPECT_NE(vocabulary.kind(ids[i]), PieceKind::control);
      EXPECT_LE(spans[i].begin, spans[i].end);
      EXPECT_GE(spans[i].begin, std::min(at, spans[i].end));
      at = spans[i].end;
    }
    if (!spans.empty()) {
      EXPECT_EQ(at, text.size());
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, TokenizerJsonGolden, testing::Values("bpe_llama3", "bpe_qwen2", "llama2_as_json"));

}  // namespace
}  // namespace hone::tokenizer
