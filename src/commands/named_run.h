#pragma once
/// The run that a word on the command line means.
#include <string>

#include "artifact/names.h"
#include "commands/verb.h"
#include "recipe/report.h"

namespace hone::commands {

/// A run's folder, its lineage, or the recipe it came from (arguments.positional[0]), with a committed corpus. Throws data when
/// there is none.
artifact::RunDirectory run_with_corpus(const Arguments& arguments);

/// The language of its report, for pages about it; English when its recipe cannot be read any more.
recipe::Language page_language(const artifact::RunDirectory& run);

/// Writes a page and says where; to standard output when `file` is -.
void write_page(const std::string& file, const std::string& html);

}  // namespace hone::commands
