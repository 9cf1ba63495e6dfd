#pragma once
/// From each stage's artefact to its part of report.json. Null when the run has no such artefact. Only sums,
/// names and hashes: no text of documents but the sample continuations.
#include <nlohmann/json_fwd.hpp>

#include "report/report.h"

namespace hone::report {

/// {"read", "kept", "edited", "dropped": [{"rule", "documents", "bytes"}…], "rules": […], "languages",
/// "warnings", …}
nlohmann::json collect_data(const artifact::RunDirectory& run);

/// The recipe's sources with what they gave: [{"name", "licence", "access", "origin", …, "documents",
/// "bytes"}…].
nlohmann::json collect_sources(const artifact::RunDirectory& run, const recipe::Recipe& recipe);

/// {"parameters", "steps", "epochs", "tokens", "chosen_step", "train": [[step, loss]…], "validation": [[step,
/// loss, epoch]…],
///  "options"}; curves thinned to a few hundred points.
nlohmann::json collect_training(const artifact::RunDirectory& run, const recipe::Recipe& recipe);

/// {"created", "training_seconds", "tokens_per_second", "machine", "evaluation"}: all that differs from day
/// to day.
nlohmann::json collect_measured(const artifact::RunDirectory& run);

/// [{"name", "kind", "fingerprint", "files", "bytes"}…]
nlohmann::json collect_artefacts(const artifact::RunDirectory& run);
/// [{"name", "bytes", "sha256"}…] of the exported folder.
nlohmann::json collect_model_files(const artifact::RunDirectory& run);
/// {"base", "shape"}
nlohmann::json collect_model(const ReportInputs& inputs);

nlohmann::json collect_samples(const artifact::RunDirectory& run);

}  // namespace hone::report
