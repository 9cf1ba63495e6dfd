#include "corpus/rules/script_context.h"

#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include <algorithm>
#include <array>

#include "corpus/unicode.h"

namespace hone::corpus {
namespace {

constexpr char32_t kZeroWidthJoiner = 0x200D;

bool has(char32_t c, UProperty property) { return u_hasBinaryProperty(static_cast<UChar32>(c), property) != 0; }

UScriptCode script_of(char32_t c) {
  UErrorCode error = U_ZERO_ERROR;
  const UScriptCode script = uscript_getScript(static_cast<UChar32>(c), &error);
  return U_SUCCESS(error) != 0 ? script : USCRIPT_UNKNOWN;
}

/// Scripts whose letters change shape with their neighbours, so that joiners are part of spelling.
bool shapes_letters(UScriptCode script) {
  static constexpr std::array kScripts = {
      USCRIPT_ARABIC,  USCRIPT_SYRIAC,   USCRIPT_MONGOLIAN, USCRIPT_NKO,     USCRIPT_MANDAIC,   USCRIPT_PHAGS_PA, USCRIPT_ADLAM,
      USCRIPT_HANIFI_ROHINGYA,           USCRIPT_DEVANAGARI, USCRIPT_BENGALI, USCRIPT_GURMUKHI, USCRIPT_GUJARATI, USCRIPT_ORIYA,
      USCRIPT_TAMIL,   USCRIPT_TELUGU,   USCRIPT_KANNADA,   USCRIPT_MALAYALAM, USCRIPT_SINHALA, USCRIPT_MYANMAR,  USCRIPT_KHMER,
      USCRIPT_TIBETAN, USCRIPT_BALINESE, USCRIPT_JAVANESE,  USCRIPT_SUNDANESE, USCRIPT_LEPCHA,  USCRIPT_LIMBU,    USCRIPT_MEITEI_MAYEK,
      USCRIPT_CHAKMA,  USCRIPT_LANNA, USCRIPT_GRANTHA,   USCRIPT_BRAHMI,    USCRIPT_KAITHI,  USCRIPT_NEWA,     USCRIPT_TIRHUTA};
  return std::find(kScripts.begin(), kScripts.end(), script) != kScripts.end();
}

bool writes_no_spaces(UScriptCode script) {
  static constexpr std::array kScripts = {USCRIPT_THAI,     USCRIPT_LAO,         USCRIPT_KHMER,   USCRIPT_MYANMAR, USCRIPT_TIBETAN,
                                          USCRIPT_LANNA, USCRIPT_NEW_TAI_LUE, USCRIPT_TAI_LE, USCRIPT_TAI_VIET, USCRIPT_JAVANESE,
                                          USCRIPT_BALINESE};
  return std::find(kScripts.begin(), kScripts.end(), script) != kScripts.end();
}

/// The script of the letter that the character before `begin` belongs to: marks are looked through.
UScriptCode script_before(std::string_view text, size_t begin) {
  for (int step = 0; step < 4 && begin > 0; ++step) {
    const char32_t c = previous_code_point(text, begin);
    const UScriptCode script = is_default_ignorable(c) ? USCRIPT_UNKNOWN : script_of(c);  // U+061C counts as Arabic
    if (script != USCRIPT_INHERITED) return script;
  }
  return USCRIPT_UNKNOWN;
}

/// The emoji that ends at `begin`: presentation selectors and skin tones are looked through.
char32_t emoji_before(std::string_view text, size_t begin) {
  for (int step = 0; step < 3 && begin > 0; ++step) {
    const char32_t c = previous_code_point(text, begin);
    if (c != 0xFE0F && c != 0xFE0E && !has(c, UCHAR_EMOJI_MODIFIER)) return c;
  }
  return 0;
}

}  // namespace

char32_t before(std::string_view text, size_t begin) { return begin == 0 ? 0 : previous_code_point(text, begin); }

char32_t after(std::string_view text, size_t end) { return end >= text.size() ? 0 : next_code_point(text, end); }

bool is_variation_selector(char32_t c) {
  return (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0100 && c <= 0xE01EF) || (c >= 0x180B && c <= 0x180D) || c == 0x180F;
}

bool takes_variation(char32_t base, char32_t selector, char32_t next) {
  if (base == 0) return false;
  if (selector == 0xFE0E || selector == 0xFE0F) {
    if (base < 0x80) return has(base, UCHAR_EMOJI) && next == 0x20E3;  // keycaps: 1️⃣
    return has(base, UCHAR_EMOJI);
  }
  if (selector >= 0xE0100) return has(base, UCHAR_IDEOGRAPHIC);
  const UScriptCode script = script_of(base);
  if (selector < 0x2000) return script == USCRIPT_MONGOLIAN;
  // FE00 to FE0D: standardized variants of mathematical signs, ideographs, full-width punctuation and a few scripts.
  return has(base, UCHAR_IDEOGRAPHIC) || u_charType(static_cast<UChar32>(base)) == U_MATH_SYMBOL || script == USCRIPT_MYANMAR ||
         script == USCRIPT_PHAGS_PA || script == USCRIPT_MANICHAEAN || base == '0' || (base >= 0x3001 && base <= 0x3002) ||
         (base >= 0xFF01 && base <= 0xFF1F) || (base >= 0x13000 && base <= 0x1345F);
}

bool joiner_has_effect(std::string_view text, size_t begin, size_t end, char32_t joiner) {
  const char32_t next = after(text, end);
  if (joiner == kZeroWidthJoiner && has(emoji_before(text, begin), UCHAR_EXTENDED_PICTOGRAPHIC) &&
      has(next, UCHAR_EXTENDED_PICTOGRAPHIC)) {
    return true;
  }
  const bool left = shapes_letters(script_before(text, begin));
  const bool right = !is_default_ignorable(next) && (shapes_letters(script_of(next)) || (left && script_of(next) == USCRIPT_INHERITED));
  // A joiner may ask for the joined form of a letter that stands alone; a non-joiner needs something on both sides to keep apart.
  return joiner == kZeroWidthJoiner ? left || right : left && right;
}

bool parts_words(std::string_view text, size_t begin, size_t end) {
  return writes_no_spaces(script_before(text, begin)) && writes_no_spaces(script_of(after(text, end)));
}

size_t flag_tags(std::string_view text, size_t begin) {
  constexpr char32_t kBlackFlag = 0x1F3F4, kEndTag = 0xE007F;
  if (before(text, begin) != kBlackFlag) return 0;
  size_t position = begin;
  for (int letters = 0; letters <= 6 && position < text.size(); ++letters) {
    const char32_t c = next_code_point(text, position);
    if (c == kEndTag) return letters >= 3 ? position - begin : 0;
    if (!(c >= 0xE0061 && c <= 0xE007A) && !(c >= 0xE0030 && c <= 0xE0039)) return 0;
  }
  return 0;
}

bool is_right_to_left(char32_t c) {
  if (c < 0x590) return false;
  const UCharDirection direction = u_charDirection(static_cast<UChar32>(c));
  return direction == U_RIGHT_TO_LEFT || direction == U_RIGHT_TO_LEFT_ARABIC;
}

}  // namespace hone::corpus
