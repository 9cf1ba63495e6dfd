#include "tasks/gates.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace hone::tasks {

using recipe::GateOptions;
using recipe::GateRule;

namespace {

/// Where an interval lies with respect to a gate's line.
struct Position {
  const Interval* interval;
  bool all_right, all_wrong;
};

Position position(const GateOptions& gate, const Measured& measured) {
  const Interval& change = measured.change;
  const Interval& level = measured.level;
  switch (gate.rule) {
    case GateRule::improves:  // strictly: a model that is the same has not improved by 0 %
      return {&change, change.high < -gate.by, change.low >= -gate.by};
    case GateRule::not_worse:
      return {&change, change.high <= gate.by, change.low > gate.by};
    case GateRule::below:
      return {&level, level.high <= *gate.value, level.low > *gate.value};
    case GateRule::above:
      break;
  }
  return {&level, level.low >= *gate.value, level.high < *gate.value};
}

GateResult judge(const GateOptions& gate, std::optional<Measured> measured) {
  GateResult result{gate, Outcome::undecided, Reason::not_measured, std::move(measured)};
  if (!result.measured) return result;
  const Position where = position(gate, *result.measured);
  if (where.interval->clusters < kFewestClusters) {
    result.reason = Reason::too_few_documents;
  } else if (where.all_right) {
    result.outcome = Outcome::pass;
    result.reason = Reason::rule_holds;
  } else if (where.all_wrong) {
    result.outcome = Outcome::fail;
    result.reason = Reason::rule_broken;
  } else {
    result.reason = Reason::reaches_across;
  }
  return result;
}

bool compares(GateRule rule) { return rule == GateRule::improves || rule == GateRule::not_worse; }

std::string percent(double share) { return fmt::format("{:.2f} %", 100 * share); }

std::string spread(const Interval& interval, const std::string& low, const std::string& high) {
  return fmt::format("({:g} % interval {} to {})", 100 * interval.level, low, high);
}

std::string observed(const GateResult& result) {
  const Measured& m = *result.measured;
  if (!compares(result.gate.rule))
    return fmt::format(
        "{} is {:.4g} {}", result.gate.metric, m.level.estimate,
        spread(m.level, fmt::format("{:.4g}", m.level.low), fmt::format("{:.4g}", m.level.high)));
  const bool below = m.change.estimate <= 0;
  const std::string low = percent(below ? -m.change.high : m.change.low);
  const std::string high = percent(below ? -m.change.low : m.change.high);
  return fmt::format("{} is {} {} {} {}", result.gate.metric, percent(std::abs(m.change.estimate)),
                     below ? "below" : "above", name(result.gate.over), spread(m.change, low, high));
}

std::string asked(const GateOptions& gate) {
  switch (gate.rule) {
    case GateRule::improves:
      return gate.by == 0 ? "below was asked" : fmt::format("at least {} below was asked", percent(gate.by));
    case GateRule::not_worse:
      return fmt::format("at most {} above was allowed", percent(gate.by));
    case GateRule::below:
      return fmt::format("at most {:g} was asked", *gate.value);
    case GateRule::above:
      break;
  }
  return fmt::format("at least {:g} was asked", *gate.value);
}

}  // namespace

std::vector<GateOptions> default_gates(bool from_random_weights) {
  GateOptions over_base, over_ngram;
  over_ngram.over = recipe::Baseline::ngram;
  return from_random_weights ? std::vector{over_base, over_ngram} : std::vector{over_base};
}

Decision decide(const std::vector<GateOptions>& gates,
                const std::function<std::optional<Measured>(const GateOptions&)>& measure) {
  Decision decision;
  for (const GateOptions& gate : gates) {
    if (!compares(gate.rule) && !gate.value)
      throw Error(ExitCode::usage, fmt::format("the gate on {} says {} without saying what; add value: to it",
                                               gate.metric, name(gate.rule)));
    decision.gates.push_back(judge(gate, measure(gate)));
  }
  const auto came_out = [](Outcome outcome) {
    return [outcome](const GateResult& result) { return result.outcome == outcome; };
  };
  if (std::any_of(decision.gates.begin(), decision.gates.end(), came_out(Outcome::fail)))
    decision.verdict = Verdict::reject;
  else if (!gates.empty() &&
           std::all_of(decision.gates.begin(), decision.gates.end(), came_out(Outcome::pass)))
    decision.verdict = Verdict::promote;
  return decision;
}

ExitCode exit_code(Verdict verdict) {
  switch (verdict) {
    case Verdict::promote:
      return ExitCode::done;
    case Verdict::reject:
      return ExitCode::refused;
    case Verdict::inconclusive:
      break;
  }
  return ExitCode::inconclusive;
}

std::string_view name(GateRule rule) { return recipe::names_of(rule)[static_cast<size_t>(rule)]; }

std::string_view name(recipe::Baseline baseline) {
  return recipe::names_of(baseline)[static_cast<size_t>(baseline)];
}

std::string_view name(Outcome outcome) {
  constexpr std::string_view kNames[] = {"pass", "fail", "undecided"};
  return kNames[static_cast<size_t>(outcome)];
}

std::string_view name(Reason reason) {
  constexpr std::string_view kNames[] = {"rule_holds", "rule_broken", "reaches_across", "too_few_documents",
                                         "not_measured"};
  return kNames[static_cast<size_t>(reason)];
}

std::string_view name(Verdict verdict) {
  constexpr std::string_view kNames[] = {"PROMOTE", "REJECT", "INCONCLUSIVE"};
  return kNames[static_cast<size_t>(verdict)];
}

Verdict verdict_of(std::string_view word) {
  for (const Verdict verdict : {Verdict::promote, Verdict::reject, Verdict::inconclusive})
    if (name(verdict) == word) return verdict;
  throw Error(ExitCode::data,
              fmt::format("'{}' is not a verdict; evaluate again to write a valid facts.json", word));
}

std::string sentence(const GateResult& result) {
  switch (result.reason) {
    case Reason::rule_holds:
    case Reason::rule_broken:
      return fmt::format("{}: {}.", observed(result), asked(result.gate));
    case Reason::reaches_across:
      return fmt::format(
          "{}: {}, and the interval reaches across that line; more held-out documents would tell.",
          observed(result), asked(result.gate));
    case Reason::too_few_documents: {
      const int64_t there = position(result.gate, *result.measured).interval->clusters;
      return fmt::format(
          "{}: {}, but {} held-out document{} {} too few to tell it from chance; at least {} are needed.",
          observed(result), asked(result.gate), there, there == 1 ? "" : "s", there == 1 ? "is" : "are",
          kFewestClusters);
    }
    case Reason::not_measured:
      break;
  }
  return fmt::format("{} was not measured: no held-out text for it.", result.gate.metric);
}

}  // namespace hone::tasks
