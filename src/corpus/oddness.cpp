#include "corpus/oddness.h"

#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include <algorithm>
#include <vector>

#include "corpus/letter_model.h"
#include "corpus/unicode.h"

namespace hone::corpus {
namespace {

enum class Kind : uint8_t {
  border,        ///< White space, punctuation of ASCII and typographic quotes: stand beside anything.
  small_letter,  ///< Latin, ASCII.
  capital,
  digit,
  accented_small,
  accented_capital,
  modest_sign,  ///< Stands beside letters in good text: m², 1º, ©, «.
  sign,         ///< Seldom does: ¼, ¬, €, ˜.
  hangul,
  han,
  kana,
  script,  ///< Letters of the other living scripts.
  mark,    ///< Punctuation and symbols beyond Latin-1, emoji.
  odd,     ///< Controls, U+FFFD, unassigned.
  rare,
};

bool is_common_script(UScriptCode script) {
  static constexpr UScriptCode kScripts[] = {USCRIPT_GREEK,    USCRIPT_CYRILLIC, USCRIPT_ARMENIAN, USCRIPT_HEBREW,  USCRIPT_ARABIC,
                                             USCRIPT_DEVANAGARI, USCRIPT_BENGALI, USCRIPT_GURMUKHI, USCRIPT_GUJARATI, USCRIPT_TAMIL,
                                             USCRIPT_TELUGU,   USCRIPT_KANNADA,  USCRIPT_MALAYALAM, USCRIPT_SINHALA, USCRIPT_THAI,
                                             USCRIPT_LAO,      USCRIPT_MYANMAR,  USCRIPT_GEORGIAN, USCRIPT_ETHIOPIC, USCRIPT_KHMER,
                                             USCRIPT_MONGOLIAN, USCRIPT_TIBETAN, USCRIPT_COMMON,   USCRIPT_INHERITED, USCRIPT_BOPOMOFO};
  return std::find(std::begin(kScripts), std::end(kScripts), script) != std::end(kScripts);
}

Kind latin_1_kind(char32_t c) {
  if (c < 0xA0) return Kind::odd;
  static constexpr std::u32string_view kModest = U"\u00A7\u00A9\u00AA\u00AB\u00AE\u00B0\u00B1\u00B2\u00B3\u00B5\u00B7\u00B9\u00BA\u00BB\u00A3\u00A5\u00D7";
  if (c == 0xA0 || c == 0xA1 || c == 0xBF) return Kind::border;
  if (kModest.find(c) != std::u32string_view::npos) return Kind::modest_sign;
  if (c < 0xC0 || c == 0xF7) return Kind::sign;
  return c < 0xDF ? Kind::accented_capital : Kind::accented_small;
}

Kind kind_by_properties(char32_t c) {
  const auto point = static_cast<UChar32>(c);
  const int8_t type = u_charType(point);
  if (type == U_UNASSIGNED || type == U_PRIVATE_USE_CHAR || type == U_CONTROL_CHAR || type == U_SURROGATE) return Kind::odd;
  if (u_isUWhiteSpace(point) != 0) return Kind::border;
  UErrorCode error = U_ZERO_ERROR;
  const UScriptCode script = uscript_getScript(point, &error);
  if (script == USCRIPT_LATIN) {
    if (u_isalpha(point) == 0) return Kind::mark;
    // Beyond Latin Extended-B only the Vietnamese letters are met in running text.
    if (c >= 0x180 && !(c >= 0x1E00 && c <= 0x1EFF) && !(c >= 0x1A0 && c <= 0x1B0) && !(c >= 0x1CD && c <= 0x1DC) && !(c >= 0x218 && c <= 0x21B)) return Kind::rare;
    return u_isupper(point) != 0 ? Kind::accented_capital : Kind::accented_small;
  }
  if (script == USCRIPT_HAN) return Kind::han;
  if (script == USCRIPT_HIRAGANA || script == USCRIPT_KATAKANA) return Kind::kana;
  if (script == USCRIPT_HANGUL) return Kind::mark;
  if (u_isalpha(point) == 0) return is_common_script(script) ? Kind::mark : Kind::rare;
  return is_common_script(script) ? Kind::script : Kind::rare;
}

Kind slow_kind(char32_t c) {
  if (c < 0x80) {
    if (c >= 'a' && c <= 'z') return Kind::small_letter;
    if (c >= 'A' && c <= 'Z') return Kind::capital;
    return c >= '0' && c <= '9' ? Kind::digit : Kind::border;
  }
  if (c < 0x100) return latin_1_kind(c);
  static constexpr std::u32string_view kQuotes = U"\u2018\u2019\u201C\u201D\u2013\u2014\u2026";
  static constexpr std::u32string_view kSigns = U"\u20AC\u201A\u0192\u201E\u2020\u2021\u02C6\u2030\u2039\u203A\u2022\u02DC\u2122";
  if (kQuotes.find(c) != std::u32string_view::npos) return Kind::border;
  if (kSigns.find(c) != std::u32string_view::npos) return Kind::sign;
  if (c == 0xFFFD) return Kind::odd;
  return kind_by_properties(c);
}

Kind kind_of(char32_t c) {
  if (is_hangul_syllable(c)) return Kind::hangul;
  if (c >= 0x10000) return slow_kind(c);
  static const std::vector<Kind> kKinds = [] {
    std::vector<Kind> kinds(0x10000);
    for (char32_t at = 0; at < 0x10000; ++at) kinds[at] = slow_kind(at);
    return kinds;
  }();
  return kKinds[c];
}

bool is_accented(Kind kind) { return kind == Kind::accented_small || kind == Kind::accented_capital; }
bool is_latin(Kind kind) { return is_accented(kind) || kind == Kind::small_letter || kind == Kind::capital; }
bool is_eastern(Kind kind) { return kind == Kind::hangul || kind == Kind::han || kind == Kind::kana; }

double own_cost(char32_t c, Kind kind) {
  switch (kind) {
    case Kind::hangul: return is_common_syllable(c) ? 0.05 : is_ks_syllable(c) ? 0.4 : 2.5;
    case Kind::accented_small:
    case Kind::accented_capital:
    case Kind::script: return 0.3;
    case Kind::han: return 0.5;
    case Kind::kana:
    case Kind::mark: return is_jamo(c) ? 1.0 : 0.2;
    case Kind::modest_sign: return 0.2;
    case Kind::sign: return c == 0xAD ? 1.0 : 0.3;
    case Kind::odd: return 4;
    case Kind::rare: return 3;
    default: return 0;
  }
}

/// What it costs that `right` follows `left`.
double pair_cost(char32_t left, Kind l, char32_t right, Kind r) {
  if (r == Kind::accented_capital && (l == Kind::small_letter || l == Kind::accented_small)) return 2;
  if (is_accented(l) && is_accented(r)) return left < 0x100 && right < 0x100 ? 1.0 : 0.2;
  if (is_accented(l) && r == Kind::sign) return 2;
  if (is_accented(l) && r == Kind::modest_sign) return 1.5;
  if ((l == Kind::small_letter || l == Kind::capital) && r == Kind::sign) return 0.7;
  if (left == 0xBB && right == 0xBF) return 1;  // the end of a byte order mark
  if (left == 0xA1 && (r == Kind::sign || r == Kind::modest_sign)) return 2;  // quotation marks of CP949: A1 B0
  if (l == Kind::sign && is_accented(r)) return 1.5;
  if (l == Kind::modest_sign && is_accented(r)) return left == 0xAB ? 0 : 1.0;
  if ((l == Kind::sign || l == Kind::modest_sign) && r == Kind::small_letter) return left == 0xAB || left == 0xB5 ? 0 : 0.7;
  if ((l == Kind::sign || l == Kind::modest_sign) && (r == Kind::sign || r == Kind::modest_sign)) return 1.0;
  if ((is_accented(l) && (is_eastern(r) || r == Kind::script)) || (is_accented(r) && (is_eastern(l) || l == Kind::script))) return 2;
  if ((is_latin(l) && r == Kind::script) || (is_latin(r) && l == Kind::script)) return 1.5;
  if ((l == Kind::han && r == Kind::hangul) || (l == Kind::hangul && r == Kind::han)) return 0.5;
  return 0;
}

/// Capital Â or Ã with nothing but a border or a sign behind, and Han alone among other scripts.
double lonely_cost(char32_t c, Kind kind, Kind left, Kind right) {
  if (kind == Kind::han) return is_eastern(left) || is_eastern(right) ? 0 : 1.5;
  if ((c != 0xC2 && c != 0xC3) || left == Kind::capital || left == Kind::accented_capital) return 0;
  return right == Kind::border ? 2.4 : right == Kind::modest_sign ? 0.7 : 0;
}

}  // namespace

double oddness(std::u32string_view run, char32_t before, char32_t after) {
  double sum = 0;
  char32_t left = before;
  Kind l = kind_of(before);
  for (size_t i = 0; i < run.size(); ++i) {
    const char32_t c = run[i];
    const Kind kind = kind_of(c);
    const Kind next = kind_of(i + 1 < run.size() ? run[i + 1] : after);
    sum += own_cost(c, kind) + pair_cost(left, l, c, kind) + lonely_cost(c, kind, l, next);
    left = c;
    l = kind;
  }
  return sum + pair_cost(left, l, after, kind_of(after));
}

}  // namespace hone::corpus
