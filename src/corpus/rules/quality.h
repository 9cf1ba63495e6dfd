#pragma once
/// Drops what is no text to learn from: too short, not letters, no words of any language, broken recognition, minified code, or
/// the same said over and over.
///
/// Each measure is a share that ordinary documents stay far from (measured on 1,457 pages of technical documentation in English
/// and Korean, the 0.5 % at the far end in brackets) and defects go far beyond:
///   too_short      characters that are not white space, a Hangul syllable or ideograph counting two, < min_characters
///   not_text       letters / characters < min_letter_share                                          (0.70)
///   no_words       Latin letters surprise the letter model by > 4.2 nats each (3.6), or fewer than 0.8 of the Hangul syllables
///                  are common ones (0.97)
///   broken_words   words with a sign or digit between letters > 0.2 (0.11); or stray letters of Hangul and syllables outside
///                  KS X 1001 > 0.06 of Hangul (0.00)
///   long_words     mean word length > 20 characters (14), or > 12 with more than 0.25 signs: minified code, encoded data
///   repetitive     characters in lines, or in runs of five words, seen before > max_repeated_share
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
  Outcome judge(const DocumentView& document) const override;

 private:
  BySource<recipe::QualityOptions> options_;
};

}  // namespace hone::corpus
