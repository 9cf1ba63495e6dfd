#pragma once
/// Whether a value could be a secret that somebody uses, or only shows where one would stand.
#include <string_view>

namespace hone::corpus::secret {

/// <password>, ${VAR}, {{ x }}, ****, "changeme", "your-token", AKIAIOSFODNN7EXAMPLE, 0123456789…: a place to be filled in.
bool is_placeholder(std::string_view value);

/// Drawn at random, as far as letters tell: a part of twelve characters or more that mixes letters and digits, of at least eight
/// different characters and three bits each (Shannon), and no digest that says so.
bool looks_random(std::string_view value);

/// Could be chosen as a password: letters with digits or signs, six characters or more, and no name of a type or function.
/// `in_prose`: stands in a sentence and has to show more (eight characters; a digit, a letter, and a sign or both cases).
bool looks_like_password(std::string_view value, bool in_prose);

}  // namespace hone::corpus::secret
