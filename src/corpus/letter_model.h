#pragma once
/// Which letters follow each other in ordinary text, as small tables.
///
/// English: -ln p(next | letter) of letter pairs within words, a word border counting as a letter, from the English pages of the
/// Kubernetes, FastAPI and React documentation (6.7 million characters), one tenth of a nat a step. English prose costs about
/// 2.3 nats a letter, letters drawn at random 4 to 5.
/// Korean: the 500 commonest syllables of the Korean pages of the same documentation (1.0 million syllables), which cover 99.3 %
/// of them; a syllable drawn at random from all 11,172 is among them once in 22. Particles and endings close a run of Hangul and
/// seldom open one: ln p(syllable | first or last of a run) / p(syllable) is 1 nat a run in ordinary text, -1 in shuffled text.
/// Counted by tests/fixtures/letter_model.py.
#include <array>
#include <cstdint>

namespace hone::corpus {

/// Tenths of a nat of letter `next` behind `letter`, at 27 · letter + next; 0 is a word border, 1 to 26 are a to z.
using LetterCosts = std::array<uint8_t, 27 * 27>;
const LetterCosts& letter_costs();

enum SyllableClass : uint8_t { kCommonSyllable = 1, kKsSyllable = 2 };

/// Of every Hangul syllable, by its distance from U+AC00.
struct SyllableModel {
  std::array<uint8_t, 11172> classes{};  ///< Bits of SyllableClass.
  std::array<int8_t, 11172> first_gain{}, last_gain{};  ///< Tenths of a nat; 0 for syllables that are not common.
};
const SyllableModel& syllable_model();

bool is_common_syllable(char32_t syllable);

/// Whether the syllable is one of the 2,350 of KS X 1001 (EUC-KR), which cover Korean but for rare spellings.
bool is_ks_syllable(char32_t syllable);

}  // namespace hone::corpus
