#pragma once
/// The matrix layers of a block at work: base product, adapter, bias. Several that read the same x go together, so that
/// their gradients of x are summed inside the products.
#include <ATen/ATen.h>

#include <optional>
#include <string>
#include <vector>

#include "model/model.h"
#include "model/noise.h"

namespace hone::model {

/// How one layer is to be computed in this pass.
struct LinearUse {
  Adapters adapters = Adapters::on;
  std::optional<NoiseKey> noise;  ///< Set while training: adapters drop values. Not set: nothing is random.
  size_t layer = 0;
};

/// One layer and its name inside the block, as in "self_attn.q_proj".
struct NamedLinear {
  const Linear& linear;
  const char* name;
};

/// x: [tokens, in] → one [tokens, out] for each.
std::vector<at::Tensor> apply(const std::vector<NamedLinear>& linears, const at::Tensor& x, const LinearUse& use);

/// The base weight as a plain matrix [out, in] in the model's dtype: a view where it is stored so, made for the caller where it is
/// in four bits.
at::Tensor dense_weight(const Linear& linear);

}  // namespace hone::model
