#pragma once
/// YAML of task files as JSON, with scalars resolved as PyYAML's safe loader does (YAML 1.1): yes and on are true, 1_000 is a number,
/// 1e5 is text. `!function name` becomes {"!function": "name"}.
#include <nlohmann/json.hpp>

#include "recipe/value.h"

namespace hone::tasks {

/// Throws usage with file:line for tags that are not known.
nlohmann::ordered_json to_json(const recipe::Value& value);

}  // namespace hone::tasks
