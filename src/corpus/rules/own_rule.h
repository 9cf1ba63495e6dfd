#pragma once
/// A rule that an organisation writes itself (recipe: corpus.own_rules).
///
/// It acts on documents of its sources and languages that meet every condition written: one of `drop` matches; enough keywords
/// occur; the attribute is above or below its bound. With `replace` it writes the replacement over what the patterns match, the
/// first pattern winning where two overlap; without, it drops the document.
#include <memory>
#include <string>
#include <vector>

#include "corpus/own_rule_terms.h"
#include "corpus/rule.h"
#include "recipe/text_rules.h"

namespace hone::corpus {

class OwnRule final : public Rule {
 public:
  /// Throws usage with the first problem of the rule itself. Examples are not run.
  explicit OwnRule(recipe::OwnRuleOptions options);
  std::string_view name() const override { return options_.name; }
  Family family() const override { return terms_.family; }
  bool changes_text() const override { return !options_.replace.empty(); }
  Outcome judge(const DocumentView& document) const override;

 private:
  bool is_for(const DocumentView& document) const;
  std::vector<Edit> replacements(std::string_view text) const;

  recipe::OwnRuleOptions options_;
  OwnRuleTerms terms_;
  std::string_view kind_;  ///< The name, for as long as the process lives.
};

/// What is wrong with a rule: its patterns, its names, and then the examples that do not come out as they say.
std::vector<OwnRuleProblem> check_own_rule(const recipe::OwnRuleOptions& options);

}  // namespace hone::corpus
