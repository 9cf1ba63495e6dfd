#pragma once
/// Keeps personal data and secrets out of what is shown besides the text: excerpts in ledgers, originals of edits, examples.
///
/// Looks for all that has a form of its own, whatever the recipe asks the rules to look for.
#include <string>
#include <string_view>

namespace hone::corpus {

bool has_sensitive(std::string_view text);

/// The text with placeholders in the place of personal data and secrets.
std::string without_sensitive(std::string_view text);

}  // namespace hone::corpus
