#pragma once
/// What `hone validate` says of sources of instruction data: whether their first rows are what their format says.
#include <filesystem>
#include <string>
#include <vector>

#include "recipe/corpus.h"

namespace hone::plan {

struct RecordsFound {
  size_t source = 0;      ///< Index into corpus.sources.
  bool none_fits = false;  ///< Not one of the rows looked at.
  std::string sentence;   ///< How many do not fit, and what the first of them lacks.
};

/// Reads the first rows of each source's first file, 50 at most; sources whose rows all fit are left out. `reader` is hone-read; empty:
/// beside the running program.
std::vector<RecordsFound> check_records(const recipe::CorpusOptions& corpus, const std::filesystem::path& reader = {});

}  // namespace hone::plan
