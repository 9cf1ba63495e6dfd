#pragma once
/// Which characters of a text show nothing and mean nothing where they stand.
///
/// Hidden characters carry text past a reader's eye (zero-width spaces, tag characters, variation selectors in rows) or turn it
/// round (bidirectional controls: Boucher & Anderson 2021, "Trojan source"). The same characters are needed elsewhere and stay:
/// joiners in emoji sequences (UTS #51) and in Arabic and Indic scripts (UAX #31, 2.3), variation selectors behind a character
/// that has variants, tags in flags, fillers in Hangul letter sequences, bidirectional controls in balance on a line with
/// right-to-left text, zero-width spaces between words of Thai, Lao, Khmer and Myanmar.
#include <string_view>
#include <vector>

#include "corpus/outcome.h"

namespace hone::corpus {

/// Edits that remove hidden characters (family hidden), control characters and terminal codes, and that turn line ends into
/// "\n" and other white space into a space (family normalise). Offsets of `text`, sorted.
std::vector<Edit> clear_invisible(std::string_view text);

}  // namespace hone::corpus
