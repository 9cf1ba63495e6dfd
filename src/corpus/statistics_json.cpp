#include <nlohmann/json.hpp>

#include "base/error.h"
#include "corpus/statistics.h"

namespace hone::corpus {
namespace {

using nlohmann::json;

constexpr size_t kExamplesShown = 8;  // of one rule, whatever its reasons and kinds

json to_json(const Amount& amount) {
  return {{"documents", amount.documents}, {"bytes", amount.bytes}, {"characters", amount.characters}};
}

json to_json(const Flow& flow) {
  return {{"read", to_json(flow.read)},
          {"kept", to_json(flow.kept)},
          {"edited", to_json(flow.edited)},
          {"dropped", to_json(flow.dropped)},
          {"rejected", to_json(flow.rejected)}};
}

json to_json(const SourceTally& tally) { return {{"dropped", to_json(tally.dropped)}, {"edited", to_json(tally.edited)}}; }

json to_json(const Lengths& lengths) { return lengths.counts; }

json to_json(const Example& example) {
  json result = {{"id", example.id}};
  const auto add = [&](const char* key, const std::string& text) {
    if (!text.empty()) result[key] = text;
  };
  add("excerpt", example.excerpt);
  add("before", example.before);
  add("removed", example.removed);
  add("inserted", example.inserted);
  add("after", example.after);
  if (example.removed_characters > 0) result["removed_characters"] = example.removed_characters;
  return result;
}

template <typename Value>
json to_json(const std::map<std::string, Value>& map) {
  json result = json::object();
  for (const auto& [key, value] : map) result[key] = to_json(value);
  return result;
}

json to_json(const Examples& examples) {
  json result = json::object();
  for (const auto& [reason, list] : examples) {
    json& here = result[reason] = json::array();
    for (const Example& example : list) here.push_back(to_json(example));
  }
  return result;
}

/// The first of each reason or kind, then the second, until there are enough.
json shown_examples(const Examples& examples) {
  json result = json::array();
  for (size_t place = 0, before = SIZE_MAX; before != result.size(); ++place) {
    before = result.size();
    for (const auto& [reason, list] : examples) {
      if (place >= list.size() || result.size() >= kExamplesShown) continue;
      result.push_back(to_json(list[place]));
      result.back()["reason"] = reason;
    }
  }
  return result;
}

json to_json(const RuleTally& tally) {
  return {{"dropped", to_json(tally.dropped)},
          {"edited", to_json(tally.edited)},
          {"flagged", to_json(tally.flagged)},
          {"spans", tally.spans},
          {"characters_removed", tally.characters_removed},
          {"characters_inserted", tally.characters_inserted},
          {"reasons", tally.reasons},
          {"kinds", tally.kinds},
          {"marks", tally.marks},
          {"sources", to_json(tally.sources)}};
}

}  // namespace

json to_json(const Tally& tally, const std::vector<RuleName>& names, const ClusterCounts& clusters, const std::vector<std::string>& warnings) {
  json rules = json::array(), never = json::array();
  for (size_t i = 0; i < names.size(); ++i) {
    const RuleTally rule = i < tally.rules.size() ? tally.rules[i] : RuleTally{};
    json entry = to_json(rule);
    entry["rule"] = names[i].name;
    entry["family"] = name_of(names[i].family);
    entry["examples"] = shown_examples(rule.examples);
    rules.push_back(std::move(entry));
    if (rule.dropped.documents + rule.edited.documents + rule.flagged.documents == 0) never.push_back(names[i].name);
  }
  json result = to_json(tally.all);
  result["characters_after"] = tally.characters_after;
  result["sources"] = to_json(tally.sources);
  result["languages"] = to_json(tally.languages);
  result["splits"] = to_json(tally.splits);
  result["rejections"] = to_json(tally.rejections);
  result["rejected_examples"] = to_json(tally.rejected);
  result["rules"] = rules;
  result["rules_that_never_fired"] = never;
  result["without_licence"] = tally.unlicenced;
  result["licences"] = to_json(tally.licences);
  result["access"] = to_json(tally.access);
  result["lengths"] = {{"below", Lengths::kBounds}, {"read", to_json(tally.lengths_read)}, {"after", to_json(tally.lengths_after)}};
  result["clusters"] = {{"all", clusters.clusters}, {"of_several", clusters.of_several}, {"largest", clusters.largest}};
  result["warnings"] = warnings;
  return result;
}

}  // namespace hone::corpus
