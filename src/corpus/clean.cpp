#include "corpus/clean.h"

#include <fmt/format.h>

#include <algorithm>

#include <nlohmann/json.hpp>

#include "artifact/names.h"
#include "base/error.h"
#include "base/files.h"
#include "base/json_file.h"
#include "base/log.h"
#include "corpus/corpus_run.h"
#include "corpus/memo.h"
#include "corpus/privacy.h"
#include "corpus/statistics.h"
#include "document/stream.h"

namespace hone::corpus {
namespace {

CleanSummary summary_of(const CorpusRun& run, const recipe::CorpusOptions& options) {
  const Tally& tally = run.tally();
  CleanSummary summary{.read = tally.all.read.documents,
                       .kept = tally.all.kept.documents,
                       .edited = tally.all.edited.documents,
                       .dropped = tally.all.dropped.documents,
                       .rejected = tally.all.rejected.documents,
                       .bytes_read = tally.all.read.bytes,
                       .characters_read = tally.all.read.characters,
                       .characters_after = tally.characters_after,
                       .clusters = run.clusters().clusters,
                       .warnings = run.warnings()};
  const auto side = [&](std::string_view name) {
    const auto found = tally.splits.find(std::string{name});
    return found == tally.splits.end() ? UINT64_C(0) : found->second.documents;
  };
  summary.train = side(name_of(Side::train));
  summary.validation = side(name_of(Side::validation));
  summary.measured_only = side(name_of(Side::forgetting));
  for (size_t i = 0; i < run.rules().size() && i < tally.rules.size(); ++i) {
    const std::string name{run.rules()[i].name};
    if (tally.rules[i].dropped.documents > 0) summary.dropped_by.emplace_back(name, tally.rules[i].dropped.documents);
    if (tally.rules[i].edited.documents > 0) summary.edited_by.emplace_back(name, tally.rules[i].edited.documents);
    const bool fired = tally.rules[i].dropped.documents + tally.rules[i].edited.documents + tally.rules[i].flagged.documents > 0;
    const bool own = std::any_of(options.own_rules.begin(), options.own_rules.end(), [&](const auto& rule) { return rule.name == name; });
    if (own && !fired) summary.never_fired.push_back(name);
  }
  return summary;
}

std::string listed(const std::vector<std::pair<std::string, uint64_t>>& counts) {
  std::string result;
  for (const auto& [name, count] : counts) {
    result += fmt::format("{}{} {}", result.empty() ? " (" : ", ", name, base::human_count(count));
  }
  return result.empty() ? result : result + ")";
}

/// What the organisation says about each source, as given: every document of the source stands under it.
nlohmann::json governance_of(const recipe::CorpusOptions& options, const std::vector<std::string>& names) {
  nlohmann::json all = nlohmann::json::object();
  for (size_t i = 0; i < options.sources.size(); ++i) {
    const recipe::SourceOptions& source = options.sources[i];
    nlohmann::json& facts = all[i < names.size() ? names[i] : source.name];
    if (facts.is_null()) facts = nlohmann::json::object();
    for (const auto& [key, value] : {std::pair{"licence", &source.licence}, {"access", &source.access}, {"origin", &source.origin}, {"owner", &source.owner},
                                     {"legal_basis", &source.legal_basis}, {"retention", &source.retention}}) {
      if (!value->empty()) facts[key] = *value;
    }
    facts["use"] = names_of(source.use)[static_cast<size_t>(source.use)];
  }
  return all;
}

}  // namespace

std::string CleanSummary::line() const {
  std::string result = fmt::format("{} documents read: {} kept, {} edited, {} dropped{}", base::human_count(read), base::human_count(kept),
                                   base::human_count(edited), base::human_count(dropped), listed(dropped_by));
  if (rejected > 0) result += fmt::format(", {} could not be read", base::human_count(rejected));
  result += fmt::format("; {} to train on, {} held out", base::human_count(train), base::human_count(validation));
  if (measured_only > 0) result += fmt::format(", {} only measured", base::human_count(measured_only));
  if (!never_fired.empty()) result += fmt::format("; no document met your {} {}", never_fired.size() == 1 ? "rule" : "rules", fmt::join(never_fired, ", "));
  return result;
}

CleanSummary clean(const recipe::CorpusOptions& options, CleanSource source, const std::filesystem::path& out_dir,
                   const CleanSettings& settings) {
  std::filesystem::create_directories(out_dir);
  const std::vector<std::string> source_names = std::move(source.source_names);
  CorpusRun run(options, std::move(source), out_dir, settings);
  run.run();
  nlohmann::json statistics = to_json(run.tally(), run.rules(), run.clusters(), run.warnings());
  statistics["privacy"] = privacy_statement(options);
  statistics["governance"] = governance_of(options, source_names);
  base::write_file(out_dir / artifact::kStatistics, base::json_text(statistics));
  CleanSummary summary = summary_of(run, options);
  if (summary.kept + summary.edited == 0) {
    throw Error(ExitCode::data, fmt::format("nothing is left to learn from: {}. The ledger in {} says why for each document",
                                            summary.line(), out_dir.string()));
  }
  return summary;
}

namespace {

CleanSource source_from(document::DocumentStream& stream, Memo* memo) {
  if (memo != nullptr) {
    stream.recall({.knows = [memo](size_t file) { return memo->knows_input(file); },
                   .items = [memo](size_t file) { return memo->recall_input(file); }});
  }
  std::vector<std::string> names;
  for (const document::SourceSpec& source : stream.sources()) names.push_back(source.name);
  return {.next = [&stream] { return stream.next(); },
          .bytes_done = [&stream] { return stream.bytes_done(); },
          .bytes_total = stream.bytes_total(),
          .origin = [&stream] { return CleanSource::Origin{static_cast<uint32_t>(stream.file()), stream.wanted_id()}; },
          .source_names = std::move(names)};
}

}  // namespace

CleanSummary clean(const recipe::CorpusOptions& options, document::DocumentStream& stream, const std::filesystem::path& out_dir,
                   const CleanSettings& settings) {
  return clean(options, source_from(stream, settings.memo), out_dir, settings);
}

uint64_t clean_first_pass(const recipe::CorpusOptions& options, document::DocumentStream& stream, const std::filesystem::path& scratch,
                          const CleanSettings& settings) {
  CorpusRun run(options, source_from(stream, settings.memo), scratch, settings);
  run.run_first_pass();
  return run.documents();
}

}  // namespace hone::corpus
