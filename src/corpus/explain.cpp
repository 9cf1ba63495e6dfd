#include "corpus/explain.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <set>

#include "artifact/names.h"
#include "base/error.h"
#include "base/json_file.h"
#include "base/lines.h"
#include "corpus/documents.h"
#include "corpus/json_line.h"
#include "corpus/pieces.h"

namespace hone::corpus {
namespace fs = std::filesystem;
using nlohmann::json;

namespace {

constexpr size_t kMostNamed = 8;

/// Lines that have one of `parts` somewhere; the others are not even parsed.
void each_line(const fs::path& corpus, const std::vector<std::string>& parts, const std::function<void(const json&)>& visit) {
  const fs::path file = corpus / artifact::kLedger;
  base::LineReader reader(file);
  while (const auto line = reader.next())
    if (std::any_of(parts.begin(), parts.end(), [&](const std::string& part) { return line->find(part) != std::string::npos; }))
      visit(base::parse_json(*line, fmt::format("{}:{}", file.string(), reader.line_number())));
}

std::string quoted(const std::string& text) {
  std::string result;
  append_json_string(result, text);
  return result;
}

/// The one id that `wanted` means: an exact id, else an exact path, else the end of a path, else the only id or path it is a part of.
std::string find_id(const fs::path& corpus, const std::string& wanted) {
  std::optional<std::string> exact;
  std::set<std::string> by_path, by_end, by_part;
  each_line(corpus, {R"("rule":"read")"}, [&](const json& line) {  // every document has one of these
    const std::string id = line.value("id", ""), path = line.value("path", "");
    if (id == wanted) exact = id;
    if (path == wanted && by_path.size() <= kMostNamed) by_path.insert(id);
    if ((path.ends_with("/" + wanted) || id.ends_with("/" + wanted)) && by_end.size() <= kMostNamed) by_end.insert(id);
    const bool part = id.find(wanted) != std::string::npos || path.find(wanted) != std::string::npos;
    if (part && by_part.size() <= kMostNamed) by_part.insert(id);
  });
  if (exact) return *exact;
  const std::set<std::string>& fitting = by_path.size() == 1 ? by_path : by_end.size() == 1 ? by_end : by_part;
  if (fitting.size() == 1) return *fitting.begin();
  if (fitting.empty()) throw Error(ExitCode::data, "no document of this run has " + wanted + " in its id or path");
  throw Error(ExitCode::data, fmt::format("several documents have {} in their id or path: {}{}; write more of it", wanted,
                                          fmt::join(fitting, ", "), fitting.size() > kMostNamed ? ", …" : ""));
}

/// The rules of the run that a document went through without a line: all, or those before the one that dropped it.
json silent_rules(const fs::path& corpus, const json& ledger) {
  std::set<std::string> spoke;
  std::string dropped_by;
  for (const json& line : ledger) {
    spoke.insert(line.value("rule", ""));
    if (line.value("action", "") == "drop") dropped_by = line.value("rule", "");
  }
  json silent = json::array();
  if (dropped_by == "read" || !fs::exists(corpus / artifact::kStatistics)) return silent;
  const json statistics = base::read_json(corpus / artifact::kStatistics);
  if (!statistics.contains("rules") || !statistics["rules"].is_array()) return silent;
  for (const json& rule : statistics["rules"]) {
    const std::string name = rule.is_object() ? rule.value("rule", "") : "";
    if (!dropped_by.empty() && name == dropped_by) break;
    if (!name.empty() && spoke.count(name) == 0) silent.push_back(name);
  }
  return silent;
}

}  // namespace

json explain(const fs::path& corpus, const std::string& document) {
  const std::string id = find_id(corpus, document);
  json answer = {{"id", id}, {"ledger", json::array()}, {"duplicates", json::array()}, {"text", nullptr}, {"pieces", nullptr}};
  std::string cluster;  // id of the cluster's first document, once known
  std::vector<LedgerSpan> spans;
  each_line(corpus, {quoted(id)}, [&](const json& line) {
    if (line.value("id", "") != id) return;
    answer["ledger"].push_back(line);
    add_spans(line, spans);
    if (line.contains("cluster")) cluster = line["cluster"].get<std::string>();
  });
  each_line(corpus, {quoted(id), quoted(cluster.empty() ? id : cluster)}, [&](const json& line) {
    const std::string other = line.value("id", "");
    if (other == id) return;
    const bool repeats = line.contains("duplicate_of") && line["duplicate_of"] == id;
    const bool same_cluster = !cluster.empty() && line.value("cluster", "") == cluster;
    if (!repeats && !same_cluster) return;
    json duplicate = {{"id", other}, {"rule", line.value("rule", "")}};
    if (line.contains("findings") && line["findings"].contains("similarity")) duplicate["similarity"] = line["findings"]["similarity"];
    answer["duplicates"].push_back(std::move(duplicate));
  });
  answer["silent"] = silent_rules(corpus, answer["ledger"]);
  DocumentReader documents(corpus);
  while (auto kept = documents.next())
    if (kept->id == id) {
      answer["pieces"] = to_json(pieces_of(kept->text, std::move(spans), id));
      answer["text"] = std::move(kept->text);
      break;
    }
  return answer;
}

}  // namespace hone::corpus
