#include "dataset/cut.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/log.h"

namespace hone::dataset {
namespace {

enum Reason : size_t { kNothingToPredict, kFullyMasked, kAfterLastTrained, kTruncated, kTornPair };

/// Positions of [begin, end) up to the last target that counts.
uint64_t useful(const DocumentView& document, uint64_t begin, uint64_t end) {
  if (document.mask.empty()) return end - begin;
  while (end > begin && document.mask[end] == 0) --end;  // position p predicts token p + 1; [begin, end) the tokens begin+1..end
  return end - begin;
}

int64_t trained_targets(const DocumentView& document, const Segment& segment) {
  if (document.mask.empty()) return segment.length;
  return static_cast<int64_t>(document.mask.trained(segment.begin + 1, segment.begin + 1 + segment.length));
}

}  // namespace

Cut::Cut(std::shared_ptr<const ShardSet> shards, int64_t sequence_len) : shards_(std::move(shards)), sequence_len_(sequence_len) {
  HONE_ASSERT(sequence_len >= 1 && sequence_len <= INT32_MAX);
  const uint64_t units = pairs() ? shards_->documents() / 2 : shards_->documents();
  first_.reserve(units + 1);
  sources_of_.reserve(units);
  trained_.reserve(units);
  for (uint64_t unit = 0; unit < units; ++unit) {
    trained_.push_back(0);
    if (pairs())
      cut_pair(unit);
    else
      cut_document(unit);
    first_.push_back(segments_.size());
  }
  if (segments_.size() >= UINT32_MAX)
    throw Error(ExitCode::data, fmt::format("{} segments are too many for one epoch; raise training.sequence_len", segments_.size()));
}

uint32_t Cut::row_length() const {
  return static_cast<uint32_t>(std::min<int64_t>(pairs() ? 2 * sequence_len_ : sequence_len_, UINT32_MAX));
}

uint32_t Cut::source_number(const DocumentView& document) {
  const auto found = source_numbers_.find(document.source);
  if (found != source_numbers_.end()) return found->second;
  const auto number = static_cast<uint32_t>(sources_.size());
  sources_.emplace_back(document.source);
  source_numbers_.emplace(document.source, number);
  return number;
}

void Cut::drop(size_t reason, uint64_t tokens) {
  if (tokens > 0) dropped_.push_back({trained_.size() - 1, reason, tokens});
}

void Cut::cut_document(uint64_t ordinal) {
  const DocumentView document = shards_->document(ordinal);
  sources_of_.push_back(source_number(document));
  const uint64_t tokens = document.tokens.size();
  if (tokens < 2) return drop(kNothingToPredict, tokens);
  const uint64_t positions = tokens - 1, row = static_cast<uint64_t>(sequence_len_);
  for (uint64_t begin = 0; begin < positions; begin += row) {
    const uint64_t end = std::min(begin + row, positions), kept = useful(document, begin, end);
    drop(kept == 0 ? kFullyMasked : kAfterLastTrained, end - begin - kept);
    if (kept == 0) continue;
    segments_.push_back({ordinal, begin, static_cast<uint32_t>(kept)});
    trained_.back() += trained_targets(document, segments_.back());
  }
}

void Cut::cut_pair(uint64_t pair) {
  const std::array<DocumentView, 2> sides = {shards_->document(2 * pair), shards_->document(2 * pair + 1)};
  sources_of_.push_back(source_number(sides[0]));
  std::array<Segment, 2> segments;
  std::array<int64_t, 2> trained{};
  for (size_t side = 0; side < 2; ++side) {
    const uint64_t tokens = sides[side].tokens.size(), kept = std::min(tokens, static_cast<uint64_t>(sequence_len_));
    if (tokens > kept) truncated_.push_back(2 * pair + side);
    segments[side] = {2 * pair + side, 0, kept < 2 ? 0 : static_cast<uint32_t>(useful(sides[side], 0, kept - 1))};
    if (segments[side].length > 0) trained[side] = trained_targets(sides[side], segments[side]);
  }
  const bool whole = trained[0] > 0 && trained[1] > 0;
  for (size_t side = 0; side < 2; ++side) {
    const uint64_t tokens = sides[side].tokens.size();
    if (tokens < 2) {
      drop(kNothingToPredict, tokens);
      continue;
    }
    const uint64_t kept = std::min(tokens, std::max<uint64_t>(static_cast<uint64_t>(sequence_len_), 1));
    drop(kTruncated, tokens - kept);
    if (!whole) {
      drop(trained[side] > 0 ? kTornPair : kFullyMasked, kept - 1);
      continue;
    }
    drop(kAfterLastTrained, kept - 1 - segments[side].length);
    segments_.push_back(segments[side]);
    trained_.back() += trained[side];
  }
}

std::vector<Conservation> Cut::count(const std::vector<uint32_t>& readings) const {
  HONE_ASSERT(readings.empty() || readings.size() == units());
  std::vector<Conservation> counts(sources_.size());
  const auto times = [&](uint64_t unit) { return readings.empty() ? int64_t{1} : static_cast<int64_t>(readings[unit]); };
  const uint64_t documents_each = pairs() ? 2 : 1;
  for (uint64_t unit = 0; unit < units(); ++unit) {
    if (times(unit) == 0) continue;
    Conservation one;
    for (uint64_t d = unit * documents_each; d < (unit + 1) * documents_each; ++d) {
      const auto tokens = static_cast<int64_t>(shards_->length(d));
      ++one.documents;
      one.tokens += tokens;
      one.first += tokens >= 2 ? 1 : 0;
    }
    for (uint64_t s = begin(unit); s < end(unit); ++s) one.positions += segments_[s].length;
    one.segments = static_cast<int64_t>(end(unit) - begin(unit));
    one.trained = trained_[unit];
    one.masked = one.positions - one.trained;
    if (one.trained == 0) one.without_label = one.documents;
    if (!pairs() && static_cast<int64_t>(shards_->length(unit)) - 1 > sequence_len_) one.split_documents = 1;
    counts[sources_of_[unit]].add(one, times(unit));
  }
  for (const Dropped& dropped : dropped_)
    if (times(dropped.unit) > 0)
      counts[sources_of_[dropped.unit]].dropped[kDropReasons[dropped.reason]] += static_cast<int64_t>(dropped.tokens) * times(dropped.unit);
  for (const uint64_t document : truncated_)
    counts[sources_of_[document / 2]].truncated_documents += times(document / 2);
  for (const Conservation& count : counts) HONE_ASSERT(count.balanced());
  return counts;
}

void Conservation::add(const Conservation& other, int64_t times) {
  documents += other.documents * times;
  tokens += other.tokens * times;
  trained += other.trained * times;
  first += other.first * times;
  masked += other.masked * times;
  for (const auto& [reason, count] : other.dropped) dropped[reason] += count * times;
  positions += other.positions * times;
  segments += other.segments * times;
  split_documents += other.split_documents * times;
  truncated_documents += other.truncated_documents * times;
  without_label += other.without_label * times;
  row_capacity += other.row_capacity * times;
}

int64_t Conservation::dropped_tokens() const {
  int64_t total = 0;
  for (const auto& [reason, tokens_dropped] : dropped) total += tokens_dropped;
  return total;
}

std::string Conservation::sentence() const {
  const auto number = [](int64_t value) { return base::human_count(static_cast<uint64_t>(value)); };
  std::string text = fmt::format("{} tokens = {} trained + {} first of a document", number(tokens), number(trained), number(first));
  if (masked > 0) text += fmt::format(" + {} masked", number(masked));
  text += fmt::format(" + {} dropped", number(dropped_tokens()));
  std::string reasons;
  for (const auto& [reason, count] : dropped)
    reasons += fmt::format("{}{} {}", reasons.empty() ? "" : ", ", reason, number(count));
  return reasons.empty() ? text : fmt::format("{} ({})", text, reasons);
}

}  // namespace hone::dataset
