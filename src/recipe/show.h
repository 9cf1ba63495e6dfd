#pragma once
/// The described options in the forms people and editors read: the resolved recipe, the JSON Schema, --help, docs/options.md;
/// and the form stages are fingerprinted by.
#include <nlohmann/json.hpp>
#include <string>

#include "recipe/recipe.h"

namespace hone::recipe {

/// The whole recipe as YAML with every default written out. Loads back to the same recipe.
std::string resolved_yaml(Recipe recipe);

/// JSON Schema (draft 2020-12) of a recipe file.
nlohmann::json json_schema();

/// Every option of one section ("training") or of all (""), one a line with type, unit, default, range and aliases.
std::string options_text(const std::string& section);

/// docs/options.md.
std::string options_markdown();

/// The section's values as JSON without places (paths) and without options that may change when a run goes on.
nlohmann::json fingerprint_values(Section& section);
template <typename Options>
nlohmann::json fingerprint_values(Options options) {
  Section section;
  Binder bind(section);
  describe(bind, options);
  return fingerprint_values(section);
}

/// All values, for the report.
nlohmann::json resolved_json(Recipe recipe);

}  // namespace hone::recipe
