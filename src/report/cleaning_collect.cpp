#include <nlohmann/json.hpp>

#include "artifact/manifest.h"
#include "base/error.h"
#include "base/files.h"
#include "base/json_file.h"
#include "base/version.h"
#include "report/cleaning.h"
#include "report/collect.h"
#include "report/look.h"

namespace hone::report {

namespace {

using nlohmann::json;

/// Checks by hand of the very corpus that is there.
json collect_reviews(const artifact::RunDirectory& run, const std::string& documents_sha256) {
  json reviews = json::array();
  if (!artifact::read_manifest(run.review())) return reviews;
  const json stored = base::read_json(run.review() / artifact::kReviewJson);
  for (const json& review : look(stored, "/reviews"))
    if (words(review, "/corpus") == documents_sha256) {
      reviews.push_back(review);
      reviews.back().erase("ids");  // which documents they were is in the run
    }
  return reviews;
}

/// The sources with what is said of them; rows of files may name sources that the recipe does not.
json collect_terms(const artifact::RunDirectory& run, const recipe::Recipe& recipe) {
  json sources = collect_sources(run, recipe);
  for (size_t i = 0; i < sources.size(); ++i) sources[i]["in_recipe"] = i < recipe.corpus.sources.size();  // these come first
  return sources;
}

}  // namespace

json build_cleaning_json(const artifact::RunDirectory& run, const recipe::Recipe& recipe) {
  const auto manifest = artifact::read_manifest(run.corpus());
  if (!manifest) throw Error(ExitCode::data, run.root.string() + " has no cleaned corpus yet; hone clean its recipe first");
  const auto documents = manifest->files.find(artifact::kDocuments);
  const std::string digest = documents == manifest->files.end() ? "" : documents->second.sha256;
  const std::filesystem::path tokens = run.tokens() / artifact::kStatistics;
  return {{"schema", 1},
          {"name", recipe.name},
          {"lineage", run.root.filename().string()},
          {"version", base::kVersion},
          {"corpus", {{"fingerprint", manifest->fingerprint}, {"documents_sha256", digest}}},
          {"statistics", base::read_json(run.corpus() / artifact::kStatistics)},
          {"sources", collect_terms(run, recipe)},
          {"tokens", std::filesystem::exists(tokens) ? base::read_json(tokens) : json()},
          {"reviews", collect_reviews(run, digest)}};
}

void write_cleaning(const std::filesystem::path& directory, const json& cleaning, recipe::Language language) {
  base::write_file(directory / artifact::kCleaningJson, base::json_text(cleaning));
  base::write_file(directory / artifact::kCleaningHtml, cleaning_html(cleaning, language));
}

}  // namespace hone::report
