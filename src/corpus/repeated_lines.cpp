#include "corpus/repeated_lines.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <unordered_set>

namespace hone::corpus {
namespace {

constexpr double kFormShare = 0.25;      // of the body repeated
constexpr double kMostlyEdges = 0.6;     // of the whole document
constexpr uint32_t kLongEdges = 400;     // ink; shorter ones are menus on a short page
constexpr double kNearlyAll = 0.9;       // of the whole document
constexpr double kMostDocuments = 0.8;
constexpr double kEvenLength = 0.35;     // relative spread of what is left between the edges of filled-in forms
constexpr double kLittleLeft = 0.2;      // of all text between the edges: nothing but blanks filled in
constexpr double kTemplateShare = 0.25;  // of the traces between the edges
constexpr double kPrior = 8;             // traces that the whole source lends to a document with few of its own
constexpr double kSomeTemplate = 0.1;    // below, equal lengths are chance
constexpr size_t kManyFields = 3;
constexpr uint32_t kSentenceInk = 12, kLineOfText = 60;
constexpr double kBodyShare = 0.5;       // of the documents that share a line of the body
constexpr double kLabelShare = 0.5;
constexpr double kLoneShare = 0.6;       // of the documents that share a block of a single line
constexpr uint32_t kLoneInk = 14, kLongLine = 24, kBlockInk = 40, kNameInk = 40, kGreetingInk = 16;
constexpr size_t kLabelZone = 16, kLongestBlock = 40, kMostLongLines = 3;
constexpr uint8_t kNever = PageLine::kCode | PageLine::kQuoted;

constexpr size_t kMostBuckets = size_t{1} << 22;

/// One page in memory at a time: unpacked they take four times the room.
template <typename Each>
void each_page(const std::vector<std::string_view>& pages, Each each) {
  Page page;
  for (size_t p = 0; p < pages.size(); ++p) {
    unpack_lines(pages[p], page);
    each(p, page);
  }
}

/// Counts that may be too high, never too low, in little room: what stays below a bound here need not be counted by name.
class RoughCounts {
 public:
  explicit RoughCounts(size_t keys) : counts_(std::bit_ceil(std::clamp<size_t>(keys * 4, 64, kMostBuckets))) {}
  void add(uint32_t key) { ++counts_[bucket(key)]; }
  uint32_t of(uint32_t key) const { return counts_[bucket(key)]; }

 private:
  size_t bucket(uint32_t key) const { return (key * UINT32_C(0x9E3779B1) >> 8) & (counts_.size() - 1); }
  std::vector<uint32_t> counts_;
};

}  // namespace

void RepeatedLines::count(const std::vector<std::string_view>& pages, const std::vector<bool>& skipped) {
  repeated_.clear();
  labels_.clear();
  documents_ = 0;
  size_t bytes = 0;
  for (const std::string_view page : pages) bytes += page.size();
  RoughCounts rough(bytes / 7);
  std::unordered_set<uint32_t> seen;
  const auto in_zone = [](const Page& page, size_t i) { return page.lines[i].is(PageLine::kLabelled) && (i < kLabelZone || i + kLabelZone >= page.lines.size()); };
  each_page(pages, [&](size_t p, const Page& page) {
    if (skipped[p] || page.lines.empty()) return;
    ++documents_;
    seen.clear();
    for (size_t i = 0; i < page.lines.size(); ++i) {
      if (seen.insert(page.lines[i].key).second) rough.add(page.lines[i].key);
      if (in_zone(page, i) && seen.insert(~page.lines[i].label).second) rough.add(~page.lines[i].label);
    }
  });
  const auto least = std::max(static_cast<double>(options_.min_documents), std::ceil(options_.min_share * documents_));
  each_page(pages, [&](size_t p, const Page& page) {
    if (skipped[p]) return;
    seen.clear();
    for (size_t i = 0; i < page.lines.size(); ++i) {
      const PageLine& line = page.lines[i];
      if (in_zone(page, i) && rough.of(~line.label) >= least && seen.insert(~line.label).second) ++labels_[line.label];
      if (rough.of(line.key) < least) continue;
      Line& counted = repeated_[line.key];
      ++counted.occurrences;
      counted.ink = line.ink;
      counted.shape = line.shape;
      if (seen.insert(line.key).second) ++counted.documents;
    }
  });
  // A list that some pages end in is content; that of a menu stands on most.
  const double least_item = std::max(least, kLoneShare * documents_);
  std::erase_if(repeated_, [&](const auto& entry) {
    return entry.second.documents < ((entry.second.shape & PageLine::kItem) != 0 ? least_item : least);
  });
  std::erase_if(labels_, [&](const auto& entry) { return entry.second < std::max(least, kLabelShare * documents_); });
}

bool RepeatedLines::is_labelled(const PageLine& line) const { return line.is(PageLine::kLabelled) && labels_.contains(line.label); }

/// Whether a line that is not repeated is the name below "Kind regards,".
bool RepeatedLines::is_name_below(const PageLine& name, const PageLine& greeting) const {
  const auto is_short = [](const PageLine& line) { return line.ink <= (line.is(PageLine::kSentence) ? kGreetingInk : kNameInk); };
  return name.ink <= kNameInk && !name.is(PageLine::kSentence) && is_repeated(greeting) && is_short(greeting) && !greeting.is(kNever | PageLine::kHeading);
}

/// Lines from one edge on that are repeated; between them such as are labelled and, at the end, names in signatures.
size_t RepeatedLines::block_length(const Page& page, bool from_end) const {
  const size_t count = std::min(page.lines.size(), kLongestBlock);
  const auto line = [&](size_t i) -> const PageLine& { return from_end ? page.lines[page.lines.size() - 1 - i] : page.lines[i]; };
  size_t length = 0;
  bool repeated = false, about = false;
  while (length < count && !line(length).is(kNever)) {
    const PageLine& next = line(length);
    if (from_end && next.is(PageLine::kHeading)) {  // it begins a section of the text; a repeated one has the line below it repeated too
      if (is_repeated(next) && length > 0 && !line(length - 1).is(PageLine::kInterface)) --length;
      break;
    }
    const bool name = from_end && repeated && length + 1 < count && is_name_below(next, line(length + 1));
    if (!is_repeated(next) && !is_labelled(next) && !name) break;
    repeated |= is_repeated(next);
    about |= next.is(PageLine::kAboutPage) && is_labelled(next);
    ++length;
  }
  if (!repeated && !about) return 0;
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
  if (line.is(PageLine::kHeading)) return false;
  if (line.is(PageLine::kAboutPage) && is_labelled(line)) return true;
  const auto found = repeated_.find(line.key);
  const bool telling = line.ink >= kLoneInk || line.is(PageLine::kInterface);
  return telling && found != repeated_.end() && found->second.documents >= kLoneShare * documents_;
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

RepeatedLines::Traces RepeatedLines::traces_between(const Page& page, const Blocks& blocks) const {
  Traces traces;
  for (const WordTrace& trace : page.traces) {
    const bool from_top = trace.place <= WordTrace::kMiddle;
    const size_t below = 255U - trace.place;
    if (from_top ? trace.place < blocks.head : below < blocks.tail || page.lines.size() < below + 1 + blocks.head) continue;
    if (from_top && trace.place != WordTrace::kMiddle && trace.place + blocks.tail >= page.lines.size()) continue;
    traces.common += common_traces_.contains(trace.key);
    ++traces.all;
  }
  return traces;
}

/// Documents of different length keep different traces of what they share, so fewer than a line needs are enough.
void RepeatedLines::count_traces(const std::vector<std::string_view>& pages) {
  const auto least = static_cast<uint32_t>(std::max(static_cast<double>(options_.min_documents), std::ceil(0.75 * options_.min_share * documents_)));
  RoughCounts rough(pages.size() * kMostTraces / 4);
  each_page(pages, [&](size_t, const Page& page) {
    for (const WordTrace& trace : page.traces) rough.add(trace.key);
  });
  std::unordered_map<uint32_t, uint32_t> counts;
  each_page(pages, [&](size_t, const Page& page) {
    for (const WordTrace& trace : page.traces) {
      if (rough.of(trace.key) >= least) ++counts[trace.key];
    }
  });
  for (const auto& [key, count] : counts) {
    if (count >= least) common_traces_.insert(key);
  }
  Traces sum;
  each_page(pages, [&](size_t, const Page& page) {
    const Blocks blocks = blocks_of(page);
    if (blocks.ink == 0) return;
    const Traces traces = traces_between(page, blocks);
    sum.common += traces.common;
    sum.all += traces.all;
  });
  common_share_ = sum.all == 0 ? 0 : sum.common / sum.all;
}

/// Lines of the blocks with a label that the source shares and something else behind it than elsewhere.
size_t RepeatedLines::fields_in(const Page& page, const Blocks& blocks) const {
  size_t fields = 0;
  for (size_t i = 0; i < page.lines.size(); ++i) {
    const PageLine& line = page.lines[i];
    if ((i >= blocks.head && i + blocks.tail < page.lines.size()) || !line.is_field() || line.is(PageLine::kAboutPage) || !is_labelled(line)) continue;
    const auto found = repeated_.find(line.key);
    fields += found == repeated_.end() || found->second.documents * 2 < labels_.at(line.label);
  }
  return fields;
}

/// Text that no template could hold: a sentence, or a line as long as one, that is not repeated and stays.
bool RepeatedLines::has_own_sentence(const Page& page, const std::vector<bool>& chosen) const {
  for (size_t i = 0; i < page.lines.size(); ++i) {
    const PageLine& line = page.lines[i];
    if (chosen[i] || is_repeated(line) || is_labelled(line)) continue;
    if (line.ink >= kLineOfText || (line.is(PageLine::kSentence) && line.ink >= kSentenceInk)) return true;
  }
  return false;
}

bool RepeatedLines::is_form(const Page& page, const Blocks& blocks) const {
  if (repeats_its_body(page, blocks)) return true;
  if (forms_repeat_edges_ && blocks.ink > kMostlyEdges * page.ink) return true;
  if (blocks.ink > 0 && fields_in(page, blocks) >= kManyFields) return true;
  const Traces traces = traces_between(page, blocks);
  return traces.common + kPrior * common_share_ >= kTemplateShare * (traces.all + kPrior);
}

std::vector<bool> RepeatedLines::forms_of(const std::vector<std::string_view>& pages) const {
  std::vector<bool> forms(pages.size());
  each_page(pages, [&](size_t p, const Page& page) { forms[p] = is_form(page, blocks_of(page)); });
  return forms;
}

void RepeatedLines::pick_body_lines(const std::vector<std::string_view>& pages) {
  each_page(pages, [&](size_t, const Page& page) {
    const Blocks blocks = blocks_of(page);
    for (size_t i = 0; i < page.lines.size(); ++i) {
      if (i >= blocks.head && i + blocks.tail < page.lines.size()) continue;
      const auto found = repeated_.find(page.lines[i].key);
      if (found != repeated_.end()) ++found->second.edges;
    }
  });
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

/// Of the documents that are edges for the most part: whether next to nothing is left between, or always equally much.
bool RepeatedLines::are_forms(const std::vector<std::string_view>& pages) const {
  double left = 0, whole = 0, of_long = 0, squares = 0, count = 0, mostly_edges = 0, with_own = 0;
  each_page(pages, [&](size_t, const Page& page) {
    const Blocks blocks = blocks_of(page);
    if (blocks.ink <= kMostlyEdges * page.ink) return;
    const double between = page.ink - std::min(page.ink, blocks.ink);
    left += between;
    whole += page.ink;
    std::vector<bool> edges(page.lines.size());
    for (size_t i = 0; i < edges.size(); ++i) edges[i] = i < blocks.head || i + blocks.tail >= edges.size();
    ++mostly_edges;
    with_own += has_own_sentence(page, edges);
    if (blocks.ink < kLongEdges) return;
    of_long += between;
    squares += between * between;
    ++count;
  });
  if (whole > 0 && left <= kLittleLeft * whole && (with_own * 2 < mostly_edges || common_share_ >= kSomeTemplate)) return true;
  if (count == 0 || common_share_ < kSomeTemplate) return false;
  const double mean = of_long / count;
  return std::sqrt(std::max(0.0, squares / count - mean * mean)) <= kEvenLength * mean;
}

void RepeatedLines::learn(const std::vector<std::string_view>& pages) {
  std::vector<bool> forms(pages.size());
  count(pages, forms);
  if (repeated_.empty()) return;
  count_traces(pages);
  forms_repeat_edges_ = are_forms(pages);
  forms = forms_of(pages);
  if (std::find(forms.begin(), forms.end(), true) != forms.end()) count(pages, forms);
  if (!repeated_.empty()) pick_body_lines(pages);
}

std::vector<bool> RepeatedLines::choose(const Page& page) const {
  std::vector<bool> chosen(page.lines.size());
  if (repeated_.empty()) return chosen;
  const Blocks blocks = blocks_of(page);
  if (is_form(page, blocks)) return chosen;
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
  if (takes_the_text(page, chosen)) chosen.assign(chosen.size(), false);
  return chosen;
}

bool RepeatedLines::is_template(const Page& page) const {
  const Traces traces = traces_between(page, {});
  return traces.all >= kPrior && traces.common >= kTemplateShare * traces.all;
}

/// The first mail of a thread stands in all that quote it: where nearly all of a document would go it is the text itself.
bool RepeatedLines::takes_the_text(const Page& page, const std::vector<bool>& chosen) const {
  uint32_t ink = 0, on_most = 0;
  for (size_t i = 0; i < chosen.size(); ++i) {
    if (!chosen[i]) continue;
    const auto found = repeated_.find(page.lines[i].key);
    ink += page.lines[i].ink;
    on_most += found == repeated_.end() || found->second.documents >= kMostDocuments * documents_ ? page.lines[i].ink : 0;
  }
  if (ink < kLongEdges) return false;
  if (on_most >= kMostDocuments * ink && has_own_sentence(page, chosen)) return false;  // a short notice above a long footer
  return ink > kNearlyAll * page.ink || (ink > kMostlyEdges * page.ink && on_most < kMostDocuments * ink);
}

}  // namespace hone::corpus
