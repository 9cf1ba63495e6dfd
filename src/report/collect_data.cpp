#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "base/json_file.h"
#include "report/collect.h"
#include "report/look.h"

namespace hone::report {

namespace {

using nlohmann::json;

constexpr const char* kReader = "reader: ";  // before a reason for which a document could not be read

uint64_t whole(const json& value, const std::string& pointer) {
  const json& found = look(value, pointer);
  return found.is_number_unsigned() ? found.get<uint64_t>() : 0;
}

/// What each rule took away, and the readers before them. Rules in their order, readers' reasons first.
json dropped_by_rule(const json& statistics) {
  json dropped = json::array();
  const auto add = [&](const std::string& name, const json& amount) {
    if (whole(amount, "/documents") > 0)
      dropped.push_back(
          {{"rule", name}, {"documents", whole(amount, "/documents")}, {"bytes", whole(amount, "/bytes")}});
  };
  for (const auto& [reason, amount] : look(statistics, "/rejections").items()) add(kReader + reason, amount);
  for (const json& rule : look(statistics, "/rules")) add(words(rule, "/rule"), look(rule, "/dropped"));
  return dropped;
}

json what_rules_did(const json& statistics) {
  json rules = json::array();
  for (const json& rule : look(statistics, "/rules"))
    rules.push_back({{"rule", words(rule, "/rule")},
                     {"dropped", whole(rule, "/dropped/documents")},
                     {"edited", whole(rule, "/edited/documents")},
                     {"spans", whole(rule, "/spans")},
                     {"characters_removed", whole(rule, "/characters_removed")},
                     {"characters_inserted", whole(rule, "/characters_inserted")},
                     {"reasons", look(rule, "/reasons")}});
  return rules;
}

/// Bytes and documents, without the characters that statistics.json has beside them.
json amount(const json& statistics, const std::string& pointer) {
  return {{"documents", whole(statistics, pointer + "/documents")},
          {"bytes", whole(statistics, pointer + "/bytes")}};
}

}  // namespace

json collect_data(const artifact::RunDirectory& run) {
  const std::filesystem::path file = run.corpus() / artifact::kStatistics;
  if (!std::filesystem::exists(file)) return nullptr;
  const json statistics = base::read_json(file);
  json languages = json::array();
  for (const auto& [code, flow] : look(statistics, "/languages").items())
    languages.push_back(
        {{"name", code}, {"read", amount(flow, "/read")}, {"dropped", amount(flow, "/dropped")}});
  return {{"read", amount(statistics, "/read")},       {"kept", amount(statistics, "/kept")},
          {"edited", amount(statistics, "/edited")},   {"dropped", dropped_by_rule(statistics)},
          {"rules", what_rules_did(statistics)},       {"languages", languages},
          {"clusters", look(statistics, "/clusters")}, {"warnings", look(statistics, "/warnings")}};
}

json collect_sources(const artifact::RunDirectory& run, const recipe::Recipe& recipe) {
  const std::filesystem::path file = run.corpus() / artifact::kStatistics;
  const json statistics = std::filesystem::exists(file) ? base::read_json(file) : json::object();
  json found = statistics.value("sources", json::object());
  const json without_licence = statistics.value("without_licence", json::object());
  json sources = json::array();
  const auto add = [&](const recipe::SourceOptions& source) {
    const json flow = found.value(source.name, json::object());
    sources.push_back({{"name", source.name},
                       {"licence", source.licence},
                       {"without_licence", without_licence.value(source.name, uint64_t{0})},
                       {"access", source.access},
                       {"origin", source.origin},
                       {"owner", source.owner},
                       {"legal_basis", source.legal_basis},
                       {"retention", source.retention},
                       {"documents", whole(flow, "/read/documents")},
                       {"bytes", whole(flow, "/read/bytes")}});
  };
  std::set<std::string> named;
  for (const recipe::SourceOptions& source : recipe.corpus.sources) {
    add(source);
    named.insert(source.name);
  }
  // Rows may name sources of their own, of which the recipe says nothing.
  for (const auto& [name, flow] : found.items()) {
    recipe::SourceOptions source;
    source.name = name;
    if (!named.contains(name)) add(source);
  }
  return sources;
}

}  // namespace hone::report
