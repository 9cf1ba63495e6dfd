// Ids, pieces, normalised text and decoding against the figures of sentencepiece 0.2.3 in golden/tokenizers.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/json_file.h"
#include "base/lines.h"
#include "support/shared.h"
#include "tokenizer/stream_decoder.h"
#include "tokenizer/tokenizer.h"

namespace hone::tokenizer {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::vector<json> read_lines(const fs::path& path) {
  std::vector<json> lines;
  base::LineReader reader(path);
  while (const auto line = reader.next()) lines.push_back(base::parse_json(*line, path.string()));
  return lines;
}

class SentencePieceGolden : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    const auto golden = test::golden();
    if (!golden) GTEST_SKIP() << "SentencePiece figures: no golden folder, set HONE_GOLDEN";
    folder_ = *golden / "tokenizers";
    if (!fs::exists(folder_ / (GetParam() + ".model")))
      GTEST_SKIP() << folder_ / (GetParam() + ".model") << " is absent";
    tokenizer_ = load_tokenizer(folder_ / (GetParam() + ".model"));
  }

  /// The normalised text: what the pieces say, bytes as bytes.
  std::string normalised(const std::vector<int32_t>& ids, const std::vector<std::string>& pieces) const {
    std::string text;
    for (size_t i = 0; i < ids.size(); ++i)
      text += tokenizer_->kind(ids[i]) == PieceKind::byte ? tokenizer_->surface(ids[i]) : pieces[i];
    return text;
  }

  fs::path folder_;
  std::unique_ptr<Tokenizer> tokenizer_;
};

TEST_P(SentencePieceGolden, IdsPiecesAndTextAreEqual) {
  const auto texts = read_lines(folder_ / "texts.jsonl");
  const auto expected = read_lines(folder_ / (GetParam() + ".expected.jsonl"));
  ASSERT_EQ(texts.size(), expected.size());
  ASSERT_GT(texts.size(), 0U);
  for (size_t i = 0; i < texts.size(); ++i) {
    const std::string text = texts[i].at("text");
    SCOPED_TRACE(texts[i].at("id").dump() + " " + text.substr(0, 60));
    const auto ids = tokenizer_->encode(text);
    EXPECT_EQ(ids, expected[i].at("ids").get<std::vector<int32_t>>());
    const auto pieces = tokenizer_->encode_pieces(text);
    EXPECT_EQ(pieces, expected[i].at("pieces").get<std::vector<std::string>>());
    ASSERT_EQ(ids.size(), pieces.size());
    EXPECT_EQ(normalised(ids, pieces), expected[i].at("normalized").get<std::string>());
    EXPECT_EQ(tokenizer_->decode(ids), expected[i].at("decode").get<std::string>());
  }
}

TEST_P(SentencePieceGolden, BordersCoverTheTextInOrder) {
  for (const json& line : read_lines(folder_ / "texts.jsonl")) {
    const std::string text = line.at("text");
    const auto spans = tokenizer_->encode_spans(text);
    std::vector<int32_t> ids;
    uint64_t at = 0;
    for (const TokenSpan& span : spans) {
      ids.push_back(span.id);
      EXPECT_GE(span.begin, at);
      EXPECT_GE(span.end, span.begin);
      at = span.end;
    }
    EXPECT_LE(at, text.size());
    EXPECT_EQ(ids, tokenizer_->encode(text));
  }
}

TEST_P(SentencePieceGolden, AnyIdsDecodeToTheSameTextBrokenBytesIncluded) {
  const auto cases = read_lines(folder_ / (GetParam() + ".decode.jsonl"));
  ASSERT_GT(cases.size(), 0U);
  for (const json& line : cases) {
    const std::vector<int32_t> ids = line.at("ids");
    SCOPED_TRACE(line.at("ids").dump());
    EXPECT_EQ(tokenizer_->decode(ids), line.at("decode").get<std::string>());
    StreamDecoder stream(*tokenizer_);
    std::string text;
    for (const int32_t id : ids) text += stream.add(id);
    EXPECT_EQ(text + stream.finish(), line.at("decode").get<std::string>()) << "streamed";
  }
}

INSTANTIATE_TEST_SUITE_P(All, SentencePieceGolden, testing::Values("spm_unigram", "spm_bpe"),
                         [](const auto& model) { return model.param; });

}  // namespace
}  // namespace hone::tokenizer
