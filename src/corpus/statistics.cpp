#include "corpus/statistics.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "corpus/unicode.h"

namespace hone::corpus {
namespace {

constexpr size_t kExamples = 5;
constexpr size_t kExampleCharacters = 100;

nlohmann::json to_json(const Amount& amount) {
  return {{"documents", amount.documents}, {"bytes", amount.bytes}, {"characters", amount.characters}};
}

nlohmann::json to_json(const Flow& flow) {
  return {{"read", to_json(flow.read)},
          {"kept", to_json(flow.kept)},
          {"edited", to_json(flow.edited)},
          {"dropped", to_json(flow.dropped)},
          {"rejected", to_json(flow.rejected)}};
}

nlohmann::json to_json(const RuleTally& tally, const RuleName& name) {
  nlohmann::json examples = nlohmann::json::array();
  for (const Example& example : tally.examples) {
    examples.push_back({{"id", example.id}, {"reason", example.reason}, {"excerpt", example.excerpt}});
  }
  return {{"rule", name.name},
          {"family", name_of(name.family)},
          {"dropped", to_json(tally.dropped)},
          {"edited", to_json(tally.edited)},
          {"spans", tally.spans},
          {"characters_removed", tally.characters_removed},
          {"characters_inserted", tally.characters_inserted},
          {"reasons", tally.reasons},
          {"kinds", tally.kinds},
          {"examples", examples}};
}

template <typename Value>
void add_maps(std::map<std::string, Value>& to, const std::map<std::string, Value>& from) {
  for (const auto& [key, value] : from) to[key] += value;
}

/// What the spans of one rule removed and put in.
void count_spans(RuleTally& tally, const TextMap& map, uint16_t rule) {
  for (const TextMap::Span& span : map.spans()) {
    if (span.rule != rule) continue;
    ++tally.spans;
    ++tally.kinds[std::string{span.kind}];
    tally.characters_removed += count_code_points(map.original_of(span));
    tally.characters_inserted += count_code_points(map.replacement_of(span));
  }
}

}  // namespace

Flow& Flow::operator+=(const Flow& other) {
  read += other.read;
  kept += other.kept;
  edited += other.edited;
  dropped += other.dropped;
  rejected += other.rejected;
  return *this;
}

void Tally::count(const Draft& draft, const std::vector<RuleName>& names, const Placement& placement) {
  rules.resize(names.size());
  const uint64_t bytes = draft.document.bytes, characters = count_code_points(draft.map.original());
  const bool changed = !draft.map.spans().empty();
  Flow flow;
  flow.read.add(bytes, characters);
  (draft.dropped() ? flow.dropped : changed ? flow.edited : flow.kept).add(bytes, characters);
  all += flow;
  sources[draft.document.source] += flow;
  languages[draft.language.code] += flow;
  if (!draft.dropped()) {
    const uint64_t after = changed ? count_code_points(draft.map.text()) : characters;
    splits[std::string{placement.split}].add(bytes, after);
    characters_after += after;
    if (draft.document.licence.empty()) ++unlicenced[draft.document.source];
  }
  for (const RuleLine& line : draft.lines) {
    if (line.verdict == Verdict::keep) continue;
    RuleTally& tally = rules[line.rule];
    if (line.verdict == Verdict::drop) {
      tally.dropped.add(bytes, characters);
      ++tally.reasons[line.reason];
    } else if (!draft.dropped()) {
      tally.edited.add(bytes, characters);
      count_spans(tally, draft.map, line.rule);
    }
    if (tally.examples.size() < kExamples && (line.verdict == Verdict::drop || !draft.dropped())) {
      const bool secret = is_sensitive(names[line.rule].family);
      tally.examples.push_back({draft.document.id, line.reason, secret ? "" : excerpt(draft.map.text(), kExampleCharacters)});
    }
  }
}

void Tally::count(const document::Rejection& rejection) {
  Flow flow;
  flow.read.add(rejection.bytes, 0);
  flow.rejected.add(rejection.bytes, 0);
  all += flow;
  sources[rejection.source] += flow;
  rejections[rejection.reason].add(rejection.bytes, 0);
}

Tally& Tally::operator+=(const Tally& other) {
  all += other.all;
  add_maps(sources, other.sources);
  add_maps(languages, other.languages);
  add_maps(splits, other.splits);
  add_maps(rejections, other.rejections);
  add_maps(unlicenced, other.unlicenced);
  characters_after += other.characters_after;
  rules.resize(std::max(rules.size(), other.rules.size()));
  for (size_t i = 0; i < other.rules.size(); ++i) {
    RuleTally& to = rules[i];
    const RuleTally& from = other.rules[i];
    to.dropped += from.dropped;
    to.edited += from.edited;
    to.spans += from.spans;
    to.characters_removed += from.characters_removed;
    to.characters_inserted += from.characters_inserted;
    add_maps(to.reasons, from.reasons);
    add_maps(to.kinds, from.kinds);
    for (const Example& example : from.examples) {
      if (to.examples.size() < kExamples) to.examples.push_back(example);
    }
  }
  return *this;
}

nlohmann::json to_json(const Tally& tally, const std::vector<RuleName>& names, const ClusterCounts& clusters,
                       const std::vector<std::string>& warnings) {
  nlohmann::json sources = nlohmann::json::object(), languages = nlohmann::json::object(), splits = nlohmann::json::object();
  nlohmann::json rejections = nlohmann::json::object(), rules = nlohmann::json::array(), never = nlohmann::json::array();
  for (const auto& [name, flow] : tally.sources) sources[name] = to_json(flow);
  for (const auto& [name, flow] : tally.languages) languages[name] = to_json(flow);
  for (const auto& [name, amount] : tally.splits) splits[name] = to_json(amount);
  for (const auto& [name, amount] : tally.rejections) rejections[name] = to_json(amount);
  for (size_t i = 0; i < names.size(); ++i) {
    const RuleTally rule = i < tally.rules.size() ? tally.rules[i] : RuleTally{};
    rules.push_back(to_json(rule, names[i]));
    if (rule.dropped.documents == 0 && rule.edited.documents == 0) never.push_back(names[i].name);
  }
  nlohmann::json result = to_json(tally.all);
  result["characters_after"] = tally.characters_after;
  result["sources"] = sources;
  result["languages"] = languages;
  result["splits"] = splits;
  result["rejections"] = rejections;
  result["rules"] = rules;
  result["rules_that_never_fired"] = never;
  result["without_licence"] = tally.unlicenced;
  result["clusters"] = {{"all", clusters.clusters}, {"of_several", clusters.of_several}, {"largest", clusters.largest}};
  result["warnings"] = warnings;
  return result;
}

}  // namespace hone::corpus
