#pragma once
/// Drops what is no text to learn from: too short, not letters, no words of any language, broken recognition, minified code, or
/// the same said over and over; takes encoded data out of text that is good without it.
///
/// Each measure is a share that ordinary documents stay far from (measured on 1,457 pages of technical documentation in English
/// and Korean, the 0.5 % at the far end in brackets) and defects go far beyond:
///   too_short      characters that are not white space, a Hangul syllable or ideograph counting two, < min_characters
///   long_words     mean word length > max_word_length (14), or > 0.6 of it with more than 0.25 signs: minified code, encoded data
///   broken_words   words with a sign or digit between letters > max_broken_word_share (0.11), or noisy words (word_noise.h)
///                  > 0.65 of it (half of 1,368 such pages have 0.003 or less, 99 % 0.055, 99.9 % 0.082, all 0.095; prose with an
///                  eighth of its characters wrong, lost or doubled 0.12 to 0.35, with a quarter 0.24 to 0.5); or stray letters, rare syllables and
///                  signs in the place of syllables > max_stray_hangul_share of Hangul (0.01)
///   no_words       Latin letters surprise the letter model by > max_surprise nats each (3.6), or by > 3.4 where CLD2 knows no
///                  language; fewer than min_common_syllable_share of the syllables are common (0.97); particles and endings do
///                  not stand where they belong (syllable_order < -0.7; 0.4); other letters where CLD2 knows no language
///   not_text       letter_share < min_letter_share                                                        (0.70)
///   repetitive     characters in lines, or in runs of five words, seen before > max_repeated_share; or monotony.h
///   log            records of a machine (monotony.h)
#include "corpus/by_source.h"
#include "corpus/rule.h"
#include "recipe/corpus.h"

namespace hone::corpus {

class Quality final : public Rule {
 public:
  static constexpr std::string_view kName = "quality";
  static constexpr Family kFamily = Family::quality;

  explicit Quality(recipe::QualityOptions options) : options_(options) {}
  explicit Quality(const recipe::CorpusOptions& options)
      : options_(options, [](const recipe::CorpusOptions& corpus) { return corpus.quality; }) {}
  std::string_view name() const override { return kName; }
  Family family() const override { return kFamily; }
  bool changes_text() const override { return true; }
  Outcome judge(const DocumentView& document) const override;

 private:
  BySource<recipe::QualityOptions> options_;
};

}  // namespace hone::corpus
