#include "corpus/rules/quality.h"

#include <string>

#include "corpus/encoded_blocks.h"
#include "corpus/measures.h"
#include "corpus/monotony.h"

namespace hone::corpus {
namespace {

/// Text that is more than this share of signs has long words sooner.
constexpr double kManySigns = 0.25, kWordLengthAmongSigns = 0.6;
/// Fewer letters of a script than this say nothing about it.
constexpr uint64_t kLeastSample = 40, kLargeSample = 150;
constexpr double kSurpriseOfNoLanguage = 3.4, kLeastSyllableOrder = -0.7;
constexpr double kNoisyWords = 0.65;  ///< Of max_broken_word_share: signs that ordinary words do not have weigh more.
constexpr uint64_t kLeastWords = 20;
constexpr double kUnspaced = 15;     ///< Characters a word where spaces are not used.
constexpr double kEncodedWord = 60;  ///< Shorter words are no encoded block.

double share(uint64_t part, uint64_t whole) { return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole); }

bool has_no_words(const Census& census, const Language& language, const recipe::QualityOptions& options) {
  const bool unknown = language.code == "und";
  if (census.modelled_letters >= kLeastSample && share(census.modelled_letters, census.characters) >= 0.4) {
    if (census.surprise > options.max_surprise) return true;
    if (unknown && census.modelled_letters >= kLargeSample && census.surprise > kSurpriseOfNoLanguage) return true;
  }
  if (unknown && census.other_letters >= kLargeSample && share(census.other_letters, census.characters) >= 0.8) return true;
  if (census.hangul < kLeastSample || share(census.hangul, census.characters) < 0.3) return false;
  return share(census.common_syllables, census.hangul) < options.min_common_syllable_share ||
         (census.hangul_runs >= kLeastSample && census.syllable_order < kLeastSyllableOrder);
}

bool is_broken(const Census& census, const recipe::QualityOptions& options) {
  if (census.words_of_letters >= kLeastWords && census.noise_share() > kNoisyWords * options.max_broken_word_share) return true;
  if (census.latin >= kLeastSample && share(census.broken_words, census.words.size()) > options.max_broken_word_share) return true;
  const uint64_t hangul = census.hangul + census.jamo;
  return hangul >= kLeastSample && share(hangul, census.characters) >= 0.2 && census.stray_hangul_share() > options.max_stray_hangul_share;
}

/// Minified code and encoded data. Only where words are parted by spaces.
bool has_long_words(const Census& census, const recipe::QualityOptions& options) {
  if (census.words.empty() || share(census.latin + census.digits + census.symbols, census.characters) < 0.7) return false;
  const double length = share(census.characters, census.words.size());
  return length > options.max_word_length ||
         (length > kWordLengthAmongSigns * options.max_word_length && share(census.symbols, census.characters) > kManySigns);
}

bool repeats_itself(Measures& measures, std::string_view text, const recipe::QualityOptions& options) {
  const Census& census = measures.census();
  if (measures[Attribute::repeated_lines] > options.max_repeated_share || measures[Attribute::repeated_runs] > options.max_repeated_share) return true;
  if (options.max_repeated_share >= 1) return false;
  const bool unspaced = measures[Attribute::characters_per_word] > kUnspaced && share(census.hangul + census.ideographs, census.characters) > 0.5;
  return has_few_words(census) || (unspaced && repeated_shingle_share(text) > options.max_repeated_share);
}

const char* reason_for(Measures& measures, std::string_view text, const Language& language, const recipe::QualityOptions& options) {
  const Census& census = measures.census();
  const uint64_t width = census.characters + census.hangul + census.ideographs;
  if (width < static_cast<uint64_t>(options.min_characters)) return "too_short";
  if (has_long_words(census, options)) return "long_words";
  if (is_broken(census, options)) return "broken_words";
  if (has_no_words(census, language, options)) return "no_words";
  if (census.letter_share() < options.min_letter_share) return "not_text";
  if (repeats_itself(measures, text, options)) return "repetitive";
  return is_log(text) ? "log" : "";
}

std::string without(std::string_view text, const std::vector<Edit>& edits) {
  std::string rest;
  size_t at = 0;
  for (const Edit& edit : edits) {
    rest.append(text.substr(at, edit.begin - at));
    at = edit.end;
  }
  return rest.append(text.substr(at));
}

}  // namespace

Outcome Quality::judge(const DocumentView& document) const {
  const recipe::QualityOptions& options = options_.of(document);
  Measures& measures = measures_of(document.text);
  Outcome outcome;
  for (const Attribute attribute : {Attribute::characters, Attribute::words, Attribute::characters_per_word, Attribute::letter_share,
                                    Attribute::broken_word_share, Attribute::noisy_word_share, Attribute::stray_hangul_share, Attribute::common_syllable_share,
                                    Attribute::syllable_order, Attribute::surprise, Attribute::repeated_lines, Attribute::repeated_runs}) {
    outcome.findings.push_back(measures.finding(attribute));
  }
  outcome.reason = reason_for(measures, document.text, document.language, options);
  if (options.remove_encoded_blocks && measures[Attribute::longest_word] >= kEncodedWord) {
    std::vector<Edit> blocks = find_encoded_blocks(document.text);
    const std::string rest = blocks.empty() ? std::string{} : without(document.text, blocks);
    if (!blocks.empty() && *reason_for(measures_of(rest), rest, document.language, options) == '\0') {
      outcome.reason.clear();
      outcome.verdict = Verdict::edit;
      outcome.edits = std::move(blocks);
    }
  }
  if (!outcome.reason.empty()) outcome.verdict = Verdict::drop;
  return outcome;
}

}  // namespace hone::corpus
