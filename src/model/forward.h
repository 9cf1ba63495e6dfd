#pragma once
/// The forward pass over packed rows: tokens laid end to end, no padding, attention causal inside each
/// segment only and positions restarting at 0 with each. Logits of a whole batch never exist in `loss` and
/// `token_nll`.
///   nll[t] = -log softmax(head · hidden[t])[targets[t]],  targets -100 counted neither in the sum nor in the
///   tokens
/// Everything is sums, never means: k micro batches accumulate to exactly the gradient of one batch (up to
/// rounding).
#include <ATen/ATen.h>

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "dataset/batch.h"
#include "model/model.h"
#include "model/noise.h"

namespace hone::model {

/// A batch where the model is.
struct DeviceBatch {
  at::Tensor ids;      ///< int64 [tokens]
  at::Tensor targets;  ///< int64 [tokens], -100 where nothing is to be predicted; undefined when not scored.
  std::vector<int32_t> segments;  ///< Lengths; their sum is tokens.
  int64_t trained = 0;            ///< Targets that are not -100.
};

/// Throws data when an id is outside the vocabulary or the segments do not add up.
DeviceBatch to_device(const dataset::Batch& batch, const Model& model);
/// One segment without targets.
DeviceBatch to_device(std::span<const int32_t> ids, const Model& model);

struct ForwardOptions {
  bool checkpoint_activations =
      false;  ///< Keep only each layer's input; backward computes the layer again, bit-identically.
  Adapters adapters = Adapters::on;  ///< off: the base model alone, without a copy of its weights.
  std::optional<NoiseKey> noise;     ///< Set while training; not set, nothing is random.
  double neftune_alpha = 0.0;        ///< With `noise`: NEFTune's on the embeddings (tensor/embedding_noise.h).
  double z_loss = 0.0;               ///< Of `loss`, where gradients are on (tensor/cross_entropy.h).
};

/// After the last norm: [tokens, hidden] in the model's dtype.
at::Tensor hidden_states(const Model& model, const DeviceBatch& batch, const ForwardOptions& options = {});

struct LossSum {
  at::Tensor total;    ///< Scalar float32 on the model's device, differentiable when gradients are on: nll_sum and z-loss.
  at::Tensor nll_sum;  ///< Scalar float32, without gradients.
  int64_t tokens = 0;
};

LossSum loss(const Model& model, const DeviceBatch& batch, const ForwardOptions& options = {});

/// Accumulates gradient_scale × d total / d parameter into every parameter's .grad() (float32).
/// gradient_scale = 1 / (trained tokens of the whole optimizer step) makes it the gradient of the mean.
void backward(const LossSum& loss, double gradient_scale);

/// Negative log-probability of each target, float32 [tokens] on the CPU, 0 where it is -100. No gradients.
at::Tensor token_nll(const Model& model, const DeviceBatch& batch, const ForwardOptions& options = {});

/// float32 [tokens, vocabulary]: for tests and short texts, the one place where logits are whole.
at::Tensor logits(const Model& model, const DeviceBatch& batch, const ForwardOptions& options = {});

}  // namespace hone::model
