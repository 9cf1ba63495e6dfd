#pragma once
/// An exponential moving average of the trained weights (Polyak & Juditsky 1992; as in TensorFlow's
/// ExponentialMovingAverage with num_updates), kept in float32 beside them:
///   a ← w before the first step       a ← d a + (1 − d) w after step t       d = min(decay, (1 + t) / (10 + t))
/// The smaller d at first lets go of the weights training starts from within a few steps, so that short runs gain too.
/// Training goes on with w; a is what is validated, saved as the model and exported. A checkpoint's model.safetensors
/// therefore holds a, and its optimizer.safetensors what else is needed to go on: w for float32 weights
/// (trained.NAME), a in float32 for bfloat16 ones (average.NAME), whose w is the rounded master copy.
#include <vector>

#include "tensor/files.h"
#include "training/update_rule.h"

namespace hone::training {

class WeightAverage {
 public:
  /// `decay` 0: nothing is kept and every call does nothing.
  WeightAverage(ParameterList parameters, double decay);

  /// After optimizer step `step`, from 1. The bytes do not depend on the number of threads.
  void update(int64_t step);

  /// Puts the averages into the model, or the trained weights back. Twice the same is once.
  void show();
  void hide();
  bool shown() const { return shown_; }

  /// By name, as views, to be saved and loaded while shown.
  tensor::NamedTensors state() const;

 private:
  ParameterList parameters_;
  double decay_;
  std::vector<at::Tensor> averages_;  ///< While shown, the trained weights of float32 parameters.
  bool shown_ = false;
};

/// The model holds its averages while this lives.
class ShownAverage {
 public:
  explicit ShownAverage(WeightAverage& average) : average_(average) { average_.show(); }
  ~ShownAverage() { average_.hide(); }
  ShownAverage(const ShownAverage&) = delete;
  ShownAverage& operator=(const ShownAverage&) = delete;

 private:
  WeightAverage& average_;
};

}  // namespace hone::training
