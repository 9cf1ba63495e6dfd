#pragma once
/// The cleaning report: what was read, what each rule took or changed and why, what was looked for and what was not.
///
///   statistics.json, the recipe's sources, token statistics, reviews ──build──▶ cleaning.json ──▶ cleaning.html
/// For a person who signs for the corpus and may not be allowed to read it: no text of documents but the short masked specimens of
/// statistics.json. Equal JSON gives equal bytes.
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "artifact/names.h"
#include "recipe/recipe.h"

namespace hone::report {

/// Reads the committed corpus; tokens and reviews where there are any. Throws data when there is no corpus.
nlohmann::json build_cleaning_json(const artifact::RunDirectory& run, const recipe::Recipe& recipe);

std::string cleaning_html(const nlohmann::json& cleaning, recipe::Language language);

/// Writes cleaning.json and cleaning.html into `directory`, which exists.
void write_cleaning(const std::filesystem::path& directory, const nlohmann::json& cleaning, recipe::Language language);

}  // namespace hone::report
