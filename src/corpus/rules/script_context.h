#pragma once
/// What stands around a character, as far as its meaning depends on it: emoji, joining scripts, right-to-left text.
/// Properties from ICU; rules from UTS #51 (emoji) and UAX #31 section 2.3 (joiners).
#include <cstddef>
#include <string_view>

namespace hone::corpus {

/// The code points next to [begin, end) of a text; 0 at its borders.
char32_t before(std::string_view text, size_t begin);
char32_t after(std::string_view text, size_t end);

bool is_variation_selector(char32_t c);
/// Whether a variation selector has an effect behind `base`; `next` is what follows the selector.
bool takes_variation(char32_t base, char32_t selector, char32_t next);

/// Zero-width joiner or non-joiner at [begin, end) that shapes what it stands between.
bool joiner_has_effect(std::string_view text, size_t begin, size_t end, char32_t joiner);
/// Zero-width space between words of a script that writes none.
bool parts_words(std::string_view text, size_t begin, size_t end);
/// Length in bytes of the tag characters at `begin` when they spell a flag behind U+1F3F4 (end tag included), else 0.
size_t flag_tags(std::string_view text, size_t begin);

bool is_right_to_left(char32_t c);

}  // namespace hone::corpus
