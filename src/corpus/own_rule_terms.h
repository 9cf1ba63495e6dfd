#pragma once
/// The parts of a rule that an organisation writes itself, compiled from the recipe: patterns, keywords, a bound on an attribute.
/// Whatever cannot be compiled is a problem with the key it stands under, so that all of them can be shown at once.
#include <re2/re2.h>
#include <re2/set.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "corpus/family.h"
#include "corpus/measures.h"
#include "recipe/text_rules.h"

namespace hone::corpus {

/// `key` is relative to the rule: "drop.1", "examples.keeps.0".
struct OwnRuleProblem {
  std::string key, message;
};

/// Words that a text has at least so many different of. Korean ones are found with particles and endings behind them, Latin ones
/// where no letter or digit of ASCII stands beside them; upper and lower case are the same.
class Keywords {
 public:
  Keywords(const std::vector<std::string>& words, int64_t at_least);
  bool are_in(std::string_view text) const;

 private:
  RE2::Set set_;
  std::vector<std::unique_ptr<RE2>> singles_;  ///< For texts that the set has no memory for.
  size_t at_least_;
};

struct OwnRuleTerms {
  std::vector<std::unique_ptr<RE2>> drop, replace;
  std::unique_ptr<Keywords> keywords;
  std::optional<Attribute> attribute;
  Family family = Family::quality;

  /// Everything that is wrong with the rule's own words goes to `problems`; its examples are not looked at.
  static OwnRuleTerms compile(const recipe::OwnRuleOptions& options, std::vector<OwnRuleProblem>& problems);
};

}  // namespace hone::corpus
