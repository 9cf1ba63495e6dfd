#include "dataset/data_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/log.h"

namespace hone::dataset {
namespace {

constexpr size_t kMostSources = 12;  // in sentences; the table has all

double ratio(double a, double b) { return b == 0 ? 0 : a / b; }
std::string count(int64_t value) { return base::human_count(static_cast<uint64_t>(value)); }
std::string percent(double share) { return fmt::format("{:.1f}%", 100 * share); }
std::string padded(const std::string& text, int width) {
  return text + std::string(static_cast<size_t>(std::max(0, width - base::columns(text))), ' ');
}

/// Tokens of one document by role, in runs.
void add_document(const DocumentView& document, TokenCounts& counts) {
  const uint64_t tokens = document.tokens.size();
  TokenCounts one;
  one.documents = 1;
  one.tokens = one.longest = tokens;
  one.longest_id = document.id;
  const bool masked = !document.mask.empty();
  one.trained = tokens < 2 ? 0 : masked ? document.mask.trained(1, tokens) : tokens - 1;
  one.without_label = one.trained == 0 ? 1 : 0;
  bool has_roles = false;
  for (uint64_t begin = 0; masked && begin < tokens;) {
    const std::string_view role = document.mask.role(begin);
    uint64_t end = begin + 1;
    while (end < tokens && document.mask.role(end).data() == role.data()) ++end;
    RoleCounts& of_role = one.roles[std::string(role)];
    of_role.tokens += end - begin;
    of_role.trained += document.mask.trained(std::max<uint64_t>(begin, 1), std::max<uint64_t>(end, 1));
    has_roles = has_roles || !role.empty();
    begin = end;
  }
  if (!has_roles) one.roles.clear();
  counts.add(one);
}

double spread_of(const Loader& loader) {
  const auto packing = loader.packing(0);
  double sum = 0, batches = 0;
  for (int64_t index = 0; index < loader.steps_in(0); ++index)
    for (const std::vector<uint64_t>& rows : loader.rows_of(0, index)) {
      if (rows.size() < 2) continue;
      uint64_t shortest = UINT64_MAX, longest = 0;
      for (const uint64_t row : rows) {
        const uint64_t positions = packing->row_positions(row);
        shortest = std::min(shortest, positions);
        longest = std::max(longest, positions);
      }
      sum += static_cast<double>(longest - shortest) / static_cast<double>(longest);
      ++batches;
    }
  return ratio(sum, batches);
}

}  // namespace

double DataReport::fill() const { return ratio(static_cast<double>(first_epoch.positions), static_cast<double>(first_epoch.row_capacity)); }

DataReport data_report(const Loader& loader, const nlohmann::json& statistics) {
  DataReport report;
  const LoaderOptions& options = loader.options();
  report.first_epoch = loader.conservation(0);
  report.epochs = options.epochs;
  report.rows = loader.rows(0);
  report.row_positions = loader.cut().row_length();
  report.steps_in_first_epoch = loader.steps_in(0);
  report.steps = loader.steps();
  report.sequence_len = options.sequence_len;
  report.micro_batch_size = options.micro_batch_size;
  report.gradient_accumulation_steps = options.gradient_accumulation_steps;
  report.pairs = loader.cut().pairs();
  report.packed = options.sample_packing;
  report.grouped = options.order == Order::grouped;
  report.mixed = !options.mixture.empty();
  report.spread = spread_of(loader);

  const Cut& cut = loader.cut();
  const std::vector<Conservation> all = loader.conservation_by_source();
  const std::vector<Conservation> first = loader.packing(0)->by_source;
  const std::vector<double> weights = loader.mixture().weights(0);
  report.sources.resize(cut.sources().size());
  for (size_t i = 0; i < report.sources.size(); ++i) {
    SourceReport& source = report.sources[i];
    source.name = cut.sources()[i];
    source.first_epoch = first[i];
    source.all_epochs = all[i];
    source.weight = weights[i];
    source.share = ratio(static_cast<double>(first[i].trained), static_cast<double>(report.first_epoch.trained));
  }
  for (SourceReport& source : report.sources) {
    const nlohmann::json::json_pointer truncated = nlohmann::json::json_pointer("/splits/train/by_source") / source.name / "truncated";
    if (statistics.contains(truncated) && statistics.at(truncated).is_number_unsigned()) source.shards.truncated = statistics.at(truncated).get<uint64_t>();
    const auto torn_off = source.first_epoch.dropped.find("truncated");
    source.truncated = static_cast<int64_t>(source.shards.truncated) + (torn_off == source.first_epoch.dropped.end() ? 0 : torn_off->second);
  }
  const uint64_t a_unit = cut.pairs() ? 2 : 1;
  for (uint64_t document = 0; document < loader.shards().documents(); ++document)
    add_document(loader.shards().document(document), report.sources[cut.source(document / a_unit)].shards);
  std::sort(report.sources.begin(), report.sources.end(), [](const SourceReport& a, const SourceReport& b) { return a.name < b.name; });
  return report;
}

namespace {

void line(std::string& out, const std::string& name, const TokenCounts& counts, int64_t truncated, const std::string& weight, const std::string& share) {
  const std::string longest = base::visible(counts.longest_id);
  out += fmt::format("{} {:>9} {:>13} {:>13} {:>7} {:>9} {:>9} {:>8} {:>7}  {:>7}  {}\n", padded(base::visible(name), 28), count(static_cast<int64_t>(counts.documents)),
                     count(static_cast<int64_t>(counts.tokens)), count(static_cast<int64_t>(counts.trained)), percent(masked_share(counts)),
                     count(truncated), count(static_cast<int64_t>(counts.without_label)), weight, share, count(static_cast<int64_t>(counts.longest)), longest);
}

void roles(std::string& out, const std::map<std::string, RoleCounts>& by_role) {
  for (const auto& [role, of_role] : by_role)
    out += fmt::format("{} {:>9} {:>13} {:>13} {:>7}\n", padded("  " + (role.empty() ? "(template)" : base::visible(role)), 28), "",
                       count(static_cast<int64_t>(of_role.tokens)), count(static_cast<int64_t>(of_role.trained)),
                       percent(1 - ratio(static_cast<double>(of_role.trained), static_cast<double>(of_role.tokens))));
}

std::string rows_sentence(const DataReport& report) {
  const char* what = report.packed ? (report.pairs ? "rows of pairs" : "rows of several documents") : report.pairs ? "pairs, one a row" : "segments, one a row";
  std::string text = fmt::format("{} {}, {} of {} positions filled, no padding", count(report.rows), what, percent(report.fill()), count(report.row_positions));
  if (report.grouped) text += fmt::format("; grouped by length: rows of a micro batch differ by {}", percent(report.spread));
  return text + fmt::format("; micro batches of {} rows, {} to a step, {} steps in the first epoch, {} in all {} epochs", count(report.micro_batch_size),
                            count(report.gradient_accumulation_steps), count(report.steps_in_first_epoch), count(report.steps), count(report.epochs));
}

}  // namespace

std::vector<std::string> sentences(const DataReport& report) {
  std::vector<std::string> lines = {"first epoch: " + report.first_epoch.sentence()};
  if (report.sources.size() > 1 || report.mixed)
    for (size_t i = 0; i < std::min(report.sources.size(), kMostSources); ++i) {
      const SourceReport& source = report.sources[i];
      lines.push_back(fmt::format("{}: {} of the trained tokens, each document {:.3g} times; in {} epochs {}", base::visible(source.name), percent(source.share),
                                  source.weight, report.epochs, source.all_epochs.sentence()));
    }
  if (report.sources.size() > kMostSources) lines.push_back(fmt::format("and {} more sources", report.sources.size() - kMostSources));
  lines.push_back(rows_sentence(report));
  const Conservation& first = report.first_epoch;
  if (first.split_documents > 0) lines.push_back(fmt::format("{} documents are longer than {} and split", count(first.split_documents), count(report.sequence_len)));
  if (first.truncated_documents > 0)
    lines.push_back(fmt::format("{} sides of pairs are longer than {} tokens and lose their ends", count(first.truncated_documents), count(report.sequence_len)));
  if (first.without_label > 0) lines.push_back(fmt::format("{} documents have nothing that is trained and are left out", count(first.without_label)));
  return lines;
}

std::string table(const DataReport& report) {
  std::string out = fmt::format("{} {:>9} {:>13} {:>13} {:>7} {:>9} {:>9} {:>8} {:>7}  {:>7}  {}\n", padded("", 28), "documents", "tokens", "trained", "masked", "truncated", "no label",
                                "read", "share", "longest", "which");
  TokenCounts all;
  int64_t truncated = 0;
  for (const SourceReport& source : report.sources) {
    line(out, source.name, source.shards, source.truncated, fmt::format("{:.3g} x", source.weight), percent(source.share));
    roles(out, source.shards.roles);
    all.add(source.shards);
    truncated += source.truncated;
  }
  if (report.sources.size() > 1) {
    line(out, "all", all, truncated, "", "");
    roles(out, all.roles);
  }
  for (const std::string& sentence : sentences(report)) out += sentence + "\n";
  return out;
}

namespace {

nlohmann::json to_json(const Conservation& count) {
  return {{"documents", count.documents}, {"tokens", count.tokens},   {"trained", count.trained},     {"first", count.first},
          {"masked", count.masked},       {"dropped", count.dropped}, {"positions", count.positions}, {"segments", count.segments},
          {"split_documents", count.split_documents}, {"truncated_documents", count.truncated_documents}, {"without_label", count.without_label}};
}

}  // namespace

nlohmann::json to_json(const DataReport& report) {
  nlohmann::json sources = nlohmann::json::object();
  for (const SourceReport& source : report.sources) {
    nlohmann::json by_role = nlohmann::json::object();
    for (const auto& [role, of_role] : source.shards.roles)
      by_role[role.empty() ? "(template)" : role] = {{"tokens", of_role.tokens}, {"trained", of_role.trained}};
    sources[source.name] = {{"documents", source.shards.documents}, {"tokens", source.shards.tokens}, {"trained", source.shards.trained},
                            {"masked_share", masked_share(source.shards)}, {"without_label", source.shards.without_label}, {"truncated", source.truncated}, {"by_role", by_role},
                            {"longest_document", {{"tokens", source.shards.longest}, {"id", source.shards.longest_id}}}, {"weight", source.weight},
                            {"share", source.share}, {"first_epoch", to_json(source.first_epoch)}, {"all_epochs", to_json(source.all_epochs)}};
  }
  return {{"sources", sources}, {"first_epoch", to_json(report.first_epoch)}, {"rows", report.rows}, {"row_positions", report.row_positions},
          {"fill", report.fill()}, {"steps_in_first_epoch", report.steps_in_first_epoch}, {"steps", report.steps}, {"epochs", report.epochs},
          {"pairs", report.pairs}, {"sample_packing", report.packed}, {"group_by_length", report.grouped}, {"length_spread", report.spread}};
}

}  // namespace hone::dataset
