#include "evaluation/figures.h"

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>
#include <numeric>

#include "tasks/metric.h"
#include "tasks/score.h"

namespace hone::evaluation {

namespace {

using nlohmann::json;
using Keep = std::function<bool(const DocumentScore&)>;

constexpr const char* kScorerNames[kScorers] = {"base", "tuned", "ngram"};

tasks::Score score_of(const HeldOut& held_out, Scorer scorer, const Keep& keep) {
  tasks::Score total;
  for (const DocumentScore& document : held_out.scores())
    if (keep(document)) total += {document.nll[scorer], document.tokens, document.bytes, 1};
  return total;
}

json score_json(const tasks::Score& score) {
  return {{"nll_sum", score.nll_sum},
          {"loss", tasks::loss_per_token(score)},
          {"perplexity", tasks::perplexity(score)},
          {"bits_per_byte", tasks::bits_per_byte(score)}};
}

/// One cluster a document: near duplicates were removed or put together when the corpus was cleaned.
std::vector<tasks::Cluster> clusters_of(const HeldOut& held_out, Scorer reference, tasks::Figure figure,
                                        const Keep& keep) {
  std::vector<tasks::Cluster> clusters;
  for (const DocumentScore& document : held_out.scores())
    if (keep(document))
      clusters.push_back({document.nll[kTuned], document.nll[reference],
                          tasks::weight_of(figure, document.tokens, document.bytes)});
  return clusters;
}

json group_json(const HeldOut& held_out, const tasks::BootstrapOptions& bootstrap, const Keep& keep) {
  const tasks::Score tuned = score_of(held_out, kTuned, keep);
  json group = {{"documents", tuned.documents}, {"tokens", tuned.tokens}, {"bytes", tuned.bytes}};
  for (const Scorer scorer : {kBase, kTuned, kNgram})
    group[kScorerNames[scorer]] = score_json(score_of(held_out, scorer, keep));
  if (tuned.documents == 0) return group;  // no interval of nothing
  for (const Scorer reference : {kBase, kNgram}) {
    const auto clusters = clusters_of(held_out, reference, tasks::Figure::bits_per_byte, keep);
    group["change"][kScorerNames[reference]] =
        interval_json(tasks::bootstrap_change(clusters, tasks::Scale::ratio, bootstrap));
    if (reference == kBase)
      group["interval"] = interval_json(tasks::bootstrap_level(clusters, tasks::Scale::ratio, bootstrap));
  }
  return group;
}

/// A group for each name, sorted by name whatever order the shards had them in.
json groups_json(const HeldOut& held_out, const tasks::BootstrapOptions& bootstrap,
                 const std::vector<std::string>& names, uint32_t DocumentScore::*member) {
  std::vector<uint32_t> order(names.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) { return names[a] < names[b]; });
  json groups = json::array();
  for (const uint32_t number : order) {
    json group = group_json(held_out, bootstrap,
                            [&](const DocumentScore& document) { return document.*member == number; });
    group["name"] = names[number];
    groups.push_back(std::move(group));
  }
  return groups;
}

}  // namespace

json interval_json(const tasks::Interval& interval) {
  // JSON has no infinity: an end that is not known becomes null.
  return {{"estimate", interval.estimate},
          {"low", interval.low},
          {"high", interval.high},
          {"standard_error", interval.standard_error},
          {"documents", interval.clusters},
          {"confidence", interval.level},
          {"detectable", interval.minimum_detectable()}};
}

json gate_json(const tasks::GateResult& result) {
  const recipe::GateOptions& gate = result.gate;
  const bool compares = gate.rule == recipe::GateRule::improves || gate.rule == recipe::GateRule::not_worse;
  json gate_facts = {{"metric", gate.metric},
                     {"rule", tasks::name(gate.rule)},
                     {"outcome", tasks::name(result.outcome)},
                     {"reason", tasks::name(result.reason)},
                     {"sentence", tasks::sentence(result)}};
  if (compares) {
    gate_facts["by"] = gate.by;
    gate_facts["over"] = tasks::name(gate.over);
  } else {
    gate_facts["value"] = *gate.value;
  }
  if (!result.measured) return gate_facts;
  gate_facts["candidate"] = interval_json(result.measured->level);
  if (compares) {
    gate_facts["reference"] = result.measured->reference;
    gate_facts["change"] = interval_json(result.measured->change);
  }
  return gate_facts;
}

json Figures::groups() const {
  return {
      {"all", group_json(held_out_, bootstrap_, [](const DocumentScore&) { return true; })},
      {"by_source", groups_json(held_out_, bootstrap_, held_out_.sources(), &DocumentScore::source)},
      {"by_language", groups_json(held_out_, bootstrap_, held_out_.languages(), &DocumentScore::language)}};
}

std::optional<tasks::Measured> Figures::measure(const recipe::GateOptions& gate) const {
  const tasks::Metric metric = tasks::parse_metric(gate.metric);
  const Keep keep = [&](const DocumentScore& document) {
    switch (metric.part) {
      case tasks::Part::source:
        return held_out_.sources()[document.source] == metric.of;
      case tasks::Part::language:
        return held_out_.languages()[document.language] == metric.of;
      case tasks::Part::all:
        break;
    }
    return true;
  };
  const Scorer reference = gate.over == recipe::Baseline::ngram ? kNgram : kBase;
  auto clusters = clusters_of(held_out_, reference, metric.figure, keep);
  if (clusters.empty()) return std::nullopt;
  const tasks::Scale scale = tasks::scale_of(metric.figure);
  tasks::Measured measured;
  measured.level = tasks::bootstrap_level(clusters, scale, bootstrap_);
  measured.change = tasks::bootstrap_change(clusters, scale, bootstrap_);
  for (tasks::Cluster& cluster : clusters) std::swap(cluster.candidate, cluster.reference);
  measured.reference = tasks::level(clusters, scale);
  return measured;
}

}  // namespace hone::evaluation
