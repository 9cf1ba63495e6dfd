#include "corpus/rules/decontamination.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/error.h"
#include "base/hash.h"

namespace hone::corpus {
namespace {

constexpr double kParagraphShare = 0.4;  // of a paragraph's bytes that the item must be for all of it to go

void require_file(const std::string& file) {
  if (std::filesystem::is_regular_file(file)) return;
  throw Error(ExitCode::usage, fmt::format("corpus.decontamination.files: {} is no file; name JSON Lines or text with one evaluation item a line", file));
}

std::vector<EvalItem> items_of(const std::vector<std::string>& files) {
  std::vector<EvalItem> items;
  for (const std::string& file : files) {
    require_file(file);
    const size_t before = items.size();
    read_eval_items(file, items);
    if (items.size() == before)
      throw Error(ExitCode::data, fmt::format("corpus.decontamination.files: {} holds no evaluation item; it needs one JSON object or one text a line", file));
  }
  return items;
}

/// Part of what a cleaned corpus depends on.
std::string digest_of(const std::vector<std::string>& files) {
  base::Sha256 all;
  for (const std::string& file : files) all.add(base::sha256_file(file) + '\n');
  return files.empty() ? std::string{} : all.hex();
}

struct Range {
  size_t begin = 0, end = 0;
};

bool is_blank(std::string_view line) { return line.find_first_not_of(" \t\r") == std::string_view::npos; }

/// The lines around [begin, end) up to the next blank ones.
Range paragraph_around(std::string_view text, size_t begin, size_t end) {
  const auto line_begin = [&](size_t at) { return at == 0 ? 0 : text.rfind('\n', at - 1) + 1; };  // npos + 1 is 0
  const auto line_end = [&](size_t at) { return std::min(text.find('\n', at), text.size()); };
  Range range{line_begin(begin), line_end(end)};
  while (range.begin > 0) {
    const size_t above = line_begin(range.begin - 1);
    if (is_blank(text.substr(above, range.begin - 1 - above))) break;
    range.begin = above;
  }
  while (range.end < text.size()) {
    const size_t below = line_end(range.end + 1);
    if (is_blank(text.substr(range.end + 1, below - range.end - 1))) break;
    range.end = below;
  }
  return range;
}

/// From the end of the sentence before to the end of the sentence the range ends in, within `limit`.
Range sentences_around(std::string_view text, Range range, Range limit) {
  const auto ends = [&](size_t at) {
    const char c = text[at];
    if (c == '\n') return true;
    return (c == '.' || c == '?' || c == '!') && (at + 1 == text.size() || text[at + 1] == ' ' || text[at + 1] == '\n');
  };
  while (range.begin > limit.begin && !ends(range.begin - 1)) --range.begin;
  while (range.begin < range.end && text[range.begin] == ' ') ++range.begin;
  while (range.end < limit.end && !ends(range.end - 1)) ++range.end;
  return range;
}

/// What goes for one leak, with the blank lines it would leave.
Range passage_of(std::string_view text, const Leak& leak) {
  const Range paragraph = paragraph_around(text, leak.begin, leak.end);
  if (static_cast<double>(leak.end - leak.begin) < kParagraphShare * static_cast<double>(paragraph.end - paragraph.begin)) {
    return sentences_around(text, {leak.begin, leak.end}, paragraph);
  }
  Range range = paragraph;
  while (range.end < text.size() && text[range.end] == '\n') ++range.end;
  if (range.end == text.size() && range.begin > 0) {  // the last one: the line ends before it go, one at the end of the text stays
    range.end = text.back() == '\n' ? text.size() - 1 : text.size();
    while (range.begin > 0 && text[range.begin - 1] == '\n') --range.begin;
  }
  return range;
}

std::vector<Edit> passages(std::string_view text, const std::vector<Leak>& leaks) {
  std::vector<Range> ranges;
  for (const Leak& leak : leaks) ranges.push_back(passage_of(text, leak));
  std::sort(ranges.begin(), ranges.end(), [](const Range& a, const Range& b) { return a.begin < b.begin; });
  std::vector<Edit> edits;
  for (const Range& range : ranges) {
    if (!edits.empty() && range.begin <= edits.back().end) {
      edits.back().end = std::max(edits.back().end, range.end);
    } else if (range.end > range.begin) {
      edits.push_back({.begin = range.begin, .end = range.end, .replacement = {}, .kind = "evaluation_item", .family = {}});
    }
  }
  return edits;
}

}  // namespace

Decontamination::Decontamination(const recipe::DecontaminationOptions& options) : Decontamination(options, items_of(options.files)) {
  digest_ = digest_of(options.files);
}

Decontamination::Decontamination(const recipe::DecontaminationOptions& options, std::vector<EvalItem> items)
    : action_(options.action), index_(items, options.coverage) {
  for (EvalItem& item : items) ids_.push_back(std::move(item.id));
}

Outcome Decontamination::judge(const DocumentView& document) const {
  const std::vector<Leak> leaks = index_.find(document.text);
  if (leaks.empty()) return Outcome::keep();
  Outcome outcome;
  if (action_ == recipe::LeakAction::document) {
    outcome = Outcome::drop("evaluation_item");
  } else if (action_ == recipe::LeakAction::passage) {
    outcome = Outcome::edit(passages(document.text, leaks));
    outcome.reason = ids_[leaks.front().item];
  } else {
    outcome.flags = passages(document.text, leaks);
    outcome.reason = ids_[leaks.front().item];
  }
  double coverage = 0;
  for (const Leak& leak : leaks) coverage = std::max(coverage, leak.coverage);
  outcome.findings = {{"items", static_cast<double>(leaks.size())}, {"coverage", coverage}};
  return outcome;
}

}  // namespace hone::corpus
