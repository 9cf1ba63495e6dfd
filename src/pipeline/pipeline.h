#pragma once
/// Carries out a plan, from recipe to report. Each stage that is not up to date is made, in order, by the one commit protocol;
/// a stage that is up to date is skipped. One process at a time works on a run (exit 75 for the second).
#include <filesystem>
#include <string>
#include <vector>

#include "plan/run_plan.h"

namespace hone::pipeline {

struct RunOptions {
  std::filesystem::path recipe_file;  ///< For run.json.
  int threads = 0;                    ///< Of reading, cleaning and tokenising; 0: one for each processor.
};

struct RunOutcome {
  bool nothing_to_do = false;
  nlohmann::json report;  ///< report.json when `last` was the report, else null.
};

/// Brings everything up to and including `last` up to date.
RunOutcome bring_up_to_date(plan::RunPlan& plan, plan::Stage last, const RunOptions& options);

}  // namespace hone::pipeline
