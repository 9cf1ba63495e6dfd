#include "evaluation/preference.h"

#include <nlohmann/json.hpp>
#include <vector>

namespace hone::evaluation {

Preference::Preference(const HeldOut& chosen, int64_t max_documents)
    : chosen_(chosen), rejected_(chosen.shards_pointer(), chosen.shards().pairs() ? max_documents : 0, Side::rejected) {
  if (!chosen.shards().pairs()) return;
  // Both sides are in the order of their ordinals; one that has nothing to score is missing on its side.
  uint64_t other = 0;
  for (uint64_t i = 0; i < chosen_.scores().size(); ++i) {
    const uint64_t partner = chosen_.scores()[i].ordinal + 1;
    while (other < rejected_.scores().size() && rejected_.scores()[other].ordinal < partner) ++other;
    if (other < rejected_.scores().size() && rejected_.scores()[other].ordinal == partner) pairs_.push_back({i, other});
  }
}

double Preference::margin(const Pair& pair, Scorer scorer) const {
  return rejected_.scores()[pair.rejected].nll[scorer] - chosen_.scores()[pair.chosen].nll[scorer];
}

nlohmann::json Preference::facts() const {
  const auto count = static_cast<double>(pairs_.size());
  const auto figures = [&](const auto& margin_of) {
    double right = 0, sum = 0;
    for (const Pair& pair : pairs_) {
      const double value = margin_of(pair);
      right += value > 0 ? 1 : 0;
      sum += value;
    }
    return nlohmann::json{{"accuracy", right / count}, {"margin", sum / count}};
  };
  return {{"pairs", pairs_.size()},
          {"base", figures([&](const Pair& pair) { return margin(pair, kBase); })},
          {"tuned", figures([&](const Pair& pair) { return margin(pair, kTuned); })},
          {"reward", figures([&](const Pair& pair) { return margin(pair, kTuned) - margin(pair, kBase); })}};
}

std::optional<tasks::Measured> Preference::measure(const tasks::BootstrapOptions& bootstrap) const {
  if (pairs_.empty()) return std::nullopt;
  std::vector<tasks::Cluster> clusters;
  for (const Pair& pair : pairs_) clusters.push_back({margin(pair, kTuned) > 0 ? 0.0 : 1.0, margin(pair, kBase) > 0 ? 0.0 : 1.0, 1.0});
  tasks::Measured measured;
  measured.level = tasks::bootstrap_level(clusters, tasks::Scale::ratio, bootstrap);
  measured.change = tasks::bootstrap_change(clusters, tasks::Scale::ratio, bootstrap);
  for (tasks::Cluster& cluster : clusters) std::swap(cluster.candidate, cluster.reference);
  measured.reference = tasks::level(clusters, tasks::Scale::ratio);
  return measured;
}

}  // namespace hone::evaluation
