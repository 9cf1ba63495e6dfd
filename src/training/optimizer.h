#pragma once
/// The optimizer of a recipe over a model: which parameters are trained by which rule at which rate, and what
/// of it goes into a checkpoint.
///   adamw, adamw_8bit, lion: every trained parameter       muon: matrices inside the layers, AdamW the rest
/// Works on the model's own tensors in place; the model must outlive the optimizer and keep its tensors.
#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "model/model.h"
#include "recipe/training.h"
#include "tensor/files.h"
#include "training/update_rule.h"
#include "training/weight_average.h"

namespace hone::training {

class Optimizer {
 public:
  /// Turns gradients on for every trained parameter and allocates what the rules keep (zero) and, for
  /// bfloat16 weights, master copies. Throws usage for a parameter group that matches nothing.
  Optimizer(model::Model& model, const recipe::TrainingOptions& options);

  /// Norm of the accumulated gradient over all parameters, before clipping.
  double gradient_norm();
  /// One step, `step` from 1, with every parameter's own peak rate times `rate_factor` and the gradient clipped
  /// as the options say; `norm` is what gradient_norm() gave. Drops the gradients.
  void update(int64_t step, double rate_factor, double norm);
  /// Forgets what was accumulated.
  void drop_gradients();

  /// Of the weights it trains, when ema_decay asks for one; moved by update().
  WeightAverage& average() { return average_; }

  /// What the rules keep, master weights and the average by name, as views: reading a checkpoint into them while the
  /// average is shown restores the optimizer.
  tensor::NamedTensors state() const;
  const std::vector<TrainedParameter>& parameters() const { return parameters_; }
  /// {"optimizer", "trained_parameters", "groups"} for result.json.
  nlohmann::json facts() const;

 private:
  void take_gradients();
  ParameterList all();

  recipe::OptimizerKind kind_;
  double max_norm_;
  std::vector<TrainedParameter> parameters_;  ///< Never resized: the rules point into it.
  std::vector<std::unique_ptr<UpdateRule>> rules_;
  WeightAverage average_;
};

}  // namespace hone::training
