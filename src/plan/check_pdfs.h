#pragma once
/// What `hone validate` says of a recipe's PDF documents before any is read: programs that are missing, and
/// how many are scans.
#include <filesystem>
#include <string>
#include <vector>

#include "recipe/corpus.h"

namespace hone::plan {

/// Whole sentences. Looks at the first pages of 40 of the documents at most, spread over them; a few seconds
/// at worst. `reader` is hone-read; empty: beside the running program.
std::vector<std::string> check_pdfs(const recipe::CorpusOptions& corpus,
                                    const std::filesystem::path& reader = {});

}  // namespace hone::plan
