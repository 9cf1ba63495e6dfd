#include "corpus/rules/quality.h"

#include "corpus/measures.h"

namespace hone::corpus {
namespace {

/// Text that is more than this share of signs has long words sooner.
constexpr double kManySigns = 0.25, kWordLengthAmongSigns = 0.6;
/// Fewer letters of a script than this say nothing about it.
constexpr uint64_t kLeastSample = 40;

double share(uint64_t part, uint64_t whole) { return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole); }

bool has_no_words(const Census& census, const recipe::QualityOptions& options) {
  if (census.modelled_letters >= kLeastSample && share(census.modelled_letters, census.characters) >= 0.4 && census.surprise > options.max_surprise) {
    return true;
  }
  return census.hangul >= kLeastSample && share(census.hangul, census.characters) >= 0.3 &&
         share(census.common_syllables, census.hangul) < options.min_common_syllable_share;
}

bool is_broken(const Census& census, const recipe::QualityOptions& options) {
  if (census.latin >= kLeastSample && share(census.broken_words, census.words.size()) > options.max_broken_word_share) return true;
  const uint64_t hangul = census.hangul + census.jamo;
  return hangul >= kLeastSample && share(hangul, census.characters) >= 0.2 &&
         share(census.jamo + census.odd_syllables, hangul) > options.max_stray_hangul_share;
}

/// Minified code and encoded data. Only where words are parted by spaces.
bool has_long_words(const Census& census, const recipe::QualityOptions& options) {
  if (census.words.empty() || share(census.latin + census.digits + census.symbols, census.characters) < 0.7) return false;
  const double length = share(census.characters, census.words.size());
  return length > options.max_word_length ||
         (length > kWordLengthAmongSigns * options.max_word_length && share(census.symbols, census.characters) > kManySigns);
}

const char* reason_for(Measures& measures, const recipe::QualityOptions& options) {
  const Census& census = measures.census();
  const uint64_t width = census.characters + census.hangul + census.ideographs;
  if (width < static_cast<uint64_t>(options.min_characters)) return "too_short";
  if (has_long_words(census, options)) return "long_words";
  if (is_broken(census, options)) return "broken_words";
  if (has_no_words(census, options)) return "no_words";
  if (measures[Attribute::letter_share] < options.min_letter_share) return "not_text";
  if (measures[Attribute::repeated_lines] > options.max_repeated_share || measures[Attribute::repeated_runs] > options.max_repeated_share) {
    return "repetitive";
  }
  return "";
}

}  // namespace

Outcome Quality::judge(const DocumentView& document) const {
  Measures& measures = measures_of(document.text);
  Outcome outcome;
  for (const Attribute attribute : {Attribute::characters, Attribute::words, Attribute::letter_share, Attribute::broken_word_share,
                                    Attribute::stray_hangul_share, Attribute::common_syllable_share, Attribute::surprise,
                                    Attribute::repeated_lines, Attribute::repeated_runs}) {
    outcome.findings.push_back(measures.finding(attribute));
  }
  outcome.reason = reason_for(measures, options_.of(document));
  if (!outcome.reason.empty()) outcome.verdict = Verdict::drop;
  return outcome;
}

}  // namespace hone::corpus
