#pragma once
/// The text as a sequence of comparable units, for finding documents that say the same.
///
/// A unit is a run of letters and digits (lower-cased, as hash) or, in Hangul, Han and kana, a single character, so that spacing
/// does not matter there. Punctuation and white space separate and are not part of any unit.
/// A shingle is the shortest run of units with a weight of at least 40, where a word weighs 10 and a character 5: four words of
/// English, eight syllables of Korean, and a fair mixture where the two are mixed.
#include <cstdint>
#include <string_view>
#include <vector>

namespace hone::corpus {

struct Unit {
  uint64_t hash = 0;
  uint32_t begin = 0, end = 0;  ///< Bytes of the text.
  bool character = false;       ///< Hangul, Han or kana: one character, not a word.
  bool digits = false;          ///< Holds a digit.
};

/// Units of the text in order; `units` is emptied first and keeps its memory.
void find_units(std::string_view text, std::vector<Unit>& units);

/// Hashes of all shingles, in order, with repetitions. A text of less than one shingle gives one hash of all its units.
void find_shingles(const std::vector<Unit>& units, std::vector<uint32_t>& shingles);

}  // namespace hone::corpus
