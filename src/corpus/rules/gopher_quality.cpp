#include "corpus/rules/gopher_quality.h"

namespace hone::corpus {
namespace {

Limits limits_of(const recipe::GopherQualityThresholds& options) {
  Limits limits;
  limits.at_least(Attribute::content_words, static_cast<double>(options.min_words))
      .at_most(Attribute::content_words, static_cast<double>(options.max_words))
      .at_least(Attribute::mean_word_length, options.min_mean_word_length)
      .at_most(Attribute::mean_word_length, options.max_mean_word_length)
      .at_most(Attribute::hashes_per_word, options.max_hashes_per_word)
      .at_most(Attribute::ellipses_per_word, options.max_ellipses_per_word)
      .at_most(Attribute::bullet_line_share, options.max_bullet_line_share)
      .at_most(Attribute::ellipsis_line_share, options.max_ellipsis_line_share)
      .at_least(Attribute::alphabetic_word_share, options.min_alphabetic_word_share)
      .at_least(Attribute::stop_words, static_cast<double>(options.min_stop_words))
      .count_words(WordList(options.stop_words));
  return limits;
}

}  // namespace

GopherQuality::GopherQuality(const recipe::CorpusOptions& options)
    : limits_(options, [](const recipe::CorpusOptions& corpus) {
        const recipe::GopherQualityOptions& gopher = corpus.web.gopher_quality;
        return ByLanguage<Limits>{limits_of(gopher.en), limits_of(gopher.ko)};
      }) {}

Outcome GopherQuality::judge(const DocumentView& document) const {
  return limits_.of(document).of(document).judge(measures_of(document.text));
}

}  // namespace hone::corpus
