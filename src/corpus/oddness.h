#pragma once
/// How odd a run of characters reads: the score that a repair of wrongly decoded text has to lower.
///
/// A sum over the characters of what is rarely seen in text that was decoded rightly, in steps of about a nat: control characters
/// 0x80–0x9F and U+FFFD 4, characters of scripts hardly ever met 3, Hangul syllables 0.05 (the 500 commonest), 0.4 (KS X 1001) or
/// 2.5, capitals behind small letters 2, signs such as ¼ € ˜ stuck to accented letters 1.5 to 2, two accented Latin letters side by
/// side 1, Latin letters stuck to other scripts 1.5 to 2. Ordinary accented words cost 0.3 a letter, so café, Größe and São are cheap.
#include <string_view>

namespace hone::corpus {

/// `before` and `after` are the characters around the run, or 0 at the ends of the text.
double oddness(std::u32string_view run, char32_t before, char32_t after);

}  // namespace hone::corpus
