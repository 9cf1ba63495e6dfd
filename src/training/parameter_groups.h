#pragma once
/// What is trained, and with which learning rate and weight decay. For each parameter, the first that applies:
///   learning rate   parameter_groups[i].learning_rate of the first group whose glob matches the name
///                   learning_rate · loraplus_lr_ratio for a B of LoRA (Hayou et al. 2024)
///                   muon.learning_rate for what Muon trains
///                   learning_rate
///   weight decay    parameter_groups[i].weight_decay of that group
///                   0 for vectors (norms, biases) with weight_decay_on: matrices
///                   weight_decay
/// The schedule scales all rates alike.
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "model/model.h"
#include "recipe/training.h"
#include "training/update_rule.h"

namespace hone::training {

/// Every trained parameter of the model in its order, with master copies of bfloat16 weights. The model must
/// keep its tensors. Throws usage at training.parameter_groups.N.match for a group that matches nothing.
std::vector<TrainedParameter> trained_parameters(model::Model& model, const recipe::TrainingOptions& options);

/// True for what Muon trains: matrices inside the layers, not embeddings, head, norms or biases.
bool is_matrix_of_a_layer(const std::string& name, const at::Tensor& weight);

/// Parameters of equal rate and decay, for people: {"parameters", "elements", "learning_rate",
/// "weight_decay", "first"} each, in order of appearance.
nlohmann::json groups_for_people(const std::vector<TrainedParameter>& parameters);

}  // namespace hone::training
