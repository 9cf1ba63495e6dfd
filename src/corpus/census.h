#pragma once
/// What a text is made of: one walk over it that all measures of quality share.
///
/// Words are runs without white space, so Korean is measured by eojeol. Letter plausibility asks whether runs of Latin letters
/// could be English by their pairs (letter_model.h); syllable counts ask the same of Hangul.
#include <cstdint>
#include <string_view>
#include <vector>

namespace hone::corpus {

struct CensusWord {
  uint64_t hash = 0;  ///< word_hash() of it.
  uint32_t begin = 0, end = 0;
  uint32_t characters = 0;
  bool letters = false;  ///< Has a letter.
  bool content = false;  ///< Has something that is not punctuation.
};

struct CensusLine {
  uint64_t hash = 0;  ///< Of the line without space at its ends.
  uint32_t characters = 0;
};

struct Census {
  std::vector<CensusWord> words;
  std::vector<CensusLine> lines;  ///< Lines with something on them.
  uint64_t characters = 0;        ///< Code points that are not white space.
  uint64_t latin = 0, hangul = 0, ideographs = 0, other_letters = 0, digits = 0, symbols = 0;
  uint64_t jamo = 0;              ///< Letters of Hangul that stand alone.
  uint64_t laughs = 0;            ///< Of these, the ones that people laugh and cry with.
  uint64_t common_syllables = 0;  ///< Hangul syllables that ordinary text is made of.
  uint64_t odd_syllables = 0;     ///< Hangul syllables outside KS X 1001's 2,350.
  uint64_t hangul_fillings = 0;   ///< Single letters, digits or signs between syllables, as bad recognition leaves them.
  uint64_t hangul_runs = 0;       ///< Runs of two syllables or more.
  double syllable_order = 0;      ///< Mean nats that a run's first and last syllable gain by their places (letter_model.h).
  uint64_t leaders = 0;           ///< Signs that stand the third time in a row or more: ruled lines, dots to a page number.
  uint64_t broken_words = 0;      ///< Words with a digit or sign between letters, as bad recognition leaves them.
  uint64_t words_of_letters = 0;  ///< Latin or Hangul.
  uint64_t noise_inside = 0, noise_at_ends = 0, lone_noise = 0;  ///< Words by word_noise.h.
  uint64_t modelled_letters = 0;  ///< Latin letters in runs of three or more, in words of at most 40 characters.
  double surprise = 0;            ///< Mean nats a modelled letter costs under the letter model.

  uint64_t letters() const { return latin + hangul + ideographs + other_letters; }
  /// Letters among what is not ruled lines, a syllable or ideograph counting two: it says as much as two letters.
  double letter_share() const {
    const uint64_t twice = hangul + ideographs, all = characters - leaders + twice;
    return all == 0 ? 0 : static_cast<double>(letters() + twice) / static_cast<double>(all);
  }
  /// Words that recognition broke; a sign at an end counts half, for markup puts it there too.
  double noise_share() const {
    if (words_of_letters == 0) return 0;
    return (static_cast<double>(noise_inside) + 0.5 * static_cast<double>(noise_at_ends)) / static_cast<double>(words_of_letters) +
           static_cast<double>(lone_noise) / static_cast<double>(words.size());
  }
  /// Letters that stand alone, rare syllables and fillings among Hangul.
  double stray_hangul_share() const {
    const uint64_t all = hangul + jamo;
    return all == 0 ? 0 : static_cast<double>(jamo - laughs + odd_syllables + hangul_fillings) / static_cast<double>(all);
  }
};

/// The hash that a word of a census has.
uint64_t word_hash(std::string_view word);

/// `census` is overwritten and keeps its memory.
void take_census(std::string_view text, Census& census);

}  // namespace hone::corpus
