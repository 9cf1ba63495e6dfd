#pragma once
/// Points out, removes or drops what speaks to a model that reads the document: "ignore all previous instructions"
/// (injection/find.h). Flags by default: a model that is trained on such a sentence does not obey it, and people should look.
#include "corpus/rule.h"
#include "recipe/privacy_rules.h"

namespace hone::corpus {

class Injection final : public Rule {
 public:
  static constexpr std::string_view kName = "injection";
  static constexpr Family kFamily = Family::injection;

  explicit Injection(const recipe::InjectionOptions& options) : action_(options.action) {}
  std::string_view name() const override { return kName; }
  Family family() const override { return kFamily; }
  bool changes_text() const override { return action_ == recipe::InjectionAction::remove; }
  Outcome judge(const DocumentView& document) const override;

 private:
  recipe::InjectionAction action_;
};

}  // namespace hone::corpus
