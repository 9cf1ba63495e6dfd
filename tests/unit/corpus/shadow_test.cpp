#include "corpus/shadow.h"

#include <gtest/gtest.h>

#include <random>

#include "corpus/unicode.h"

namespace hone::corpus {
namespace {

TEST(Shadow, PlainTextIsItsOwnShadow) {
  const std::string text = "전화 010-1234-5678, mail a@b.kr — no: “quotes” … é 漢字 😀";
  EXPECT_TRUE(Shadow(text).differs());  // the dash
  const std::string plain = "전화 010-1234-5678 \"x\" é 漢字 ① ² ½ ㎏";
  const Shadow shadow(plain);
  EXPECT_FALSE(shadow.differs());
  EXPECT_EQ(shadow.text().data(), plain.data());
}

TEST(Shadow, WidthsFontsDashesAndHiddenCharactersAreFolded) {
  EXPECT_EQ(Shadow("０１０－１２３４–５６７８").text(), "010-1234-5678");
  EXPECT_EQ(Shadow("ｈｏｎｇ＠ｃｏｒｐ．ｃｏ．ｋｒ").text(), "hong@corp.co.kr");
  EXPECT_EQ(Shadow("0\u200B1\u20600 1\u00AD2").text(), "010 12");
  EXPECT_EQ(Shadow("𝟎𝟏𝟎 ٣٤ 010·12·3").text(), "010 34 010.12.3");
  EXPECT_EQ(Shadow("가·나 ①②010").text(), "가·나 ①②010");
  EXPECT_EQ(Shadow("\u1112\u1161\u11AB\u1100\u1173\u11AF e\u0301").text(), "한글 é");
  EXPECT_EQ(Shadow("a\u00A0b\u3000c\u2028d").text(), "a b c\nd");
}

TEST(Shadow, RangesLeadBackToWholeCharacters) {
  const std::string text = "메일 ｈ\u200Bi@x, 끝";
  const Shadow shadow(text);
  const size_t at = shadow.text().find("hi@x");
  ASSERT_NE(at, std::string::npos);
  const auto [begin, end] = shadow.source_range(at, at + 4);
  EXPECT_EQ(text.substr(begin, end - begin), "ｈ\u200Bi@x");
}

TEST(Shadow, EveryByteComesFromTheCharactersItIsMappedTo) {
  std::mt19937_64 engine(7);
  const std::u32string pool = U"a1-. 가힣ｈ７－＠\u200B\u2060\u00AD\u2013\u1112\u1161\u11AB\u0301é·😀\U000E0041𝟎٣\u3000\nㅡ漢①\uFEFF";
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    for (int i = 0; i < 24; ++i) append_code_point(text, pool[engine() % pool.size()]);
    const Shadow shadow(text);
    ASSERT_TRUE(is_valid_utf8(shadow.text()));
    size_t previous_end = 0;
    for (size_t i = 0; i < shadow.text().size();) {
      const size_t at = i;
      next_code_point(shadow.text(), i);
      const auto [begin, end] = shadow.source_range(at, i);
      ASSERT_LT(begin, end);
      ASSERT_LE(end, text.size());
      ASSERT_TRUE(is_valid_utf8(std::string_view{text}.substr(begin, end - begin)));
      // The stretch alone folds to something that holds the character: nothing comes from elsewhere.
      const std::string stretch = text.substr(begin, end - begin);
      const std::string_view character = shadow.text().substr(at, i - at);
      if (character != ".") {
        ASSERT_NE(Shadow(stretch).text().find(character), std::string_view::npos) << stretch;
      }
      ASSERT_GE(end, previous_end);
      previous_end = end;
    }
  }
}

}  // namespace
}  // namespace hone::corpus
