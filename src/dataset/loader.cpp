#include "dataset/loader.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/error.h"
#include "base/random.h"

namespace hone::dataset {
namespace {

/// Where part `index` of `parts` begins when `count` things are shared evenly.
uint64_t share(uint64_t count, uint64_t index, uint64_t parts) {
  return static_cast<uint64_t>(static_cast<unsigned __int128>(count) * index / parts);
}

uint64_t divide_up(uint64_t a, uint64_t b) { return (a + b - 1) / b; }

void check(const LoaderOptions& options) {
  const auto at_least_one = [](const char* key, int64_t value) {
    if (value < 1)
      throw Error(ExitCode::usage, fmt::format("training.{} is {}; it must be at least 1", key, value));
  };
  at_least_one("sequence_len", options.sequence_len);
  at_least_one("micro_batch_size", options.micro_batch_size);
  at_least_one("gradient_accumulation_steps", options.gradient_accumulation_steps);
  HONE_ASSERT(options.world >= 1 && options.rank >= 0 && options.rank < options.world);
}

}  // namespace

Loader::Loader(std::shared_ptr<const ShardSet> shards, LoaderOptions options)
    : shards_(std::move(shards)), options_(options), packing_() {
  check(options_);
  packing_ = pack(*shards_, options_.sequence_len, options_.sample_packing);
  if (packing_.rows.empty())
    throw Error(
        ExitCode::data,
        fmt::format(
            "{}: nothing to train on: {}; add documents, or see hone explain for why they were dropped",
            shards_->shards().front().path().string(), packing_.conservation.sentence()));
  const uint64_t rows_a_step = static_cast<uint64_t>(options_.micro_batch_size) *
                               static_cast<uint64_t>(options_.gradient_accumulation_steps) *
                               static_cast<uint64_t>(options_.world);
  steps_ = static_cast<int64_t>(divide_up(packing_.rows.size(), rows_a_step));
}

std::vector<uint64_t> Loader::rows_of(int64_t epoch, int64_t index) const {
  HONE_ASSERT(index >= 0 && index < steps_ && epoch >= 0);
  const uint64_t count = packing_.rows.size(), steps = static_cast<uint64_t>(steps_),
                 step = static_cast<uint64_t>(index);
  const uint64_t first = share(count, step, steps), last = share(count, step + 1, steps);
  std::vector<uint64_t> rows(last - first);
  if (options_.order == Order::sequential) {
    std::iota(rows.begin(), rows.end(), first);
    return rows;
  }
  std::shared_ptr<const std::vector<uint64_t>> permutation;
  {
    const std::lock_guard lock(mutex_);
    if (permuted_epoch_ != epoch) {
      base::RandomStream stream(options_.seed, "order of rows", static_cast<uint32_t>(epoch));
      permutation_ = std::make_shared<const std::vector<uint64_t>>(stream.permutation(count));
      permuted_epoch_ = epoch;
    }
    permutation = permutation_;
  }
  std::copy(permutation->begin() + static_cast<int64_t>(first),
            permutation->begin() + static_cast<int64_t>(last), rows.begin());
  return rows;
}

Batch Loader::read(std::span<const uint64_t> rows) const {
  Batch batch;
  for (const uint64_t row : rows)
    for (const Segment& segment : packing_.rows[row]) {
      const DocumentView document = shards_->document(segment.document);
      const uint64_t end = segment.begin + segment.length;
      document.tokens.copy(segment.begin, end, batch.ids);
      document.tokens.copy(segment.begin + 1, end + 1, batch.targets);
      batch.segments.push_back(static_cast<int32_t>(segment.length));
      if (document.mask.empty()) continue;
      int32_t* targets = batch.targets.data() + batch.targets.size() - segment.length;
      for (uint64_t i = 0; i < segment.length; ++i)
        if (document.mask[segment.begin + 1 + i] == 0) targets[i] = kMasked;
    }
  return batch;
}

Step Loader::step(int64_t epoch, int64_t index) const {
  const std::vector<uint64_t> rows = rows_of(epoch, index);
  const uint64_t world = static_cast<uint64_t>(options_.world);
  const uint64_t rounds = divide_up(rows.size(), static_cast<uint64_t>(options_.micro_batch_size) * world);
  const uint64_t parts = rounds * world;  // rank r has the parts r, r + world, …
  Step step;
  for (uint64_t part = 0; part < parts; ++part) {
    const uint64_t first = share(rows.size(), part, parts), last = share(rows.size(), part + 1, parts);
    Batch batch = read(std::span(rows).subspan(first, last - first));
    step.tokens += batch.tokens();
    step.trained += batch.trained();
    if (part % world == static_cast<uint64_t>(options_.rank)) step.micro_batches.push_back(std::move(batch));
  }
  return step;
}

Batch Loader::longest_batch() const {
  // Attention costs by the square of a segment, everything else by position.
  std::vector<std::pair<std::pair<uint64_t, uint64_t>, uint64_t>> cost;
  for (uint64_t row = 0; row < packing_.rows.size(); ++row) {
    uint64_t positions = 0, squares = 0;
    for (const Segment& segment : packing_.rows[row]) {
      positions += segment.length;
      squares += static_cast<uint64_t>(segment.length) * segment.length;
    }
    cost.push_back({{positions, squares}, row});
  }
  const size_t count = std::min(cost.size(), static_cast<size_t>(options_.micro_batch_size));
  std::partial_sort(cost.begin(), cost.begin() + static_cast<int64_t>(count), cost.end(), std::greater<>());
  std::vector<uint64_t> rows;
  for (size_t i = 0; i < count; ++i) rows.push_back(cost[i].second);
  return read(rows);
}

std::vector<uint64_t> Loader::documents_of(int64_t epoch, int64_t index) const {
  std::vector<uint64_t> documents;
  for (const uint64_t row : rows_of(epoch, index))
    for (const Segment& segment : packing_.rows[row]) documents.push_back(segment.document);
  std::sort(documents.begin(), documents.end());
  documents.erase(std::unique(documents.begin(), documents.end()), documents.end());
  return documents;
}

}  // namespace hone::dataset
