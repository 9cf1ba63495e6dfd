#include "dataset/packing.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <set>
#include <utility>

#include "base/error.h"
#include "base/log.h"

namespace hone::dataset {
namespace {

/// Targets of a segment that count.
int64_t trained_targets(const DocumentView& document, const Segment& segment) {
  if (document.mask.empty()) return segment.length;
  return static_cast<int64_t>(document.mask.trained(segment.begin + 1, segment.begin + 1 + segment.length));
}

/// Cuts a document; counts its tokens.
void cut(const ShardSet& shards, uint64_t ordinal, uint64_t sequence_len, std::vector<Segment>& segments,
         Conservation& count) {
  const DocumentView document = shards.document(ordinal);
  const uint64_t tokens = document.tokens.size();
  ++count.documents;
  count.tokens += static_cast<int64_t>(tokens);
  if (tokens < 2) {
    if (tokens == 1) count.dropped["nothing_to_predict"] += 1;
    return;
  }
  const uint64_t positions = tokens - 1;
  count.first += 1;
  if (positions > sequence_len) ++count.split_documents;
  for (uint64_t begin = 0; begin < positions; begin += sequence_len) {
    const Segment segment{ordinal, begin, static_cast<uint32_t>(std::min(sequence_len, positions - begin))};
    const int64_t trained = trained_targets(document, segment);
    if (trained == 0) {
      count.dropped["fully_masked"] += segment.length;
      continue;
    }
    count.trained += trained;
    count.masked += segment.length - trained;
    segments.push_back(segment);
  }
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

Packing pack(const ShardSet& shards, int64_t sequence_len, bool pack) {
  HONE_ASSERT(sequence_len >= 1 && sequence_len <= INT32_MAX);
  Packing packing;
  std::vector<Segment> segments;
  for (uint64_t ordinal = 0; ordinal < shards.documents(); ++ordinal)
    cut(shards, ordinal, static_cast<uint64_t>(sequence_len), segments, packing.conservation);
  HONE_ASSERT(segments.size() < UINT32_MAX);

  if (pack) {
    std::vector<uint32_t> lengths(segments.size());
    std::transform(segments.begin(), segments.end(), lengths.begin(),
                   [](const Segment& segment) { return segment.length; });
    auto bins = best_fit(lengths, static_cast<uint32_t>(sequence_len));
    for (std::vector<uint32_t>& bin : bins) std::sort(bin.begin(), bin.end());
    std::sort(bins.begin(), bins.end());  // by the first segment in each
    for (const std::vector<uint32_t>& bin : bins) {
      std::vector<Segment>& row = packing.rows.emplace_back();
      for (const uint32_t index : bin) row.push_back(segments[index]);
    }
  } else {
    for (const Segment& segment : segments) packing.rows.push_back({segment});
  }

  Conservation& count = packing.conservation;
  count.segments = static_cast<int64_t>(segments.size());
  for (const Segment& segment : segments) count.positions += segment.length;
  count.row_capacity = static_cast<int64_t>(packing.rows.size()) * sequence_len;
  HONE_ASSERT(count.balanced());
  return packing;
}

int64_t Conservation::dropped_tokens() const {
  int64_t total = 0;
  for (const auto& [reason, tokens_dropped] : dropped) total += tokens_dropped;
  return total;
}

std::string Conservation::sentence() const {
  const auto number = [](int64_t value) { return base::human_count(static_cast<uint64_t>(value)); };
  std::string text = fmt::format("{} tokens = {} trained + {} first of a document", number(tokens),
                                 number(trained), number(first));
  if (masked > 0) text += fmt::format(" + {} masked", number(masked));
  text += fmt::format(" + {} dropped", number(dropped_tokens()));
  std::string reasons;
  for (const auto& [reason, count] : dropped)
    reasons += fmt::format("{}{} {}", reasons.empty() ? "" : ", ", reason, number(count));
  return reasons.empty() ? text : fmt::format("{} ({})", text, reasons);
}

}  // namespace hone::dataset
