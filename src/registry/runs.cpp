#include "registry/runs.h"

#include <fmt/format.h>

#include <algorithm>

#include "artifact/manifest.h"
#include "base/error.h"
#include "base/json_file.h"

namespace hone::registry {
namespace fs = std::filesystem;
using nlohmann::json;

namespace {

/// A file that may be missing or damaged while the run is being worked on: null then.
json read_if_there(const fs::path& path) {
  try {
    if (fs::exists(path)) return base::read_json(path);
  } catch (const Error&) {
  }
  return nullptr;
}

std::string text_at(const json& object, const char* key) {
  return object.is_object() && object.contains(key) && object[key].is_string() ? object[key].get<std::string>() : "";
}

bool is_run(const fs::path& folder) { return fs::is_regular_file(folder / artifact::kRunFacts) || fs::is_regular_file(folder / artifact::kRecipe); }

}  // namespace

RunSummary summarise(const artifact::RunDirectory& run) {
  RunSummary summary;
  summary.run = run;
  summary.lineage = run.root.filename().string();
  summary.name = run.root.parent_path().filename().string();
  summary.started = text_at(read_if_there(run.facts()), "started");
  const std::pair<const char*, fs::path> places[] = {
      {"corpus", run.corpus()},   {"vocabulary", run.tokenizer()},  {"tokens", run.tokens()}, {"training", run.training()},
      {"export", run.exported()}, {"evaluation", run.evaluation()}, {"report", run.report()}};
  for (const auto& [name, place] : places)
    if (fs::exists(place / artifact::kManifest)) summary.done.push_back(name);
  const std::vector<int64_t> steps = run.checkpoint_steps();
  if (!steps.empty()) summary.last_checkpoint = steps.back();
  summary.report = read_if_there(run.report() / artifact::kReportJson);
  const json::json_pointer verdict("/facts/evaluation/verdict");
  if (summary.report.is_object() && summary.report.contains(verdict)) summary.verdict = text_at(summary.report["facts"]["evaluation"], "verdict");
  return summary;
}

std::vector<RunSummary> list_runs(const fs::path& runs_root) {
  std::vector<RunSummary> runs;
  std::error_code absent;
  for (const auto& name : fs::directory_iterator(runs_root, absent)) {
    if (!name.is_directory()) continue;
    for (const auto& lineage : fs::directory_iterator(name.path()))
      if (lineage.is_directory() && is_run(lineage.path())) runs.push_back(summarise({lineage.path()}));
  }
  std::sort(runs.begin(), runs.end(), [](const RunSummary& a, const RunSummary& b) {
    return std::tie(b.started, a.name, a.lineage) < std::tie(a.started, b.name, b.lineage);
  });
  return runs;
}

artifact::RunDirectory find_run(const std::string& text, const fs::path& runs_root) {
  if (fs::is_directory(text) && is_run(text)) return {fs::path(text)};
  if (fs::is_directory(runs_root / text) && is_run(runs_root / text)) return {runs_root / text};
  std::vector<RunSummary> matches;
  std::string known;
  for (RunSummary& run : list_runs(runs_root)) {
    known += (known.empty() ? "" : ", ") + run.name + "/" + run.lineage;
    if (run.lineage.rfind(text, 0) == 0 || run.name == text) matches.push_back(std::move(run));
  }
  if (!matches.empty() && (matches.size() == 1 || matches.front().name == text)) return matches.front().run;  // newest of a name
  if (matches.size() > 1) throw Error(ExitCode::data, text + " is the start of several runs; write more of it");
  throw Error(ExitCode::data, fmt::format("no run {}; {} holds {}", text, runs_root.string(), known.empty() ? "none" : known));
}

}  // namespace hone::registry
