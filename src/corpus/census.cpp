#include "corpus/census.h"

#include <unicode/uchar.h>

#include <array>
#include <bit>
#include <cstring>

#include "corpus/letter_model.h"
#include "corpus/unicode.h"
#include "corpus/word_noise.h"

namespace hone::corpus {
namespace {

constexpr uint32_t kLongWord = 40, kShortestRun = 3, kLeader = 3;
constexpr uint64_t kMultiplier = UINT64_C(0x9E3779B97F4A7C15);
constexpr char32_t kFirstSyllable = 0xAC00;

enum Class : uint8_t { space, newline, letter, digit, joint, sign, beyond };  // joint: signs that ordinary words have inside

constexpr std::array<Class, 256> byte_classes() {
  std::array<Class, 256> table{};
  for (size_t c = 0; c < 256; ++c) table[c] = c >= 0x80 ? beyond : c <= 0x20 || c == 0x7F ? space : sign;
  for (size_t c = 'a'; c <= 'z'; ++c) table[c] = table[c - 32] = letter;
  for (size_t c = '0'; c <= '9'; ++c) table[c] = digit;
  for (const char c : {'-', '_', '.', '/', '\'', ':', '&', ',', '=', '(', ')', '#', '"', ';', '?'}) table[static_cast<size_t>(c)] = joint;
  table['\n'] = newline;
  return table;
}
constexpr std::array<Class, 256> kClasses = byte_classes();

/// What bad recognition puts in the place of a syllable.
constexpr std::array<bool, 128> filler_table() {
  std::array<bool, 128> table{};
  for (const char c : {'|', '!', 'l', 'I', 'i', 'o', 'O', '{', '}', '\\', '^', '@', '$'}) table[static_cast<size_t>(c)] = true;
  for (size_t c = '0'; c <= '9'; ++c) table[c] = true;
  return table;
}
constexpr std::array<bool, 128> kFillers = filler_table();

constexpr bool is_laugh(char32_t c) { return c == U'ㅋ' || c == U'ㅎ' || c == U'ㅠ' || c == U'ㅜ'; }

/// Where a word stands between letter, something that is not one, and letter again.
enum class Sandwich : uint8_t { none, bread, filled };

/// What is known of a word while it is read. Lives in registers: nothing here is reached through a pointer.
struct WordState {
  uint32_t characters = 0, latin = 0, digits = 0, symbols = 0, other_letters = 0;
  uint32_t run_letters = 0, run_cost = 0;      // the present run of Latin letters
  uint32_t modelled_letters = 0, cost = 0;     // runs that were long enough
  uint32_t fillings = 0;
  uint32_t previous = 0;  // letter before, 0 at a border
  uint32_t leaders = 0, same_signs = 0;
  char32_t first_syllable = 0, last_syllable = 0;  // of the present run of Hangul
  uint32_t syllables = 0;                          // in it
  uint32_t behind_hangul = 0;                      // characters since the last syllable; counted once there is one
  bool has_hangul = false, last_fills = false;
  uint8_t last_sign = 0;
  Sandwich sandwich = Sandwich::none;
  bool content = false;
  bool mixed = false;  // I or O behind another letter

  void end_letters(const LetterCosts& costs) {
    if (run_letters >= kShortestRun) {
      cost += run_cost + costs[previous * 27];
      modelled_letters += run_letters;
    }
    run_letters = run_cost = previous = 0;
  }
  void add_letter(uint8_t byte, const LetterCosts& costs) {
    const uint32_t number = (byte | 0x20U) - 'a' + 1;
    run_cost += costs[previous * 27 + number];
    mixed |= run_letters > 0 && (byte == 'I' || byte == 'O');
    previous = number;
    ++run_letters;
    ++latin;
    fillings += sandwich == Sandwich::filled;
    sandwich = Sandwich::bread;
    last_sign = 0;
  }
};

class CensusTaker {
 public:
  CensusTaker(std::string_view text, Census& census) : text_(text), census_(census) {
    std::vector<CensusWord> words = std::move(census.words);
    std::vector<CensusLine> lines = std::move(census.lines);
    words.clear();
    lines.clear();
    census = {};
    census.words = std::move(words);
    census.lines = std::move(lines);
  }

  void run() {
    for (size_t i = 0; i < text_.size();) {
      const Class kind = kClasses[static_cast<uint8_t>(text_[i])];
      if (kind == space || kind == newline) {
        ++i;
        if (kind == newline) end_line();
        continue;
      }
      i = kind == beyond ? skip_space(i) : word(i);
    }
    end_line();
    if (census_.modelled_letters > 0) census_.surprise = static_cast<double>(cost_) / 10 / static_cast<double>(census_.modelled_letters);
    if (census_.hangul_runs > 0) census_.syllable_order = static_cast<double>(order_) / 10 / static_cast<double>(census_.hangul_runs);
  }

 private:
  /// Behind the white space outside ASCII at `i`, or behind the word there.
  size_t skip_space(size_t i) {
    size_t next = i;
    return is_white_space(next_code_point(text_, next)) ? next : word(i);
  }

  /// Reads the word at `begin`; the position behind it.
  size_t word(size_t begin) {
    WordState word;
    size_t i = begin;
    for (; i < text_.size();) {
      const auto byte = static_cast<uint8_t>(text_[i]);
      const Class kind = kClasses[byte];
      if (kind <= newline) break;
      if (kind == beyond) {
        const size_t at = i;
        const char32_t c = next_code_point(text_, i);
        if (!other(c, word)) {
          i = at;
          break;
        }
      } else {
        ++i;
        if (word.has_hangul) leave_hangul(byte, word);
        if (kind == letter) word.add_letter(byte, costs_);
        else ascii(kind, byte, word);
      }
      ++word.characters;
    }
    word.end_letters(costs_);
    end_syllables(word);
    store(word, begin, i);
    return i;
  }

  void ascii(Class kind, uint8_t byte, WordState& word) const {
    word.end_letters(costs_);
    word.same_signs = kind != digit && byte == word.last_sign ? word.same_signs + 1 : 1;
    word.leaders += word.same_signs >= kLeader;
    word.last_sign = kind != digit ? byte : 0;
    word.digits += kind == digit;
    word.symbols += kind != digit;
    word.content |= kind == digit;
    if (kind == joint) word.sandwich = Sandwich::none;
    else if (word.sandwich == Sandwich::bread) word.sandwich = Sandwich::filled;
  }

  /// False when the character is white space, which ends the word.
  bool other(char32_t c, WordState& word) {
    word.sandwich = Sandwich::none;
    word.last_sign = 0;
    word.end_letters(costs_);
    if (is_hangul_syllable(c)) {
      const uint8_t classes = syllables_.classes[c - kFirstSyllable];
      add_syllable(c, word);
      ++census_.hangul;
      census_.common_syllables += (classes & kCommonSyllable) != 0;
      census_.odd_syllables += (classes & kKsSyllable) == 0;
      ++word.other_letters;
      return true;
    }
    if (is_white_space(c)) return false;
    if (word.has_hangul) leave_hangul(c, word);
    const auto point = static_cast<UChar32>(c);
    const bool is_letter = is_jamo(c) || is_ideographic(c) || u_isalpha(point) != 0;
    word.other_letters += is_letter;
    census_.laughs += is_laugh(c);
    if (is_jamo(c)) ++census_.jamo;
    else if (is_ideographic(c)) ++census_.ideographs;
    else if (is_letter) ++census_.other_letters;
    else if (u_isdigit(point) != 0) ++word.digits;
    else ++word.symbols;
    word.content |= !is_letter && u_ispunct(point) == 0;
    return true;
  }

  void add_syllable(char32_t c, WordState& word) {
    census_.hangul_fillings += word.has_hangul && word.behind_hangul == 1 && word.last_fills;
    if (word.syllables++ == 0) word.first_syllable = c;
    word.last_syllable = c;
    word.has_hangul = true;
    word.behind_hangul = 0;
  }

  /// Another character behind syllables of the same word.
  void leave_hangul(char32_t c, WordState& word) {
    end_syllables(word);
    ++word.behind_hangul;
    word.last_fills = c < 0x80 ? kFillers[c] : is_ideographic(c);
  }

  void end_syllables(WordState& word) {
    if (word.syllables >= 2) {
      ++census_.hangul_runs;
      order_ += syllables_.first_gain[word.first_syllable - kFirstSyllable] + syllables_.last_gain[word.last_syllable - kFirstSyllable];
    }
    word.syllables = 0;
  }

  void store(const WordState& word, size_t begin, size_t end) {
    census_.characters += word.characters;
    census_.latin += word.latin;
    census_.digits += word.digits;
    census_.symbols += word.symbols;
    census_.leaders += word.leaders;
    census_.broken_words += word.fillings > 0;
    census_.words_of_letters += word.latin > 0 || word.has_hangul;
    if (may_be_noisy(word)) count_noise(text_.substr(begin, end - begin));
    if (word.characters <= kLongWord) {  // keys and addresses are no words, and say nothing about those around them
      cost_ += word.cost;
      census_.modelled_letters += word.modelled_letters;
    }
    const bool letters = word.latin + word.other_letters > 0;
    const uint64_t hash = word_hash(text_.substr(begin, end - begin));
    census_.words.push_back({hash, static_cast<uint32_t>(begin), static_cast<uint32_t>(end), word.characters, letters, letters || word.content});
    line_.hash = (line_.hash ^ hash) * kMultiplier;
    line_.hash ^= line_.hash >> 32;
    line_.characters += word.characters;
  }

  /// Words of letters alone, perhaps with a full stop, are not looked at twice.
  static bool may_be_noisy(const WordState& word) {
    return word.characters <= kLongWord && (word.symbols > 0 || word.mixed || (word.digits > 0 && word.latin + word.other_letters > 0) || (word.has_hangul && word.latin > 0));
  }

  void count_noise(std::string_view word) {
    switch (noise_of(word)) {
      case WordNoise::none: return;
      case WordNoise::inside: ++census_.noise_inside; return;
      case WordNoise::at_end: ++census_.noise_at_ends; return;
      case WordNoise::alone: ++census_.lone_noise; return;
    }
  }

  void end_line() {
    if (line_.characters > 0) census_.lines.push_back(line_);
    line_ = {};
  }

  std::string_view text_;
  Census& census_;
  const LetterCosts& costs_ = letter_costs();
  const SyllableModel& syllables_ = syllable_model();
  CensusLine line_;
  uint64_t cost_ = 0;  ///< Tenths of a nat of all modelled letters.
  int64_t order_ = 0;  ///< Tenths of a nat of all runs of Hangul.
};

}  // namespace

uint64_t word_hash(std::string_view word) {
  uint64_t hash = kMultiplier ^ word.size();
  for (; word.size() > 8; word.remove_prefix(8)) {
    uint64_t part = 0;
    std::memcpy(&part, word.data(), 8);
    hash = (std::rotl(hash, 29) ^ part) * kMultiplier;
  }
  uint64_t rest = 0;
  std::memcpy(&rest, word.data(), word.size());
  hash = (std::rotl(hash, 29) ^ rest) * kMultiplier;
  return hash ^ hash >> 32;
}

void take_census(std::string_view text, Census& census) { CensusTaker(text, census).run(); }

}  // namespace hone::corpus
