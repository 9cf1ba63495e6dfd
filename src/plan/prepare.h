#pragma once
/// The stages that need no tensor: corpus, vocabulary, tokens. Each is made when it is not up to date, whole or not at all.
#include <filesystem>

#include "plan/run_plan.h"

namespace hone::plan {

struct PrepareOptions {
  int threads = 0;                     ///< 0: one for each processor. What is written does not depend on it.
  std::filesystem::path reader;        ///< hone-read; empty: beside this program.
  std::vector<std::filesystem::path> shards;  ///< Folders in which shards of the corpus lie (corpus_stage.h).
};

/// Makes the run folder with recipe.yaml and run.json, unless it is there. The caller holds the run's lock.
void begin_run(const RunPlan& plan, const std::filesystem::path& recipe_file);

/// Brings the stages up to and including `last` (at most tokens) up to date and marks them so in the plan.
void prepare(RunPlan& plan, Stage last, const PrepareOptions& options);

/// Looks for an artefact of the same fingerprint in the other runs of this name and, when there is one, takes it over by hard
/// links: a changed learning rate does not clean the corpus again. True when it did.
bool adopt_from_siblings(const RunPlan& plan, const StagePlan& stage);

}  // namespace hone::plan
