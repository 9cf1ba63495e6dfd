#include "corpus/language.h"

#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>

#include <algorithm>
#include <cstdint>
#include <utility>
#include <string>

#include "corpus/unicode.h"

namespace hone::corpus {
namespace {

constexpr size_t kSampleBytes = 4 << 10;

bool starts_code_point(char byte) { return (static_cast<uint8_t>(byte) & 0xC0) != 0x80; }

/// The whole text, or three equal parts of it cut at code point boundaries.
std::string sample_of(std::string_view text) {
  if (text.size() <= kSampleBytes) return std::string{text};
  std::string sample;
  const size_t part = kSampleBytes / 3;
  for (size_t begin : {size_t{0}, text.size() / 2, text.size() - part}) {
    while (begin < text.size() && !starts_code_point(text[begin])) ++begin;
    size_t end = std::min(text.size(), begin + part);
    while (end > begin && end < text.size() && !starts_code_point(text[end])) --end;
    sample.append(text.substr(begin, end - begin));
    sample += '\n';
  }
  return sample;
}

struct Letters {
  uint64_t ascii = 0, hangul = 0, other = 0;
};

/// Counts by byte classes: a Hangul syllable starts with EA B0 … ED 9E; U+A000–ABFF (EA 80–AF) are other scripts.
Letters count_letters(std::string_view text) {
  Letters count;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<uint8_t>(text[i]);
    if (byte < 0x80) {
      count.ascii += static_cast<uint8_t>((byte | 0x20) - 'a') < 26;
    } else if (byte >= 0xC3) {
      const auto second = i + 1 < text.size() ? static_cast<uint8_t>(text[i + 1]) : 0;
      const bool hangul = (byte == 0xEA && second >= 0xB0) || byte == 0xEB || byte == 0xEC || (byte == 0xED && second <= 0x9E);
      const bool punctuation = byte == 0xE2 || (byte == 0xE3 && second == 0x80) || byte == 0xEF || byte == 0xF0;
      if (hangul) {
        ++count.hangul;
      } else if (!punctuation) {
        ++count.other;
      }
    }
  }
  return count;
}

constexpr size_t kParts = 3, kLeastPart = 160;  // letters: fewer say nothing
constexpr size_t kLettersPerSmallWord = 45;    // English prose has a small word in 26 letters or so, no other language one in 100

/// the, and, of, to, is, for, that, with: lower-case letters in the bytes of a number, the last in the lowest.
bool is_small_english_word(uint32_t word) {
  switch (word) {
    case 'o' << 8 | 'f':
    case 't' << 8 | 'o':
    case 'i' << 8 | 's':
    case 't' << 16 | 'h' << 8 | 'e':
    case 'a' << 16 | 'n' << 8 | 'd':
    case 'f' << 16 | 'o' << 8 | 'r':
    case 't' << 24 | 'h' << 16 | 'a' << 8 | 't':
    case 'w' << 24 | 'i' << 16 | 't' << 8 | 'h': return true;
    default: return false;
  }
}

/// Whether the Latin letters of each third of the text are English, told by the small words. "No" only means that there is no telling.
bool is_clearly_english(std::string_view text) {
  size_t letters = 0, small_words = 0;  // of this part, and of those before it that had too few
  bool told = false;
  for (size_t part = 0, i = 0; part < kParts; ++part) {
    for (const size_t end = text.size() * (part + 1) / kParts; i < end;) {
      const size_t begin = i;
      uint32_t word = 0;
      for (; i < text.size() && static_cast<uint8_t>((text[i] | 0x20) - 'a') < 26; ++i) word = word << 8 | static_cast<uint8_t>(text[i] | 0x20);
      letters += i - begin;
      small_words += i - begin <= sizeof word && is_small_english_word(word);
      if (i == begin) ++i;
    }
    if (letters < kLeastPart) continue;
    if (small_words * kLettersPerSmallWord < letters) return false;
    told = true;
    letters = small_words = 0;
  }
  return told;
}

}  // namespace

std::vector<Language> detect_languages(std::string_view text) {
  const std::string sample = sample_of(text);
  const Letters letters = count_letters(sample);
  const uint64_t all = letters.ascii + letters.hangul + letters.other;
  if (all == 0) return {};
  // A syllable says about as much as three Latin letters.
  const double hangul_share = 3.0 * static_cast<double>(letters.hangul) /
                              (3.0 * static_cast<double>(letters.hangul) + static_cast<double>(letters.ascii + letters.other));
  if (letters.hangul >= 10 && hangul_share >= 0.5 && letters.other * 4 < letters.hangul) return {{"ko", hangul_share, true}};
  if (letters.other * 50 <= letters.ascii && hangul_share < 0.5 && is_clearly_english(sample)) {
    std::vector<Language> found = {{"en", 1 - hangul_share, true}};
    if (letters.hangul >= 10) found.push_back({"ko", hangul_share, true});
    return found;
  }

  CLD2::Language languages[3];
  int percents[3] = {};
  double scores[3] = {};
  int text_bytes = 0;
  bool reliable = false;
  const CLD2::CLDHints hints = {nullptr, nullptr, CLD2::UNKNOWN_ENCODING, CLD2::UNKNOWN_LANGUAGE};
  CLD2::ExtDetectLanguageSummary(sample.data(), static_cast<int>(sample.size()), true, &hints, 0, languages, percents, scores, nullptr,
                                 &text_bytes, &reliable);
  std::vector<Language> found;
  for (size_t i = 0; i < 3 && languages[i] != CLD2::UNKNOWN_LANGUAGE && percents[i] > 0; ++i) {
    found.push_back({CLD2::LanguageCode(languages[i]), percents[i] / 100.0, reliable});
  }
  return found;
}

Language detect_language(std::string_view text) {
  std::vector<Language> found = detect_languages(text);
  return found.empty() ? Language{} : std::move(found.front());
}

}  // namespace hone::corpus
