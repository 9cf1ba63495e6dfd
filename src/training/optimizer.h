#pragma once
/// AdamW over a model: its parameters, their moments, and what of it goes into a checkpoint.
/// Works on the model's own tensors in place; the model must outlive the optimizer and keep its tensors.
#include <cstdint>
#include <vector>

#include "model/model.h"
#include "recipe/training.h"
#include "tensor/files.h"
#include "training/adamw.h"

namespace hone::training {

class Optimizer {
 public:
  /// Turns gradients on for every parameter and allocates moments (zero) and, for bfloat16 weights, master
  /// copies.
  Optimizer(model::Model& model, const recipe::TrainingOptions& options);

  /// Norm of the accumulated gradient over all parameters, before clipping.
  double gradient_norm();
  /// One AdamW step with the gradient clipped as the options say; `norm` is what gradient_norm() gave. Drops
  /// the gradients.
  void update(int64_t step, double rate, double norm);
  /// Forgets what was accumulated.
  void drop_gradients();

  /// Moments and master weights by name, as views: reading a checkpoint into them restores the optimizer.
  tensor::NamedTensors state() const;
  const std::vector<TrainedParameter>& parameters() const { return parameters_; }

 private:
  void take_gradients();

  std::vector<TrainedParameter> parameters_;
  AdamWOptions options_;
  double max_norm_;
};

}  // namespace hone::training
