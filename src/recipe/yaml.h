#pragma once
/// YAML text to Value through yaml-cpp's event stream. Duplicate keys are problems and `<<` is merged here: yaml-cpp 0.7 keeps the
/// first of two equal keys silently and leaves `<<` alone. Hostile input: depth, size and alias expansion are bounded. A plain scalar with a tag of
/// its own keeps it in front, as in "!function utils.process_docs".
#include <optional>
#include <string>
#include <vector>

#include "recipe/value.h"

namespace hone::recipe {

/// Adds what is wrong to `problems`; nothing is returned when the text is no YAML at all.
std::optional<Value> parse_yaml(const std::string& text, const std::string& file, std::vector<Problem>& problems);

/// A scalar as YAML writes it, quoted when it would otherwise read as something else.
std::string yaml_scalar(const std::string& text);

}  // namespace hone::recipe
