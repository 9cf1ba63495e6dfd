#include "corpus/repeated_lines.h"

#include <algorithm>
#include <cmath>
#include <unordered_set>

namespace hone::corpus {
namespace {

constexpr double kFormShare = 0.25;      // of the body repeated
constexpr double kMostlyEdges = 0.6;     // of the whole document
constexpr uint32_t kLongEdges = 400;     // ink; shorter ones are menus on a short page
constexpr double kEvenLength = 0.35;     // relative spread of what is left between the edges of filled-in forms
constexpr double kBodyShare = 0.5;       // of the documents that share a line of the body
constexpr double kLabelShare = 0.5;
constexpr double kLoneShare = 0.6;       // of the documents that share a block of a single line
constexpr double kLoneWordShare = 0.9;
constexpr uint32_t kLoneInk = 10, kLongLine = 24, kBlockInk = 40;
constexpr size_t kLabelZone = 16, kLongestBlock = 40, kMostLongLines = 3;
constexpr uint8_t kNever = PageLine::kCode | PageLine::kQuoted;

}  // namespace

void RepeatedLines::count(const std::vector<Page>& pages, const std::vector<bool>& skipped) {
  repeated_.clear();
  labels_.clear();
  documents_ = 0;
  std::unordered_set<uint32_t> seen;
  for (size_t p = 0; p < pages.size(); ++p) {
    if (skipped[p] || pages[p].lines.empty()) continue;
    ++documents_;
    seen.clear();
    const std::vector<PageLine>& lines = pages[p].lines;
    for (size_t i = 0; i < lines.size(); ++i) {
      Line& line = repeated_[lines[i].key];
      ++line.occurrences;
      line.ink = lines[i].ink;
      line.shape = lines[i].shape;
      if (seen.insert(lines[i].key).second) ++line.documents;
      const bool zone = i < kLabelZone || i + kLabelZone >= lines.size();
      if (zone && lines[i].is(PageLine::kLabelled) && seen.insert(~lines[i].label).second) ++labels_[lines[i].label];
    }
  }
  const auto least = std::max(static_cast<double>(options_.min_documents), std::ceil(options_.min_share * documents_));
  std::erase_if(repeated_, [&](const auto& entry) { return entry.second.documents < least; });
  std::erase_if(labels_, [&](const auto& entry) { return entry.second < std::max(least, kLabelShare * documents_); });
}

/// Lines from one edge on that are repeated, or labelled beside a repeated one.
size_t RepeatedLines::block_length(const Page& page, bool from_end) const {
  const size_t count = std::min(page.lines.size(), kLongestBlock);
  const auto line = [&](size_t i) -> const PageLine& { return from_end ? page.lines[page.lines.size() - 1 - i] : page.lines[i]; };
  size_t length = 0;
  while (length < count && !line(length).is(kNever)) {
    if (!is_repeated(line(length))) {
      if (!is_labelled(line(length))) break;
      const bool beside = (length > 0 && is_repeated(line(length - 1))) || (length + 1 < count && is_repeated(line(length + 1)) && !line(length + 1).is(kNever));
      if (!beside) break;
    }
    ++length;
  }
  // A heading above the text belongs to the text.
  while (length > 0 && !from_end && line(length - 1).is(PageLine::kHeading)) --length;
  return length;
}

/// Whether the lines [first, last) are worth calling a block: several of them of some weight, or one that most documents share.
bool RepeatedLines::is_enough(const Page& page, size_t first, size_t last) const {
  if (last == first) return false;
  if (last - first > 1) {
    uint32_t ink = 0;
    for (size_t i = first; i < last; ++i) {
      const auto found = repeated_.find(page.lines[i].key);
      ink += page.lines[i].ink;
      if (page.lines[i].is(PageLine::kInterface) || (found != repeated_.end() && found->second.documents >= kLoneShare * documents_)) return true;
    }
    return ink >= kBlockInk;
  }
  const PageLine& line = page.lines[first];
  const auto found = repeated_.find(line.key);
  if (found == repeated_.end() || line.is(PageLine::kHeading)) return false;
  const double share = static_cast<double>(found->second.documents) / documents_;
  return share >= (line.ink >= kLoneInk ? kLoneShare : kLoneWordShare);
}

RepeatedLines::Blocks RepeatedLines::blocks_of(const Page& page) const {
  Blocks blocks;
  const size_t count = page.lines.size();
  blocks.head = block_length(page, false);
  if (!is_enough(page, 0, blocks.head)) blocks.head = 0;
  blocks.tail = std::min(block_length(page, true), count - blocks.head);
  if (!is_enough(page, count - blocks.tail, count)) blocks.tail = 0;
  for (size_t i = 0; i < count; ++i) blocks.ink += i < blocks.head || i + blocks.tail >= count ? page.lines[i].ink : 0;
  return blocks;
}

bool RepeatedLines::repeats_its_body(const Page& page, const Blocks& blocks) const {
  uint32_t repeated = 0;
  for (size_t i = blocks.head; i + blocks.tail < page.lines.size(); ++i) {
    if (is_repeated(page.lines[i]) && !page.lines[i].is(kNever)) repeated += page.lines[i].ink;
  }
  return repeated > kFormShare * (page.ink - std::min(page.ink, blocks.ink));
}

std::vector<bool> RepeatedLines::forms_of(const std::vector<Page>& pages) const {
  std::vector<bool> forms(pages.size());
  for (size_t p = 0; p < pages.size(); ++p) {
    const Blocks blocks = blocks_of(pages[p]);
    forms[p] = repeats_its_body(pages[p], blocks) || (forms_repeat_edges_ && blocks.ink > kMostlyEdges * pages[p].ink);
  }
  return forms;
}

void RepeatedLines::pick_body_lines(const std::vector<Page>& pages) {
  for (const Page& page : pages) {
    const Blocks blocks = blocks_of(page);
    for (size_t i = 0; i < page.lines.size(); ++i) {
      if (i >= blocks.head && i + blocks.tail < page.lines.size()) continue;
      const auto found = repeated_.find(page.lines[i].key);
      if (found != repeated_.end()) ++found->second.edges;
    }
  }
  std::vector<Line*> long_ones;
  for (auto& [key, line] : repeated_) {
    const bool common = line.documents >= kBodyShare * documents_;
    const bool once = line.occurrences <= line.documents + line.documents / 4;
    if (!common || !once || (line.shape & (kNever | PageLine::kHeading)) != 0) continue;
    if ((line.shape & PageLine::kInterface) != 0) {
      line.in_body = true;
    } else if (line.ink >= kLongLine && line.edges * 2 < line.documents) {
      long_ones.push_back(&line);
    }
  }
  if (long_ones.size() > kMostLongLines) return;  // the fixed parts of a kind of page, such as a reference
  for (Line* line : long_ones) line->in_body = true;
}

void RepeatedLines::learn(const std::vector<Page>& pages) {
  std::vector<bool> forms(pages.size());
  count(pages, forms);
  double sum = 0, squares = 0, edged = 0;  // of the text between long edges
  for (const Page& page : pages) {
    const Blocks blocks = blocks_of(page);
    if (blocks.ink < kLongEdges || blocks.ink <= kMostlyEdges * page.ink) continue;
    const double left = page.ink - blocks.ink;
    sum += left;
    squares += left * left;
    ++edged;
  }
  const double mean = edged > 0 ? sum / edged : 0;
  forms_repeat_edges_ = edged > 0 && std::sqrt(std::max(0.0, squares / edged - mean * mean)) <= kEvenLength * mean;
  forms = forms_of(pages);
  if (std::find(forms.begin(), forms.end(), true) != forms.end()) count(pages, forms);
  if (!repeated_.empty()) pick_body_lines(pages);
}

std::vector<bool> RepeatedLines::choose(const Page& page) const {
  std::vector<bool> chosen(page.lines.size());
  if (repeated_.empty()) return chosen;
  const Blocks blocks = blocks_of(page);
  if (repeats_its_body(page, blocks) || (forms_repeat_edges_ && blocks.ink > kMostlyEdges * page.ink)) return chosen;
  for (size_t i = 0; i < page.lines.size(); ++i) {
    const auto found = repeated_.find(page.lines[i].key);
    chosen[i] = i < blocks.head || i + blocks.tail >= page.lines.size() || (found != repeated_.end() && found->second.in_body && !page.lines[i].is(kNever));
  }
  // A signature in the middle of a thread: repeated lines around one that goes.
  const auto spread = [&](size_t from, size_t to) {
    const auto found = repeated_.find(page.lines[to].key);
    if (chosen[from] && !chosen[to] && found != repeated_.end() && found->second.documents >= kBodyShare * documents_ &&
        !page.lines[to].is(kNever | PageLine::kHeading)) {
      chosen[to] = true;
    }
  };
  for (size_t i = blocks.head + 1; i < page.lines.size(); ++i) spread(i - 1, i);
  for (size_t i = page.lines.size() - blocks.tail; i-- > 1;) spread(i, i - 1);
  return chosen;
}

}  // namespace hone::corpus
