#pragma once
/// Drops lists, menus and pages of repeated lines: FineWeb (Penedo et al. 2024), in the order and with the figures of datatrove's
/// FineWebQualityFilter. A line ends a sentence when its last character has Unicode's property Sentence_Terminal.
/// Thresholds by language and source: recipe/text_rules.h; Korean ones: docs/korean-thresholds.md. Made for web pages.
#include "corpus/by_source.h"
#include "corpus/limits.h"
#include "corpus/rule.h"

namespace hone::corpus {

class FineWeb final : public Rule {
 public:
  static constexpr std::string_view kName = "fineweb";
  static constexpr Family kFamily = Family::quality;

  explicit FineWeb(const recipe::CorpusOptions& options);
  std::string_view name() const override { return kName; }
  Family family() const override { return kFamily; }
  Outcome judge(const DocumentView& document) const override;

 private:
  BySource<ByLanguage<Limits>> limits_;
};

}  // namespace hone::corpus
