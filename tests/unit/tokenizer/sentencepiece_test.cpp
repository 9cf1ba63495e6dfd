// Ids, pieces and text against the command-line tools of SentencePiece; streaming against decoding at once.
#include <sentencepiece_processor.h>

#include <gtest/gtest.h>

#include "base/error.h"
#include "base/random.h"
#include "tokenizer/stream_decoder.h"
#include "unit/tokenizer/vocabularies.h"

namespace hone::tokenizer {
namespace {

class SentencePiece : public testing::TestWithParam<std::string> {
 protected:
  std::unique_ptr<Tokenizer> tokenizer_ = test::load(GetParam());
};

std::string streamed(const Tokenizer& tokenizer, const std::vector<int32_t>& ids) {
  StreamDecoder stream(tokenizer);
  std::string text;
  for (const int32_t id : ids) text += stream.add(id);
  return text + stream.finish();
}

std::vector<int32_t> random_ids(const Tokenizer& tokenizer, base::RandomStream& random) {
  std::vector<int32_t> ids(random.below(12));
  for (int32_t& id : ids)
    id = static_cast<int32_t>(random.below(static_cast<uint64_t>(tokenizer.vocabulary_size())));
  return ids;
}

TEST_P(SentencePiece, SaysWhatTheCommandLineToolsSay) {
  const auto cases = test::json_lines(test::vocabulary(GetParam() + ".expected.jsonl"));
  ASSERT_GT(cases.size(), 20U);
  for (const auto& line : cases) {
    const std::string text = line.at("text");
    SCOPED_TRACE(text);
    EXPECT_EQ(tokenizer_->encode(text), line.at("ids").get<std::vector<int32_t>>());
    EXPECT_EQ(tokenizer_->encode_pieces(text), line.at("pieces").get<std::vector<std::string>>());
    EXPECT_EQ(tokenizer_->decode(tokenizer_->encode(text)), line.at("decode").get<std::string>());
  }
}

TEST_P(SentencePiece, BordersFollowEachOtherThroughTheText) {
  for (const auto& line : test::json_lines(test::vocabulary(GetParam() + ".expected.jsonl"))) {
    const std::string text = line.at("text");
    SCOPED_TRACE(text);
    uint64_t at = 0;
    for (const TokenSpan& span : tokenizer_->encode_spans(text)) {
      EXPECT_EQ(span.begin, at);
      EXPECT_GE(span.end, span.begin);
      at = span.end;
    }
    EXPECT_EQ(at, text.size());
  }
}

TEST_P(SentencePiece, StreamedTextIsTheTextDecodedAtOnce) {
  base::RandomStream random(1, "ids of a stream");
  for (int i = 0; i < 5000; ++i) {
    const auto ids = random_ids(*tokenizer_, random);
    SCOPED_TRACE(testing::PrintToString(ids));
    EXPECT_EQ(streamed(*tokenizer_, ids), tokenizer_->decode(ids));
  }
}

TEST_P(SentencePiece, BytesThatOnlyLookLikeACharacterAreStreamedAsDecoded) {
  std::vector<int32_t> byte_ids(256, -1);
  for (int32_t id = 0; id < tokenizer_->vocabulary_size(); ++id)
    if (tokenizer_->kind(id) == PieceKind::byte)
      byte_ids[static_cast<unsigned char>(tokenizer_->surface(id)[0])] = id;
  if (byte_ids[0] < 0) return;  // a vocabulary without bytes
  // A surrogate, overlong forms, beyond U+10FFFF, and cut characters in front of sound ones.
  for (const std::string bytes :
       {"\xED\xA0\x80", "\xC0\x80", "\xE0\x80\x80", "\xF0\x80\x80\x80", "\xF4\x90\x80\x80",
        "\xF5\x80\x80\x80", "\xEA\xB0", "\xEA\xB0\xEA\xB0\x80", "\xF0\x9F\x98\xEA\xB0\x80", "\x80\x80"}) {
    std::vector<int32_t> ids;
    for (const char byte : bytes) ids.push_back(byte_ids[static_cast<unsigned char>(byte)]);
    EXPECT_EQ(streamed(*tokenizer_, ids), tokenizer_->decode(ids)) << testing::PrintToString(bytes);
  }
}

TEST_P(SentencePiece, StreamNeverHoldsBackAWholeCharacter) {
  const std::string text = "백업은 뷁쐛 👩‍👩‍👧‍👦 é";
  StreamDecoder stream(*tokenizer_);
  std::string shown;
  for (const int32_t id : tokenizer_->encode(text)) {
    const std::string more = stream.add(id);
    EXPECT_EQ(more.find("\xEF\xBF\xBD"), more.npos) << "half a character was shown";
    shown += more;
  }
  EXPECT_EQ(stream.finish(), "");
  if (GetParam() != "plain") {
    EXPECT_EQ(shown, text);
  }
}

TEST_P(SentencePiece, AContinuationKeepsItsFirstSpace) {
  const auto ids = tokenizer_->encode("every night");
  StreamDecoder stream(*tokenizer_, StreamDecoder::Start::inside);
  std::string text;
  for (const int32_t id : ids) text += stream.add(id);
  EXPECT_EQ(text + stream.finish(), " every night");
}

TEST_P(SentencePiece, SpecialTokensAreNeverMadeFromText) {
  for (const int32_t id : tokenizer_->encode("<s> a </s> <unk> <pad> <0x0A>"))
    EXPECT_NE(tokenizer_->kind(id), PieceKind::control);
  EXPECT_EQ(tokenizer_->bos_id(), 1);
  EXPECT_EQ(tokenizer_->eos_id(), 2);
  EXPECT_EQ(tokenizer_->kind(1), PieceKind::control);
  EXPECT_EQ(tokenizer_->pad_id(), GetParam() == "unigram" ? 3 : -1);
}

TEST_P(SentencePiece, AnIdOutsideTheVocabularyIsAnErrorOfTheData) {
  for (const int32_t id : {-1, tokenizer_->vocabulary_size(), INT32_MAX, INT32_MIN}) {
    const std::vector<int32_t> ids = {1, id};
    EXPECT_THROW(tokenizer_->decode(ids), Error);
    EXPECT_THROW(tokenizer_->piece(id), Error);
    EXPECT_THROW(StreamDecoder(*tokenizer_).add(id), Error);
  }
}

TEST_P(SentencePiece, AnyBytesCanBeEncoded) {
  base::RandomStream random(2, "hostile text");
  for (int i = 0; i < 500; ++i) {
    std::string text(random.below(64), '\0');
    for (char& c : text) c = static_cast<char>(random.below(256));
    for (const int32_t id : tokenizer_->encode(text)) {
      ASSERT_GE(id, 0);
      ASSERT_LT(id, tokenizer_->vocabulary_size());
    }
    tokenizer_->encode_spans(text);
  }
}

std::string long_text(size_t bytes, bool with_line_breaks) {
  base::RandomStream random(6, "long text");
  const std::vector<std::string> words = {"The ", "backup", " runs", "백업은 ", "매일", " 밤",
                                          "  ",   "뷁",     "12",    ".",       "-",    "every"};
  std::string text;
  while (text.size() < bytes) {
    text += words[random.below(words.size())];
    if (with_line_breaks && random.below(20) == 0) text += random.below(4) == 0 ? "\n\n" : "\n";
  }
  return text;
}

TEST_P(SentencePiece, LongTextsAreEncodedInPartsWithTheSameIds) {
  sentencepiece::SentencePieceProcessor whole;
  ASSERT_TRUE(whole.Load(test::vocabulary(GetParam() + ".model").string()).ok());
  for (const bool with_line_breaks : {true, false}) {
    const std::string text = long_text(300'000, with_line_breaks);
    const auto ids = tokenizer_->encode(text);
    std::vector<int> expected;
    ASSERT_TRUE(whole.Encode(text, &expected).ok());
    if (GetParam() != "unigram" || !with_line_breaks) {
      EXPECT_EQ(ids, expected);
    } else {  // the library's sums over the whole text are coarser: almost all choices are the same, none is
              // lost
      EXPECT_NEAR(static_cast<double>(ids.size()), static_cast<double>(expected.size()),
                  1e-3 * static_cast<double>(ids.size()));
      EXPECT_EQ(tokenizer_->decode(ids), text);
    }
    std::vector<int32_t> of_spans;
    uint64_t at = 0;
    for (const TokenSpan& span : tokenizer_->encode_spans(text)) {
      ASSERT_EQ(span.begin, at);
      at = span.end;
      of_spans.push_back(span.id);
    }
    EXPECT_EQ(at, text.size());
    EXPECT_EQ(of_spans, ids);
    EXPECT_EQ(tokenizer_->encode_pieces(text).size(), ids.size());
  }
}

INSTANTIATE_TEST_SUITE_P(Fixtures, SentencePiece, testing::Values("unigram", "bpe", "plain"),
                         [](const auto& name) { return name.param; });

}  // namespace
}  // namespace hone::tokenizer
