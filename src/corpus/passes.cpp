#include "corpus/passes.h"

#include <algorithm>

#include "corpus/rules.h"

namespace hone::corpus {

std::vector<uint16_t> Pass::waiting() const {
  std::vector<uint16_t> rules;
  for (const Step& step : steps) {
    if (step.observe) rules.push_back(step.rule);
  }
  return rules;
}

std::vector<Pass> plan_passes(const std::vector<std::unique_ptr<Rule>>& rules) {
  std::vector<Pass> passes(1);
  for (uint16_t i = 0; i < rules.size(); ++i) {
    const std::vector<uint16_t> waiting = passes.back().waiting();
    const bool waits_to_change = std::any_of(waiting.begin(), waiting.end(), [&](uint16_t rule) { return rules[rule]->changes_text(); });
    const bool observes = dynamic_cast<const CorpusRule*>(rules[i].get()) != nullptr;
    // A corpus rule changes text only when it judges, which is in the next pass and behind the judgements of those that wait now.
    if (waits_to_change || (!waiting.empty() && rules[i]->changes_text() && !observes)) passes.push_back({.settled = waiting});
    passes.back().steps.push_back({i, observes});
  }
  const std::vector<uint16_t> waiting = passes.back().waiting();
  if (passes.size() == 1 || !waiting.empty()) passes.push_back({.settled = waiting});
  return passes;
}

std::vector<Observation> go_through(const Pass& pass, const std::vector<std::unique_ptr<Rule>>& rules, Draft& draft) {
  const auto dropped_before = [&draft](uint16_t rule) { return draft.dropped() && draft.lines.back().rule < rule; };
  const auto concerns = [&](uint16_t rule) { return !draft.is_record() || judges_records(rules[rule]->name()); };
  for (const uint16_t rule : pass.settled) {
    if (concerns(rule) && !dropped_before(rule)) draft.take(rule, rules[rule]->family(), rules[rule]->judge(draft.view()));
  }
  std::vector<Observation> observations;
  for (const Step& step : pass.steps) {
    if (draft.dropped()) break;
    if (!concerns(step.rule)) continue;
    if (step.observe) {
      observations.push_back({step.rule, static_cast<const CorpusRule&>(*rules[step.rule]).observe(draft.view())});
    } else {
      draft.take(step.rule, rules[step.rule]->family(), rules[step.rule]->judge(draft.view()));
    }
  }
  return observations;
}

}  // namespace hone::corpus
