#pragma once
/// The `evaluation` section: what is measured on held-out documents, and the gates that decide.
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "recipe/binder.h"

namespace hone::recipe {

enum class GateRule { improves, not_worse, below, above };
constexpr std::array<std::string_view, 4> names_of(GateRule) { return {"improves", "not_worse", "below", "above"}; }

/// What a candidate is measured against: the weights training started from, or a 5-gram of the same training text.
enum class Baseline { base, ngram };
constexpr std::array<std::string_view, 2> names_of(Baseline) { return {"base", "ngram"}; }

struct GateOptions {
  std::string metric = "domain/bits_per_byte";
  GateRule rule = GateRule::improves;
  double by = 0.0;               ///< improves: by at least this share; not_worse: by at most this share.
  Baseline over = Baseline::base;
  std::optional<double> value;   ///< below, above: the bound itself.
};

struct SampleOptions {
  int64_t count = 4;
  int64_t prompt_tokens = 32;
  int64_t max_tokens = 64;
};

struct EvaluationOptions {
  int64_t max_documents = 0;      ///< Held-out documents scored; 0: all.
  double confidence = 0.95;       ///< Of the intervals that decide a gate.
  int64_t bootstrap_draws = 2000;
  SampleOptions samples;
  std::vector<GateOptions> gates;  ///< None: improves over the base and, from random weights, over the 5-gram.
};

void describe(Binder& bind, GateOptions& options);
void describe(Binder& bind, SampleOptions& options);
void describe(Binder& bind, EvaluationOptions& options);

}  // namespace hone::recipe
