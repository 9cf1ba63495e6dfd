#pragma once
/// From recipe file to Recipe: YAML, `extends` fragments, `--set` overrides, strict keys at every depth, types, ranges and
/// cross-checks. Every mistake of a recipe is found in one go.
/// Precedence: default < fragment named in `extends` (later over earlier) < recipe < --set.
/// Relative paths are relative to the file they stand in; those of --set to the current folder.
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "recipe/recipe.h"
#include "recipe/value.h"

namespace hone::recipe {

struct LoadedRecipe {
  Recipe recipe;
  std::vector<Problem> problems;         ///< Mistakes; the recipe must not be used unless empty.
  std::vector<Problem> warnings;         ///< Keys without effect in this recipe.
  std::map<std::string, Mark> given;     ///< Dotted path of every key that was written, and where.
};

/// Reads and checks; throws usage only when the file itself cannot be read. `overrides` are "a.b=c" texts.
LoadedRecipe load_recipe(const std::filesystem::path& path, const std::vector<std::string>& overrides);

/// Error that lists all problems, one a line; its code is usage unless only inputs are at fault.
[[noreturn]] void refuse(const std::vector<Problem>& problems);

/// What contradicts what between sections (checks.cpp).
void check_between_sections(LoadedRecipe& loaded);

}  // namespace hone::recipe
