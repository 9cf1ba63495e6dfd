#include "model/generate.h"

#include <algorithm>
#include <numeric>
#include <string>

#include "base/error.h"
#include "base/random.h"
#include "model/layer.h"
#include "tensor/attention.h"
#include "tensor/linear.h"
#include "tensor/rms_norm.h"

namespace hone::model {
namespace {

/// Keys and values of one layer: [room, kv_heads, head_dim], the first `filled` in use. A layer that slides keeps
/// at least the last window - 1 tokens: new ones go behind them, and when there is no room left those move to the front.
class LayerCache {
 public:
  LayerCache(const at::Tensor& like, const formats::ModelConfig& config, int64_t capacity, int64_t window)
      : window_(window) {
    const int64_t room = window > 0 ? std::min(capacity, 2 * window) : capacity;
    for (at::Tensor* each : {&keys_, &values_})
      *each = at::empty({room, config.kv_heads, config.head_dim}, like.options().requires_grad(false));
  }

  /// Appends, and attends over everything that the new queries see.
  at::Tensor attend(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v) {
    const int64_t fresh = k.size(0), room = keys_.size(0);
    if (filled_ + fresh > room) keep_last(std::min(filled_, window_ - 1));
    if (filled_ + fresh > room) return attend_past_room(q, k, v);
    keys_.narrow(0, filled_, fresh).copy_(k);
    values_.narrow(0, filled_, fresh).copy_(v);
    filled_ += fresh;
    return tensor::cached_attention(q, keys_.narrow(0, 0, filled_), values_.narrow(0, 0, filled_), window_);
  }

 private:
  void keep_last(int64_t tokens) {
    for (at::Tensor* each : {&keys_, &values_})
      each->narrow(0, 0, tokens).copy_(each->narrow(0, filled_ - tokens, tokens).clone());
    filled_ = tokens;
  }

  /// A prompt longer than a sliding layer's room.
  at::Tensor attend_past_room(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v) {
    const at::Tensor keys = at::cat({keys_.narrow(0, 0, filled_), k}), values = at::cat({values_.narrow(0, 0, filled_), v});
    filled_ = std::min(keys.size(0), window_ - 1);
    keys_.narrow(0, 0, filled_).copy_(keys.narrow(0, keys.size(0) - filled_, filled_));
    values_.narrow(0, 0, filled_).copy_(values.narrow(0, values.size(0) - filled_, filled_));
    return tensor::cached_attention(q, keys, values, window_);
  }

  at::Tensor keys_, values_;
  int64_t window_, filled_ = 0;
};

/// Of all layers, and how many tokens went through them.
class Cache {
 public:
  Cache(const Model& model, int64_t capacity) {
    for (size_t i = 0; i < model.layers.size(); ++i)
      layers_.emplace_back(model.embedding, model.config, capacity, model.config.window(i));
  }
  int64_t used() const { return used_; }
  void advance(int64_t tokens) { used_ += tokens; }
  LayerCache& layer(size_t index) { return layers_[index]; }

 private:
  std::vector<LayerCache> layers_;
  int64_t used_ = 0;
};

/// Feeds ids and returns the logits after the last one: float32 [vocabulary] on the CPU.
at::Tensor feed(const Model& model, Cache& cache, std::span<const int32_t> ids) {
  at::Tensor rows = at::empty({static_cast<int64_t>(ids.size())}, at::kLong);
  std::copy(ids.begin(), ids.end(), rows.mutable_data_ptr<int64_t>());
  at::Tensor hidden = model.embedding.index_select(0, rows.to(model.device()));
  const tensor::RopeTable positions = tensor::rope_table(
      model.rope, {static_cast<int32_t>(ids.size())}, model.device(), cache.used());
  for (size_t i = 0; i < model.layers.size(); ++i)
    hidden = layer_forward(model.layers[i], model.config, hidden, positions,
                           [&](const at::Tensor& q, const at::Tensor& k, const at::Tensor& v) {
                             return cache.layer(i).attend(q, k, v);
                           });
  cache.advance(hidden.size(0));
  const at::Tensor last =
      tensor::rms_norm(hidden.narrow(0, hidden.size(0) - 1, 1), model.norm, model.config.rms_epsilon);
  return tensor::linear(last, {model.output_weight(), {}}).squeeze(0).to(at::kCPU, at::kFloat);
}

int32_t first_largest(std::span<const float> logits) {
  return static_cast<int32_t>(std::max_element(logits.begin(), logits.end()) - logits.begin());
}

/// One draw from the fewest tokens, by falling probability (then rising id), whose probabilities reach top_p.
int32_t sample(std::span<const float> logits, const GenerateOptions& options, double draw) {
  std::vector<int32_t> order(logits.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int32_t a, int32_t b) {
    return logits[static_cast<size_t>(a)] > logits[static_cast<size_t>(b)];
  });
  const double most = logits[static_cast<size_t>(order.front())];
  std::vector<double> weights;
  for (const int32_t id : order)
    weights.push_back(std::exp((logits[static_cast<size_t>(id)] - most) / options.temperature));
  const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
  double kept = 0.0;
  size_t count = 0;
  while (count < weights.size() && (count == 0 || kept < options.top_p * total)) kept += weights[count++];
  double remaining = draw * kept;
  for (size_t i = 0; i < count; ++i)
    if ((remaining -= weights[i]) < 0.0) return order[i];
  return order[count - 1];
}

void check_prompt(const Model& model, std::span<const int32_t> prompt) {
  if (prompt.empty())
    throw Error(ExitCode::data, "the prompt has no tokens; begin it with the model's BOS or with text");
  if (static_cast<int64_t>(prompt.size()) >= model.config.context())
    throw Error(ExitCode::data, "the prompt has " + std::to_string(prompt.size()) +
                                    " tokens; the model's context holds " +
                                    std::to_string(model.config.context()) + ", shorten the prompt");
  for (const int32_t id : prompt)
    if (id < 0 || id >= model.config.vocabulary_size)
      throw Error(ExitCode::data, "the prompt has token id " + std::to_string(id) +
                                      ", outside the model's vocabulary of " +
                                      std::to_string(model.config.vocabulary_size) +
                                      "; tokenizer and model do not belong together");
}

}  // namespace

Generated generate(const Model& model, std::span<const int32_t> prompt, const GenerateOptions& options,
                   const std::function<bool(int32_t)>& on_token) {
  const at::NoGradGuard no_grad;
  check_prompt(model, prompt);
  const std::vector<int32_t>& stop_ids = options.stop_ids.empty() ? model.config.eos_ids : options.stop_ids;
  const auto prompt_tokens = static_cast<int64_t>(prompt.size());
  const int64_t room = model.config.context() - prompt_tokens;
  const int64_t most = std::min(options.max_new_tokens, room);
  Cache cache(model, prompt_tokens + std::max<int64_t>(most, 0));
  Generated result;
  std::vector<int32_t> next(prompt.begin(), prompt.end());
  while (static_cast<int64_t>(result.ids.size()) < most) {
    const at::Tensor logits = feed(model, cache, next);
    const int64_t writable = options.vocabulary_size > 0 ? std::min(options.vocabulary_size, logits.numel()) : logits.numel();
    const std::span<const float> view(logits.const_data_ptr<float>(), static_cast<size_t>(writable));
    const bool greedy = options.temperature <= 0.0;
    const int32_t id =
        greedy ? first_largest(view)
               : sample(view, options,
                        base::RandomStream(options.seed, "sampling", 0, result.ids.size()).uniform());
    result.ids.push_back(id);
    const bool wanted = !on_token || on_token(id);
    if (std::find(stop_ids.begin(), stop_ids.end(), id) != stop_ids.end())
      return result.reason = StopReason::stop_id, result;
    if (!wanted) return result.reason = StopReason::cancelled, result;
    next = {id};
  }
  result.reason = options.max_new_tokens > room ? StopReason::context : StopReason::length;
  return result;
}

}  // namespace hone::model
