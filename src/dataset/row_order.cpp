#include "dataset/row_order.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/error.h"
#include "base/random.h"

namespace hone::dataset {
namespace {

constexpr uint64_t kRoundsOfABlock = 50;

/// Where part `index` of `parts` begins when `count` things are shared evenly.
uint64_t share(uint64_t count, uint64_t index, uint64_t parts) {
  return static_cast<uint64_t>(static_cast<unsigned __int128>(count) * index / parts);
}

uint64_t divide_up(uint64_t a, uint64_t b) { return a == 0 ? 0 : (a - 1) / b + 1; }

/// a · b, or the largest number: recipes may ask for steps of any size.
uint64_t times(uint64_t a, uint64_t b) {
  uint64_t product = 0;
  return __builtin_mul_overflow(a, b, &product) ? UINT64_MAX : product;
}

uint64_t rows_a_round(const RowShape& shape) { return times(static_cast<uint64_t>(shape.micro_batch_size), static_cast<uint64_t>(shape.world)); }

/// Longest first inside each block.
void sort_blocks(std::vector<uint64_t>& rows, uint64_t block, const std::function<uint64_t(uint64_t)>& length_of) {
  std::vector<std::pair<uint64_t, uint64_t>> keyed(rows.size());
  for (size_t i = 0; i < rows.size(); ++i) keyed[i] = {length_of(rows[i]), rows[i]};
  for (uint64_t begin = 0; begin < keyed.size();) {
    const uint64_t end = block < keyed.size() - begin ? begin + block : keyed.size();
    std::stable_sort(keyed.begin() + static_cast<int64_t>(begin), keyed.begin() + static_cast<int64_t>(end),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    begin = end;
  }
  for (size_t i = 0; i < rows.size(); ++i) rows[i] = keyed[i].second;
}

}  // namespace

int64_t steps_of(uint64_t rows, const RowShape& shape) {
  return static_cast<int64_t>(divide_up(rows, times(rows_a_round(shape), static_cast<uint64_t>(shape.gradient_accumulation_steps))));
}

StepRows in_smaller_parts(const StepRows& step, int64_t most_rows, int world) {
  const auto ranks = static_cast<size_t>(world);
  StepRows rows;
  for (size_t round = 0; round < step.size(); round += ranks) {
    uint64_t largest = 1;
    for (size_t rank = 0; rank < ranks; ++rank) largest = std::max<uint64_t>(largest, step[round + rank].size());
    const uint64_t parts = divide_up(largest, static_cast<uint64_t>(most_rows));
    for (uint64_t part = 0; part < parts; ++part)
      for (size_t rank = 0; rank < ranks; ++rank) {
        const std::vector<uint64_t>& whole = step[round + rank];
        rows.emplace_back(whole.begin() + static_cast<int64_t>(share(whole.size(), part, parts)),
                          whole.begin() + static_cast<int64_t>(share(whole.size(), part + 1, parts)));
      }
  }
  return rows;
}

RowOrder::RowOrder(uint64_t rows, Order order, const RowShape& shape, uint64_t seed, int64_t epoch, const std::function<uint64_t(uint64_t)>& length_of)
    : rows_(rows), order_(order), shape_(shape), steps_(static_cast<uint64_t>(steps_of(rows, shape))) {
  if (order == Order::sequential) return;
  permutation_ = base::RandomStream(seed, "order of rows", static_cast<uint32_t>(epoch)).permutation(rows);
  if (order != Order::grouped) return;
  sort_blocks(permutation_, times(kRoundsOfABlock, rows_a_round(shape)), length_of);
  rounds_ = base::RandomStream(seed, "order of rounds", static_cast<uint32_t>(epoch)).permutation(divide_up(rows, rows_a_round(shape)));
}

StepRows RowOrder::step(int64_t index) const {
  HONE_ASSERT(index >= 0 && static_cast<uint64_t>(index) < steps_);
  return order_ == Order::grouped ? grouped(static_cast<uint64_t>(index)) : dealt(static_cast<uint64_t>(index));
}

StepRows RowOrder::dealt(uint64_t index) const {
  const uint64_t first = share(rows_, index, steps_), count = share(rows_, index + 1, steps_) - first;
  const uint64_t parts = divide_up(count, rows_a_round(shape_)) * static_cast<uint64_t>(shape_.world);
  StepRows rows(parts);
  for (uint64_t part = 0; part < parts; ++part)
    for (uint64_t i = share(count, part, parts); i < share(count, part + 1, parts); ++i)
      rows[part].push_back(permutation_.empty() ? first + i : permutation_[first + i]);
  return rows;
}

StepRows RowOrder::grouped(uint64_t index) const {
  const uint64_t all = rounds_.size(), world = static_cast<uint64_t>(shape_.world);
  StepRows rows;
  for (uint64_t i = share(all, index, steps_); i < share(all, index + 1, steps_); ++i) {
    const uint64_t first = share(rows_, rounds_[i], all), count = share(rows_, rounds_[i] + 1, all) - first;
    for (uint64_t part = 0; part < world; ++part) {
      std::vector<uint64_t>& micro_batch = rows.emplace_back();
      for (uint64_t k = share(count, part, world); k < share(count, part + 1, world); ++k) micro_batch.push_back(permutation_[first + k]);
    }
  }
  return rows;
}

}  // namespace hone::dataset
