#include "dataset/windows.h"

#include <algorithm>
#include <utility>

#include "base/error.h"

namespace hone::dataset {
namespace {

/// Calls visit(begin, first, end) for each window of a document of `tokens` tokens.
template <typename Visit>
void for_each_window(uint64_t tokens, const WindowOptions& options, Visit visit) {
  HONE_ASSERT(options.context_len >= 1 && options.overlap >= 0 && options.overlap < options.context_len);
  const uint64_t context = static_cast<uint64_t>(options.context_len),
                 overlap = static_cast<uint64_t>(options.overlap);
  for (uint64_t first = 0; first + 1 < tokens;) {
    const uint64_t begin = first - std::min(first, overlap);
    const uint64_t end = std::min(begin + context, tokens - 1);
    visit(begin, first, end);
    first = end;
  }
}

}  // namespace

Batch windows(std::span<const int32_t> tokens, const WindowOptions& options) {
  Batch batch;
  for_each_window(tokens.size(), options, [&](uint64_t begin, uint64_t first, uint64_t end) {
    for (uint64_t t = begin; t < end; ++t) {
      batch.ids.push_back(tokens[t]);
      batch.targets.push_back(t < first ? kMasked : tokens[t + 1]);
    }
    batch.segments.push_back(static_cast<int32_t>(end - begin));
  });
  return batch;
}

ScoringBatches::ScoringBatches(std::shared_ptr<const ShardSet> shards, WindowOptions options)
    : shards_(std::move(shards)), options_(options) {
  uint64_t room = 0;
  for (uint64_t ordinal = 0; ordinal < shards_->documents(); ++ordinal)
    for_each_window(shards_->length(ordinal), options_, [&](uint64_t begin, uint64_t first, uint64_t end) {
      const uint64_t length = end - begin;
      if (batches_.empty() || length > room) {
        batches_.emplace_back();
        room = std::max(length, static_cast<uint64_t>(options_.tokens_a_batch));
      }
      batches_.back().push_back({ordinal, begin, first, end});
      room -= length;
      predictions_ += static_cast<int64_t>(end - first);
    });
}

ScoringBatch ScoringBatches::batch(uint64_t index) const {
  HONE_ASSERT(index < batches_.size());
  ScoringBatch scoring;
  for (const Window& window : batches_[index]) {
    const TokenView tokens = shards_->document(window.document).tokens;
    Batch& batch = scoring.batch;
    tokens.copy(window.begin, window.end, batch.ids);
    batch.targets.insert(batch.targets.end(), window.first - window.begin, kMasked);
    tokens.copy(window.first + 1, window.end + 1, batch.targets);
    batch.segments.push_back(static_cast<int32_t>(window.end - window.begin));
    scoring.documents.push_back(window.document);
  }
  return scoring;
}

}  // namespace hone::dataset
