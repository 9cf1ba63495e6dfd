#pragma once
/// What one optimizer step or one pass over the validation documents costs, as the objective measures it.
///   mean     what is minimised: nats a trained token when training on text, the loss of a pair with dpo
///   metrics  what else an objective has to say, by name: metrics.jsonl, TensorBoard and the report show them
#include <cstdint>
#include <string>
#include <vector>

namespace hone::training {

struct NamedMetric {
  std::string name;  ///< Of a JSON field: lower case and underscores.
  double value = 0.0;
};

struct Loss {
  double mean = 0.0;
  int64_t tokens = 0;          ///< Read.
  int64_t trained_tokens = 0;  ///< With a target.
  bool nats_per_token = true;  ///< What `mean` is; else it has no perplexity.
  std::vector<NamedMetric> metrics;
};

}  // namespace hone::training
