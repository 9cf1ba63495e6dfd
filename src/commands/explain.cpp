/// `hone explain RUN DOCUMENT`: what happened to one document, rule by rule.
#include <fmt/format.h>

#include <filesystem>
#include <iostream>

#include "artifact/manifest.h"
#include "base/error.h"
#include "base/log.h"
#include "commands/here.h"
#include "corpus/explain.h"
#include "dataset/shard_set.h"
#include "plan/check_inputs.h"
#include "plan/run_plan.h"
#include "registry/runs.h"

namespace hone::commands {
namespace fs = std::filesystem;
using nlohmann::json;

namespace {

constexpr size_t kMostSpans = 12;
constexpr size_t kMostBytes = 400;

artifact::RunDirectory run_of(const Arguments& arguments) {
  const std::string& text = arguments.positional[0];
  if (!fs::is_regular_file(text)) return registry::find_run(text, arguments.runs);
  return plan::make_plan(plan::load_checked(text, arguments.overrides), arguments.runs).run;
}

/// The first bytes of a text, whole characters, on one line; control characters of documents never reach the terminal.
std::string excerpt(const std::string& text, size_t most = kMostBytes) {
  size_t end = std::min(text.size(), most);
  while (end > 0 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  std::string line;
  for (const char c : text.substr(0, end)) {
    if (c == '\n') line += "⏎";
    else if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) line += c;
  }
  return end < text.size() ? line + "…" : line;
}

std::string shortened(const std::string& text) { return excerpt(text, 80); }

std::string span_text(const json& span) {
  const std::string before = span.contains("original") ? "“" + shortened(base::visible(span["original"].get<std::string>())) + "”" : "(not shown)";
  const std::string after = span.value("replacement", "");
  return fmt::format("      {}–{} {}: {} → {}\n", span.value("start", 0), span.value("end", 0), span.value("kind", ""), before,
                     after.empty() ? "nothing" : "“" + shortened(base::visible(after)) + "”");
}

std::string value_text(const json& value) { return value.is_string() ? excerpt(value.get<std::string>()) : value.dump(); }

std::string rule_text(const json& line) {
  if (line.value("action", "") == "edit" && line.contains("spans") && line["spans"].empty()) return "";  // all its edits are told under another family
  std::string text = fmt::format("  {:<18} {}", line.value("rule", ""), line.value("action", ""));
  if (line.contains("reason")) text += ": " + line["reason"].get<std::string>();
  if (line.contains("duplicate_of") && line["duplicate_of"].is_string()) text += ", repeats " + line["duplicate_of"].get<std::string>();
  text += "\n";
  static const std::vector<std::string> known = {"id", "rule", "action", "family", "reason", "duplicate_of", "spans", "findings"};
  for (const auto& [key, value] : line.items())
    if (std::find(known.begin(), known.end(), key) == known.end()) text += fmt::format("      {}: {}\n", key, value_text(value));
  if (line.contains("findings"))
    for (const auto& [key, value] : line["findings"].items()) text += fmt::format("      {} = {}\n", key, value.dump());
  if (line.contains("spans")) {
    const json& spans = line["spans"];
    for (size_t i = 0; i < std::min(spans.size(), kMostSpans); ++i) text += span_text(spans[i]);
    if (spans.size() > kMostSpans) text += fmt::format("      and {} more\n", spans.size() - kMostSpans);
  }
  return text;
}

/// Tokens and place in the shards; empty when the run has none yet.
std::string shard_text(const artifact::RunDirectory& run, const std::string& id) {
  if (!fs::exists(run.tokens() / artifact::kManifest)) return "";
  for (const char* split : {"train", "validation"}) {
    const auto shards = dataset::ShardSet::open(run.tokens(), split, dataset::Shard::Verify::structure);
    for (uint64_t i = 0; i < shards->documents(); ++i)
      if (shards->document(i).id == id)
        return fmt::format("  {:<18} document {} of the {} shards, {} tokens\n", "tokens", i, split, shards->document(i).tokens.size());
  }
  return "";
}

}  // namespace

ExitCode explain(const Arguments& arguments) {
  const artifact::RunDirectory run = run_of(arguments);
  if (!artifact::read_manifest(run.corpus()))
    throw Error(ExitCode::data, run.root.string() + " has no cleaned corpus yet; hone clean its recipe first");
  const json found = corpus::explain(run.corpus(), arguments.positional[1]);
  if (arguments.has("json")) {
    std::cout << found.dump(2, ' ', false, json::error_handler_t::replace) << "\n";
    return ExitCode::done;
  }
  std::cout << found["id"].get<std::string>() << (found["text"].is_null() ? ": not in the corpus\n" : ": in the corpus\n");
  for (const json& line : found["ledger"]) std::cout << rule_text(line);
  for (const json& duplicate : found["duplicates"])
    std::cout << fmt::format("  {:<18} {} ({})\n", "duplicate", duplicate["id"].get<std::string>(), duplicate["rule"].get<std::string>());
  std::cout << shard_text(run, found["id"].get<std::string>());
  if (found["text"].is_string()) std::cout << "  text               " << excerpt(found["text"].get<std::string>()) << "\n";
  return ExitCode::done;
}

}  // namespace hone::commands
