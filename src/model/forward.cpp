#include "model/forward.h"

#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <numeric>
#include <string>

#include "base/error.h"
#include "model/layer.h"
#include "tensor/attention.h"
#include "tensor/cross_entropy.h"
#include "tensor/embedding_noise.h"
#include "tensor/linear.h"
#include "tensor/recompute.h"
#include "tensor/rms_norm.h"

namespace hone::model {
namespace {

void check_ids(std::span<const int32_t> ids, int64_t vocabulary, const char* what, int32_t least) {
  for (size_t i = 0; i < ids.size(); ++i)
    if (!(ids[i] >= 0 && ids[i] < vocabulary) && ids[i] != least)
      throw Error(ExitCode::data, std::string(what) + " " + std::to_string(ids[i]) + " at position " +
                                      std::to_string(i) + " is outside the model's vocabulary of " +
                                      std::to_string(vocabulary) +
                                      "; tokenizer and model do not belong together");
}

at::Tensor to_tensor(std::span<const int32_t> ids, const Model& model) {
  at::Tensor tensor = at::empty({static_cast<int64_t>(ids.size())}, at::kLong);
  std::copy(ids.begin(), ids.end(), tensor.mutable_data_ptr<int64_t>());
  return tensor.to(model.device());
}

}  // namespace

DeviceBatch to_device(const dataset::Batch& batch, const Model& model) {
  const auto tokens = static_cast<int64_t>(batch.ids.size());
  const bool positive =
      std::all_of(batch.segments.begin(), batch.segments.end(), [](int32_t length) { return length > 0; });
  if (tokens == 0 || !positive ||
      std::accumulate(batch.segments.begin(), batch.segments.end(), int64_t{0}) != tokens)
    throw Error(ExitCode::data,
                "a batch of " + std::to_string(tokens) + " tokens whose segments do not add up to it");
  if (!batch.targets.empty() && batch.targets.size() != batch.ids.size())
    throw Error(ExitCode::data, "a batch with " + std::to_string(batch.targets.size()) + " targets for " +
                                    std::to_string(tokens) + " tokens");
  const int64_t vocabulary = model.config.vocabulary_size;
  check_ids(batch.ids, vocabulary, "token id", 0);
  check_ids(batch.targets, vocabulary, "target", dataset::kMasked);
  DeviceBatch result{
      .ids = to_tensor(batch.ids, model), .targets = {}, .segments = batch.segments, .trained = 0};
  if (batch.targets.empty()) return result;
  result.targets = to_tensor(batch.targets, model);
  result.trained =
      std::count_if(batch.targets.begin(), batch.targets.end(), [](int32_t target) { return target >= 0; });
  return result;
}

DeviceBatch to_device(std::span<const int32_t> ids, const Model& model) {
  return to_device(
      {.ids = {ids.begin(), ids.end()}, .targets = {}, .segments = {static_cast<int32_t>(ids.size())}},
      model);
}

at::Tensor hidden_states(const Model& model, const DeviceBatch& batch, const ForwardOptions& options) {
  const tensor::RopeTable positions = tensor::rope_table(model.rope, batch.segments, model.device());
  const bool recompute = options.checkpoint_activations && at::GradMode::is_enabled();
  at::Tensor hidden = tensor::embed(batch.ids, model.input_weight(options.adapters));
  if (const auto& noise = options.noise; noise && options.neftune_alpha > 0.0)
    hidden = tensor::add_noise(hidden, batch.segments, {options.neftune_alpha, noise->seed, noise->step, noise->first_token});
  for (size_t i = 0; i < model.layers.size(); ++i) {
    const LinearUse use{.adapters = options.adapters, .noise = options.noise, .layer = i};
    const Attend attend = [segments = batch.segments, window = model.config.window(i)](
                              const at::Tensor& q, const at::Tensor& k, const at::Tensor& v) {
      return tensor::isolated_attention(q, k, v, segments, window);
    };
    const auto forward = [&config = model.config, &layer = model.layers[i], positions, attend, use](const at::Tensor& x) {
      return layer_forward(layer, config, x, positions, attend, use);
    };
    hidden = recompute ? tensor::recompute(forward, hidden) : forward(hidden);
  }
  return tensor::rms_norm(hidden, model.norm, model.config.rms_epsilon);
}

LossSum loss(const Model& model, const DeviceBatch& batch, const ForwardOptions& options) {
  HONE_ASSERT(batch.targets.defined());
  const at::Tensor hidden = hidden_states(model, batch, options), &head = model.output_weight(options.adapters);
  if (!at::GradMode::is_enabled()) {
    const at::Tensor nll_sum = tensor::linear_cross_entropy(hidden, head, batch.targets);
    return {nll_sum, nll_sum, batch.trained};
  }
  const tensor::CrossEntropy sums = tensor::linear_cross_entropy(hidden, head, batch.targets, options.z_loss);
  return {sums.total, sums.nll_sum, batch.trained};
}

void backward(const LossSum& loss, double gradient_scale) {
  torch::autograd::backward({loss.total}, {at::full_like(loss.total, gradient_scale)});
}

at::Tensor token_nll(const Model& model, const DeviceBatch& batch, const ForwardOptions& options) {
  HONE_ASSERT(batch.targets.defined());
  const at::NoGradGuard no_grad;
  return tensor::linear_nll(hidden_states(model, batch, options), model.output_weight(options.adapters), batch.targets)
      .to(at::kCPU);
}

at::Tensor logits(const Model& model, const DeviceBatch& batch, const ForwardOptions& options) {
  return tensor::linear(hidden_states(model, batch, options), {model.output_weight(options.adapters), {}}).to(at::kFloat);
}

}  // namespace hone::model
