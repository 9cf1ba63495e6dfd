#include "corpus/rules/quality.h"

#include "corpus/census.h"
#include "corpus/repetition.h"

namespace hone::corpus {
namespace {

constexpr double kMaxSurprise = 4.2, kMinCommonSyllables = 0.8;
constexpr double kMaxBrokenWords = 0.2, kMaxStrayHangul = 0.06;
constexpr double kMaxWordLength = 20, kMaxWordLengthAmongSigns = 12, kManySigns = 0.25;
/// Fewer letters of a script than this say nothing about it.
constexpr uint64_t kLeastSample = 40;

double share(uint64_t part, uint64_t whole) { return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole); }

bool has_no_words(const Census& census) {
  if (census.modelled_letters >= kLeastSample && share(census.modelled_letters, census.characters) >= 0.4 && census.surprise > kMaxSurprise) {
    return true;
  }
  return census.hangul >= kLeastSample && share(census.hangul, census.characters) >= 0.3 &&
         share(census.common_syllables, census.hangul) < kMinCommonSyllables;
}

bool is_broken(const Census& census) {
  if (census.latin >= kLeastSample && share(census.broken_words, census.words.size()) > kMaxBrokenWords) return true;
  const uint64_t hangul = census.hangul + census.jamo;
  return hangul >= kLeastSample && share(hangul, census.characters) >= 0.2 &&
         share(census.jamo + census.odd_syllables, hangul) > kMaxStrayHangul;
}

/// Minified code and encoded data. Only where words are parted by spaces.
bool has_long_words(const Census& census) {
  if (census.words.empty() || share(census.latin + census.digits + census.symbols, census.characters) < 0.7) return false;
  const double length = share(census.characters, census.words.size());
  return length > kMaxWordLength || (length > kMaxWordLengthAmongSigns && share(census.symbols, census.characters) > kManySigns);
}

}  // namespace

Outcome Quality::judge(const DocumentView& document) const {
  thread_local Census census;
  take_census(document.text, census);
  const Repetition repetition = measure_repetition(census);
  const double letter_share = share(census.letters(), census.characters);
  const uint64_t width = census.characters + census.hangul + census.ideographs;

  Outcome outcome;
  outcome.findings = {{"characters", static_cast<double>(census.characters)},
                      {"words", static_cast<double>(census.words.size())},
                      {"letter_share", letter_share},
                      {"broken_word_share", share(census.broken_words, census.words.size())},
                      {"stray_hangul_share", share(census.jamo + census.odd_syllables, census.hangul + census.jamo)},
                      {"common_syllable_share", share(census.common_syllables, census.hangul)},
                      {"surprise", census.surprise},
                      {"repeated_lines", repetition.lines},
                      {"repeated_runs", repetition.five_grams}};
  if (width < static_cast<uint64_t>(options_.min_characters)) {
    outcome.reason = "too_short";
  } else if (has_long_words(census)) {
    outcome.reason = "long_words";
  } else if (is_broken(census)) {
    outcome.reason = "broken_words";
  } else if (has_no_words(census)) {
    outcome.reason = "no_words";
  } else if (letter_share < options_.min_letter_share) {
    outcome.reason = "not_text";
  } else if (repetition.lines > options_.max_repeated_share || repetition.five_grams > options_.max_repeated_share) {
    outcome.reason = "repetitive";
  }
  if (!outcome.reason.empty()) outcome.verdict = Verdict::drop;
  return outcome;
}

}  // namespace hone::corpus
