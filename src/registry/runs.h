#pragma once
/// The runs below a folder: runs/<name>/<lineage>/, what each was made from and how it ended. Read from committed artefacts
/// only; a run that is being worked on shows what it has finished.
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "artifact/names.h"

namespace hone::registry {

struct RunSummary {
  artifact::RunDirectory run;
  std::string name, lineage;
  std::string started;           ///< UTC, from run.json; empty when unknown.
  std::vector<std::string> done; ///< Names of the artefacts that are there.
  int64_t last_checkpoint = -1;  ///< Step; -1: none.
  std::string verdict;           ///< PROMOTE, REJECT, INCONCLUSIVE, or empty before the report.
  nlohmann::json report;         ///< report.json, or null.
};

/// Newest first. An absent folder holds no runs.
std::vector<RunSummary> list_runs(const std::filesystem::path& runs_root);

/// A run's folder by its path, its lineage (or the start of it), or `name/lineage`. Throws data saying which runs there are.
artifact::RunDirectory find_run(const std::string& text, const std::filesystem::path& runs_root);

RunSummary summarise(const artifact::RunDirectory& run);

}  // namespace hone::registry
