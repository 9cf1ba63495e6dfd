#include "corpus/rules/normalise.h"

#include <gtest/gtest.h>

#include <random>

#include "corpus/text_map.h"
#include "corpus/unicode.h"
#include "document/document.h"

namespace hone::corpus {
namespace {

TextMap normalised(const std::string& text) {
  const document::Document document;
  const Language language;
  TextMap map(text);
  Outcome outcome = Normalise().judge({text, text, document, language, 0});
  map.apply(std::move(outcome.edits), 0, Family::normalise);
  return map;
}

std::string utf8(const std::u32string& text) {
  std::string result;
  for (const char32_t c : text) append_code_point(result, c);
  return result;
}

void expect_untouched(const std::u32string& text) { EXPECT_EQ(normalised(utf8(text)).text(), utf8(text)); }

/// The characters that were reported as hidden.
std::u32string hidden_in(const std::u32string& text) {
  const TextMap map = normalised(utf8(text));
  std::u32string found;
  for (const TextMap::Span& span : map.spans()) {
    if (span.family != Family::hidden) continue;
    const std::string_view bytes = map.original_of(span);
    for (size_t i = 0; i < bytes.size();) found += next_code_point(bytes, i);
  }
  return found;
}

TEST(Normalise, EmojiSequencesStay) {
  expect_untouched(U"\U0001F468\u200D\U0001F469\u200D\U0001F467 family");
  expect_untouched(U"\U0001F469\U0001F3FD\u200D\U0001F4BB coder \u2764\uFE0F\u200D\U0001F525");
  expect_untouched(U"\U0001F3F3\uFE0F\u200D\U0001F308 \U0001F3F4\u200D\u2620\uFE0F 1\uFE0F\u20E3 \u00A9\uFE0F");
  expect_untouched(U"\U0001F3F4\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F England");
  expect_untouched(U"\U0001F1F0\U0001F1F7 \U0001F9D1\U0001F3FB\u200D\u2764\uFE0F\u200D\U0001F48B\u200D\U0001F9D1\U0001F3FF");
}

TEST(Normalise, JoinersOfArabicAndIndicScriptsStay) {
  expect_untouched(U"\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645");      // Persian: می‌خواهم
  expect_untouched(U"\u0915\u094D\u200D\u0937 \u0915\u094D\u200C\u0937");      // Devanagari, half and explicit forms
  expect_untouched(U"\u0DC1\u0DCA\u200D\u0DBB\u0DD3");                          // Sinhala: ශ්‍රී
  expect_untouched(U"\u0E2A\u0E27\u0E31\u0E2A\u200B\u0E14\u0E35");              // Thai with a word border
}

TEST(Normalise, HangulInEveryFormComesOutComposedAndWhole) {
  EXPECT_EQ(normalised(utf8(U"\u1112\u1161\u11AB\u1100\u1173\u11AF")).text(), "한글");
  expect_untouched(U"한글 \uB9D0 \u3131\u3134");
  expect_untouched(U"\u115F\u1161 \u1100\u1160 \u1100\u119E");  // old Hangul with fillers, and a vowel of its own
  EXPECT_EQ(hidden_in(U"\uC774\u3164\uB984\uFFA0"), U"\u3164\uFFA0");
}

TEST(Normalise, ZeroWidthCharactersInOrdinaryTextAreHidden) {
  EXPECT_EQ(hidden_in(U"dis\u200Btri\u200Cbu\u200Dtion\u2060s \uFEFFof \uBCC0\uACBD\u200C\uD55C\uB2E4"), U"\u200B\u200C\u200D\u2060\uFEFF\u200C");
  EXPECT_EQ(normalised(utf8(U"\uFEFFdis\u200Btri\u200Dbution")).text(), "distribution");
}

TEST(Normalise, TagsThatSpellNoFlagAreHidden) {
  const std::u32string message = U"\U000E0069\U000E0067\U000E006E\U000E006F\U000E0072\U000E0065";
  EXPECT_EQ(hidden_in(U"plain" + message + U" text"), message);
  EXPECT_EQ(hidden_in(U"\U0001F3F4" + message + message + U"\U000E007F"), message + message + U"\U000E007F");
  EXPECT_EQ(hidden_in(U"\U0001F3F4\U000E0067\U000E0062 no end"), U"\U000E0067\U000E0062");
}

TEST(Normalise, VariationSelectorsInRowsAreHidden) {
  EXPECT_EQ(hidden_in(U"\U0001F600\uFE0F\uFE01\uFE02\U000E0100\U000E01EF"), U"\uFE01\uFE02\U000E0100\U000E01EF");
  EXPECT_EQ(hidden_in(U"a\uFE0F 1\uFE0F"), U"\uFE0F\uFE0F");
  expect_untouched(U"\u845B\U000E0100 \u2229\uFE00");  // ideographic and mathematical variants
}

TEST(Normalise, BidirectionalControlsStayOnlyBesideRightToLeftText) {
  EXPECT_EQ(hidden_in(U"access\u202E\u2066 user\u2069 \u2066level\u202C \u200Fx"), U"\u202E\u2066\u2069\u2066\u202C\u200F");
  expect_untouched(U"\u05E9\u05DC\u05D5\u05DD \u2067\u05D0 (b)\u2069 \u200Fend");
  EXPECT_EQ(hidden_in(U"\u05E9\u05DC\u05D5\u05DD \u202Eabc\u202C"), U"\u202E\u202C") << "an override never stays";
  EXPECT_EQ(hidden_in(U"\u05E9\u05DC\u05D5\u05DD\nleft \u2067to\u2069 right"), U"\u2067\u2069") << "line by line";
}

TEST(Normalise, LineEndsSpacesAndControlsTakeOneForm) {
  EXPECT_EQ(normalised("a\r\nb\rc\fd").text(), "a\nb\nc\nd");
  EXPECT_EQ(normalised(utf8(U"a\u00A0b\u3000c\u2003d\u2028e\u2029f")).text(), "a b c d\ne\nf");
  EXPECT_EQ(normalised("a  \nb\t\n\n \n\nc\n\n\n").text(), "a\nb\n\nc\n");
  EXPECT_EQ(normalised("\n \n  indented\n    more").text(), "  indented\n    more");
  EXPECT_EQ(normalised("x\x07y\x1b[31;1mred\x1b[0m").text(), "xyred");
  EXPECT_EQ(normalised(utf8(U"soft\u00ADware")).text(), "software");
  EXPECT_EQ(normalised("kept as it is\n").spans().size(), 0U);
  EXPECT_EQ(normalised("").text(), "");
}

TEST(Normalise, SaysWhichFamilyEachSpanBelongsTo) {
  const TextMap map = normalised(utf8(U"caf\u0065\u0301 \u200B\u00A0\n"));
  ASSERT_EQ(map.spans().size(), 4U);
  EXPECT_EQ(map.spans()[0].kind, "nfc");
  EXPECT_EQ(map.spans()[2].family, Family::hidden);
  EXPECT_EQ(map.text(), utf8(U"caf\u00E9\n"));
}

TEST(Normalise, TwiceIsOnce) {
  static const std::u32string kAlphabet =
      U"ab \t\n\r\u00A0\u200B\u200C\u200D\u2060\uFEFF\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2069\u200E\u200F\u061C\u05D0\u0628\u06CC\u0915\u094D"
      U"\u0E01\uAC00\u1100\u1161\u11A8\u115F\u1160\u3164\u0301\u0327\u00E9\u212B\uFB01\uFE0F\uFE00\U0001F600\U0001F468\U0001F3FB\U0001F3F4\U000E0067"
      U"\U000E007F\U000E0100\u2028\u0085\u001B[m1\u20E3\u2800\u2801\u034F\u00AD\uFFFC\uFDD0\u845B\u3000";
  std::mt19937 random(3);
  for (int round = 0; round < 20000; ++round) {
    std::u32string text;
    for (size_t i = 0; i < random() % 24; ++i) text += kAlphabet[random() % kAlphabet.size()];
    const std::string once = normalised(utf8(text)).text();
    ASSERT_EQ(normalised(once).text(), once) << testing::PrintToString(text);
    ASSERT_TRUE(is_valid_utf8(once));
  }
}

}  // namespace
}  // namespace hone::corpus
