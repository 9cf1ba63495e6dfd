#pragma once
/// A model's weights with its adapters folded in:  W' = W + scale · B A,  with DoRA each row scaled to its magnitude.
/// Computed in float32, rounded once where they are stored. A base in four bits is taken as it computes: its dequantised values.
#include <ATen/ATen.h>

#include <functional>
#include <string>

#include "model/model.h"

namespace hone::model {

/// [out, in], float32 (float64 of a float64 base).
at::Tensor merged_weight(const Linear& linear);

/// Calls f(name, value) for every parameter in the order of formats::model_parameters(config); value() makes its merged tensor when
/// called, so that one at a time needs memory.
void visit_merged(const Model& model, const std::function<void(const std::string& name, const std::function<at::Tensor()>& value)>& f);

/// Every weight of the base plain and in float32, in place: four-bit ones become the values they compute with.
void widen(Model& model);

/// The same model with plain layers in float32: adapters merged and gone, nothing frozen.
Model merged_model(const Model& model);

}  // namespace hone::model
