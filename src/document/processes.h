#pragma once
/// What starting another program takes, whichever it is: its words as C wants them, as much of the environment as it may see, and a
/// clock that nobody sets back.
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace hone::document {

/// Seconds of CLOCK_MONOTONIC.
double monotonic_seconds();

/// "NAME=value" of those names that this process has in its environment, in the order given.
std::vector<std::string> environment_of(std::initializer_list<const char*> names);

/// The words with a null pointer behind them, as posix_spawn takes them; they belong to `words`.
std::vector<char*> pointers_to(std::vector<std::string>& words);

}  // namespace hone::document
