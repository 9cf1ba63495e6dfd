#pragma once
/// Ways to say the same over and over that runs of five words do not show.
#include <string_view>

#include "corpus/census.h"

namespace hone::corpus {

/// A hundred words or more of which at most a dozen are different: words drawn from a short list.
bool has_few_words(const Census& census);

/// Share of a text's shingles (units.h) that it has had before. For text without spaces, where a word may be a page.
double repeated_shingle_share(std::string_view text);

/// Records of a machine: nearly all of twenty lines or more begin with a time of day, and most of their characters stand in lines
/// whose letters were there before. A transcript of people has the times, not the repetition.
bool is_log(std::string_view text);

}  // namespace hone::corpus
