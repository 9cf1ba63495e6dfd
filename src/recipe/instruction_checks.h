#pragma once
/// What contradicts what between the formats of sources and what training does with them. Part of checks.cpp's checks.
#include <functional>
#include <string>

#include "recipe/recipe.h"

namespace hone::recipe {

/// `wrong` takes a key and what is wrong there, `idle` a key that has no effect where it was written, and why.
void check_instruction_data(const Recipe& recipe, const std::function<void(const std::string& key, std::string message)>& wrong,
                            const std::function<void(const std::string& key, const std::string& why)>& idle);

}  // namespace hone::recipe
