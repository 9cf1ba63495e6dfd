#pragma once
/// `hone clean --dry-run`: what a recipe would change against the last finished corpus of its name.
#include "base/error.h"
#include "plan/prepare.h"

namespace hone::commands {

/// Cleans into a folder that goes away, compares, prints. Writes nothing in the runs.
ExitCode show_clean(const plan::RunPlan& plan, const plan::PrepareOptions& options);

}  // namespace hone::commands
