#pragma once
/// Gates: what must be true of a new model before it may be used, and the verdict they add up to.
///
///   improves  by m: figure lower than the other model's by more than m         change < -m
///   not_worse by m: figure at most m above the other model's                   change ≤ +m
///   below / above value: the figure itself
/// A gate passes when the whole interval satisfies its rule, fails when none of it does, and is
/// undecided when the interval reaches across the line, or when fewer than kFewestClusters documents were
/// held out. PROMOTE: every gate passes. REJECT: one fails. INCONCLUSIVE: neither. All gates must pass, so
/// gates need no correction for their number (intersection–union test, Berger 1982): a model that breaks any
/// one rule passes all of them by chance in at most
/// half of what the interval leaves out: 2.5 of 100 cases at 95 %.
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "recipe/evaluation.h"
#include "tasks/bootstrap.h"

namespace hone::tasks {

/// With fewer documents an interval is not worth its name: resampling three documents can only ever say what
/// those three say.
inline constexpr int64_t kFewestClusters = 10;

/// What was measured for a gate. `change` and `reference` only for rules that compare.
struct Measured {
  Interval level;
  double reference = 0;
  Interval change;
};

enum class Outcome { pass, fail, undecided };

/// Why a gate came out as it did; reports put it in words.
enum class Reason { rule_holds, rule_broken, reaches_across, too_few_documents, not_measured };

struct GateResult {
  recipe::GateOptions gate;
  Outcome outcome = Outcome::undecided;
  Reason reason = Reason::not_measured;
  std::optional<Measured> measured;
};

enum class Verdict { promote, reject, inconclusive };

struct Decision {
  Verdict verdict = Verdict::inconclusive;
  std::vector<GateResult> gates;  ///< In the order asked.
};

/// The gates of a recipe that names none: better than the base, and, when the base was random weights, which
/// anything beats, better than the 5-gram of the training text as well.
std::vector<recipe::GateOptions> default_gates(bool from_random_weights);

/// `measure` answers with nothing for a metric that could not be measured. No gates: inconclusive, nothing
/// was asked. Throws usage for a rule that needs a value and has none.
Decision decide(const std::vector<recipe::GateOptions>& gates,
                const std::function<std::optional<Measured>(const recipe::GateOptions&)>& measure);

/// done, refused or inconclusive.
ExitCode exit_code(Verdict verdict);

/// As artefacts spell them: "improves", "pass", "rule_holds", "PROMOTE".
std::string_view name(recipe::GateRule rule);
std::string_view name(recipe::Baseline baseline);
std::string_view name(Outcome outcome);
std::string_view name(Reason reason);
std::string_view name(Verdict verdict);

/// Throws data for a word that none of the above is.
Verdict verdict_of(std::string_view name);

/// One English sentence, as in "domain/bits_per_byte is 12.30 % below base (95 % interval 10.10 % to 14.20
/// %): at least 2.00 % below was asked."
std::string sentence(const GateResult& result);

}  // namespace hone::tasks
