/// `hone runs list` and `hone runs show RUN`.
#include <fmt/format.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "artifact/manifest.h"
#include "base/log.h"
#include "base/nearest.h"
#include "commands/here.h"
#include "registry/runs.h"

namespace hone::commands {

namespace {

nlohmann::json as_json(const registry::RunSummary& run) {
  return {{"name", run.name},
          {"lineage", run.lineage},
          {"path", run.run.root.string()},
          {"started", run.started},
          {"done", run.done},
          {"last_checkpoint", run.last_checkpoint},
          {"verdict", run.verdict}};
}

std::string state_of(const registry::RunSummary& run) {
  if (!run.verdict.empty()) return run.verdict;
  if (run.last_checkpoint >= 0) return fmt::format("unfinished, checkpoint at step {}", run.last_checkpoint);
  return run.done.empty() ? "begun" : "unfinished, has " + run.done.back();
}

/// `text` padded to `width` terminal columns (Hangul counts two).
std::string padded(const std::string& text, int width) {
  const int missing = width - base::columns(text);
  return text + std::string(static_cast<size_t>(std::max(0, missing)), ' ');
}

ExitCode list(const Arguments& arguments) {
  const auto runs = registry::list_runs(arguments.runs);
  if (arguments.has("json")) {
    nlohmann::json all = nlohmann::json::array();
    for (const auto& run : runs) all.push_back(as_json(run));
    std::cout << all.dump(2) << "\n";
    return ExitCode::done;
  }
  if (runs.empty()) {
    base::say("no runs in " + arguments.runs.string() + "; hone run RECIPE makes one");
    return ExitCode::done;
  }
  std::cout << padded("run", 42) << padded("started", 22) << "state\n";
  for (const auto& run : runs) std::cout << padded(run.name + "/" + run.lineage, 42) << padded(run.started, 22) << state_of(run) << "\n";
  return ExitCode::done;
}

ExitCode show(const Arguments& arguments) {
  if (arguments.positional.size() < 2) throw Error(ExitCode::usage, "usage: hone runs show RUN");
  const registry::RunSummary run = registry::summarise(registry::find_run(arguments.positional[1], arguments.runs));
  if (arguments.has("json")) {
    nlohmann::json one = as_json(run);
    one["report"] = run.report;
    std::cout << one.dump(2) << "\n";
    return ExitCode::done;
  }
  std::cout << fmt::format("{}/{}\n  path       {}\n  started    {}\n  state      {}\n", run.name, run.lineage, run.run.root.string(), run.started,
                           state_of(run));
  for (const int64_t step : run.run.checkpoint_steps()) {
    const auto manifest = artifact::read_manifest(run.run.checkpoint(step));
    std::cout << fmt::format("  checkpoint {} {}\n", artifact::checkpoint_name(step), manifest ? manifest->facts.dump() : "(no manifest: not a checkpoint)");
  }
  for (const std::string& name : run.done) std::cout << "  has        " << name << "\n";
  return ExitCode::done;
}

}  // namespace

ExitCode runs(const Arguments& arguments) {
  const std::string& what = arguments.positional[0];
  if (what == "list") return list(arguments);
  if (what == "show") return show(arguments);
  const auto near = base::nearest(what, {"list", "show"});
  throw Error(ExitCode::usage, "hone runs knows list and show, not " + what + (near ? "; did you mean " + *near + "?" : ""));
}

}  // namespace hone::commands
