#include "corpus/review_record.h"

#include <nlohmann/json.hpp>

#include "artifact/commit.h"
#include "artifact/manifest.h"
#include "base/files.h"
#include "base/json_file.h"

namespace hone::corpus {
namespace fs = std::filesystem;
using nlohmann::json;

namespace {

std::string findings_name(const std::string& sample) { return "findings-" + sample + ".json"; }

/// Earlier reviews of the same corpus, apart from those of `sample`, with their findings files.
json earlier_reviews(const fs::path& folder, const std::string& corpus, const std::string& sample) {
  json kept = json::array();
  if (!artifact::read_manifest(folder)) return kept;
  const json stored = base::read_json(folder / artifact::kReviewJson);
  for (const json& review : stored.value("reviews", json::array())) {
    const std::string name = review.value("sample", "");
    if (review.value("corpus", "") == corpus && name != sample && fs::exists(folder / findings_name(name))) kept.push_back(review);
  }
  return kept;
}

}  // namespace

json record_review(const artifact::RunDirectory& run, const ReviewSample& sample, const Answers& answers, const std::string& inspector,
                   const std::string& date) {
  json entry = assess(sample, answers);
  entry["inspector"] = inspector;
  entry["date"] = date;
  json reviews = earlier_reviews(run.review(), sample.corpus, sample.id);
  artifact::Commit commit(run.review(), "review", {{"corpus", sample.corpus}, {"sample", sample.id}, {"entry", entry}});
  for (const json& review : reviews) {
    const std::string name = findings_name(review.at("sample"));
    base::write_file(commit.directory() / name, base::read_file(run.review() / name));
  }
  base::write_file(commit.directory() / findings_name(sample.id), base::json_text(findings_of(sample, answers)));
  reviews.push_back(entry);
  base::write_file(commit.directory() / artifact::kReviewJson, base::json_text({{"schema", 1}, {"reviews", reviews}}));
  commit.finish({{"reviews", reviews.size()}, {"documents", entry.at("documents")}, {"found", entry.at("found")}});
  return entry;
}

}  // namespace hone::corpus
