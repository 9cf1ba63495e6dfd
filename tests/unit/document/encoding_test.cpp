#include "document/encoding.h"

#include <gtest/gtest.h>

#include <string>

#include "document/korean.h"
#include "reading.h"

namespace hone::document {
namespace {

constexpr const char* kKorean =
    "유구한 역사와 전통에 빛나는 우리 대한국민은 3·1운동으로 건립된 대한민국임시정부의 법통을 계승하고,\n"
    "조국의 민주개혁과 평화적 통일의 사명에 입각하여 정의·인도와 동포애로써 민족의 단결을 공고히 하며\n";
constexpr const char* kShortKorean = "안녕하세요";
constexpr const char* kRussian =
    "Съешь же ещё этих мягких французских булок, да выпей чаю. Быстрая лиса прыгает через собаку.\n";
constexpr const char* kJapanese =
    "吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。何でも薄暗いじめじめした所で泣いていた"
    "。\n";

void expect_read(const std::string& bytes, const std::string& text, const std::string& encoding) {
  const auto decoded = to_utf8(bytes);
  ASSERT_TRUE(decoded.has_value()) << encoding;
  EXPECT_EQ(decoded->text, text);
  EXPECT_EQ(decoded->encoding, encoding);
}

TEST(Encoding, Utf8IsLeftAloneAndAMarkIsTakenOff) {
  expect_read(kKorean, kKorean, "utf-8");
  expect_read(std::string("\xEF\xBB\xBF") + kKorean, kKorean, "utf-8");
  expect_read("plain", "plain", "utf-8");
}

TEST(Encoding, Utf16IsReadWithAndWithoutAMark) {
  for (const char* text : {kKorean, "plain English text of one line\n"}) {
    expect_read(encoded(text, "UTF-16LE"), text, "utf-16le");
    expect_read(encoded(text, "UTF-16BE"), text, "utf-16be");
    expect_read("\xFF\xFE" + encoded(text, "UTF-16LE"), text, "utf-16le");
    expect_read("\xFE\xFF" + encoded(text, "UTF-16BE"), text, "utf-16be");
  }
  expect_read(std::string("\xFF\xFE\0\0", 4) + encoded(kKorean, "UTF-32LE"), kKorean, "utf-32le");
}

TEST(Encoding, KoreanLegacyTextIsToldApart) {
  expect_read(encoded(kKorean, "UHC"), kKorean, "cp949");
  expect_read(encoded(kKorean, "JOHAB"), kKorean, "johab");
  expect_read(encoded(kShortKorean, "UHC"), kShortKorean, "cp949");
  expect_read(encoded(kShortKorean, "JOHAB"), kShortKorean, "johab");
}

TEST(Encoding, SyllablesBeyondEucKrAreRead) {
  const std::string text = std::string(kKorean) + "똠방각하 펲시콜라 햏 뷁";  // only in CP949
  expect_read(encoded(text, "UHC"), text, "cp949");
}

TEST(Encoding, SevenBitKoreanIsKnownByItsEscapes) {
  expect_read("\x1b$)C" +
                  std::string("\x0e"
                              "0!"
                              "\x0f") +
                  " abc",
              "가 abc", "iso-2022-kr");
}

TEST(Encoding, OtherScriptsAreNotTakenForKorean) {
  expect_read(encoded(kRussian, "WINDOWS-1251"), kRussian, "windows-1251");
  expect_read(encoded(kJapanese, "SHIFT_JIS"), kJapanese, "shift_jis");
  expect_read(encoded(kJapanese, "EUC-JP"), kJapanese, "euc-jp");
}

TEST(Encoding, WesternTextIsWindows1252) {
  expect_read("Caf\xE9 cr\xE8me, na\xEFve \x93quoted\x94 \x96 5 \x80\n", "Café crème, naïve “quoted” – 5 €\n",
              "windows-1252");
}

TEST(Encoding, ADamagedUtf8TextIsStillUtf8) {
  std::string text;
  for (int i = 0; i < 20; ++i) text += kKorean;
  std::string damaged = text;
  damaged[damaged.size() / 2] = '\xFF';
  const auto decoded = to_utf8(damaged);
  ASSERT_TRUE(decoded.has_value());
  EXPECT_EQ(decoded->encoding, "utf-8");
  EXPECT_NE(decoded->text.find("\xEF\xBF\xBD"), std::string::npos);
  EXPECT_GT(decoded->text.size(), text.size() - 8);
}

TEST(Encoding, ADeclaredCharsetCountsWhenTheBytesFitIt) {
  EXPECT_EQ(to_utf8("\xC0\xC1\xC2", "iso-8859-7")->text, "ΐΑΒ");
  EXPECT_EQ(to_utf8(kKorean, "euc-kr")->encoding, "utf-8");  // valid UTF-8 is no accident
  EXPECT_EQ(to_utf8(encoded(kKorean, "UHC"), "ks_c_5601-1987")->text, kKorean);
  EXPECT_EQ(to_utf8(encoded(kKorean, "UHC"), "utf-8")->text, kKorean);
  EXPECT_EQ(to_utf8(encoded(kKorean, "UHC"), "no-such-charset")->text, kKorean);
}

TEST(Encoding, BinaryBytesAreNoText) {
  EXPECT_FALSE(to_utf8(std::string("\0\1\2\3\4\5\6\7\xFF\xFE\0\0\1\2", 14)).has_value());
  EXPECT_FALSE(to_utf8(std::string(1000, '\0')).has_value());
}

TEST(Encoding, NothingIsNormalised) {
  const std::string decomposed = "\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB e\xCC\x81 \xE2\x80\x8B";
  expect_read(decomposed, decomposed, "utf-8");
}

TEST(Encoding, LineEndsBecomeOneKind) {
  std::string text = "a\r\nb\rc\n\r\n\r";
  unify_line_ends(text);
  EXPECT_EQ(text, "a\nb\nc\n\n\n");
}

TEST(Encoding, CommonSyllablesTellReadingsApart) {
  EXPECT_GT(common_syllable_share(kKorean), 0.8);
  EXPECT_LT(common_syllable_share("뷁햏똠펲"), 0.1);
  EXPECT_EQ(common_syllable_share("no Hangul"), 0);
}

}  // namespace
}  // namespace hone::document
