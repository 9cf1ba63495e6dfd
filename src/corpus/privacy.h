#pragma once
/// What a cleaning run looked for, and, as plainly, what it did not: for statistics.json and the report.
#include <nlohmann/json_fwd.hpp>

#include "recipe/corpus.h"

namespace hone::corpus {

/// {"looked_for": [{"kind", "family", "action"}…], "not_looked_for": [words…]}. Kinds are those of ledgers.
nlohmann::json privacy_statement(const recipe::CorpusOptions& options);

}  // namespace hone::corpus
