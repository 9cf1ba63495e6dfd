#pragma once
/// The artefact review/ of a run: what inspectors found, and what follows from it.
///   review.json: {"schema": 1, "reviews": [{…assess()…, "inspector", "date"}…]}, the latest last
///   findings-<sample>.json: the answers themselves
/// Reviews of a corpus that is no longer there are left out when the next one is recorded.
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "artifact/names.h"
#include "corpus/review.h"

namespace hone::corpus {

/// Adds a review, in place of an earlier one of the same sample. The caller holds the run's lock. `date` is ISO 8601, UTC.
/// Returns its entry. Throws data when an answer is missing.
nlohmann::json record_review(const artifact::RunDirectory& run, const ReviewSample& sample, const Answers& answers,
                             const std::string& inspector, const std::string& date);

}  // namespace hone::corpus
