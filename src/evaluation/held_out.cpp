#include "evaluation/held_out.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "base/error.h"
#include "base/progress.h"
#include "base/stop.h"
#include "evaluation/windows.h"
#include "model/forward.h"

namespace hone::evaluation {

namespace {

/// Positions of one forward pass: enough to keep the processor busy, little enough to stay in its caches'
/// reach.
constexpr int64_t kBatchPositions = 2048;

/// Numbers names in the order they are met.
class Names {
 public:
  explicit Names(std::vector<std::string>& names) : names_(names) {}
  uint32_t number(std::string_view name) {
    const auto [place, added] = numbers_.try_emplace(std::string(name), static_cast<uint32_t>(names_.size()));
    if (added) names_.push_back(place->first);
    return place->second;
  }

 private:
  std::vector<std::string>& names_;
  std::map<std::string, uint32_t> numbers_;
};

/// Windows of several documents for one forward pass, and whose they are.
struct Pass {
  dataset::Batch batch;
  std::vector<uint64_t> owners;  ///< Of each segment: index of its document.
};

/// A sequence and which of its tokens count; none named: all but the first.
struct Scored {
  std::vector<int32_t> ids;
  std::vector<uint8_t> counted;

  /// Whether a window predicts anything that counts.
  bool has_target(const Window& window) const {
    if (counted.empty()) return true;
    const auto first = counted.begin() + window.begin + 1 + window.skip;
    return std::find(first, counted.begin() + window.begin + 1 + window.length, uint8_t{1}) != counted.begin() + window.begin + 1 + window.length;
  }
};

void append(Pass& pass, const Scored& sequence, const Window& window, uint64_t owner) {
  const auto first = sequence.ids.begin() + window.begin;
  dataset::Batch& batch = pass.batch;
  batch.ids.insert(batch.ids.end(), first, first + window.length);
  batch.targets.insert(batch.targets.end(), static_cast<size_t>(window.skip), dataset::kMasked);
  batch.targets.insert(batch.targets.end(), first + 1 + window.skip, first + 1 + window.length);
  if (!sequence.counted.empty()) {
    int32_t* targets = batch.targets.data() + batch.targets.size() - window.length;
    for (int64_t i = window.skip; i < window.length; ++i)
      if (sequence.counted[static_cast<size_t>(window.begin + 1 + i)] == 0) targets[i] = dataset::kMasked;
  }
  batch.segments.push_back(static_cast<int32_t>(window.length));
  pass.owners.push_back(owner);
}

void add_scores(HeldOut& held_out, const Pass& pass, const at::Tensor& nll, Scorer scorer) {
  const float* values = nll.const_data_ptr<float>();
  for (size_t segment = 0; segment < pass.owners.size(); ++segment) {
    double sum = 0;
    const float* const end = values + pass.batch.segments[segment];
    for (; values != end; ++values) sum += *values;
    if (!std::isfinite(sum)) {
      const uint64_t ordinal = held_out.scores()[pass.owners[segment]].ordinal;
      throw Error(ExitCode::diverged,
                  fmt::format("the model gives no probability (NaN or Inf) for held-out document '{}'; its "
                              "weights are damaged or training diverged",
                              held_out.shards().document(ordinal).id));
    }
    held_out.add_nll(pass.owners[segment], scorer, sum);
  }
}

}  // namespace

HeldOut::HeldOut(std::shared_ptr<const dataset::ShardSet> shards, int64_t max_documents, Side side)
    : shards_(std::move(shards)) {
  if (!shards_->shards().empty()) {
    const auto& header = shards_->shards().front().header();
    prefix_ = header.bos_id >= 0 ? header.bos_id : header.eos_id;
  }
  Names sources(sources_), languages(languages_);
  const uint64_t stride = shards_->pairs() ? 2 : 1, all = shards_->documents() / stride;
  const uint64_t take =
      max_documents > 0 ? std::min<uint64_t>(all, static_cast<uint64_t>(max_documents)) : all;
  for (uint64_t i = 0; i < take; ++i) {
    const uint64_t ordinal = i * all / take * stride + (stride == 2 && side == Side::rejected ? 1 : 0);
    const dataset::DocumentView document = shards_->document(ordinal);
    const uint64_t length = document.tokens.size();
    const bool opens_with_prefix = length > 0 && document.tokens[0] == prefix_;
    const uint64_t unpredicted = opens_with_prefix || prefix_ < 0 ? 1 : 0;
    const auto predicted = document.mask.empty() || length == 0
                               ? static_cast<int64_t>(length) - static_cast<int64_t>(unpredicted)
                               : static_cast<int64_t>(document.mask.trained(unpredicted, length));
    if (predicted < 1 || document.text_bytes == 0) continue;
    scores_.push_back({ordinal, sources.number(document.source), languages.number(document.language),
                       predicted, static_cast<int64_t>(document.text_bytes)});
    tokens_ += predicted;
    masked_ += predicted < static_cast<int64_t>(length - unpredicted) ? 1 : 0;
  }
}

std::vector<int32_t> HeldOut::sequence(uint64_t index) const {
  const dataset::TokenView tokens = shards_->document(scores_[index].ordinal).tokens;
  std::vector<int32_t> ids;
  ids.reserve(tokens.size() + 1);
  if (prefix_ >= 0 && tokens[0] != prefix_) ids.push_back(prefix_);
  tokens.copy(0, tokens.size(), ids);
  return ids;
}

std::vector<uint8_t> HeldOut::counted(uint64_t index) const {
  const dataset::DocumentView document = shards_->document(scores_[index].ordinal);
  std::vector<uint8_t> counts;
  const uint64_t length = document.tokens.size(), first = prefix_ < 0 || document.tokens[0] == prefix_ ? 1 : 0;
  if (document.mask.empty() || predicted(index) == static_cast<int64_t>(length - first)) return counts;  // a whole text among answers
  counts.reserve(document.tokens.size() + 1);
  if (prefix_ >= 0 && document.tokens[0] != prefix_) counts.push_back(0);
  for (uint64_t i = 0; i < document.tokens.size(); ++i) counts.push_back(document.mask[i]);
  counts.front() = 0;
  return counts;
}

void score(HeldOut& held_out, const model::Model& model, Scorer scorer, int64_t context) {
  base::Progress progress(scorer == kBase ? "scoring the base" : "scoring the tuned model",
                          static_cast<uint64_t>(held_out.tokens()), "tokens");
  uint64_t done = 0;
  Pass pass;
  const auto flush = [&] {
    if (pass.owners.empty()) return;
    base::throw_if_stopped();
    add_scores(held_out, pass, model::token_nll(model, model::to_device(pass.batch, model)), scorer);
    done += static_cast<uint64_t>(pass.batch.trained());
    progress.update(done);
    pass = {};
  };
  for (uint64_t index = 0; index < held_out.scores().size(); ++index) {
    const Scored sequence{held_out.sequence(index), held_out.counted(index)};
    for (const Window& window : cut_windows(static_cast<int64_t>(sequence.ids.size()), context)) {
      if (!sequence.has_target(window)) continue;
      if (pass.batch.tokens() + window.length > kBatchPositions) flush();
      append(pass, sequence, window, index);
    }
  }
  flush();
  progress.finish();
}

void score(HeldOut& held_out, const tasks::KneserNey& ngram) {
  for (uint64_t index = 0; index < held_out.scores().size(); ++index) {
    const std::vector<int32_t> sequence = held_out.sequence(index);
    // The same tokens as the models predict: all but what stands first, or those that are trained.
    const std::span ids = std::span(sequence).subspan(1);
    const std::vector<uint8_t> counted = held_out.counted(index);
    double sum = counted.empty() ? ngram.log_probability(ids) : 0.0;
    for (size_t i = 0; i + 1 < counted.size(); ++i)
      if (counted[i + 1] != 0) sum += std::log(ngram.probability(ids.first(i), ids[i], /*from_start=*/true));
    held_out.add_nll(index, kNgram, -sum);
  }
}

tasks::KneserNey count_ngrams(const dataset::ShardSet& training, int64_t max_tokens) {
  tasks::KneserNey ngram(training.vocabulary_size());
  const int32_t bos = training.shards().front().header().bos_id;
  const uint64_t total = std::min<uint64_t>(training.tokens(), static_cast<uint64_t>(max_tokens));
  base::Progress progress("counting 5-grams", total, "tokens");
  std::vector<int32_t> ids;
  for (uint64_t ordinal = 0; ordinal < training.documents(); ordinal += training.pairs() ? 2 : 1) {  // chosen answers
    base::throw_if_stopped();
    const dataset::TokenView tokens = training.document(ordinal).tokens;
    if (ngram.tokens() + static_cast<int64_t>(tokens.size()) > max_tokens) break;
    ids.clear();
    tokens.copy(tokens.size() > 0 && tokens[0] == bos ? 1 : 0, tokens.size(), ids);
    ngram.add(ids);
    progress.update(static_cast<uint64_t>(ngram.tokens()));
  }
  ngram.finish();
  progress.finish();
  return ngram;
}

}  // namespace hone::evaluation
