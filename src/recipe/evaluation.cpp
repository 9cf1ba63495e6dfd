#include "recipe/evaluation.h"

namespace hone::recipe {

void describe(Binder& bind, GateOptions& options) {
  bind("metric", options.metric, "figure to judge, such as domain/bits_per_byte");
  bind("rule", options.rule, "improves and not_worse compare with a baseline, below and above with a value");
  bind("by", options.by, "improves: by at least this share; not_worse: by at most this share").share().range(0, 1);
  bind("over", options.over, "the baseline: the weights training started from, or a 5-gram of the training text");
  bind("value", options.value, "the bound of below and above");
}

void describe(Binder& bind, SampleOptions& options) {
  bind("count", options.count, "held-out documents that are continued for the report").in("documents").range(0, 100);
  bind("prompt_tokens", options.prompt_tokens, "first tokens of the document given to the model").in("tokens").range(1, 4096);
  bind("max_tokens", options.max_tokens, "tokens written by the model").in("tokens").range(1, 4096);
}

void describe(Binder& bind, EvaluationOptions& options) {
  bind("max_documents", options.max_documents, "held-out documents scored; 0 scores all").in("documents").at_least(0);
  bind("confidence", options.confidence, "of the intervals that decide a gate").range(0.5, 0.9999);
  bind("bootstrap_draws", options.bootstrap_draws, "resamples behind an interval").in("draws").range(100, 1'000'000);
  bind.section("samples", options.samples, "sample continuations");
  bind.sections("gates", options.gates, "conditions of a promotion; by default: improves over the base and, from random weights, over the 5-gram");
}

}  // namespace hone::recipe
