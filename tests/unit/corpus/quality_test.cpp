#include "corpus/rules/quality.h"

#include <gtest/gtest.h>

#include <functional>
#include <random>

#include "corpus/unicode.h"
#include "document/document.h"

namespace hone::corpus {
namespace {

Outcome judged(const std::string& text, recipe::QualityOptions options = {}) {
  const document::Document document;
  const Language language;
  return Quality(options).judge({text, text, document, language, 0});
}

std::string drawn(size_t count, std::u32string_view alphabet, uint32_t seed, int space_every, int line_every = 0) {
  std::mt19937 random(seed);
  std::string text;
  for (size_t i = 0; i < count; ++i) {
    append_code_point(text, alphabet[random() % alphabet.size()]);
    if (space_every > 0 && random() % static_cast<uint32_t>(space_every) == 0) text += ' ';
    if (line_every > 0 && i % static_cast<size_t>(line_every) == static_cast<size_t>(line_every) - 1) text += '\n';
  }
  return text;
}

const std::u32string kLower = U"abcdefghijklmnopqrstuvwxyz";
const std::u32string kBase64 = U"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

const std::string kEnglish =
    "The service reads its settings when it starts. If the file is missing, it writes one with the default values and says so in "
    "the log. Later changes are picked up within a minute; there is no need to restart anything. Values that make no sense are "
    "refused with the line they stand on, and the old ones stay in force until somebody corrects them.";
const std::string kKorean =
    "서비스는 시작할 때 설정 파일을 읽는다. 파일이 없으면 기본값으로 새 파일을 만들고 기록에 남긴다. 나중에 바뀐 값은 일 분 안에 반영되므로 다시 시작할 필요가 없다. "
    "말이 되지 않는 값은 어느 줄에 있는지 알려 주며 받아들이지 않고, 고칠 때까지 이전 값을 그대로 쓴다.";

TEST(Quality, OrdinaryTextStays) {
  EXPECT_EQ(judged(kEnglish).reason, "");
  EXPECT_EQ(judged(kKorean).reason, "");
  EXPECT_EQ(judged(kKorean + "\n" + kEnglish).reason, "");
  EXPECT_EQ(judged("짧지만 뜻이 있는 한국어 문장이라서 이것은 그대로 남아야 한다.").reason, "");
  EXPECT_EQ(judged("| Version | Date | Size |\n| --- | --- | --- |\n| one | May | large |\n| two | June | small |\n" + kEnglish).reason, "");
  EXPECT_EQ(judged("1. Check the power.\n2. Check the cable.\n3. Check the settings.\n4. Check the rights.\n5. Check the log.\n6. Check the backup.\n").reason, "");
  EXPECT_EQ(judged("ㅋㅋㅋㅋ ㅎㅎㅎ 정말 재미있는 이야기였습니다. " + kKorean).reason, "");
}

TEST(Quality, KeysAndAddressesDoNotCondemnTheTextAroundThem) {
  const std::string key = drawn(640, kBase64, 4, 0, 64);
  EXPECT_EQ(judged(kEnglish + "\n" + key + kEnglish + kEnglish).reason, "");
  EXPECT_EQ(judged(kKorean + kKorean + "\n" + key).reason, "");
}

TEST(Quality, WhatIsNoLanguageGoes) {
  std::u32string syllables, jamo, signs;
  for (char32_t c = 0xAC00; c <= 0xD7A3; ++c) syllables += c;
  for (char32_t c = 0x3131; c <= 0x3163; ++c) jamo += c;
  for (char32_t c = 0x21; c < 0x7F; ++c) {
    if (!std::isalnum(static_cast<int>(c))) signs += c;
  }
  const std::vector<std::pair<const char*, std::function<std::string(uint32_t)>>> forms = {
      {"random letters", [](uint32_t s) { return drawn(900, kLower, s, 6); }},
      {"keyboard rows", [](uint32_t s) { return drawn(600, U"asdfjkl;qweruiop", s, 0, 17); }},
      {"base64", [](uint32_t s) { return drawn(900, kBase64, s, 0, 76); }},
      {"short base64 lines", [](uint32_t s) { return drawn(900, kBase64, s, 0, 32); }},
      {"hexadecimal", [](uint32_t s) { return drawn(900, U"0123456789abcdef", s, 0, 64); }},
      {"hexadecimal pairs", [](uint32_t s) { return drawn(900, U"0123456789ABCDEF", s, 3); }},
      {"random syllables", [&](uint32_t s) { return drawn(500, syllables, s, 3); }},
      {"random jamo", [&](uint32_t s) { return drawn(500, jamo, s, 4); }},
      {"signs", [&](uint32_t s) { return drawn(900, signs, s, 9); }},
      {"digits", [](uint32_t s) { return drawn(900, U"0123456789", s, 5); }},
      {"upper case", [](uint32_t s) { return drawn(900, U"ABCDEFGHIJKLMNOPQRSTUVWXYZ", s, 7); }},
  };
  for (const auto& [name, make] : forms) {
    for (uint32_t seed = 1; seed <= 20; ++seed) EXPECT_EQ(judged(make(seed)).verdict, Verdict::drop) << name << ": " << make(seed).substr(0, 60);
  }
}

TEST(Quality, MinifiedCodeGoes) {
  std::string script = "!function(e,t){\"object\"==typeof exports?module.exports=t():e.lib=t()}(this,function(){";
  for (int i = 0; i < 30; ++i) script += "var n=e[" + std::to_string(i) + "];if(!n||n.r<t.q){return\"use strict\",void 0!==n?n.call(t,e):null}";
  EXPECT_EQ(judged(script).reason, "long_words");
  std::string style;
  for (int i = 0; i < 40; ++i) style += ".c" + std::to_string(i) + "{margin:0;padding:" + std::to_string(i) + "px;color:#fff}.a>b{display:none}";
  EXPECT_EQ(judged(style).verdict, Verdict::drop);
}

TEST(Quality, BadRecognitionGoes) {
  std::mt19937 random(5);
  std::string english, korean;
  for (const char c : kEnglish + kEnglish) {
    static const std::string kFrom = "oiselat", kTo = "0|5c1@+";
    const size_t at = kFrom.find(c);
    english += at != std::string::npos && random() % 2 == 0 ? kTo[at] : c;
  }
  EXPECT_EQ(judged(english).reason, "broken_words");
  const std::string korean_text = kKorean + kKorean;
  for (size_t i = 0; i < korean_text.size();) {
    const char32_t c = next_code_point(korean_text, i);
    const bool syllable = is_hangul_syllable(c) && random() % 8 == 0;
    append_code_point(korean, syllable ? U'ㄱ' + (c - 0xAC00) / 588 : c);
  }
  EXPECT_EQ(judged(korean).reason, "broken_words");
}

TEST(Quality, TheSameOverAndOverGoes) {
  std::string lines, phrase, sentences;
  for (int i = 0; i < 40; ++i) {
    lines += "Please contact the service desk for prices.\n";
    phrase += "가격 문의 ";
    sentences += i % 2 == 0 ? "This page was printed from the intranet. " : "Ask before you copy it, please. ";
  }
  EXPECT_EQ(judged(lines).reason, "repetitive");
  EXPECT_EQ(judged(phrase).reason, "repetitive");
  EXPECT_EQ(judged(sentences).reason, "repetitive");
}

TEST(Quality, ShortIsCountedWithHangulTwice) {
  EXPECT_EQ(judged("See attachment.").reason, "too_short");
  EXPECT_EQ(judged("(내용 없음)").reason, "too_short");
  EXPECT_EQ(judged("").reason, "too_short");
  EXPECT_EQ(judged("Turn the key.", {.min_characters = 10}).reason, "");
}

TEST(Quality, FindingsAreKeptWhateverTheVerdict) { EXPECT_GE(judged(kEnglish).findings.size(), 6U); }

}  // namespace
}  // namespace hone::corpus
