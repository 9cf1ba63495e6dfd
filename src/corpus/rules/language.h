#pragma once
/// Drops documents in a language that the recipe does not ask for (corpus.languages).
///
/// Judged by the language that CLD2 finds in most of the text (language.h). Texts of fewer than 100 characters, and texts without
/// a clear main language, stay: there is no telling. Reported as family language.
#include <string>
#include <vector>

#include "corpus/rule.h"

namespace hone::corpus {

class LanguageFilter final : public Rule {
 public:
  static constexpr std::string_view kName = "language";
  static constexpr Family kFamily = Family::language;

  explicit LanguageFilter(std::vector<std::string> wanted) : wanted_(std::move(wanted)) {}
  std::string_view name() const override { return kName; }
  Family family() const override { return kFamily; }
  Outcome judge(const DocumentView& document) const override;

 private:
  std::vector<std::string> wanted_;  ///< Empty: all.
};

}  // namespace hone::corpus
