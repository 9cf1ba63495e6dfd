#pragma once
/// What bad recognition leaves in words: signs, digits and the letters that look like them in places where words have none.
///
/// Inside: between two letters a sign that words are not written with (| ^ ~ ` * ° ¬ \ ! $, bullets, most signs of Latin-1), an
/// apostrophe before anything but an English ending, 0 or 1 between small letters, I or O between small letters, and l, I, O, 0, 1
/// or _ between Hangul syllables. At an end: such a sign at one end without its like in the word, or l, I or O beside Hangul.
/// Ordinary writing is left out: marks that open and close (*so*, `name`을), 한·중, 월~금, O'Neil, paths (any word with a slash), and
/// words of more than 30 characters.
#include <cstdint>
#include <string_view>

namespace hone::corpus {

enum class WordNoise : uint8_t { none, inside, at_end, alone };

/// Of a word (no white space). `alone`: one or two characters, no letter, and a sign that no text has on its own.
WordNoise noise_of(std::string_view word);

}  // namespace hone::corpus
