// Learning a vocabulary: what it must contain, that it is the same every time, and what is said when it
// cannot be done.
#include "tokenizer/train.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/error.h"
#include "base/files.h"
#include "tokenizer/training_sample.h"
#include "unit/tokenizer/vocabularies.h"

namespace hone::tokenizer {
namespace {

using hone::test::TempDir;
using recipe::TokenizerTrainingOptions;
using recipe::VocabularyType;
using testing::AllOf;
using testing::HasSubstr;

std::function<std::optional<std::string>()> once(std::vector<std::string> texts) {
  return [texts = std::move(texts), next = size_t{0}]() mutable -> std::optional<std::string> {
    if (next == texts.size()) return std::nullopt;
    return texts[next++];
  };
}

std::string training_text() { return base::read_file(test::vocabulary("training.txt")); }

std::string refusal(const TokenizerTrainingOptions& options, const std::string& text, ExitCode code) {
  const TempDir folder;
  try {
    train_sentencepiece(options, 0, once({text}), folder / "tokenizer.model");
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code) << error.what();
    EXPECT_FALSE(std::filesystem::exists(folder / "tokenizer.model"));
    return error.what();
  }
  ADD_FAILURE() << "a vocabulary was made";
  return {};
}

class TrainTokenizer : public testing::TestWithParam<VocabularyType> {
 protected:
  TokenizerTrainingOptions options_{.model_type = GetParam(), .vocab_size = 480};
  TempDir folder_;
  std::filesystem::path file_ = folder_ / "tokenizer.model";
};

TEST_P(TrainTokenizer, TextComesBackAsItWas) {
  EXPECT_EQ(train_sentencepiece(options_, 0, once({training_text()}), file_).vocabulary_size, 480);
  const auto tokenizer = load_tokenizer(file_);
  const std::vector<std::string> texts = {training_text(),
                                          "  two  spaces \n\n\tand tabs \r\n",
                                          "뷁 👩‍👩‍👧‍👦 é e\u0301 中文",
                                          " ",
                                          "",
                                          "x\ny",
                                          "１２ ﬁ ①"};
  for (const std::string& text : texts) EXPECT_EQ(tokenizer->decode(tokenizer->encode(text)), text);
}

TEST_P(TrainTokenizer, SpecialTokensHaveTheirIds) {
  train_sentencepiece(options_, 0, once({training_text()}), file_);
  const auto tokenizer = load_tokenizer(file_);
  EXPECT_EQ(tokenizer->unk_id(), 0);
  EXPECT_EQ(tokenizer->bos_id(), 1);
  EXPECT_EQ(tokenizer->eos_id(), 2);
  EXPECT_EQ(tokenizer->pad_id(), 3);
  EXPECT_EQ(tokenizer->vocabulary_size(), 480);
}

TEST_P(TrainTokenizer, SameTextSameBytes) {
  const auto second = folder_ / "second.model";
  train_sentencepiece(options_, 0, once({training_text()}), file_);
  train_sentencepiece(options_, 0, once({training_text()}), second);
  EXPECT_EQ(base::read_file(file_), base::read_file(second));
}

TEST_P(TrainTokenizer, DigitsStandAloneAndSymbolsStayWhole) {
  options_.user_defined_symbols = {"<|term|>", "a,b", "say \"hi\"", "백업은"};
  std::string text = training_text();
  for (int i = 0; i < 300; ++i) text += " 2026" + std::string(1, static_cast<char>('a' + i % 26));
  train_sentencepiece(options_, 0, once({text}), file_);
  const auto tokenizer = load_tokenizer(file_);
  for (const std::string& symbol : options_.user_defined_symbols) {
    const auto ids = tokenizer->encode("x" + symbol + "x");
    EXPECT_TRUE(std::any_of(ids.begin(), ids.end(), [&](int32_t id) {
      return tokenizer->kind(id) == PieceKind::user_defined && tokenizer->decode(std::vector{id}) == symbol;
    })) << symbol;
  }
  for (int32_t id = 0; id < tokenizer->vocabulary_size(); ++id) {
    const std::string piece = tokenizer->piece(id);
    if (tokenizer->kind(id) != PieceKind::normal) continue;
    EXPECT_LE(std::count_if(piece.begin(), piece.end(), [](char c) { return c >= '0' && c <= '9'; }), 1)
        << piece;
  }
}

TEST_P(TrainTokenizer, WithoutByteFallbackLineBreaksSurvive) {
  options_.byte_fallback = false;
  options_.vocab_size = 300;
  train_sentencepiece(options_, 0, once({training_text()}), file_);
  const auto tokenizer = load_tokenizer(file_);
  EXPECT_EQ(tokenizer->decode(tokenizer->encode("The backup\n\n\truns")), "The backup\n\n\truns");
}

TEST_P(TrainTokenizer, TooLargeAVocabularyIsAnsweredWithTheLargestThatWorks) {
  options_.vocab_size = 100'000;
  const std::string message = refusal(options_, training_text(), ExitCode::usage);
  EXPECT_THAT(message,
              AllOf(HasSubstr("tokenizer.train.vocab_size"), HasSubstr("largest possible size is ")));
  options_.vocab_size = std::stoll(message.substr(message.find("size is ") + 8));
  EXPECT_EQ(train_sentencepiece(options_, 0, once({training_text()}), file_).vocabulary_size,
            options_.vocab_size);
}

TEST_P(TrainTokenizer, TooSmallAVocabularyIsAnsweredWithWhatItNeeds) {
  options_.vocab_size = 300;
  EXPECT_THAT(refusal(options_, training_text(), ExitCode::usage),
              AllOf(HasSubstr("too few"), HasSubstr("set vocab_size above")));
  options_.vocab_size = 260;
  EXPECT_THAT(refusal(options_, training_text(), ExitCode::usage), HasSubstr("leave no room"));
}

TEST_P(TrainTokenizer, NoTextIsSaidPlainly) {
  for (const char* text : {"", "\n\n\r\n"})
    EXPECT_THAT(refusal(options_, text, ExitCode::data), HasSubstr("no text to learn"));
}

TEST_P(TrainTokenizer, AnyBytesAreSurvived) {
  std::string text;
  for (int i = 0; i < 40'000; ++i) text += static_cast<char>((i * 7919 + i / 256) % 256);
  try {
    train_sentencepiece(options_, 0, once({text, training_text()}), file_);
    load_tokenizer(file_);
  } catch (const Error& error) {
    EXPECT_NE(error.code(), ExitCode::internal) << error.what();
  }
}

TEST_P(TrainTokenizer, UnusableSymbolsAreNamed) {
  const std::vector<std::vector<std::string>> cases = {
      {""}, {"<s>"}, {"x", "x"}, {"<0x0A>"}, {std::string("a\0b", 3)}};
  for (const auto& symbols : cases) {
    options_.user_defined_symbols = symbols;
    EXPECT_THAT(refusal(options_, training_text(), ExitCode::usage), HasSubstr("user_defined_symbols"));
  }
}

TEST_P(TrainTokenizer, PiecesNeverCrossALineAndLineStartsNeedNoSpace) {
  options_.vocab_size = 560;
  std::string text = training_text();
  for (int i = 0; i < 200; ++i)
    text += "Warning" + std::string(1, static_cast<char>('a' + i % 26)) + "\tCaution\r\n";
  train_sentencepiece(options_, 0, once({text}), file_);
  const auto tokenizer = load_tokenizer(file_);
  for (int32_t id = 0; id < tokenizer->vocabulary_size(); ++id) {
    if (tokenizer->kind(id) == PieceKind::byte) continue;
    EXPECT_EQ(tokenizer->piece(id).find_first_of("\n\r\t"), std::string::npos) << tokenizer->piece(id);
  }
  const auto pieces = tokenizer->encode_pieces("x\nWarning\n");
  EXPECT_NE(std::find(pieces.begin(), pieces.end(), "Warning"), pieces.end())
      << testing::PrintToString(pieces);
}

INSTANTIATE_TEST_SUITE_P(Both, TrainTokenizer, testing::Values(VocabularyType::unigram, VocabularyType::bpe),
                         [](const auto& type) {
                           return type.param == VocabularyType::unigram ? "unigram" : "bpe";
                         });

TEST(TrainingSample, KeepsWhatFitsAndThinsEvenly) {
  TrainingSample sample(400'000, 1);
  for (int i = 0; i < 2000; ++i) sample.add(std::string(2000, i < 1000 ? 'a' : 'b'));
  EXPECT_EQ(sample.bytes_seen(), 4'000'000U);
  EXPECT_LE(sample.bytes_kept(), 400'000U);
  const auto chunks = sample.chunks();
  EXPECT_EQ(chunks.size(), 200U);
  const auto first =
      std::count_if(chunks.begin(), chunks.end(), [](const std::string& chunk) { return chunk[0] == 'a'; });
  EXPECT_NEAR(static_cast<double>(first), 100, 35);  // five standard deviations
  EXPECT_TRUE(std::is_sorted(chunks.begin(), chunks.end())) << "in the order of the corpus";
}

TEST(TrainingSample, CutsWithoutLosingOrBreakingAnything) {
  std::string korean, spaced, lines;
  for (int i = 0; i < 10'000; ++i) korean += "가나다";
  for (int i = 0; i < 10'000; ++i) spaced += "word ";
  for (int i = 0; i < 2'000; ++i) lines += "a line of words\n";
  for (const std::string& text : {korean, spaced, lines, std::string(20'000, 'x'), std::string(20'000, ' '),
                                  std::string(20'000, '\x80')}) {
    TrainingSample sample(UINT64_MAX, 1);
    sample.add(text);
    std::string together;
    for (const std::string& chunk : sample.chunks()) {
      EXPECT_LE(chunk.size(), 4096U);
      if (text == korean) {
        EXPECT_EQ(chunk.size() % 3, 0U) << "a character was cut";
      }
      if (text == lines) {
        EXPECT_EQ(chunk.back(), '\t') << "a line was cut";
      }
      together += chunk;
    }
    std::replace(together.begin(), together.end(), '\t', '\n');
    EXPECT_EQ(together, text);
  }
}

}  // namespace
}  // namespace hone::tokenizer
