#include "corpus/corpus_run.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <variant>

#include "base/error.h"
#include "base/hash.h"
#include "base/stop.h"
#include "corpus/rules.h"
#include "recipe/show.h"

namespace hone::corpus {
namespace {

constexpr size_t kBatchBytes = 256 << 10, kBatchDocuments = 256, kRangeDocuments = 64;

}  // namespace

CorpusRun::CorpusRun(const recipe::CorpusOptions& options, CleanSource source, const std::filesystem::path& out_dir,
                     const CleanSettings& settings)
    : options_(options), source_(std::move(source)), out_dir_(out_dir), settings_(settings), rules_(make_rules(options)),
      passes_(plan_passes(rules_)), pool_(settings.threads), memo_(settings.memo), seed_(memo_ == nullptr ? 0 : memo_->seed()),
      records_(memo_ == nullptr ? own_records_.emplace(out_dir) : memo_->records()), archive_(records_) {
  for (const auto& rule : rules_) {
    names_.push_back({rule->name(), rule->family()});
    judges_records_.push_back(judges_records(rule->name()));
  }
  fingerprint_passes();
}

void CorpusRun::fingerprint_passes() {
  nlohmann::json values = recipe::fingerprint_values(options_);
  values.erase("sources");  // in the documents
  values.erase("split");    // in the places
  std::string all = values.dump();
  for (const auto& rule : rules_) all += fmt::format("\n{} {}", rule->name(), rule->inputs());
  for (size_t pass = 0; pass < passes_.size(); ++pass) prints_.push_back(Digest::of_content(fmt::format("{}\npass {}", all, pass)));
}

void CorpusRun::run() {
  first_pass();
  settle(passes_.front());
  for (size_t pass = 1; pass + 1 < passes_.size(); ++pass) {
    middle_pass(pass);
    settle(passes_[pass]);
  }
  place();
  last_pass();
}

void CorpusRun::run_first_pass() { first_pass(); }

void CorpusRun::report(std::string_view doing, uint64_t done, uint64_t total) const {
  base::throw_if_stopped();
  if (settings_.progress) settings_.progress({doing, done, total, rows_.size()});
}

void CorpusRun::add_rejection(document::Rejection rejection) {
  tally_.count(rejection);
  Refused refused{.before = rows_.size(), .file = 0, .wanted = rejection.id, .rejection = {}};
  if (source_.origin) {
    CleanSource::Origin origin = source_.origin();
    refused.file = origin.file;
    refused.wanted = std::move(origin.wanted);
  }
  refused.rejection = std::move(rejection);
  refused_.push_back(std::move(refused));
}

CorpusRun::Incoming CorpusRun::take_in(document::Document document) {
  Incoming incoming{.index = rows_.size(), .document = {}, .known = {}};
  uint64_t text_bytes = document.text.size();
  bool record = !document.parts.empty();
  if (document.recalled != 0) {
    const RecalledDocument recalled = memo_->take_recalled(document.recalled);
    text_bytes = recalled.text_bytes;
    record = recalled.record;
    if (recalled.id == document.id) {
      incoming.known = recalled.key;
    } else {  // another document took its id, or gave it back
      const std::optional<Place> body = memo_->find(Table::body, recalled.key);
      if (!body) throw DamagedRecord("a remembered document is missing");
      std::string memory;
      Draft read = Archive::unpack_body(incoming.index, records_.read(*body, memory));
      read.document.id = std::move(document.id);
      read.document.text = std::move(read.map).take_original();
      document = std::move(read.document);
    }
  }
  const auto [source, is_new] = source_numbers_.try_emplace(document.source, static_cast<uint32_t>(sources_.size()));
  if (is_new) sources_.push_back(document.source);
  Row row{.key = base::hash64(document.id), .body = {}, .state = {}, .source = source->second};
  row.measured_only = document.measured_only;
  row.record = record;
  row.text_bytes = static_cast<uint32_t>(text_bytes);
  if (settings_.remembered != nullptr) {
    const auto side = settings_.remembered->find(document.id);
    if (side != settings_.remembered->end()) row.remembered = side->second;
  }
  if (source_.origin) {
    CleanSource::Origin origin = source_.origin();
    row.file = origin.file;
    if (origin.wanted != document.id) wanted_[incoming.index] = std::move(origin.wanted);
  }
  rows_.push_back(row);
  incoming.document = std::move(document);
  return incoming;
}

std::optional<std::vector<CorpusRun::Incoming>> CorpusRun::next_batch() {
  std::vector<Incoming> batch;
  size_t bytes = 0;
  while (bytes < kBatchBytes && batch.size() < kBatchDocuments) {
    std::optional<document::Item> item = source_.next();
    if (!item) break;
    if (auto* rejection = std::get_if<document::Rejection>(&*item)) {
      add_rejection(std::move(*rejection));
      continue;
    }
    auto& document = std::get<document::Document>(*item);
    if (!simdjson::validate_utf8(document.text.data(), document.text.size())) {
      add_rejection({document.id, document.source, document.path, "invalid_utf8", "its text is not UTF-8", document.bytes, document.row});
      continue;
    }
    batch.push_back(take_in(std::move(document)));
    bytes += batch.back().document.text.size();
  }
  if (batch.empty()) return std::nullopt;
  report("reading", source_.bytes_done(), source_.bytes_total);
  return batch;
}

void CorpusRun::first_pass() {
  const auto map = [this](std::vector<Incoming>&& batch) {
    std::vector<Processed> results;
    results.reserve(batch.size());
    for (Incoming& incoming : batch) results.push_back(process_first(std::move(incoming)));
    return results;
  };
  const auto consume = [&](std::vector<Processed> results) {
    for (Processed& result : results) store(std::move(result), true);
  };
  base::ordered_map(pool_, [this] { return next_batch(); }, map, consume);
  if (memo_ != nullptr) remember_inputs();
  clusters_.grow(rows_.size());
  if (!rows_.empty() || settings_.may_be_empty) return;
  throw Error(ExitCode::data,
              refused_.empty() ? "corpus.sources: there are no documents to clean"
                               : fmt::format("corpus.sources: none of {} documents could be read; the first is {}: {}", refused_.size(),
                                             refused_.front().rejection.path, refused_.front().rejection.message));
}

CorpusRun::Processed CorpusRun::process_first(Incoming incoming) const {
  Processed result;
  result.index = incoming.index;
  std::string packed;
  if (!incoming.known) packed = pack(incoming.document);
  result.body = incoming.known ? *incoming.known : Digest::of_content(packed);
  // Without a seed of its own: the shards of a run share these keys, and a body's digest is no stranger's choice.
  result.state_key = Digest::of(std::string{result.body.bytes()} + std::string{prints_[0].bytes()}, 0);
  if (memo_ != nullptr) {
    result.body_place = memo_->find(Table::body, result.body);
    if (result.body_place && recall_state(result)) return result;
  }
  Draft draft;
  if (incoming.known) {
    if (!result.body_place) throw DamagedRecord("a remembered document is missing");
    std::string memory;
    draft = Archive::unpack_body(incoming.index, records_.read(*result.body_place, memory));
  } else {
    draft = Draft::begin(incoming.index, std::move(incoming.document));
    if (!result.body_place) result.body_record = Archive::pack_body(draft.document.id, draft.language, packed);
  }
  finish(result, 0, draft);
  return result;
}

void CorpusRun::finish(Processed& result, size_t pass, Draft& draft) const {
  State state;
  for (Observation& seen : go_through(passes_[pass], rules_, draft)) state.observations.emplace_back(seen.rule, std::move(seen.bytes));
  if (draft.dropped()) state.dropped_by = draft.lines.back().rule;
  state.outcome = draft.pack_outcome();
  result.state_record = state.pack();
  result.state = Digest::of(std::string{result.body.bytes()} + result.state_record, seed_);
  result.dropped_by = state.dropped_by;
  result.observations = std::move(state.observations);
}

bool CorpusRun::recall_state(Processed& result) const {
  result.state_place = memo_->find(Table::state, result.state_key);
  if (!result.state_place) return false;
  std::string memory;
  const std::string_view record = records_.read(*result.state_place, memory);
  State state = State::unpack(record);
  result.state = Digest::of(std::string{result.body.bytes()}.append(record), seed_);
  result.dropped_by = state.dropped_by;
  result.observations = std::move(state.observations);
  return true;
}

void CorpusRun::store(Processed result, bool first) {
  if (result.unchanged) return;
  Place body = first ? result.body_place ? *result.body_place : records_.append(result.body_record) : archive_.body(result.index);
  Place state = result.state_place ? *result.state_place : records_.append(result.state_record);
  if (memo_ != nullptr) {
    if (first) body = memo_->note(Table::body, result.body, body);
    if (result.remembered) state = memo_->note(Table::state, result.state_key, state);
  }
  if (first) {
    archive_.add(body, state);
  } else {
    archive_.set_state(result.index, state);
  }
  Row& row = rows_[result.index];
  row.body = result.body;
  row.state = result.state;
  row.dropped_by = result.dropped_by;
  for (const auto& [rule, bytes] : result.observations) static_cast<CorpusRule&>(*rules_[rule]).take(result.index, bytes);
}

void CorpusRun::remember_inputs() {
  const std::vector<Digest>& inputs = memo_->inputs();
  DocumentIndex row = 0;
  size_t refused = 0;
  for (uint32_t file = 0; file < inputs.size(); ++file) {
    Memo::InputWriter writer;
    const auto write_refused = [&](DocumentIndex until) {
      for (; refused < refused_.size() && refused_[refused].file == file && refused_[refused].before <= until; ++refused)
        writer.add(refused_[refused].rejection, refused_[refused].wanted);
    };
    for (; row < rows_.size() && rows_[row].file == file; ++row) {
      write_refused(row);
      std::string memory;
      document::Document facts;
      facts.id = archive_.id(row);
      facts.source = sources_[rows_[row].source];
      facts.measured_only = rows_[row].measured_only;
      if (rows_[row].record) facts.record = "record";
      const auto wanted = wanted_.find(row);
      writer.add(facts, wanted == wanted_.end() ? facts.id : wanted->second, rows_[row].body, rows_[row].text_bytes);
    }
    write_refused(row);
    if (!memo_->knows_input(file) && writer.certain() && memo_->is_unchanged(file)) memo_->note_value(Table::input, inputs[file], writer.take());
  }
}

std::optional<CorpusRun::Range> CorpusRun::next_range(std::string_view doing, DocumentIndex& next) {
  if (next == rows_.size()) return std::nullopt;
  report(doing, next, rows_.size());
  const DocumentIndex begin = next;
  next = std::min<DocumentIndex>(rows_.size(), next + kRangeDocuments);
  return Range{begin, next};
}

/// Whether the settled rules of a pass, or its steps, still have a say: not when an earlier rule has dropped the document.
bool CorpusRun::goes_on(const Pass& pass, DocumentIndex index) const {
  const uint16_t dropped_by = rows_[index].dropped_by;
  if (dropped_by == kNotDropped) return true;
  return std::any_of(pass.settled.begin(), pass.settled.end(), [&](uint16_t rule) { return dropped_by >= rule; });
}

std::optional<std::string> CorpusRun::settled(const Pass& pass, DocumentIndex index) const {
  std::string all;
  for (const uint16_t rule : pass.settled) {
    if (rows_[index].dropped_by < rule || !concerns(rule, index)) continue;
    const std::optional<std::string> said = static_cast<const CorpusRule&>(*rules_[rule]).settled(index);
    if (!said) return std::nullopt;
    all += fmt::format("{} {}:", rule, said->size());
    all += *said;
  }
  return all;
}

CorpusRun::Processed CorpusRun::process(size_t pass, DocumentIndex index) const {
  Processed result;
  result.index = index;
  result.body = rows_[index].body;
  if (!goes_on(passes_[pass], index)) {
    result.unchanged = true;
    return result;
  }
  if (memo_ != nullptr) {
    const std::optional<std::string> said = settled(passes_[pass], index);
    result.remembered = said.has_value();
    if (said) {
      result.state_key = Digest::of(std::string{rows_[index].state.bytes()}.append(prints_[pass].bytes()).append(*said), seed_);
      if (recall_state(result)) return result;
    }
  }
  Draft draft = archive_.draft(index);
  finish(result, pass, draft);
  return result;
}

void CorpusRun::middle_pass(size_t pass) {
  const auto map = [&](Range&& range) {
    std::vector<Processed> results;
    results.reserve(range.second - range.first);
    for (DocumentIndex i = range.first; i < range.second; ++i) results.push_back(process(pass, i));
    return results;
  };
  const auto consume = [&](std::vector<Processed> results) {
    for (Processed& result : results) store(std::move(result), false);
  };
  DocumentIndex next = 0;
  base::ordered_map(pool_, [&] { return next_range("rewriting", next); }, map, consume);
}

std::string CorpusRun::text_key(DocumentIndex index) const { return std::string{rows_[index].state.bytes()}; }

void CorpusRun::settle(const Pass& pass) {
  for (const uint16_t number : pass.waiting()) {
    report("comparing", 0, rows_.size());
    auto& rule = static_cast<CorpusRule&>(*rules_[number]);
    Settlement settlement{.archive = archive_,
                          .pool = pool_,
                          .clusters = clusters_,
                          .documents = rows_.size(),
                          .present = [&](DocumentIndex i) { return rows_[i].dropped_by > number; },
                          .source = [&](DocumentIndex i) { return std::string_view{sources_[rows_[i].source]}; },
                          .warn = [&](std::string warning) { warnings_.push_back(std::move(warning)); },
                          .text_key = [&](DocumentIndex i) { return text_key(i); }};
    if (memo_ != nullptr) {
      const auto digest = [&, prefix = fmt::format("{} ", number).append(prints_[0].bytes())](std::string_view key) {
        return Digest::of(std::string{prefix}.append(key), seed_);
      };
      settlement.recall = [&, digest](std::string_view key) -> std::optional<std::string> {
        const auto value = memo_->find_value(Table::settled, digest(key));
        return value ? std::optional<std::string>(*value) : std::nullopt;
      };
      settlement.note = [&, digest](std::string_view key, std::string_view value) { memo_->note_value(Table::settled, digest(key), value); };
    }
    rule.settle(settlement);
    for (DocumentIndex i = 0; i < rows_.size(); ++i) {
      if (rows_[i].dropped_by > number && concerns(number, i) && rule.drops(i)) rows_[i].dropped_by = number;
    }
  }
}

void CorpusRun::place() {
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
    cluster_names_[root] = archive_.id(root);
  }
  sides_ = split(members, clusters_, options_.split);
}

}  // namespace hone::corpus
