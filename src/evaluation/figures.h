#pragma once
/// From the sums of each document to what is reported: figures in all, by source and by language, their
/// intervals, and what a gate asks for. Everything is computed from HeldOut::scores(), so the same scores
/// give the same facts.
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>

#include "evaluation/held_out.h"
#include "tasks/gates.h"

namespace hone::evaluation {

class Figures {
 public:
  /// `held_out` is borrowed, and scored by all three.
  Figures(const HeldOut& held_out, const tasks::BootstrapOptions& bootstrap)
      : held_out_(held_out), bootstrap_(bootstrap) {}

  /// {"all": group, "by_source": [group…], "by_language": [group…]}, groups sorted by name; a group is
  /// {"name", "documents", "tokens", "bytes", "base"|"tuned"|"ngram": {"nll_sum", "loss", "perplexity",
  /// "bits_per_byte"},
  ///  "interval": …of the tuned model's bits per byte, "change": {"base"|"ngram": interval of the relative
  ///  change}}.
  nlohmann::json groups() const;

  /// Nothing when no held-out document is of that source or language. Throws usage for an unknown metric.
  std::optional<tasks::Measured> measure(const recipe::GateOptions& gate) const;

 private:
  const HeldOut& held_out_;
  tasks::BootstrapOptions bootstrap_;
};

nlohmann::json interval_json(const tasks::Interval& interval);
/// {"metric", "rule", "over"|"value", "by", "outcome", "reason", "sentence", "candidate", "reference",
/// "change", …}
nlohmann::json gate_json(const tasks::GateResult& result);

}  // namespace hone::evaluation
