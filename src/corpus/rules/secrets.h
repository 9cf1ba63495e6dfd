#pragma once
/// Takes credentials out of a text, or points them out: private keys, tokens, passwords (secret/find.h says which).
#include "corpus/personal/allow_list.h"
#include "corpus/rule.h"
#include "recipe/privacy_rules.h"

namespace hone::corpus {

class Secrets final : public Rule {
 public:
  static constexpr std::string_view kName = "secrets";
  static constexpr Family kFamily = Family::secret;

  /// Throws usage for a pattern of `allow` that does not compile.
  explicit Secrets(const recipe::PersonalDataOptions& options)
      : action_(options.secrets.action), allow_(options.secrets.allow, "corpus.secrets.allow"), key_(options.key) {}
  std::string_view name() const override { return kName; }
  Family family() const override { return kFamily; }
  bool changes_text() const override { return action_ == recipe::SecretAction::redact; }
  Outcome judge(const DocumentView& document) const override;
  std::string inputs() const override;

 private:
  recipe::SecretAction action_;
  personal::AllowList allow_;
  std::string key_;
};

}  // namespace hone::corpus
