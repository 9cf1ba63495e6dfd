#include "corpus/units.h"

#include <unicode/uchar.h>

#include <array>

#include "corpus/unicode.h"

namespace hone::corpus {
namespace {

constexpr uint64_t kMultiplier = UINT64_C(0x9E3779B97F4A7C15);
constexpr int kWordWeight = 10, kCharacterWeight = 5, kShingleWeight = 40;
constexpr size_t kLongestShingle = kShingleWeight / kCharacterWeight;

constexpr uint64_t mix(uint64_t hash, uint64_t value) {
  hash = (hash ^ value) * kMultiplier;
  return hash ^ (hash >> 29);
}

/// For ASCII: the lower-cased letter or digit, or 0 where a word ends.
constexpr std::array<uint8_t, 128> ascii_word_bytes() {
  std::array<uint8_t, 128> table{};
  for (uint8_t c = 0; c < 128; ++c) {
    if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')) table[c] = c;
    if (c >= 'A' && c <= 'Z') table[c] = static_cast<uint8_t>(c + 32);
  }
  return table;
}
constexpr std::array<uint8_t, 128> kAsciiWord = ascii_word_bytes();

/// Collects one word at a time.
class WordBuilder {
 public:
  explicit WordBuilder(std::vector<Unit>& units) : units_(units) {}

  void add(uint64_t value, size_t begin, bool digit) {
    if (!open_) {
      open_ = true;
      word_ = {.begin = static_cast<uint32_t>(begin)};
      hash_ = kMultiplier;
    }
    hash_ = (hash_ ^ value) * kMultiplier;
    word_.digits |= digit;
  }

  void end(size_t position) {
    if (!open_) return;
    open_ = false;
    word_.hash = hash_ ^ (hash_ >> 32);
    word_.end = static_cast<uint32_t>(position);
    units_.push_back(word_);
  }

 private:
  std::vector<Unit>& units_;
  Unit word_;
  uint64_t hash_ = 0;
  bool open_ = false;
};

}  // namespace

void find_units(std::string_view text, std::vector<Unit>& units) {
  units.clear();
  WordBuilder word(units);
  for (size_t i = 0; i < text.size();) {
    const auto byte = static_cast<uint8_t>(text[i]);
    const size_t begin = i;
    if (byte < 0x80) {
      ++i;
      const uint8_t c = kAsciiWord[byte];
      if (c == 0) {
        word.end(begin);
      } else {
        word.add(c, begin, c <= '9');
      }
      continue;
    }
    const char32_t c = next_code_point(text, i);
    if (is_hangul_syllable(c) || is_ideographic(c)) {
      word.end(begin);
      units.push_back({mix(kMultiplier + 1, c), static_cast<uint32_t>(begin), static_cast<uint32_t>(i), true, false});
    } else if (u_isalnum(static_cast<UChar32>(c)) || u_charType(static_cast<UChar32>(c)) == U_NON_SPACING_MARK ||
               u_charType(static_cast<UChar32>(c)) == U_COMBINING_SPACING_MARK) {
      word.add(static_cast<uint64_t>(u_tolower(static_cast<UChar32>(c))), begin, u_isdigit(static_cast<UChar32>(c)) != 0);
    } else if (!is_default_ignorable(c)) {
      word.end(begin);
    }
  }
  word.end(text.size());
}

void find_shingles(const std::vector<Unit>& units, std::vector<uint32_t>& shingles) {
  // Polynomial hash of units begin … end-1 from those of all prefixes: p(end) - p(begin) · b^(end - begin), modulo 2^64.
  static const std::array<uint64_t, kLongestShingle + 1> kPowers = [] {
    std::array<uint64_t, kLongestShingle + 1> powers{1};
    for (size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * kMultiplier;
    return powers;
  }();
  shingles.clear();
  if (units.empty()) return;
  thread_local std::vector<uint64_t> prefix;
  prefix.assign(1, 0);
  for (const Unit& unit : units) prefix.push_back(prefix.back() * kMultiplier + unit.hash);
  const auto weight = [&](size_t i) { return units[i].character ? kCharacterWeight : kWordWeight; };
  size_t end = 0;
  int total = 0;
  for (size_t begin = 0; begin < units.size(); ++begin) {
    while (end < units.size() && total < kShingleWeight) total += weight(end++);
    if (total < kShingleWeight && begin > 0) break;  // the rest is part of the shingle before
    const uint64_t hash = (prefix[end] - prefix[begin] * kPowers[end - begin]) * UINT64_C(0xD6E8FEB86659FD93);
    shingles.push_back(static_cast<uint32_t>((hash ^ (hash >> 32)) >> 16));
    total -= weight(begin);
  }
}

}  // namespace hone::corpus
