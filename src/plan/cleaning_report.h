#pragma once
/// The cleaning report of a run: made again whenever corpus, tokens or reviews have changed, and from nothing else.
#include <filesystem>

#include "artifact/names.h"
#include "recipe/recipe.h"

namespace hone::plan {

/// Writes cleaning/ unless it is up to date. The run has a committed corpus, and the caller holds its lock.
void refresh_cleaning_report(const artifact::RunDirectory& run, const recipe::Recipe& recipe);

/// The same, and report/ once more where there is one: for facts that came in after the run, such as a check by hand. The recipe
/// is the run's own. The caller holds the lock.
void rewrite_reports(const artifact::RunDirectory& run);

/// Puts a copy of the run's cleaning report beside report.html, which links to it, so that the two can be sent together.
void add_cleaning_report(const artifact::RunDirectory& run, const std::filesystem::path& report);

}  // namespace hone::plan
