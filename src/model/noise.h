#pragma once
/// Where the random numbers of one forward pass in training come from (dropout, noise on embeddings): a pure function of
/// these, so a resumed run and a recomputed layer draw what the first one drew.
#include <cstdint>

namespace hone::model {

struct NoiseKey {
  uint64_t seed = 0;
  uint64_t step = 0;         ///< Optimizer step, from 0.
  uint32_t first_token = 0;  ///< Tokens of the step before this micro batch: how a step is cut changes nothing.
};

}  // namespace hone::model
