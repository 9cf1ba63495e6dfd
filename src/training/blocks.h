#pragma once
/// Elements of several tensors cut into blocks of a fixed size, to be shared among threads. What is summed
/// block by block and then in the order of blocks does not depend on who computes it.
#include <cstdint>
#include <vector>

#include "training/update_rule.h"

namespace hone::training {

/// Elements a thread takes at a time: 5 float32 arrays of 64 KiB stay in a core's own cache.
inline constexpr int64_t kBlockElements = 16384;

struct Block {
  size_t parameter;  ///< Index in the list.
  int64_t begin, count;
};

/// All blocks of all parameters, in order.
std::vector<Block> blocks_of(const ParameterList& parameters);

/// The float32 arrays and the rounded weight behind one parameter, checked for type, size and contiguity.
struct ParameterArrays {
  const float* gradient = nullptr;     ///< Null: none this step.
  float* weight = nullptr;             ///< The master copy where there is one.
  c10::BFloat16* rounded = nullptr;    ///< The bfloat16 weight; null for a float32 one.
};
ParameterArrays arrays_of(const TrainedParameter& parameter);

/// kBlockElements zeros, in place of a gradient that is not there.
const float* no_gradient();

}  // namespace hone::training
