#include "corpus/rules/fineweb.h"

namespace hone::corpus {
namespace {

Limits limits_of(const recipe::FineWebThresholds& options) {
  Limits limits;
  limits.at_least(Attribute::lines, 1)
      .at_least(Attribute::punctuated_line_share, options.min_punctuated_line_share)
      .at_most(Attribute::short_line_share, options.max_short_line_share)
      .at_most(Attribute::repeated_line_characters, options.max_repeated_line_characters)
      .at_most(Attribute::newlines_per_word, options.max_newlines_per_word)
      .count_lines_up_to(static_cast<uint32_t>(options.short_line_characters));
  return limits;
}

}  // namespace

FineWeb::FineWeb(const recipe::CorpusOptions& options)
    : limits_(options, [](const recipe::CorpusOptions& corpus) {
        return ByLanguage<Limits>{limits_of(corpus.web.fineweb.en), limits_of(corpus.web.fineweb.ko)};
      }) {}

Outcome FineWeb::judge(const DocumentView& document) const {
  return limits_.of(document).of(document).judge(measures_of(document.text));
}

}  // namespace hone::corpus
