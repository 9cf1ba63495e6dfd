#pragma once
/// Text as Python's ast.literal_eval reads it: strings, numbers, True, False, None, lists, tuples and dictionaries of them. Templates
/// that print a list of choices are read back this way.
#include <optional>
#include <string_view>

#include "jinja/value.h"

namespace hone::tasks {

/// Nothing when the text is no such literal. Sets, byte strings, complex numbers and arithmetic are not literals here.
std::optional<jinja::Value> python_literal(std::string_view text);

}  // namespace hone::tasks
