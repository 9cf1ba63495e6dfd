#include "corpus/corpus_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

#include "artifact/names.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/stop.h"
#include "corpus/rules.h"
#include "corpus/unicode.h"

namespace hone::corpus {
namespace {

constexpr size_t kBatchBytes = 256 << 10, kBatchDocuments = 256, kRangeDocuments = 64;

/// Lines come with their newlines; the writer adds one itself.
void write_lines(base::LineWriter& writer, std::string_view lines) {
  if (!lines.empty()) writer.write(lines.substr(0, lines.size() - 1));
}

}  // namespace

CorpusRun::CorpusRun(const recipe::CorpusOptions& options, CleanSource source, const std::filesystem::path& out_dir,
                     const CleanSettings& settings)
    : options_(options), source_(std::move(source)), out_dir_(out_dir), settings_(settings), rules_(make_rules(options)),
      passes_(plan_passes(rules_)), pool_(settings.threads) {
  for (const auto& rule : rules_) names_.push_back({rule->name(), rule->family()});
}

void CorpusRun::run() {
  auto archive = std::make_unique<Archive>(out_dir_);
  first_pass(*archive);
  settle(passes_.front(), *archive);
  for (size_t pass = 1; pass + 1 < passes_.size(); ++pass) {
    auto next = std::make_unique<Archive>(out_dir_);
    middle_pass(passes_[pass], *archive, *next);
    archive = std::move(next);
    settle(passes_[pass], *archive);
  }
  place(*archive);
  last_pass(*archive);
}

void CorpusRun::report(std::string_view doing, uint64_t done, uint64_t total) const {
  base::throw_if_stopped();
  if (settings_.progress) settings_.progress({doing, done, total, rows_.size()});
}

void CorpusRun::add_rejection(document::Rejection rejection) {
  tally_.count(rejection);
  refused_.push_back({rows_.size(), std::move(rejection)});
}

std::optional<std::vector<Draft>> CorpusRun::next_batch() {
  std::vector<Draft> batch;
  size_t bytes = 0;
  while (bytes < kBatchBytes && batch.size() < kBatchDocuments) {
    std::optional<document::Item> item = source_.next();
    if (!item) break;
    if (auto* rejection = std::get_if<document::Rejection>(&*item)) {
      add_rejection(std::move(*rejection));
      continue;
    }
    auto& document = std::get<document::Document>(*item);
    if (!is_valid_utf8(document.text)) {
      add_rejection({document.id, document.source, document.path, "invalid_utf8", "its text is not UTF-8", document.bytes, document.row});
      continue;
    }
    const auto [source, is_new] = source_numbers_.try_emplace(document.source, static_cast<uint32_t>(sources_.size()));
    if (is_new) sources_.push_back(document.source);
    bytes += document.text.size();
    Row row{.key = base::hash64(document.id), .source = source->second, .measured_only = document.measured_only};
    if (settings_.remembered != nullptr) {
      const auto side = settings_.remembered->find(document.id);
      if (side != settings_.remembered->end()) row.remembered = side->second;
    }
    Draft draft;
    draft.index = rows_.size();
    draft.document = std::move(document);
    batch.push_back(std::move(draft));
    rows_.push_back(row);
  }
  if (batch.empty()) return std::nullopt;
  report("reading", source_.bytes_done(), source_.bytes_total);
  return batch;
}

void CorpusRun::first_pass(Archive& archive) {
  const auto map = [this](std::vector<Draft>&& batch) {
    std::vector<Processed> results;
    results.reserve(batch.size());
    for (Draft& draft : batch) results.push_back(process(passes_.front(), Draft::begin(draft.index, std::move(draft.document))));
    return results;
  };
  const auto consume = [&](std::vector<Processed> results) {
    for (Processed& result : results) store(std::move(result), archive);
  };
  base::ordered_map(pool_, [this] { return next_batch(); }, map, consume);
  if (rows_.empty()) {
    throw Error(ExitCode::data,
                refused_.empty() ? "corpus.sources: there are no documents to clean"
                                 : fmt::format("corpus.sources: none of {} documents could be read; the first is {}: {}", refused_.size(),
                                               refused_.front().rejection.path, refused_.front().rejection.message));
  }
  clusters_.grow(rows_.size());
}

CorpusRun::Processed CorpusRun::process(const Pass& pass, Draft draft) const {
  Processed result;
  result.observations = go_through(pass, rules_, draft);
  if (draft.dropped()) result.dropped_by = draft.lines.back().rule;
  result.packed = Archive::packed(draft.pack());
  return result;
}

void CorpusRun::store(Processed result, Archive& archive) {
  const uint64_t index = archive.append(result.packed);
  rows_[index].dropped_by = result.dropped_by;
  for (const Observation& seen : result.observations) static_cast<CorpusRule&>(*rules_[seen.rule]).take(index, seen.bytes);
}

std::optional<CorpusRun::Range> CorpusRun::next_range(std::string_view doing, DocumentIndex& next) {
  if (next == rows_.size()) return std::nullopt;
  report(doing, next, rows_.size());
  const DocumentIndex begin = next;
  next = std::min<DocumentIndex>(rows_.size(), next + kRangeDocuments);
  return Range{begin, next};
}

void CorpusRun::middle_pass(const Pass& pass, const Archive& from, Archive& to) {
  const auto map = [&](Range&& range) {
    std::vector<Processed> results;
    for (DocumentIndex i = range.first; i < range.second; ++i) results.push_back(process(pass, Draft::unpack(from.record(i))));
    return results;
  };
  const auto consume = [&](std::vector<Processed> results) {
    for (Processed& result : results) store(std::move(result), to);
  };
  DocumentIndex next = 0;
  base::ordered_map(pool_, [&] { return next_range("rewriting", next); }, map, consume);
}

void CorpusRun::settle(const Pass& pass, const Archive& archive) {
  for (const uint16_t number : pass.waiting()) {
    report("comparing", 0, rows_.size());
    auto& rule = static_cast<CorpusRule&>(*rules_[number]);
    Settlement settlement{.archive = archive,
                          .pool = pool_,
                          .clusters = clusters_,
                          .documents = rows_.size(),
                          .present = [&](DocumentIndex i) { return rows_[i].dropped_by > number; },
                          .source = [&](DocumentIndex i) { return std::string_view{sources_[rows_[i].source]}; },
                          .warn = [&](std::string warning) { warnings_.push_back(std::move(warning)); }};
    rule.settle(settlement);
    for (DocumentIndex i = 0; i < rows_.size(); ++i) {
      if (rows_[i].dropped_by > number && rule.drops(i)) rows_[i].dropped_by = number;
    }
  }
}

void CorpusRun::place(const Archive& archive) {
  std::vector<SplitMember> members(rows_.size());
  std::map<DocumentIndex, uint64_t> sizes;  // of clusters of two or more
  roots_.resize(rows_.size());
  for (DocumentIndex i = 0; i < rows_.size(); ++i) {
    members[i] = {.key = rows_[i].key, .present = rows_[i].dropped_by == kNotDropped, .measured_only = rows_[i].measured_only, .remembered = rows_[i].remembered};
    roots_[i] = static_cast<uint32_t>(clusters_.find(i));
    counts_.clusters += roots_[i] == i;
    if (roots_[i] != i) ++sizes.try_emplace(roots_[i], 1).first->second;
  }
  counts_.of_several = sizes.size();
  for (const auto& [root, size] : sizes) {
    counts_.largest = std::max(counts_.largest, size);
    cluster_names_[root] = archive.id(root);
  }
  sides_ = split(members, clusters_, options_.split);
}

CorpusRun::Written CorpusRun::write_out(const Pass& pass, const Archive& archive, Range range) const {
  Written written{.first = range.first, .ledger = {}, .documents = {}, .tally = {}};
  for (DocumentIndex i = range.first; i < range.second; ++i) {
    Draft draft = Draft::unpack(archive.record(i));
    go_through(pass, rules_, draft);
    const auto cluster = cluster_names_.find(roots_[i]);
    const Placement placement{name_of(sides_[i]), cluster == cluster_names_.end() ? std::string_view{} : cluster->second};
    written.tally.count(draft, names_, placement);
    write_ledger(written.ledger.emplace_back(), draft, names_, placement, settings_.ledger_key);
    if (!draft.dropped()) write_document(written.documents, draft, placement);
  }
  return written;
}

void CorpusRun::last_pass(const Archive& archive) {
  base::LineWriter documents(out_dir_ / artifact::kDocuments), ledger(out_dir_ / artifact::kLedger);
  size_t refused = 0;
  const auto write_refused = [&](DocumentIndex until) {
    for (; refused < refused_.size() && refused_[refused].before <= until; ++refused) {
      std::string line;
      write_ledger(line, refused_[refused].rejection);
      write_lines(ledger, line);
    }
  };
  const auto consume = [&](Written written) {
    for (size_t i = 0; i < written.ledger.size(); ++i) {
      write_refused(written.first + i);
      write_lines(ledger, written.ledger[i]);
    }
    write_lines(documents, written.documents);
    tally_ += written.tally;
  };
  DocumentIndex next = 0;
  base::ordered_map(
      pool_, [&] { return next_range("writing", next); },
      [&](Range&& range) { return write_out(passes_.back(), archive, range); }, consume);
  write_refused(rows_.size());
  documents.close();
  ledger.close();
}

}  // namespace hone::corpus
