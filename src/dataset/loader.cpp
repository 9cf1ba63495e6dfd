#include "dataset/loader.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/error.h"

namespace hone::dataset {
namespace {

void check(const LoaderOptions& options) {
  const auto at_least_one = [](const char* key, int64_t value) {
    if (value < 1)
      throw Error(ExitCode::usage, fmt::format("training.{} is {}; it must be at least 1", key, value));
  };
  at_least_one("sequence_len", options.sequence_len);
  at_least_one("micro_batch_size", options.micro_batch_size);
  at_least_one("gradient_accumulation_steps", options.gradient_accumulation_steps);
  at_least_one("num_epochs", options.epochs);
  if (options.sequence_len > INT32_MAX)
    throw Error(ExitCode::usage, fmt::format("training.sequence_len is {}; it must be below 2³¹", options.sequence_len));
  HONE_ASSERT(options.world >= 1 && options.rank >= 0 && options.rank < options.world);
}

}  // namespace

LoaderOptions held_out(LoaderOptions options) {
  options.order = Order::sequential;
  options.epochs = 1;
  options.mixture.clear();
  return options;
}

Loader::Loader(std::shared_ptr<const ShardSet> shards, LoaderOptions options) : options_(std::move(options)) {
  check(options_);
  cut_ = std::make_shared<const Cut>(std::move(shards), options_.sequence_len);
  mixture_ = std::make_shared<const Mixture>(*cut_, options_.mixture, options_.seed, options_.epochs);
  std::vector<Epoch> epochs;
  for (int64_t epoch = 0; epoch < (mixture_->constant() ? 1 : options_.epochs); ++epoch) {
    auto packed = std::make_shared<const Packing>(pack(*cut_, options_.sample_packing, mixture_->readings(epoch)));
    epochs.push_back({packed->rows(), packed->conservation, packed->by_source});
    if (packed->rows() == 0)
      throw Error(ExitCode::data,
                  fmt::format("{}: nothing to train on{}: {}; add documents, or see hone explain for why they were dropped",
                              this->shards().shards().front().path().string(),
                              mixture_->constant() ? "" : fmt::format(" in epoch {}", epoch + 1), packed->conservation.sentence()));
    if (epoch == 0) {
      packing_ = std::move(packed);
      packed_epoch_ = 0;
    }
  }
  epochs_ = std::make_shared<const std::vector<Epoch>>(std::move(epochs));
}

Loader::Loader(const Loader& other, int64_t most_rows)
    : options_(other.options_), cut_(other.cut_), mixture_(other.mixture_), epochs_(other.epochs_) {
  options_.most_rows = most_rows;
  check(options_);
  const std::lock_guard lock(other.mutex_);
  packed_epoch_ = other.packed_epoch_;
  packing_ = other.packing_;
}

uint64_t Loader::kind_of(int64_t epoch) const {
  HONE_ASSERT(epoch >= 0);
  if (mixture_->constant()) return 0;
  HONE_ASSERT(epoch < options_.epochs);
  return static_cast<uint64_t>(epoch);
}

RowShape Loader::shape() const { return {options_.micro_batch_size, options_.gradient_accumulation_steps, options_.world}; }

int64_t Loader::rows(int64_t epoch) const { return static_cast<int64_t>((*epochs_)[kind_of(epoch)].rows); }
int64_t Loader::steps_in(int64_t epoch) const { return steps_of((*epochs_)[kind_of(epoch)].rows, shape()); }
const Conservation& Loader::conservation(int64_t epoch) const { return (*epochs_)[kind_of(epoch)].conservation; }

std::vector<Conservation> Loader::conservation_by_source() const {
  std::vector<Conservation> sums(cut_->sources().size());
  for (const Epoch& epoch : *epochs_)
    for (size_t source = 0; source < sums.size(); ++source) sums[source].add(epoch.by_source[source], mixture_->constant() ? options_.epochs : 1);
  return sums;
}

int64_t Loader::steps() const {
  if (mixture_->constant()) return steps_in(0) * options_.epochs;
  int64_t steps = 0;
  for (int64_t epoch = 0; epoch < options_.epochs; ++epoch) steps += steps_in(epoch);
  return steps;
}

int64_t Loader::tokens() const {
  if (mixture_->constant()) return conservation().positions * options_.epochs;
  int64_t tokens = 0;
  for (const Epoch& epoch : *epochs_) tokens += epoch.conservation.positions;
  return tokens;
}

int64_t Loader::trained() const {
  if (mixture_->constant()) return conservation().trained * options_.epochs;
  int64_t trained = 0;
  for (const Epoch& epoch : *epochs_) trained += epoch.conservation.trained;
  return trained;
}

std::shared_ptr<const Packing> Loader::packing(int64_t epoch) const {
  const auto kind = static_cast<int64_t>(kind_of(epoch));
  const std::lock_guard lock(mutex_);
  if (packed_epoch_ != kind) {
    packing_ = std::make_shared<const Packing>(pack(*cut_, options_.sample_packing, mixture_->readings(kind)));
    packed_epoch_ = kind;
  }
  return packing_;
}

std::shared_ptr<const RowOrder> Loader::order(int64_t epoch) const {
  const std::shared_ptr<const Packing> packed = packing(epoch);
  const std::lock_guard lock(mutex_);
  if (ordered_epoch_ != epoch) {
    order_ = std::make_shared<const RowOrder>(packed->rows(), options_.order, shape(), options_.seed, epoch,
                                              [&](uint64_t row) { return packed->row_positions(row); });
    ordered_epoch_ = epoch;
  }
  return order_;
}

Batch Loader::read(const Packing& packing, const std::vector<uint64_t>& rows) const {
  Batch batch;
  for (const uint64_t row : rows)
    for (const Segment& segment : packing.row(row)) {
      const DocumentView document = shards().document(segment.document);
      const uint64_t end = segment.begin + segment.length;
      document.tokens.copy(segment.begin, end, batch.ids);
      document.tokens.copy(segment.begin + 1, end + 1, batch.targets);
      batch.segments.push_back(static_cast<int32_t>(segment.length));
      batch.documents.push_back(segment.document);
      if (document.mask.empty()) continue;
      int32_t* targets = batch.targets.data() + batch.targets.size() - segment.length;
      for (uint64_t i = 0; i < segment.length; ++i)
        if (document.mask[segment.begin + 1 + i] == 0) targets[i] = kMasked;
    }
  return batch;
}

Step Loader::step(int64_t epoch, int64_t index) const {
  const std::shared_ptr<const Packing> packed = packing(epoch);
  StepRows parts = order(epoch)->step(index);
  if (options_.most_rows > 0) parts = in_smaller_parts(parts, options_.most_rows, options_.world);
  Step step;
  for (size_t part = 0; part < parts.size(); ++part) {
    Batch batch = read(*packed, parts[part]);
    step.tokens += batch.tokens();
    step.trained += batch.trained();
    if (part % static_cast<size_t>(options_.world) == static_cast<size_t>(options_.rank)) step.micro_batches.push_back(std::move(batch));
  }
  return step;
}

Batch Loader::longest_batch() const {
  std::vector<Cost> costs;
  const int64_t rows = options_.most_rows > 0 ? std::min(options_.most_rows, options_.micro_batch_size) : options_.micro_batch_size;
  const auto most = static_cast<size_t>(rows);
  for (uint64_t epoch = 0; epoch < epochs_->size(); ++epoch) {
    const std::shared_ptr<const Packing> packed = packing(static_cast<int64_t>(epoch));
    for (uint64_t row = 0; row < packed->rows(); ++row) {
      Cost& cost = costs.emplace_back(Cost{.row = row, .epoch = epoch});
      for (const Segment& segment : packed->row(row)) {
        cost.positions += segment.length;
        cost.squares += static_cast<uint64_t>(segment.length) * segment.length;
      }
    }
    const size_t count = std::min(costs.size(), most);
    std::partial_sort(costs.begin(), costs.begin() + static_cast<int64_t>(count), costs.end(), std::greater<>());
    costs.resize(count);
  }
  std::stable_sort(costs.begin(), costs.end(), [](const Cost& a, const Cost& b) { return a.epoch < b.epoch; });  // each epoch packed once
  Batch batch;
  for (const Cost& cost : costs) append(batch, read(*packing(static_cast<int64_t>(cost.epoch)), {cost.row}));
  return batch;
}

std::vector<uint64_t> Loader::documents_of(int64_t epoch, int64_t index) const {
  const std::shared_ptr<const Packing> packed = packing(epoch);
  std::vector<uint64_t> documents;
  for (const std::vector<uint64_t>& rows : order(epoch)->step(index))
    for (const uint64_t row : rows)
      for (const Segment& segment : packed->row(row)) documents.push_back(segment.document);
  std::sort(documents.begin(), documents.end());
  documents.erase(std::unique(documents.begin(), documents.end()), documents.end());
  return documents;
}

}  // namespace hone::dataset
