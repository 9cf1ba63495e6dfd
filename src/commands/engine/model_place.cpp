#include "commands/engine/model_place.h"

#include "artifact/names.h"
#include "base/error.h"
#include "registry/runs.h"

namespace hone::commands {
namespace fs = std::filesystem;

namespace {

ModelPlace place_in_run(const artifact::RunDirectory& run) {
  if (fs::exists(run.exported() / artifact::kManifest)) return {run.exported(), run.exported()};
  const auto steps = run.checkpoint_steps();
  if (steps.empty()) throw Error(ExitCode::data, run.root.string() + " has no exported model and no checkpoint yet; hone run its recipe");
  return {run.checkpoint(steps.back()), run.tokenizer()};
}

}  // namespace

ModelPlace find_model(const std::string& text, const fs::path& runs_root) {
  const fs::path path(text);
  if (!fs::exists(path / artifact::kModelConfig)) return place_in_run(registry::find_run(text, runs_root));
  if (fs::exists(path / artifact::kTokenizerModel)) return {path, path};
  const fs::path run = fs::absolute(path).lexically_normal().parent_path().parent_path();  // …/checkpoints/step-000120
  const artifact::RunDirectory owner{run.filename() == "checkpoints" ? run.parent_path() : run};
  if (fs::exists(owner.tokenizer() / artifact::kTokenizerModel)) return {path, owner.tokenizer()};
  throw Error(ExitCode::data, text + " has no tokenizer.model beside its weights; put the model's vocabulary there");
}

fs::path find_weights(const std::string& text, const fs::path& runs_root) {
  if (fs::exists(fs::path(text) / artifact::kModelConfig)) return text;
  return find_model(text, runs_root).weights;
}

}  // namespace hone::commands
