#pragma once
/// Which of two answers a model likes better, on held-out pairs it was not trained on.
///   log p of an answer = Σ over its trained tokens (terminator included), given its prompt
///   accuracy  share of pairs whose chosen answer is the likelier one        margin  mean log p chosen - log p rejected
///   reward    the same of log p under the tuned model minus log p under the base: what training itself has changed
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>

#include "evaluation/held_out.h"
#include "tasks/gates.h"

namespace hone::evaluation {

class Preference {
 public:
  /// `chosen` is borrowed and scored by its owner with base and tuned model; its shards may have no pairs, then there
  /// are none here.
  Preference(const HeldOut& chosen, int64_t max_documents);

  /// The rejected answers, to be scored by the same models.
  HeldOut& rejected() { return rejected_; }
  bool empty() const { return pairs_.empty(); }

  /// {"pairs", "base": {"accuracy", "margin"}, "tuned": …, "reward": …}; margins in nats.
  nlohmann::json facts() const;

  /// preference/error: 1 - accuracy, with its interval over pairs. Nothing without pairs.
  std::optional<tasks::Measured> measure(const tasks::BootstrapOptions& bootstrap) const;

 private:
  struct Pair {
    uint64_t chosen = 0, rejected = 0;  ///< Indices in the scores of each side.
  };
  double margin(const Pair& pair, Scorer scorer) const;

  const HeldOut& chosen_;
  HeldOut rejected_;
  std::vector<Pair> pairs_;
};

}  // namespace hone::evaluation
