#include "corpus/foreign_paragraphs.h"

#include <algorithm>
#include <array>

#include "corpus/language.h"
#include "corpus/unicode.h"

namespace hone::corpus {
namespace {

constexpr size_t kLeastLatin = 100, kLeastOther = 40;  // letters
constexpr double kMainShare = 0.8;
constexpr size_t kSampleBytes = 480;                  // of a paragraph that is glanced at
constexpr size_t kLettersPerSmallWord = 60;  // English prose has one in 20 or so

/// What the bytes of a paragraph say without asking anybody.
struct Glance {
  size_t ascii = 0, latin = 0, hangul = 0, other = 0;  ///< Letters; Latin: beyond ASCII.
  size_t small_words = 0;                              ///< the, and, of, to, is, for, that, with.
};

bool is_small_word(std::string_view word) {
  static constexpr std::array<std::string_view, 8> kWords = {"the", "and", "of", "to", "is", "for", "that", "with"};
  return word.size() >= 2 && word.size() <= 4 && std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

Glance glance_at(std::string_view text) {
  Glance seen;
  for (size_t i = 0; i < text.size();) {
    const auto byte = static_cast<uint8_t>(text[i]);
    if (byte >= 0x80) {
      const char32_t c = next_code_point(text, i);
      seen.hangul += is_hangul_syllable(c);
      seen.latin += c >= 0xC0 && c < 0x250;
      seen.other += !is_hangul_syllable(c) && c >= 0x370 && (c < 0x2000 || c >= 0x3040) && c < 0xFE00;
      continue;
    }
    const size_t begin = i;
    while (i < text.size() && static_cast<uint8_t>((text[i] | 0x20) - 'a') < 26) ++i;
    seen.ascii += i - begin;
    seen.small_words += i > begin && is_small_word(text.substr(begin, i - begin));
    if (i == begin) ++i;
  }
  return seen;
}

/// Opened and closed by quotation marks, or a quoted block.
bool is_quotation(std::string_view text) {
  static constexpr std::array<std::string_view, 10> kOpening = {"\"", "'", "“", "‘", "«", "»", "„", "「", "『", ">"};
  return std::any_of(kOpening.begin(), kOpening.end(), [&](std::string_view mark) { return text.starts_with(mark); });
}

bool is_worth_asking(std::string_view text) {
  if (text.size() < 2 * kLeastOther || is_quotation(text)) return false;
  size_t sample = std::min(text.size(), kSampleBytes);
  while (sample < text.size() && (static_cast<uint8_t>(text[sample]) & 0xC0) == 0x80) ++sample;
  const Glance seen = glance_at(text.substr(0, sample));
  const size_t letters = seen.ascii + seen.latin + seen.other + seen.hangul;
  if (seen.hangul * 4 >= letters) return false;
  if (seen.other * 2 >= letters) return letters >= kLeastOther;
  const bool prose = (seen.ascii + 2 * seen.latin) * 4 >= sample * 3;  // code has more signs
  return prose && letters >= kLeastLatin && seen.small_words * kLettersPerSmallWord < letters;
}

}  // namespace

bool is_wanted_language(std::string_view code, const std::vector<std::string>& wanted) {
  const std::string_view base = code.substr(0, code.find('-'));
  return std::any_of(wanted.begin(), wanted.end(), [&](const std::string& one) { return one == code || one == base; });
}

std::vector<ForeignParagraph> find_foreign_paragraphs(std::string_view text, const std::vector<std::string>& wanted) {
  std::vector<ForeignParagraph> found;
  if (wanted.empty()) return found;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find("\n\n", begin), text.size());
    const std::string_view paragraph = text.substr(begin, end - begin);
    if (is_worth_asking(paragraph)) {
      Language language = detect_language(paragraph);
      if (language.reliable && language.share >= kMainShare && language.code != "und" && !is_wanted_language(language.code, wanted)) {
        found.push_back({begin, end, std::move(language.code)});
      }
    }
    begin = end;
    while (begin < text.size() && text[begin] == '\n') ++begin;
  }
  return found;
}

}  // namespace hone::corpus
