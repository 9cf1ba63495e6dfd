#include "checkpoint/history.h"

#include "artifact/manifest.h"
#include "base/error.h"

namespace hone::checkpoint {
namespace fs = std::filesystem;

namespace {

/// Why a folder cannot be trusted, or nothing when it verifies.
std::optional<std::string> problem_of(const fs::path& folder) {
  try {
    const std::optional<artifact::Manifest> manifest = artifact::read_manifest(folder);
    if (!manifest) return std::string("it has no ") + artifact::kManifest + " (saving was cut short)";
    if (manifest->kind != "checkpoint") return "it is a " + manifest->kind + ", not a checkpoint";
    return artifact::first_problem(folder, *manifest, artifact::Depth::contents);
  } catch (const Error& error) {
    return error.what();
  }
}

}  // namespace

Search newest_verified(const artifact::RunDirectory& run) {
  Search search;
  const std::vector<int64_t> steps = run.checkpoint_steps();
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
    const fs::path folder = run.checkpoint(*step);
    const std::optional<std::string> problem = problem_of(folder);
    if (!problem) {
      search.newest = folder;
      break;
    }
    search.skipped.push_back({folder, *problem});
  }
  return search;
}

std::vector<int64_t> rotate(const artifact::RunDirectory& run, int64_t keep, std::optional<int64_t> best) {
  std::vector<int64_t> removed;
  if (keep <= 0) return removed;
  const std::vector<int64_t> steps = run.checkpoint_steps();
  const auto count = static_cast<int64_t>(steps.size());
  for (int64_t i = 0; i < count - keep; ++i) {
    if (best && steps[i] == *best) continue;
    const fs::path folder = run.checkpoint(steps[i]);
    std::error_code problem;
    fs::remove(folder / artifact::kManifest, problem);
    if (!problem) fs::remove_all(folder, problem);
    if (problem) throw system_error("cannot remove the old checkpoint " + folder.string(), problem.value());
    removed.push_back(steps[i]);
  }
  return removed;
}

}  // namespace hone::checkpoint
