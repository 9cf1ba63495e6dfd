#include "corpus/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "base/error.h"
#include "base/nearest.h"
#include "corpus/rules/boilerplate.h"
#include "corpus/rules/c4.h"
#include "corpus/rules/decontamination.h"
#include "corpus/rules/encoding.h"
#include "corpus/rules/exact_duplicates.h"
#include "corpus/rules/fineweb.h"
#include "corpus/rules/gopher_quality.h"
#include "corpus/rules/gopher_repetition.h"
#include "corpus/rules/injection.h"
#include "corpus/rules/language.h"
#include "corpus/rules/near_duplicates.h"
#include "corpus/rules/normalise.h"
#include "corpus/rules/own_rule.h"
#include "corpus/rules/page_furniture.h"
#include "corpus/rules/personal_data.h"
#include "corpus/rules/quality.h"
#include "corpus/rules/secrets.h"
#include "corpus/rules/turns.h"

namespace hone::corpus {
namespace {

/// What a rule does with records of instruction data.
enum class Records : bool { passed_over, judged };

struct Maker {
  std::string_view name;
  Records records;
  std::function<std::unique_ptr<Rule>(const recipe::CorpusOptions&)> make;
};

const std::vector<Maker>& makers() {
  using recipe::CorpusOptions;
  static const std::vector<Maker> kMakers = {
      {Encoding::kName, Records::judged, [](const CorpusOptions&) { return std::make_unique<Encoding>(); }},
      {PageFurniture::kName, Records::passed_over, [](const CorpusOptions&) { return std::make_unique<PageFurniture>(); }},
      {Normalise::kName, Records::judged, [](const CorpusOptions&) { return std::make_unique<Normalise>(); }},
      {Boilerplate::kName, Records::passed_over, [](const CorpusOptions& options) { return std::make_unique<Boilerplate>(options.boilerplate); }},
      {LanguageFilter::kName, Records::passed_over, [](const CorpusOptions& options) { return std::make_unique<LanguageFilter>(options.languages); }},
      {ForeignParagraphs::kName, Records::passed_over, [](const CorpusOptions& options) { return std::make_unique<ForeignParagraphs>(options.languages); }},
      {Quality::kName, Records::passed_over, [](const CorpusOptions& options) { return std::make_unique<Quality>(options); }},
      {GopherQuality::kName, Records::passed_over, [](const CorpusOptions& options) { return std::make_unique<GopherQuality>(options); }},
      {GopherRepetition::kName, Records::passed_over, [](const CorpusOptions& options) { return std::make_unique<GopherRepetition>(options); }},
      {C4::kName, Records::passed_over, [](const CorpusOptions& options) { return std::make_unique<C4>(options); }},
      {FineWeb::kName, Records::passed_over, [](const CorpusOptions& options) { return std::make_unique<FineWeb>(options); }},
      {Secrets::kName, Records::judged, [](const CorpusOptions& options) { return std::make_unique<Secrets>(options.personal_data); }},
      {PersonalData::kName, Records::judged, [](const CorpusOptions& options) { return std::make_unique<PersonalData>(options.personal_data); }},
      {Injection::kName, Records::judged, [](const CorpusOptions& options) { return std::make_unique<Injection>(options.personal_data.injection); }},
      {ExactDuplicates::kName, Records::judged, [](const CorpusOptions&) { return std::make_unique<ExactDuplicates>(); }},
      {Decontamination::kName, Records::judged, [](const CorpusOptions& options) { return std::make_unique<Decontamination>(options.decontamination); }},
      {NearDuplicates::kName, Records::passed_over, [](const CorpusOptions& options) { return std::make_unique<NearDuplicates>(options.near_duplicates); }},
      {Turns::kName, Records::judged, [](const CorpusOptions&) { return std::make_unique<Turns>(); }},
  };
  return kMakers;
}

const recipe::OwnRuleOptions* own_rule(const recipe::CorpusOptions& options, std::string_view name) {
  const auto found = std::find_if(options.own_rules.begin(), options.own_rules.end(), [&](const auto& own) { return own.name == name; });
  return found == options.own_rules.end() ? nullptr : &*found;
}

const Maker* built_in(std::string_view name) {
  const auto found = std::find_if(makers().begin(), makers().end(), [&](const Maker& maker) { return maker.name == name; });
  return found == makers().end() ? nullptr : &*found;
}

std::unique_ptr<Rule> make_rule(const recipe::CorpusOptions& options, const std::string& name) {
  if (const Maker* maker = built_in(name)) return maker->make(options);
  if (const recipe::OwnRuleOptions* own = own_rule(options, name)) return std::make_unique<OwnRule>(*own);
  std::vector<std::string> names = rule_names();
  for (const recipe::OwnRuleOptions& own : options.own_rules) names.push_back(own.name);
  const auto near = base::nearest(name, names);
  throw Error(ExitCode::usage, fmt::format("corpus.rules: {} is not a rule; {}", name,
                                           near ? "did you mean " + *near + "?" : fmt::format("there are {}", fmt::join(names, ", "))));
}

/// Own rules that the list does not place run behind quality, or last where there is none.
void place_own_rules(const recipe::CorpusOptions& options, std::vector<std::string>& names) {
  const auto quality = std::find(names.begin(), names.end(), Quality::kName);
  size_t place = quality == names.end() ? names.size() : static_cast<size_t>(quality - names.begin()) + 1;
  for (const recipe::OwnRuleOptions& own : options.own_rules) {
    if (std::find(names.begin(), names.end(), own.name) != names.end()) continue;
    names.insert(names.begin() + static_cast<std::ptrdiff_t>(place++), own.name);
  }
}

/// The recipe's list; languages asked for bring their rule with them, behind the rules at its head that make text readable.
std::vector<std::string> rules_of(const recipe::CorpusOptions& options) {
  std::vector<std::string> names = options.rules;
  const bool named = std::find(names.begin(), names.end(), LanguageFilter::kName) != names.end();
  if (!options.languages.empty() && !named) {
    const auto readable = [](const std::string& name) { return name == Encoding::kName || name == Normalise::kName || name == PageFurniture::kName; };
    names.emplace(std::find_if_not(names.begin(), names.end(), readable), LanguageFilter::kName);
  }
  place_own_rules(options, names);
  const bool records = std::any_of(options.sources.begin(), options.sources.end(),
                                   [](const recipe::SourceOptions& source) { return source.format != recipe::SourceFormat::text; });
  if (records && std::find(names.begin(), names.end(), Turns::kName) == names.end()) names.emplace_back(Turns::kName);
  return names;
}

}  // namespace

std::vector<std::string> rule_names() {
  std::vector<std::string> names;
  for (const Maker& maker : makers()) names.emplace_back(maker.name);
  return names;
}

bool judges_records(std::string_view rule) {
  const Maker* maker = built_in(rule);
  return maker == nullptr || maker->records == Records::judged;
}

std::vector<std::unique_ptr<Rule>> make_rules(const recipe::CorpusOptions& options) {
  std::vector<std::unique_ptr<Rule>> rules;
  for (const std::string& name : rules_of(options)) {
    if (std::count(options.rules.begin(), options.rules.end(), name) > 1) {
      throw Error(ExitCode::usage, fmt::format("corpus.rules: {} is named twice; a rule is applied once, in its place in the list", name));
    }
    rules.push_back(make_rule(options, name));
  }
  return rules;
}

}  // namespace hone::corpus
