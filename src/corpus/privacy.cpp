#include "corpus/privacy.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>

#include "corpus/rules/injection.h"
#include "corpus/rules/personal_data.h"
#include "corpus/rules/secrets.h"

namespace hone::corpus {
namespace {

using nlohmann::json;

bool runs(const recipe::CorpusOptions& options, std::string_view rule) {
  return std::find(options.rules.begin(), options.rules.end(), rule) != options.rules.end();
}

/// Categories without a form that a rule could tell: the sensitive ones of data protection law first.
constexpr std::string_view kNever[] = {
    "health",          "genetic_data",        "biometric_data",    "ethnic_origin", "religious_or_philosophical_belief",
    "political_opinion", "trade_union_membership", "sexual_life",  "criminal_record", "income_and_debts",
    "date_of_birth",   "vehicle_registration", "position_data",    "user_names",    "handwriting_and_images",
};

}  // namespace

json privacy_statement(const recipe::CorpusOptions& options) {
  json looked = json::array(), not_looked = json::array();
  const auto add = [&](std::string_view kind, Family family, std::string_view action) {
    looked.push_back({{"kind", kind}, {"family", name_of(family)}, {"action", action}});
  };
  const personal::Kinds kinds = kinds_of(options.personal_data);
  const auto actions = actions_of(options.personal_data);
  for (size_t i = 0; i < personal::kKinds; ++i) {
    const std::string_view kind = name_of(static_cast<personal::Kind>(i));
    if (runs(options, PersonalData::kName) && kinds.test(i)) add(kind, Family::pii, recipe::names_of(actions[i])[static_cast<size_t>(actions[i])]);
    else not_looked.push_back(kind);
  }
  const auto& secrets = options.personal_data.secrets.action;
  for (const std::string_view kind : {"private_key", "access_key", "web_token", "password", "api_key"}) {
    if (runs(options, Secrets::kName)) add(kind, Family::secret, recipe::names_of(secrets)[static_cast<size_t>(secrets)]);
    else not_looked.push_back(kind);
  }
  const auto& injection = options.personal_data.injection.action;
  if (runs(options, Injection::kName)) add("instruction_to_model", Family::injection, recipe::names_of(injection)[static_cast<size_t>(injection)]);
  else not_looked.push_back("instruction_to_model");
  for (const std::string_view category : kNever) not_looked.push_back(category);
  return {{"looked_for", looked}, {"not_looked_for", not_looked}};
}

}  // namespace hone::corpus
