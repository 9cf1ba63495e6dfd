#pragma once
/// AdamW (adamw.h) with its moments in eight bits: 2.03 bytes a parameter instead of 8 (Dettmers et al. 2022). A step decodes a
/// block of 256 moments, updates them and the weights in float32, and encodes them again by tensor/blockwise_8bit.h, all in
/// one pass over memory: m by the dynamic map of both signs, v by that of positive numbers. The values are those of
/// bitsandbytes' AdamW8bit on a GPU. Parameters of fewer than 4096 elements keep float32 moments, as there.
#include <memory>

#include "training/adamw.h"
#include "training/update_rule.h"

namespace hone::training {

inline constexpr int64_t kEightBitBlock = 256;
inline constexpr int64_t kLeastEightBit = 4096;  ///< Elements of the smallest parameter whose moments are quantised.

/// State: first_moment.NAME and second_moment.NAME, uint8 of the weight's shape, with first_moment_absmax.NAME and
/// second_moment_absmax.NAME, float32 [blocks]; of small parameters as AdamW keeps it. Zero at first.
std::unique_ptr<UpdateRule> make_adamw_8bit(ParameterList parameters, const AdamWOptions& options);

/// One moment in eight bits.
struct EightBitMoment {
  at::Tensor codes, absmax;
};

/// The same by plain operators on one parameter: slow, obvious, the measure of make_adamw_8bit and the form for devices other
/// than a CPU.
void adamw_8bit_reference(TrainedParameter& parameter, EightBitMoment& first, EightBitMoment& second,
                          const AdamWOptions& options, const RuleStep& how);

}  // namespace hone::training
