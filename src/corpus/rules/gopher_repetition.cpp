#include "corpus/rules/gopher_repetition.h"

namespace hone::corpus {
namespace {

Limits limits_of(const recipe::GopherRepetitionThresholds& options) {
  Limits limits;
  limits.at_most(Attribute::duplicate_paragraph_share, options.max_duplicate_paragraph_share)
      .at_most(Attribute::duplicate_paragraph_characters, options.max_duplicate_paragraph_characters)
      .at_most(Attribute::duplicate_line_share, options.max_duplicate_line_share)
      .at_most(Attribute::duplicate_line_characters, options.max_duplicate_line_characters)
      .at_most(Attribute::top_2_gram, options.max_top_2_gram)
      .at_most(Attribute::top_3_gram, options.max_top_3_gram)
      .at_most(Attribute::top_4_gram, options.max_top_4_gram)
      .at_most(Attribute::duplicate_5_grams, options.max_duplicate_5_grams)
      .at_most(Attribute::duplicate_6_grams, options.max_duplicate_6_grams)
      .at_most(Attribute::duplicate_7_grams, options.max_duplicate_7_grams)
      .at_most(Attribute::duplicate_8_grams, options.max_duplicate_8_grams)
      .at_most(Attribute::duplicate_9_grams, options.max_duplicate_9_grams)
      .at_most(Attribute::duplicate_10_grams, options.max_duplicate_10_grams);
  return limits;
}

}  // namespace

GopherRepetition::GopherRepetition(const recipe::CorpusOptions& options)
    : limits_(options, [](const recipe::CorpusOptions& corpus) {
        const recipe::GopherRepetitionOptions& gopher = corpus.web.gopher_repetition;
        return ByLanguage<Limits>{limits_of(gopher.en), limits_of(gopher.ko)};
      }) {}

Outcome GopherRepetition::judge(const DocumentView& document) const {
  return limits_.of(document).of(document).judge(measures_of(document.text));
}

}  // namespace hone::corpus
