#pragma once
/// How a gradient becomes a step: the interface of AdamW, AdamW with eight-bit moments, Lion and Muon, and
/// what they work on. A rule keeps its own tensors for the parameters it was made for and changes the weights
/// in place; rates and decays are each parameter's own (parameter_groups.h), the schedule multiplies them.
///   rate of a parameter at a step = its peak learning rate · rate_factor
/// All arithmetic is float32. A bfloat16 weight has a float32 master copy that is updated and then rounded to
/// nearest even. On a CPU the result does not depend on the number of threads.
#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>
#include <vector>

#include "tensor/files.h"

namespace hone::training {

/// One trained tensor, where its gradient comes from, and how far and how hard it is pulled.
struct TrainedParameter {
  std::string name;
  at::Tensor weight;    ///< The model's own storage; float32 or bfloat16, contiguous; updated in place.
  at::Tensor gradient;  ///< float32, the weight's shape; undefined counts as zero: decay and moments move.
  at::Tensor master;    ///< float32; undefined when the weight is float32 itself.
  double learning_rate = 0.0;  ///< Peak.
  double weight_decay = 0.0;   ///< Decoupled: w ← w · (1 − rate · weight_decay).

  const at::Tensor& exact() const { return master.defined() ? master : weight; }
};

/// The parameters of one rule; they outlive it and stay where they are.
using ParameterList = std::vector<TrainedParameter*>;

struct RuleStep {
  int64_t number = 1;           ///< Optimizer step, from 1.
  double rate_factor = 1.0;     ///< From the schedule, 0 … 1.
  double gradient_scale = 1.0;  ///< From clipping; gradients themselves are left as they are.
};

class UpdateRule {
 public:
  virtual ~UpdateRule() = default;
  virtual void step(const RuleStep& how) = 0;
  /// What the rule keeps, by name, as views: reading a checkpoint into them restores it.
  virtual tensor::NamedTensors state() const = 0;
};

}  // namespace hone::training
