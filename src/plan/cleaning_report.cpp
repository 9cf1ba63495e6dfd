#include "plan/cleaning_report.h"

#include <nlohmann/json.hpp>

#include "artifact/commit.h"
#include "artifact/manifest.h"
#include "base/files.h"
#include "base/version.h"
#include "plan/versions.h"
#include "recipe/load.h"
#include "recipe/show.h"
#include "report/cleaning.h"
#include "report/report.h"

namespace hone::plan {
using nlohmann::json;

namespace {

json fingerprint_in(const std::filesystem::path& folder) {
  const auto manifest = artifact::read_manifest(folder);
  return manifest ? json(manifest->fingerprint) : json();
}

}  // namespace

void refresh_cleaning_report(const artifact::RunDirectory& run, const recipe::Recipe& recipe) {
  const json inputs = {{"version", kCleaningReportVersion},
                       {"hone", base::kVersion},
                       {"corpus", fingerprint_in(run.corpus())},
                       {"tokens", fingerprint_in(run.tokens())},
                       {"review", fingerprint_in(run.review())},
                       {"options", recipe::fingerprint_values(recipe.report)}};
  if (artifact::is_up_to_date(run.cleaning(), artifact::fingerprint_of(inputs))) return;
  artifact::Commit commit(run.cleaning(), "cleaning", inputs);
  report::write_cleaning(commit.directory(), report::build_cleaning_json(run, recipe), recipe.report.language);
  commit.finish(json::object());
}

void rewrite_reports(const artifact::RunDirectory& run) {
  const recipe::LoadedRecipe loaded = recipe::load_recipe(run.recipe(), {});
  if (!loaded.problems.empty()) recipe::refuse(loaded.problems);
  refresh_cleaning_report(run, loaded.recipe);
  const auto manifest = artifact::read_manifest(run.report());
  if (!manifest) return;
  report::ReportInputs inputs;
  inputs.run = run;
  inputs.recipe = &loaded.recipe;
  if (!loaded.recipe.starts_from_random()) inputs.base_folder = loaded.recipe.model.path;
  inputs.version = base::kVersion;
  artifact::Commit commit(run.report(), manifest->kind, manifest->inputs);
  report::write_report(commit.directory(), report::build_report_json(inputs), loaded.recipe.report.language);
  add_cleaning_report(run, commit.directory());
  commit.finish(manifest->facts);
}

void add_cleaning_report(const artifact::RunDirectory& run, const std::filesystem::path& report) {
  base::write_file(report / artifact::kCleaningHtml, base::read_file(run.cleaning() / artifact::kCleaningHtml));
}

}  // namespace hone::plan
