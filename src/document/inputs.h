#pragma once
/// From what a recipe names to the files that are read, in an order that only names decide.
#include <filesystem>
#include <string>
#include <vector>

#include "document/stream.h"

namespace hone::document {

struct InputFile {
  std::filesystem::path path;
  std::string name;    ///< Relative to the fixed part of the pattern, with '/': the stem of ids, the same on
                       ///< every machine.
  size_t source = 0;   ///< Index into the sources.
  uint64_t bytes = 0;  ///< As stored.
};

/// Files of all sources, one source after the other; a file that two sources name is read twice. Gives
/// sources without a name one. Throws data when a pattern or folder yields nothing, or a named file is not
/// there.
std::vector<InputFile> list_inputs(std::vector<SourceSpec>& sources);

}  // namespace hone::document
