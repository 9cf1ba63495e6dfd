#pragma once
/// Whether a merged model still is the one that was trained. The same held-out tokens go through both:
///   trained   base with its adapter beside it, float32
///   merged    the adapter folded in, float32           |Δ nll| of any token ≤ 0.01, and ≤ 0.0002 on average
///   stored    the exported file, read again            |Δ nll| on average ≤ 0.001 float32, 0.01 float16, 0.05 bfloat16
/// The first bound is float32 noise: another one is a wrong merge. The second is what rounding each weight once does, some times
/// over: a model of 12 million parameters moves by about 0.005 in bfloat16. Both are measured and written down.
#include <ATen/ATen.h>

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "dataset/batch.h"
#include "model/model.h"

namespace hone::exporting {

struct Parity {
  int64_t tokens = 0;
  double trained_nll = 0, stored_nll = 0;        ///< Means, nats a token.
  double merging_mean = 0, merging_largest = 0;  ///< |Δ nll| of merged against trained.
  double rounding_mean = 0;                      ///< |Δ nll| of stored against trained.
  at::ScalarType dtype = at::kFloat;             ///< Of the stored weights.

  /// Why the export must not be used; empty when it is within bounds.
  std::string problem() const;
  /// One line for people.
  std::string sentence() const;
  nlohmann::json facts() const;
};

/// `trained` has an adapter and float32 weights; `stored` is what was read back. Batches have targets.
Parity measure_parity(const model::Model& trained, const model::Model& stored, at::ScalarType dtype, const std::vector<dataset::Batch>& batches);

}  // namespace hone::exporting
