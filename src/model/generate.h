#pragma once
/// Continuing a prompt token by token with a cache of keys and values. The same ids come out for the same
/// (model, prompt, options): sampling draws from a counter-based stream keyed by the seed and the position,
/// never from a shared generator.
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "model/model.h"

namespace hone::model {

struct GenerateOptions {
  int64_t max_new_tokens = 128;
  double temperature = 0.0;  ///< 0: greedy (the first of equal logits).
  double top_p = 1.0;        ///< Sample among the fewest tokens whose probabilities reach this sum.
  uint64_t seed = 0;
  int64_t vocabulary_size = 0;  ///< Only ids below it are written: a model may have more rows than its vocabulary pieces. 0: all.
  std::vector<int32_t> stop_ids;  ///< Ends after one of these; empty: the model's eos_ids.
};

enum class StopReason { stop_id, length, context, cancelled };

struct Generated {
  std::vector<int32_t> ids;  ///< New ids only; a stop id is included.
  StopReason reason = StopReason::length;
};

/// `on_token` is called with each new id as it is known; returning false cancels. Stops at the model's
/// context (`context`); layers that slide keep only what their window reaches. Throws data when the prompt is empty, longer than the context, or has an id
/// outside the vocabulary.
Generated generate(const Model& model, std::span<const int32_t> prompt, const GenerateOptions& options,
                   const std::function<bool(int32_t)>& on_token = {});

}  // namespace hone::model
