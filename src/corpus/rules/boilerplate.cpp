#include "corpus/rules/boilerplate.h"

#include <fmt/format.h>

#include <map>

#include "base/error.h"
#include "corpus/archive.h"
#include "document/document.h"

namespace hone::corpus {
namespace {

/// Below this many documents a share says little.
constexpr size_t kLeastDocumentsOfShare = 20;

/// One edit for each run of lines that go, with the white space that would be left over beside it.
std::vector<Edit> edits_for(std::string_view text, const Page& page, const std::vector<bool>& chosen) {
  std::vector<Edit> edits;
  const size_t count = page.lines.size();
  for (size_t i = 0; i < count;) {
    if (!chosen[i]) {
      ++i;
      continue;
    }
    size_t last = i;
    while (last + 1 < count && chosen[last + 1]) ++last;
    Edit edit{.begin = i == 0 ? 0 : page.lines[i].begin, .end = 0, .replacement = {}, .kind = "repeated_lines", .family = {}};
    if (last + 1 < count) {
      edit.end = page.lines[last + 1].begin;
    } else {
      edit.begin = i == 0 ? 0 : page.lines[i - 1].end;
      edit.end = i > 0 && text.back() == '\n' ? text.size() - 1 : text.size();
    }
    if (edit.end > edit.begin) edits.push_back(std::move(edit));
    i = last + 1;
  }
  return edits;
}

/// Eight to a byte; empty when none is set. (A byte of none stands for a document from a template.)
std::string bits_of(const std::vector<bool>& chosen) {
  std::string bits;
  for (size_t i = 0; i < chosen.size(); ++i) {
    if (!chosen[i]) continue;
    if (bits.empty()) bits.assign((chosen.size() + 7) / 8, '\0');
    bits[i / 8] = static_cast<char>(bits[i / 8] | 1 << i % 8);
  }
  return bits;
}

}  // namespace

std::string Boilerplate::observe(const DocumentView& document) const {
  thread_local Page page;
  find_lines(document.text, page);
  return pack_lines(page);
}

void Boilerplate::take(DocumentIndex index, std::string_view observation) { seen_.push_back({index, std::string{observation}}); }

void Boilerplate::settle(Settlement& settlement) {
  archive_ = &settlement.archive;
  std::map<std::string_view, std::vector<const Seen*>> by_source;
  for (const Seen& seen : seen_) {
    if (settlement.present(seen.index)) by_source[settlement.source(seen.index)].push_back(&seen);
  }
  for (const auto& [source, documents] : by_source) {
    if (documents.size() >= static_cast<size_t>(options_.min_documents)) learn(source, documents);
  }
  seen_ = {};
}

void Boilerplate::learn(std::string_view source, const std::vector<const Seen*>& documents) {
  std::vector<std::string_view> pages;
  pages.reserve(documents.size());
  for (const Seen* document : documents) pages.push_back(document->lines);
  RepeatedLines repeated(options_);
  repeated.learn(pages);
  if (repeated.empty()) return;
  uint64_t removed = 0, all = 0;
  bool templates = false;
  Page page;
  for (size_t p = 0; p < pages.size(); ++p) {
    unpack_lines(pages[p], page);
    const std::vector<bool> chosen = repeated.choose(page);
    for (size_t i = 0; i < chosen.size(); ++i) removed += chosen[i] ? page.lines[i].ink : 0;
    all += page.ink;
    if (page.lines.size() == kPackedLines) {
      chosen_.emplace(documents[p]->index, std::nullopt);  // judge() sees lines that were not packed, and so does settled()
    } else if (std::string bits = bits_of(chosen); !bits.empty()) {
      chosen_.emplace(documents[p]->index, std::move(bits));
    } else if (repeated.is_template(page)) {
      chosen_.emplace(documents[p]->index, std::string(1, '\0'));
      templates = true;
    }
  }
  if (pages.size() >= kLeastDocumentsOfShare && static_cast<double>(removed) > options_.max_removed_share * static_cast<double>(all)) {
    throw Error(ExitCode::data,
                fmt::format("boilerplate would remove {:.0f} % of the text of source {}, more than corpus.boilerplate.max_removed_share {}. "
                            "If its documents really share that much, raise it; otherwise raise corpus.boilerplate.min_share or leave the "
                            "rule out of corpus.rules",
                            100.0 * static_cast<double>(removed) / static_cast<double>(all), source, options_.max_removed_share));
  }
  if (removed > 0 || templates) sources_.emplace(source, std::move(repeated));
}

std::optional<std::string> Boilerplate::settled(DocumentIndex index) const {
  const auto found = chosen_.find(index);
  if (found == chosen_.end()) return std::string();
  if (found->second) return found->second;
  const Draft draft = archive_->draft(index);  // as judge() will see it: no rule changes it before
  const auto source = sources_.find(draft.document.source);
  if (source == sources_.end()) return std::string();
  thread_local Page page;
  find_lines(draft.map.text(), page);
  return bits_of(source->second.choose(page));
}

Outcome Boilerplate::judge(const DocumentView& document) const {
  const auto source = sources_.find(document.document.source);
  if (source == sources_.end()) return Outcome::keep();
  thread_local Page page;
  find_lines(document.text, page);
  std::vector<Edit> edits = edits_for(document.text, page, source->second.choose(page));
  if (edits.empty()) {
    Outcome whole = Outcome::keep();
    if (source->second.is_template(page)) whole.findings = {{"template", 1}};
    return whole;
  }
  size_t removed = 0;
  for (const Edit& edit : edits) removed += edit.end - edit.begin;
  Outcome outcome = Outcome::edit(std::move(edits));
  outcome.findings = {{"removed_bytes", static_cast<double>(removed)}};
  return outcome;
}

}  // namespace hone::corpus
