#include "corpus/shadow.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <bitset>

#include "base/error.h"
#include "corpus/unicode.h"

namespace hone::corpus {
namespace {

const icu::Normalizer2& form(bool compatible) {
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* result = compatible ? icu::Normalizer2::getNFKCInstance(error) : icu::Normalizer2::getNFCInstance(error);
  if (U_FAILURE(error) != 0) throw Error(ExitCode::internal, "ICU has no normalisation data: reinstall libicu72");
  return *result;
}

bool is_dash(char32_t c) {
  return (c >= 0x2010 && c <= 0x2015) || c == 0x2043 || c == 0x2212 || c == 0xFE58 || c == 0xFE63 || c == 0xFF0D || c == 0x3161 ||
         c == 0x2500 || c == 0x2501;
}

/// Dots that people write between digits; elsewhere they are left alone.
bool is_middle_dot(char32_t c) { return c == 0xB7 || c == 0x2027 || c == 0x2219 || c == 0x22C5 || c == 0x30FB || c == 0xFF65; }

bool has_plain_twin(char32_t c) {
  switch (u_getIntPropertyValue(static_cast<UChar32>(c), UCHAR_DECOMPOSITION_TYPE)) {
    case U_DT_WIDE:
    case U_DT_NARROW:
    case U_DT_FONT:
    case U_DT_NOBREAK: return true;
    default: return false;
  }
}

bool is_folded_alone(char32_t c) {
  return is_dash(c) || is_middle_dot(c) || is_white_space(c) || is_default_ignorable(c) || has_plain_twin(c) ||
         u_charType(static_cast<UChar32>(c)) == U_DECIMAL_DIGIT_NUMBER;
}

bool joins_others(char32_t c) {
  return u_getIntPropertyValue(static_cast<UChar32>(c), UCHAR_NFC_QUICK_CHECK) != UNORM_YES || u_getCombiningClass(static_cast<UChar32>(c)) != 0;
}

/// Characters of the basic plane that a shadow spells otherwise; all others but emoji are asked one by one.
const std::bitset<0x10000>& folded_characters() {
  static const std::bitset<0x10000> kSet = [] {
    std::bitset<0x10000> set;
    for (char32_t c = 0x80; c < 0x10000; ++c) {
      if (c < 0xD800 || c > 0xDFFF) set[c] = is_folded_alone(c) || joins_others(c);
    }
    return set;
  }();
  return kSet;
}

bool may_fold(char32_t c) {
  if (c < 0x10000) return folded_characters()[c];
  return is_folded_alone(c) || joins_others(c);
}

/// First byte from `position` on that is not ASCII.
size_t skip_ascii(std::string_view text, size_t position) {
  if (position < text.size() && static_cast<uint8_t>(text[position]) >= 0x80) return position;
  while (position + 8 <= text.size()) {
    uint64_t word = 0;
    __builtin_memcpy(&word, text.data() + position, 8);
    if ((word & UINT64_C(0x8080808080808080)) != 0) break;
    position += 8;
  }
  while (position < text.size() && static_cast<uint8_t>(text[position]) < 0x80) ++position;
  return position;
}

/// Behind the Hangul syllables that stand at `position`: told by their bytes alone, EA B0 80 to ED 9D BF.
size_t skip_syllables(std::string_view text, size_t position) {
  while (position + 3 <= text.size()) {
    const auto lead = static_cast<uint8_t>(text[position]), next = static_cast<uint8_t>(text[position + 1]);
    if (!(lead == 0xEB || lead == 0xEC || (lead == 0xEA && next >= 0xB0) || (lead == 0xED && next < 0x9E))) break;
    position += 3;
  }
  return position;
}

/// The next character that a shadow may spell otherwise, or the end.
size_t skip_plain(std::string_view text, size_t position) {
  for (;;) {
    const size_t ascii = skip_ascii(text, position), syllables = skip_syllables(text, ascii);
    if (syllables == position || syllables >= text.size()) return syllables;
    position = syllables;
  }
}

bool is_decimal(char32_t c) { return u_charType(static_cast<UChar32>(c)) == U_DECIMAL_DIGIT_NUMBER; }

char32_t peek(std::string_view text, size_t position) { return next_code_point(text, position); }

std::string normalised(std::string_view text, bool compatible) {
  UErrorCode error = U_ZERO_ERROR;
  const auto piece = icu::StringPiece(text.data(), static_cast<int32_t>(text.size()));
  const icu::UnicodeString result = form(compatible).normalize(icu::UnicodeString::fromUTF8(piece), error);
  if (U_FAILURE(error) != 0) throw Error(ExitCode::internal, std::string{"normalisation of a document failed: "} + u_errorName(error));
  std::string utf8;
  return result.toUTF8String(utf8);
}

/// Marks that may join one character; text with more is not meant to be read.
constexpr int kLongestCluster = 32;

}  // namespace

Shadow::Shadow(std::string_view text) : source_(text) {
  for (size_t i = skip_plain(text, 0); i < text.size(); i = skip_plain(text, i)) {
    const char32_t c = next_code_point(text, i);
    if (is_hangul_syllable(c) || !may_fold(c)) continue;
    folded_ = true;
    fold();
    return;
  }
}

void Shadow::put(std::string_view folded, size_t source_begin, size_t source_end) {
  shadow_.append(source_, copied_, source_begin - copied_);
  copied_ = source_end;
  if (folded == source_.substr(source_begin, source_end - source_begin)) {
    shadow_ += folded;
    return;
  }
  const size_t begin = shadow_.size();
  shadow_ += folded;
  pieces_.push_back({begin, shadow_.size(), source_begin, source_end});
}

void Shadow::fold() {
  shadow_.reserve(source_.size());
  for (size_t i = skip_plain(source_, 0); i < source_.size(); i = skip_plain(source_, i)) {
    const size_t begin = i;
    const char32_t c = next_code_point(source_, i);
    if (is_hangul_syllable(c) || !may_fold(c)) continue;
    if (is_default_ignorable(c)) {
      put("", begin, i);
    } else if (is_white_space(c)) {
      put(c == 0x85 || c == 0x2028 || c == 0x2029 ? "\n" : " ", begin, i);
    } else if (is_dash(c)) {
      put("-", begin, i);
    } else if (is_middle_dot(c)) {
      const bool between_digits = begin > 0 && is_decimal(shadow_end(begin)) && is_decimal(i < source_.size() ? peek(source_, i) : 0);
      if (between_digits) put(".", begin, i);
    } else if (u_charType(static_cast<UChar32>(c)) == U_DECIMAL_DIGIT_NUMBER) {
      put(std::string(1, static_cast<char>('0' + u_charDigitValue(static_cast<UChar32>(c)))), begin, i);
    } else if (has_plain_twin(c)) {
      put(normalised(source_.substr(begin, i - begin), true), begin, i);
    } else {
      i = compose(begin, i);
    }
  }
  shadow_.append(source_, copied_, std::string_view::npos);
  copied_ = source_.size();
}

char32_t Shadow::shadow_end(size_t begin) const {
  if (copied_ == begin) {
    if (shadow_.empty()) return 0;
    size_t end = shadow_.size();
    return previous_code_point(shadow_, end);
  }
  return previous_code_point(source_, begin);
}

size_t Shadow::compose(size_t begin, size_t end) {
  if (begin > copied_) previous_code_point(source_, begin);
  for (int joined = 0; end < source_.size() && joined < kLongestCluster; ++joined) {
    size_t next = end;
    const char32_t c = next_code_point(source_, next);
    if (c < 0x80 || !joins_others(c) || is_default_ignorable(c)) break;
    end = next;
  }
  put(normalised(source_.substr(begin, end - begin), false), begin, end);
  return end;
}

size_t Shadow::source_at(size_t position, bool as_end) const {
  // The last piece before the position; a piece that begins there counts for a start, not for an end.
  auto after = as_end ? std::lower_bound(pieces_.begin(), pieces_.end(), position, [](const Piece& p, size_t at) { return p.begin < at; })
                      : std::upper_bound(pieces_.begin(), pieces_.end(), position, [](size_t at, const Piece& p) { return at < p.begin; });
  if (after == pieces_.begin()) return position;
  const Piece& piece = *std::prev(after);
  if (as_end ? position <= piece.end : position < piece.end) return as_end ? piece.source_end : piece.source_begin;
  return piece.source_end + (position - piece.end);
}

std::pair<size_t, size_t> Shadow::source_range(size_t begin, size_t end) const {
  if (!folded_) return {begin, end};
  return {source_at(begin, false), source_at(end, true)};
}

}  // namespace hone::corpus
