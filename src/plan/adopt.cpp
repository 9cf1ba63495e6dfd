#include <unistd.h>

#include "artifact/commit.h"
#include "artifact/manifest.h"
#include "base/error.h"
#include "base/files.h"
#include "plan/prepare.h"

namespace hone::plan {
namespace fs = std::filesystem;

namespace {

/// The same stage's folder in another run.
fs::path counterpart(const RunPlan& plan, const StagePlan& stage, const fs::path& other_run) {
  return other_run / stage.directory.lexically_relative(plan.run.root);
}

/// Hard links where the file system has them, copies elsewhere; the copy is committed like any artefact.
bool take_over(const fs::path& from, const StagePlan& stage, const artifact::Manifest& manifest) {
  artifact::Commit commit(stage.directory, manifest.kind, stage.inputs);
  for (const auto& [name, entry] : manifest.files) {
    const fs::path target = commit.directory() / name;
    std::error_code problem;
    fs::create_directories(target.parent_path(), problem);
    fs::create_hard_link(from / name, target, problem);
    if (problem) fs::copy_file(from / name, target, problem);
    if (problem) return false;
  }
  commit.finish(manifest.facts);
  return true;
}

}  // namespace

bool adopt_from_siblings(const RunPlan& plan, const StagePlan& stage) {
  std::error_code absent;
  for (const auto& entry : fs::directory_iterator(plan.run.root.parent_path(), absent)) {
    if (!entry.is_directory() || entry.path() == plan.run.root) continue;
    const fs::path candidate = counterpart(plan, stage, entry.path());
    if (!artifact::is_up_to_date(candidate, stage.fingerprint)) continue;
    const auto manifest = artifact::read_manifest(candidate);
    if (artifact::first_problem(candidate, *manifest, artifact::Depth::contents)) continue;
    if (take_over(candidate, stage, *manifest)) return true;
  }
  return false;
}

}  // namespace hone::plan
