#pragma once
/// Drops documents that repeat themselves: Gopher (Rae et al. 2021, table A1), in the order and with the figures of datatrove's
/// GopherRepetitionFilter. Words are runs without white space where datatrove parts punctuation from them.
/// Thresholds by language and source: recipe/text_rules.h; Korean ones by eojeol: docs/korean-thresholds.md. Made for web pages.
#include "corpus/by_source.h"
#include "corpus/limits.h"
#include "corpus/rule.h"

namespace hone::corpus {

class GopherRepetition final : public Rule {
 public:
  static constexpr std::string_view kName = "gopher_repetition";
  static constexpr Family kFamily = Family::quality;

  explicit GopherRepetition(const recipe::CorpusOptions& options);
  std::string_view name() const override { return kName; }
  Family family() const override { return kFamily; }
  Outcome judge(const DocumentView& document) const override;

 private:
  BySource<ByLanguage<Limits>> limits_;
};

}  // namespace hone::corpus
