#include "corpus/word_noise.h"

#include <array>
#include <cstddef>

#include "corpus/unicode.h"

namespace hone::corpus {
namespace {

constexpr size_t kLongest = 30;

bool is_small(char32_t c) { return c >= 'a' && c <= 'z'; }
bool is_latin(char32_t c) { return is_small(c) || (c >= 'A' && c <= 'Z'); }
bool is_letter(char32_t c) { return is_latin(c) || is_hangul_syllable(c); }
/// Ordinary beside letters, though bad recognition makes them too: · « » ª º ² ³ µ.
bool is_modest(char32_t c) { return c == 0xB7 || c == 0xAB || c == 0xBB || c == 0xAA || c == 0xBA || c == 0xB2 || c == 0xB3 || c == 0xB5; }

bool is_odd_between_letters(char32_t c) {
  if (c < 0x80) return std::string_view{"|^~`*!$\\{}%@#"}.find(static_cast<char>(c)) != std::string_view::npos;
  return (c > 0xA0 && c < 0xC0 && !is_modest(c)) || (c >= 0x2020 && c <= 0x2022) || (c >= 0x25A0 && c < 0x2600);
}
bool is_odd_at_end(char32_t c) { return c < 0x80 ? std::string_view{"|^~`*'_"}.find(static_cast<char>(c)) != std::string_view::npos : c == 0xA6 || c == 0xB0 || c == 0xB7 || c == 0xAC; }

bool is_stop(char32_t c) { return c == '.' || c == ',' || c == ':' || c == ';' || c == '!' || c == '?' || c == ')'; }

/// Of Korean: what is counted. 부문1위, 2월1일.
bool is_counter(char32_t c) { return std::u32string_view{U"항조호장절편위명개월일년차급회번기부층권건단시분인"}.find(c) != std::u32string_view::npos; }

class Word {
 public:
  explicit Word(std::string_view bytes) {
    for (size_t i = 0; i < bytes.size() && size_ <= kLongest;) characters_[size_++] = next_code_point(bytes, i);
    while (first_ < size_ && !is_letter(characters_[first_])) ++first_;
    if (first_ == size_) return;
    last_ = size_ - 1;
    while (!is_letter(characters_[last_])) --last_;
  }

  WordNoise noise() const {
    if (size_ > kLongest || is_path()) return WordNoise::none;
    if (first_ == size_) return is_lone() ? WordNoise::alone : WordNoise::none;
    for (size_t i = first_ + 1; i < last_; ++i) {
      if (is_noise(i)) return WordNoise::inside;
    }
    size_t last = size_ - 1;
    while (last > last_ && is_stop(characters_[last])) --last;
    return ends_oddly(0) || ends_oddly(last) || is_stray(first_, first_ + 1) || is_stray(last_, last_ - 1) ? WordNoise::at_end : WordNoise::none;
  }

 private:
  bool is_path() const {
    for (size_t i = 0; i < size_; ++i) {
      if (characters_[i] == '/') return true;
    }
    return false;
  }

  bool came_before(size_t i) const {
    for (size_t k = 0; k < i; ++k) {
      if (characters_[k] == characters_[i]) return true;
    }
    return false;
  }

  /// l, I or O beside Hangul at an end of a word that has no other Latin letter.
  bool is_stray(size_t end, size_t beside) const {
    const char32_t c = characters_[end];
    if ((c != 'l' && c != 'I' && c != 'O') || first_ == last_ || !is_hangul_syllable(characters_[beside])) return false;
    size_t latin = 0;
    for (size_t i = first_; i <= last_; ++i) latin += is_latin(characters_[i]);
    return latin == 1;
  }

  bool is_noise(size_t i) const {
    const char32_t c = characters_[i], left = characters_[i - 1], right = characters_[i + 1];
    if (is_letter(left) && is_odd_between_letters(c) && is_odd_between_letters(right) && c != right && c != '`' && c != '*' && right != '`' && right != '*') return true;
    if (!is_letter(left) || !is_letter(right)) return false;
    const bool small = is_small(left) && is_small(right), hangul = is_hangul_syllable(left) && is_hangul_syllable(right);
    const bool closes = is_latin(left) && is_hangul_syllable(right);  // what follows is a particle
    if (c == 'I' || c == 'O') return small || hangul;
    if (c == 'l') return hangul;
    if (c == '1' && hangul) return left != U'제' && !is_counter(right);
    if (c == '0' || c == '1') return (small || is_hangul_syllable(left)) && (is_small(right) || is_hangul_syllable(right));
    if (c == '_') return (is_hangul_syllable(left) || is_hangul_syllable(right)) && !closes;
    if (c == 0xB7) return is_latin(left) || is_latin(right);
    if (c == '\'') return !came_before(i) && !is_english_ending(i + 1) && (!is_latin(right) || is_small(right));  // O'Neil
    if (c == '~' && hangul) return false;  // 월~금
    return is_odd_between_letters(c) && !came_before(i) && !((c == '`' || c == '*') && closes);
  }

  /// 's, 't, 'd, 'm, 're, 'll, 've.
  bool is_english_ending(size_t i) const {
    const auto at = [&](size_t k) { return k < size_ && is_latin(characters_[k]) ? characters_[k] | 0x20 : 0; };
    if (at(i) == 0) return false;
    if (at(i + 1) == 0) return at(i) == 's' || at(i) == 't' || at(i) == 'd' || at(i) == 'm';
    return at(i + 2) == 0 && ((at(i) == 'r' && at(i + 1) == 'e') || (at(i) == 'l' && at(i + 1) == 'l') || (at(i) == 'v' && at(i + 1) == 'e'));
  }

  bool ends_oddly(size_t end) const {
    const char32_t c = characters_[end];
    if (!is_odd_at_end(c)) return false;
    for (size_t i = 0; i < size_; ++i) {
      if (i != end && characters_[i] == c) return false;
    }
    return true;
  }

  bool is_lone() const {
    if (size_ == 0 || size_ > 2) return false;
    if (size_ == 1 && (characters_[0] == '|' || characters_[0] == '*' || characters_[0] == '~' || characters_[0] == 0xB7)) return false;
    if (size_ == 2 && characters_[0] == characters_[1] && (characters_[0] == '*' || characters_[0] == '`')) return false;
    return is_odd_at_end(characters_[0]) || (size_ == 2 && is_odd_at_end(characters_[1]));
  }

  std::array<char32_t, kLongest + 1> characters_{};
  size_t size_ = 0, first_ = 0, last_ = 0;
};

}  // namespace

WordNoise noise_of(std::string_view word) { return Word(word).noise(); }

}  // namespace hone::corpus
