#include "corpus/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "base/error.h"
#include "base/nearest.h"
#include "corpus/rules/encoding.h"
#include "corpus/rules/exact_duplicates.h"
#include "corpus/rules/language.h"
#include "corpus/rules/near_duplicates.h"
#include "corpus/rules/normalise.h"
#include "corpus/rules/quality.h"

namespace hone::corpus {
namespace {

struct Maker {
  std::string_view name;
  std::function<std::unique_ptr<Rule>(const recipe::CorpusOptions&)> make;
};

const std::vector<Maker>& makers() {
  using recipe::CorpusOptions;
  static const std::vector<Maker> kMakers = {
      {Encoding::kName, [](const CorpusOptions&) { return std::make_unique<Encoding>(); }},
      {Normalise::kName, [](const CorpusOptions&) { return std::make_unique<Normalise>(); }},
      {LanguageFilter::kName, [](const CorpusOptions& options) { return std::make_unique<LanguageFilter>(options.languages); }},
      {Quality::kName, [](const CorpusOptions& options) { return std::make_unique<Quality>(options.quality); }},
      {ExactDuplicates::kName, [](const CorpusOptions&) { return std::make_unique<ExactDuplicates>(); }},
      {NearDuplicates::kName, [](const CorpusOptions& options) { return std::make_unique<NearDuplicates>(options.near_duplicates); }},
  };
  return kMakers;
}

/// The recipe's list; languages asked for bring their rule with them, behind normalise where that comes first.
std::vector<std::string> rules_of(const recipe::CorpusOptions& options) {
  std::vector<std::string> names = options.rules;
  const bool named = std::find(names.begin(), names.end(), LanguageFilter::kName) != names.end();
  if (!options.languages.empty() && !named) {
    const bool behind_first = !names.empty() && names.front() == Normalise::kName;
    names.emplace(names.begin() + (behind_first ? 1 : 0), LanguageFilter::kName);
  }
  return names;
}

}  // namespace

std::vector<std::string> rule_names() {
  std::vector<std::string> names;
  for (const Maker& maker : makers()) names.emplace_back(maker.name);
  return names;
}

std::vector<std::unique_ptr<Rule>> make_rules(const recipe::CorpusOptions& options) {
  std::vector<std::unique_ptr<Rule>> rules;
  for (const std::string& name : rules_of(options)) {
    const auto& all = makers();
    const auto maker = std::find_if(all.begin(), all.end(), [&](const Maker& candidate) { return candidate.name == name; });
    if (maker == all.end()) {
      const auto near = base::nearest(name, rule_names());
      throw Error(ExitCode::usage, fmt::format("corpus.rules: {} is not a rule; {}", name,
                                               near ? "did you mean " + *near + "?" : fmt::format("there are {}", fmt::join(rule_names(), ", "))));
    }
    if (std::count(options.rules.begin(), options.rules.end(), name) > 1) {
      throw Error(ExitCode::usage, fmt::format("corpus.rules: {} is named twice; a rule is applied once, in its place in the list", name));
    }
    rules.push_back(maker->make(options));
  }
  return rules;
}

}  // namespace hone::corpus
