#pragma once
/// What a recipe points at, looked at without writing anything: do the files exist, is the base model one Hone understands, does
/// the vocabulary load and fit it. For `hone validate`, and before anything long begins.
#include <filesystem>
#include <string>
#include <vector>

#include "recipe/load.h"

namespace hone::plan {

/// Mistakes in the inputs, each at the key that names them.
std::vector<recipe::Problem> check_inputs(const recipe::LoadedRecipe& loaded);

/// A recipe that is sound and points at things that are there; throws usage or data with every mistake otherwise. Speaks warnings.
recipe::Recipe load_checked(const std::filesystem::path& path, const std::vector<std::string>& overrides);

}  // namespace hone::plan
