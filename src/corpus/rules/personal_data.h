#pragma once
/// Takes personal data out of a text, or points it out: numbers that people are known by, telephone numbers, mail and IP addresses.
///
/// Looked for in the text's shadow (shadow.h), so that full-width digits and hidden characters do not help; edits cover whole
/// characters of the text. Each kind is flagged, replaced by its placeholder ("[PHONE]"), or by a stand-in that is the same wherever
/// the value returns (stand_in.h). What is looked for and what is not: privacy.h.
#include <array>

#include "corpus/personal/allow_list.h"
#include "corpus/personal/kind.h"
#include "corpus/rule.h"
#include "recipe/privacy_rules.h"

namespace hone::corpus {

class PersonalData final : public Rule {
 public:
  static constexpr std::string_view kName = "personal_data";
  static constexpr Family kFamily = Family::pii;

  /// Throws usage for a pattern of `allow` that does not compile.
  explicit PersonalData(const recipe::PersonalDataOptions& options);
  std::string_view name() const override { return kName; }
  Family family() const override { return kFamily; }
  bool changes_text() const override { return changes_; }
  Outcome judge(const DocumentView& document) const override;
  /// Which key stand-ins were made with, without telling it.
  std::string inputs() const override;

 private:
  personal::Kinds kinds_;
  std::array<recipe::SpanAction, personal::kKinds> actions_{};
  personal::AllowList allow_;
  std::string key_;
  bool changes_ = false;
};

/// Which kinds the options look for, and what happens to each.
personal::Kinds kinds_of(const recipe::PersonalDataOptions& options);
std::array<recipe::SpanAction, personal::kKinds> actions_of(const recipe::PersonalDataOptions& options);

}  // namespace hone::corpus
