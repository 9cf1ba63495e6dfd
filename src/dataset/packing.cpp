#include "dataset/packing.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <set>
#include <utility>

#include "base/error.h"

namespace hone::dataset {
namespace {

/// Segments [begin, end) of the cut that stay together.
struct Item {
  uint64_t begin = 0;
  uint32_t segments = 0;
  uint32_t length = 0;
};

std::vector<Item> items_of(const Cut& cut, const std::vector<uint32_t>& readings) {
  std::vector<Item> items;
  const std::vector<Segment>& segments = cut.segments();
  for (uint64_t unit = 0; unit < cut.units(); ++unit) {
    const uint32_t times = readings.empty() ? 1 : readings[unit];
    const uint32_t together = cut.pairs() ? 2 : 1;
    for (uint32_t time = 0; time < times; ++time)
      for (uint64_t at = cut.begin(unit); at < cut.end(unit); at += together)
        items.push_back({at, together, segments[at].length + (together == 2 ? segments[at + 1].length : 0)});
    if (items.size() >= UINT32_MAX)
      throw Error(ExitCode::data, "an epoch of more than 4 billion segments; lower the weights in training.mixture");
  }
  return items;
}

void append_row(const Cut& cut, const std::vector<Item>& items, std::span<const uint32_t> row, Packing& packing) {
  for (const uint32_t index : row)
    for (uint32_t s = 0; s < items[index].segments; ++s) packing.segments.push_back(cut.segments()[items[index].begin + s]);
  packing.row_begin.push_back(packing.segments.size());
}

}  // namespace

std::vector<std::vector<uint32_t>> best_fit(const std::vector<uint32_t>& lengths, uint32_t capacity) {
  std::vector<uint32_t> order(lengths.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(),
                   [&](uint32_t a, uint32_t b) { return lengths[a] > lengths[b]; });
  std::vector<std::vector<uint32_t>> bins;
  std::set<std::pair<uint32_t, uint32_t>>
      open;  // (room left, bin): the first with room ≥ length is the fullest that fits
  for (const uint32_t item : order) {
    const uint32_t length = lengths[item];
    HONE_ASSERT(length >= 1 && length <= capacity);
    uint32_t room = capacity, bin = static_cast<uint32_t>(bins.size());
    if (const auto fit = open.lower_bound({length, 0}); fit != open.end()) {
      std::tie(room, bin) = *fit;
      open.erase(fit);
    } else {
      bins.emplace_back();
    }
    bins[bin].push_back(item);
    if (room > length) open.insert({room - length, bin});
  }
  return bins;
}

uint64_t Packing::row_positions(uint64_t index) const {
  uint64_t positions = 0;
  for (const Segment& segment : row(index)) positions += segment.length;
  return positions;
}

Packing pack(const Cut& cut, bool pack, const std::vector<uint32_t>& readings) {
  const std::vector<Item> items = items_of(cut, readings);
  Packing packing;
  if (pack) {
    std::vector<uint32_t> lengths(items.size());
    std::transform(items.begin(), items.end(), lengths.begin(), [](const Item& item) { return item.length; });
    auto bins = best_fit(lengths, cut.row_length());
    for (std::vector<uint32_t>& bin : bins) std::sort(bin.begin(), bin.end());
    std::sort(bins.begin(), bins.end(), [](const auto& a, const auto& b) { return a.front() < b.front(); });
    for (const std::vector<uint32_t>& bin : bins) append_row(cut, items, bin, packing);
  } else {
    for (uint32_t item = 0; item < items.size(); ++item) append_row(cut, items, {&item, 1}, packing);
  }
  packing.by_source = cut.count(readings);
  for (const Conservation& source : packing.by_source) packing.conservation.add(source);
  packing.conservation.row_capacity = static_cast<int64_t>(packing.rows() * cut.row_length());
  HONE_ASSERT(packing.conservation.balanced() && packing.conservation.segments == static_cast<int64_t>(packing.segments.size()));
  return packing;
}

}  // namespace hone::dataset
