#include "corpus/census.h"

#include <unicode/uchar.h>

#include <array>

#include "corpus/letter_model.h"
#include "corpus/unicode.h"

namespace hone::corpus {
namespace {

constexpr uint32_t kLongWord = 40;
constexpr uint64_t kMultiplier = UINT64_C(0x9E3779B97F4A7C15);
constexpr uint64_t kWordSeed = kMultiplier;
constexpr uint64_t with_character(uint64_t hash, char32_t c) { return (hash ^ c) * kMultiplier; }
constexpr uint64_t finished(uint64_t hash) { return hash ^ hash >> 32; }

enum Class : uint8_t { space, newline, letter, digit, joint, sign };  // joint: signs that ordinary words have inside

constexpr std::array<Class, 128> ascii_classes() {
  std::array<Class, 128> table{};
  for (size_t c = 0; c < 128; ++c) table[c] = c <= 0x20 || c == 0x7F ? space : sign;
  for (size_t c = 'a'; c <= 'z'; ++c) table[c] = table[c - 32] = letter;
  for (size_t c = '0'; c <= '9'; ++c) table[c] = digit;
  for (const char c : {'-', '_', '.', '/', '\'', ':', '&', ',', '=', '(', ')', '#', '"', ';', '?'}) table[static_cast<size_t>(c)] = joint;
  table['\n'] = newline;
  return table;
}
constexpr std::array<Class, 128> kAscii = ascii_classes();

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
      const auto byte = static_cast<uint8_t>(text_[i]);
      const size_t begin = i;
      if (byte < 0x80) {
        ++i;
        ascii(byte, begin);
      } else {
        other(next_code_point(text_, i), begin);
      }
    }
    end_word(text_.size());
    end_line();
    if (census_.modelled_letters > 0) census_.surprise /= static_cast<double>(census_.modelled_letters);
  }

 private:
  void ascii(uint8_t byte, size_t begin) {
    const Class kind = kAscii[byte];
    switch (kind) {
      case newline:
        end_word(begin);
        end_line();
        return;
      case space: end_word(begin); return;
      case letter:
        grow(byte, begin);
        word_.letters = word_.content = true;
        ++census_.latin;
        add_letter(static_cast<uint8_t>((byte | 0x20) - 'a' + 1));
        if (sandwich_ == Sandwich::filled) ++fillings_;
        sandwich_ = Sandwich::bread;
        return;
      case digit:
        grow(byte, begin);
        word_.content = true;
        ++census_.digits;
        break;
      case joint:
      case sign:
        grow(byte, begin);
        ++census_.symbols;
        break;
    }
    end_letters();
    if (kind == joint) {
      sandwich_ = Sandwich::none;
    } else if (sandwich_ == Sandwich::bread) {
      sandwich_ = Sandwich::filled;
    }
  }

  void other(char32_t c, size_t begin) {
    if (is_white_space(c)) return end_word(begin);
    grow(c, begin);
    end_letters();
    count(c);
    sandwich_ = Sandwich::none;
  }

  void count(char32_t c) {
    bool letter = true;
    if (is_hangul_syllable(c)) {
      ++census_.hangul;
      census_.common_syllables += is_common_syllable(c);
      census_.odd_syllables += !is_ks_syllable(c);
    } else if (is_jamo(c)) {
      ++census_.jamo;
    } else if (is_ideographic(c)) {
      ++census_.ideographs;
    } else if (u_isalpha(static_cast<UChar32>(c))) {
      ++census_.other_letters;
    } else {
      letter = false;
      word_.content |= !u_ispunct(static_cast<UChar32>(c));
      ++(u_isdigit(static_cast<UChar32>(c)) ? census_.digits : census_.symbols);
    }
    word_.letters |= letter;
    word_.content |= letter;
  }

  void grow(char32_t c, size_t begin) {
    if (word_.characters == 0) {
      word_ = {.hash = kWordSeed, .begin = static_cast<uint32_t>(begin)};
      fillings_ = 0;
      sandwich_ = Sandwich::none;
    }
    word_.hash = with_character(word_.hash, c);
    ++word_.characters;
    ++census_.characters;
  }

  void end_word(size_t position) {
    end_letters();
    if (word_.characters == 0) return;
    word_.end = static_cast<uint32_t>(position);
    word_.hash = finished(word_.hash);
    census_.words.push_back(word_);
    census_.broken_words += fillings_ > 0;
    if (word_.characters <= kLongWord) {  // keys and addresses are no words, and say nothing about those around them
      census_.surprise += word_cost_;
      census_.modelled_letters += word_letters_;
    }
    word_cost_ = 0;
    word_letters_ = 0;
    line_.hash = (line_.hash ^ word_.hash) * kMultiplier;
    line_.hash ^= line_.hash >> 32;
    line_.characters += word_.characters;
    word_.characters = 0;
  }

  void end_line() {
    if (line_.characters > 0) census_.lines.push_back(line_);
    line_ = {};
  }

  void add_letter(uint8_t letter_number) {
    run_cost_ += costs_[previous_letter_ * 27U + letter_number];
    previous_letter_ = letter_number;
    ++run_letters_;
  }

  void end_letters() {
    if (run_letters_ >= 3) {
      word_cost_ += run_cost_ + costs_[previous_letter_ * 27U];
      word_letters_ += run_letters_;
    }
    run_letters_ = 0;
    run_cost_ = 0;
    previous_letter_ = 0;
  }

  /// Where a word stands between letter, something that is not one, and letter again.
  enum class Sandwich : uint8_t { none, bread, filled };

  std::string_view text_;
  Census& census_;
  const LetterCosts& costs_ = letter_costs();
  CensusWord word_;
  CensusLine line_;
  Sandwich sandwich_ = Sandwich::none;
  uint32_t fillings_ = 0;
  uint8_t previous_letter_ = 0;
  uint32_t run_letters_ = 0;
  double run_cost_ = 0;
  double word_cost_ = 0;
  uint32_t word_letters_ = 0;
};

}  // namespace

uint64_t word_hash(std::string_view word) {
  uint64_t hash = kWordSeed;
  for (size_t i = 0; i < word.size();) hash = with_character(hash, next_code_point(word, i));
  return finished(hash);
}

void take_census(std::string_view text, Census& census) { CensusTaker(text, census).run(); }

}  // namespace hone::corpus
