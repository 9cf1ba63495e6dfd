#pragma once
/// What is measured while training, one value an event. Losses are means in nats over the tokens that have a
/// target.
#include <cstdint>
#include <vector>

#include "training/loss.h"

namespace hone::training {

/// One optimizer step, as measured.
struct StepRecord {
  int64_t step = 0;   ///< Optimizer steps done, this one included.
  int64_t epoch = 0;  ///< Epochs begun, from 1.
  double loss = 0.0;  ///< As the objective measures it (loss.h).
  double learning_rate = 0.0;
  double gradient_norm = 0.0;  ///< Before clipping.
  int64_t tokens = 0;          ///< Read by the model.
  int64_t trained_tokens = 0;  ///< With a target.
  double seconds = 0.0;
  std::vector<NamedMetric> metrics;  ///< Of the objective.
};

struct ValidationRecord {
  int64_t step = 0;
  int64_t epoch = 0;  ///< Epochs completed; 0: before training.
  double loss = 0.0;  ///< As the objective measures it.
  int64_t trained_tokens = 0;
  bool nats_per_token = true;  ///< Else the loss has no perplexity.
  double seconds = 0.0;
  std::vector<NamedMetric> metrics;  ///< Of the objective.
};

}  // namespace hone::training
