#include "corpus/mojibake.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <optional>

#include "corpus/cp949.h"
#include "corpus/letter_model.h"
#include "corpus/oddness.h"
#include "corpus/unicode.h"

namespace hone::corpus {
namespace {

constexpr double kMargin = 2.0, kRemaining = 0.4;
constexpr double kSlack = 0.3, kWideSlack = 1.5;  // how much odder a run of a damaged text may become that fits to the last byte
constexpr double kKoreanAdvantage = 1.5;          // UTF-8 is the stricter code: CP949 must promise more to be preferred
constexpr double kDamagedShare = 0.25;            // of a line's characters beyond ASCII that come out as common syllables
constexpr size_t kLeastLost = 4;
constexpr double kLostShare = 0.08;               // of a line's characters
constexpr double kGivenUpShare = 1.0 / 3;         // of a text's bytes
constexpr size_t kCompany = 3;          // accepted runs from which the text counts as damaged
constexpr int kDepth = 3;               // wrong decodings one on top of the other
constexpr size_t kLeastSyllables = 3;
constexpr double kCommonShare = 0.6;    // of the syllables a reading as CP949 gives; wrong readings stay below 0.3
constexpr char32_t kLostByte = 0xFFFD;
constexpr int kNoByte = -1, kLost = 256;

/// What the bytes of a text can hold.
struct FirstLook {
  bool latin = false;    ///< A character U+0080–U+00FF with another behind it that a byte can have become.
  bool eastern = false;  ///< Han, kana, jamo or U+FFFD.
};

void look_closely(std::string_view text, size_t begin, size_t end, FirstLook& found) {
  const auto byte = [&](size_t i) { return i < text.size() ? static_cast<uint8_t>(text[i]) : uint8_t{0}; };
  for (size_t i = begin; i < end; ++i) {
    const uint8_t first = byte(i), third = byte(i + 2);
    found.latin |= (first & 0xFE) == 0xC2 && ((third >= 0xC2 && third <= 0xCB) || third == 0xE2 || third == 0xEF);
    found.eastern |= (first >= 0xE4 && first <= 0xE9) || (first == 0xE3 && byte(i + 1) > 0x80) || (first == 0xEF && byte(i + 1) == 0xBF && third == 0xBD);
  }
}

/// A glance at each block of bytes, which the compiler does many bytes at a time, and a closer look where it shows something.
FirstLook look_at(std::string_view text) {
  constexpr size_t kBlock = 64;
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  FirstLook found;
  size_t i = 0;
  for (; i + kBlock <= text.size(); i += kBlock) {
    uint8_t seen = 0;
    for (size_t k = 0; k < kBlock; ++k) {
      const uint8_t byte = bytes[i + k];
      seen |= static_cast<uint8_t>((byte & 0xFE) == 0xC2) | static_cast<uint8_t>(static_cast<uint8_t>(byte - 0xE3) < 7) | static_cast<uint8_t>(byte == 0xEF);
    }
    if (seen != 0) look_closely(text, i, i + kBlock, found);
  }
  look_closely(text, i, text.size(), found);
  return found;
}

/// The byte that windows-1252 or Latin-1 shows as this character, kLost for U+FFFD, kNoByte for all others.
int latin_byte(char32_t c) {
  if (c < 0x100) return static_cast<int>(c);
  if (c == kLostByte) return kLost;
  static constexpr std::array<char16_t, 32> kSpecial = {0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
                                                        0x2039, 0x0152, 0, 0x017D, 0, 0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
                                                        0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178};
  if (c > 0x2122) return kNoByte;
  const auto* found = std::find(kSpecial.begin(), kSpecial.end(), static_cast<char16_t>(c));
  return found == kSpecial.end() ? kNoByte : 0x80 + static_cast<int>(found - kSpecial.begin());
}

bool is_tail(int byte) { return byte >= 0x80 && byte < 0xC0; }

/// The character of a UTF-8 sequence of `length` bytes, 0 when it is none.
char32_t utf8_character(const int* bytes, size_t length) {
  static constexpr std::array<char32_t, 5> kLeast = {0, 0, 0x80, 0x800, 0x10000};
  char32_t c = static_cast<char32_t>(bytes[0]) & (0x7FU >> length);
  for (size_t k = 1; k < length; ++k) c = c << 6 | (static_cast<char32_t>(bytes[k]) & 0x3F);
  return c < kLeast[length] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF) ? 0 : c;
}

size_t utf8_length(int lead) { return lead < 0xC2 || lead > 0xF4 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4; }

/// How likely a character is that a lost byte may have been part of; 0 for hardly.
int likelihood(char32_t c) {
  if (is_hangul_syllable(c)) return is_common_syllable(c) ? 3 : is_ks_syllable(c) ? 1 : 0;
  if (c == 0x201D) return 3;  // the closing quote: E2 80 9D
  if (c == 0xC1 || c == 0xCD || c == 0xCF || c == 0xD0 || c == 0xDD || c == 0xC0) return 1;
  return c >= 0x0400 && c < 0x0460 ? 2 : 0;
}

/// Puts back the one lost byte of a sequence where a single value of those that windows-1252 leaves undefined stands out.
char32_t with_lost_byte(std::array<int, 4> bytes, size_t length) {
  static constexpr std::array<int, 5> kUndefined = {0x81, 0x8D, 0x8F, 0x90, 0x9D};
  const auto lost = std::find(bytes.begin() + 1, bytes.begin() + static_cast<std::ptrdiff_t>(length), kLost);
  if (std::count(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length), kLost) != 1) return 0;
  char32_t best = 0;
  int best_likelihood = 0, ties = 0;
  for (const int byte : kUndefined) {
    *lost = byte;
    const char32_t c = utf8_character(bytes.data(), length);
    const int found = c == 0 ? 0 : likelihood(c);
    if (found > best_likelihood) {
      best = c;
      best_likelihood = found;
      ties = 0;
    } else if (found == best_likelihood) {
      ++ties;
    }
  }
  return best_likelihood > 0 && ties == 0 ? best : 0;
}

/// The run with every UTF-8 sequence in it read as such; nothing when there is none. What fits no sequence stays.
std::optional<std::u32string> as_utf8(std::u32string_view run, bool& whole) {
  std::u32string result;
  whole = true;
  bool found = false;
  for (size_t i = 0; i < run.size();) {
    const size_t length = utf8_length(latin_byte(run[i]));
    std::array<int, 4> bytes{latin_byte(run[i])};
    size_t have = length == 0 ? 0 : 1;
    bool lost = false;
    while (have > 0 && have < length && i + have < run.size()) {
      const int byte = latin_byte(run[i + have]);
      if (!is_tail(byte) && byte != kLost) break;
      lost |= byte == kLost;
      bytes[have++] = byte;
    }
    const char32_t c = have == 0 || have < length ? 0 : lost ? with_lost_byte(bytes, length) : utf8_character(bytes.data(), length);
    if (c == 0) {
      result += run[i++];
      whole = false;
      continue;
    }
    result += c;
    i += length;
    found = true;
  }
  if (!found) return std::nullopt;
  return result;
}

/// Undoes up to kDepth wrong decodings, as many as make the run least odd.
std::optional<std::u32string> best_utf8(std::u32string_view run, char32_t before, char32_t after, double& cost, bool& whole) {
  std::optional<std::u32string> best;
  std::u32string current{run};
  for (int depth = 0; depth < kDepth; ++depth) {
    bool all = false;
    auto next = as_utf8(current, all);
    if (!next) break;
    current = std::move(*next);
    const double now = oddness(current, before, after);
    if (!best || now < cost) {
      best = current;
      cost = now;
      whole = all;
    }
  }
  return best;
}

/// The text as characters, with the byte where each begins, and one place behind the end.
struct Characters {
  std::u32string all;
  std::vector<size_t> at;

  explicit Characters(std::string_view text) {
    all.reserve(text.size());
    at.reserve(text.size() + 1);
    for (size_t i = 0; i < text.size();) {
      at.push_back(i);
      all += next_code_point(text, i);
    }
    at.push_back(text.size());
  }
  char32_t before(size_t i) const { return i == 0 ? 0 : all[i - 1]; }
  char32_t from(size_t i) const { return i < all.size() ? all[i] : 0; }
};

struct Candidate {
  size_t begin = 0, end = 0;  ///< Characters.
  std::u32string text;
  double before = 0, after = 0;
  bool whole = true;  ///< Every character took part.
  double gain() const { return before - after; }
  bool passes() const { return gain() >= kMargin && after <= kRemaining * before; }
  bool passes_in_company() const {
    const bool wide = std::all_of(text.begin(), text.end(), [](char32_t c) { return c >= 0x800; });
    return passes() || (whole && gain() >= (wide ? -kWideSlack : -kSlack));
  }
};

/// End of the run that CP949 can have made from `i` on, and its text; the run is empty when there is none.
Candidate read_cp949(const Characters& text, size_t i) {
  Candidate candidate{.begin = i, .end = i, .text = {}};
  while (candidate.end + 1 < text.all.size()) {
    const int lead = latin_byte(text.all[candidate.end]);
    const int trail = latin_byte(text.all[candidate.end + 1]);
    if (lead < 0x81 || lead > 0xFE || trail < 0x41 || trail > 0xFE) break;
    const char32_t c = cp949_character(static_cast<uint8_t>(lead), static_cast<uint8_t>(trail));
    if (c == 0) break;
    candidate.text += c;
    candidate.end += 2;
  }
  return candidate;
}

bool is_quotation(std::u32string_view text) {
  return std::all_of(text.begin(), text.end(), [](char32_t c) { return c == 0x2018 || c == 0x2019 || c == 0x201C || c == 0x201D || c == 0x2026; });
}

/// All runs that may be CP949, when together they read like Korean; the quotation marks of CP949 also in other text.
std::vector<Candidate> cp949_candidates(const Characters& text) {
  std::vector<Candidate> candidates;
  size_t syllables = 0, common = 0;
  double gain = 0;
  for (size_t i = 0; i < text.all.size();) {
    if (text.all[i] < 0x80 || latin_byte(text.all[i]) == kNoByte) {
      ++i;
      continue;
    }
    Candidate candidate = read_cp949(text, i);
    if (candidate.text.empty()) {
      ++i;
      continue;
    }
    candidate.before = oddness(std::u32string_view{text.all}.substr(i, candidate.end - i), text.before(i), text.from(candidate.end));
    candidate.after = oddness(candidate.text, text.before(i), text.from(candidate.end));
    i = candidate.end;
    for (const char32_t c : candidate.text) {
      syllables += is_hangul_syllable(c);
      common += is_common_syllable(c);
    }
    gain += candidate.gain();
    candidates.push_back(std::move(candidate));
  }
  const bool korean = syllables >= kLeastSyllables && gain >= 2 * kMargin && static_cast<double>(common) >= kCommonShare * static_cast<double>(syllables);
  if (!korean) std::erase_if(candidates, [](const Candidate& candidate) { return !is_quotation(candidate.text); });
  if (!korean && candidates.size() < 2) candidates.clear();
  return candidates;
}

/// Every run of characters beyond ASCII that Latin decodings can have made from UTF-8.
std::vector<Candidate> utf8_candidates(const Characters& text) {
  std::vector<Candidate> candidates;
  for (size_t i = 0; i < text.all.size();) {
    if (text.all[i] < 0x80 || latin_byte(text.all[i]) == kNoByte) {
      ++i;
      continue;
    }
    size_t end = i + 1;
    while (end < text.all.size() && text.all[end] >= 0x80 && latin_byte(text.all[end]) != kNoByte) ++end;
    if (end - i > 1) {
      Candidate candidate{.begin = i, .end = end, .text = {}};
      const std::u32string_view run = std::u32string_view{text.all}.substr(i, end - i);
      if (auto read = best_utf8(run, text.before(i), text.from(end), candidate.after, candidate.whole)) {
        candidate.text = std::move(*read);
        candidate.before = oddness(run, text.before(i), text.from(end));
        candidates.push_back(std::move(candidate));
      }
    }
    i = end;
  }
  return candidates;
}

/// The candidates that pass; with company also those that would not by themselves.
void accept(std::vector<Candidate> candidates, const Characters& text, std::string_view kind, std::vector<Repair>& repairs) {
  const auto sure = std::count_if(candidates.begin(), candidates.end(), [](const Candidate& c) { return c.passes(); });
  const bool company = static_cast<size_t>(sure) >= kCompany;
  for (const Candidate& candidate : candidates) {
    if (!(company ? candidate.passes_in_company() : candidate.passes())) continue;
    Repair repair{.begin = text.at[candidate.begin], .end = text.at[candidate.end], .text = {}, .kind = kind};
    for (const char32_t c : candidate.text) append_code_point(repair.text, c);
    repairs.push_back(std::move(repair));
  }
}

double total_gain(const std::vector<Candidate>& candidates) {
  double sum = 0;
  for (const Candidate& candidate : candidates) sum += candidate.passes_in_company() ? candidate.gain() : 0;
  return sum;
}

/// A line of Korean UTF-8 read as CP949: Han and rare syllables mixed. Back to bytes, and read as UTF-8.
struct LineReading {
  std::u32string text;
  bool valid = true;
  size_t common = 0;        ///< Common syllables that came out.
  size_t beyond_ascii = 0;  ///< Characters before.
};

/// The bytes of a line in CP949; U+FFFD and what CP949 has not become kLost.
std::vector<int> cp949_bytes_of(std::u32string_view line) {
  std::vector<int> bytes;
  for (const char32_t c : line) {
    const uint16_t pair = cp949_bytes(c);
    if (c < 0x80) {
      bytes.push_back(static_cast<int>(c));
    } else if (pair != 0) {
      bytes.push_back(pair >> 8);
      bytes.push_back(pair & 0xFF);
    } else {
      bytes.push_back(kLost);
    }
  }
  return bytes;
}

LineReading read_as_utf8(std::u32string_view line) {
  const std::vector<int> bytes = cp949_bytes_of(line);
  LineReading reading;
  for (const char32_t c : line) reading.beyond_ascii += c >= 0x80;
  for (size_t i = 0; i < bytes.size();) {
    const size_t length = bytes[i] < 0x80 ? 1 : utf8_length(bytes[i]);
    bool whole = length > 0 && i + length <= bytes.size();
    for (size_t k = 1; whole && k < length; ++k) whole = is_tail(bytes[i + k]);
    const char32_t c = !whole ? kLostByte : length == 1 ? static_cast<char32_t>(bytes[i]) : utf8_character(&bytes[i], length);
    reading.valid &= c != kLostByte && (c != 0 || length == 1);
    reading.common += is_common_syllable(c);
    reading.text += c;
    i += whole ? length : 1;
  }
  return reading;
}

bool is_mixed(std::u32string_view line) {
  return std::any_of(line.begin(), line.end(), [](char32_t c) { return is_ideographic(c) || is_jamo(c) || c == kLostByte; });
}

/// Repairs lines of UTF-8 read as CP949.
void repair_lines(const Characters& text, std::vector<Repair>& repairs) {
  for (size_t begin = 0; begin < text.all.size();) {
    const size_t end = std::min(text.all.find(U'\n', begin), text.all.size());
    const std::u32string_view line = std::u32string_view{text.all}.substr(begin, end - begin);
    if (is_mixed(line)) {
      const LineReading reading = read_as_utf8(line);
      const double before = oddness(line, 0, 0);
      const double after = reading.valid ? oddness(reading.text, 0, 0) : before;
      if (before - after >= kMargin && after <= kRemaining * before) {
        Repair repair{.begin = text.at[begin], .end = text.at[end], .text = {}, .kind = "utf8_as_cp949"};
        for (const char32_t c : reading.text) append_code_point(repair.text, c);
        repairs.push_back(std::move(repair));
      }
    }
    begin = end + 1;
  }
}

/// Repairs with at most a few ASCII characters between them become one: a damaged paragraph is one place, not hundreds.
std::vector<Repair> joined(std::vector<Repair> repairs, std::string_view text) {
  constexpr size_t kGap = 3;
  std::vector<Repair> result;
  for (Repair& repair : repairs) {
    if (!result.empty() && result.back().kind == repair.kind && repair.begin - result.back().end <= kGap && !repair.text.empty()) {
      result.back().text.append(text, result.back().end, repair.begin - result.back().end);
      result.back().text += repair.text;
      result.back().end = repair.end;
    } else {
      result.push_back(std::move(repair));
    }
  }
  return result;
}

/// Whether no right decoding makes such a line: lost characters, controls behind Latin letters, or Korean in pieces.
bool is_beyond_repair(std::u32string_view line) {
  size_t written = 0, bad = 0;
  for (size_t i = 0; i < line.size(); ++i) {
    const char32_t c = line[i];
    written += c > ' ';
    bad += c == kLostByte || (i > 0 && c >= 0x80 && c < 0xA0 && line[i - 1] >= 0xC0 && line[i - 1] < 0x100);
  }
  if (bad >= kLeastLost && static_cast<double>(bad) >= kLostShare * static_cast<double>(written)) return true;
  if (!is_mixed(line)) return false;
  const LineReading reading = read_as_utf8(line);
  return reading.common >= kLeastLost && static_cast<double>(reading.common) >= kDamagedShare * static_cast<double>(reading.beyond_ascii);
}

/// Takes out the lines that even the repairs leave unreadable; a text of which more than a third would go is given up.
void remove_beyond_repair(std::string_view text, Diagnosis& diagnosis) {
  std::vector<Repair> result;
  auto repair = diagnosis.repairs.begin();
  const auto last = diagnosis.repairs.end();
  size_t gone = 0;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    const auto first = repair;
    std::string line;
    size_t copied = begin;
    for (; repair != last && repair->begin < end; ++repair) {
      line.append(text, copied, repair->begin - copied);
      line += repair->text;
      copied = repair->end;
    }
    line.append(text, copied, end - std::min(copied, end));
    if (copied <= end && is_beyond_repair(Characters(line).all)) {
      gone += end - begin;
      result.push_back({.begin = begin, .end = end, .text = {}, .kind = "beyond_repair"});
    } else {
      std::move(first, repair, std::back_inserter(result));
    }
    begin = end + 1;
  }
  diagnosis.repairs = std::move(result);
  if (static_cast<double>(gone) > kGivenUpShare * static_cast<double>(text.size())) diagnosis.beyond_repair = true;
}

}  // namespace

Diagnosis diagnose(std::string_view text) {
  const FirstLook look = look_at(text);
  if (!look.latin && !look.eastern) return {};
  const Characters characters(text);
  Diagnosis diagnosis;
  if (look.latin) {
    std::vector<Candidate> utf8 = utf8_candidates(characters);
    std::vector<Candidate> korean = cp949_candidates(characters);
    if (total_gain(korean) > kKoreanAdvantage * total_gain(utf8)) {
      accept(std::move(korean), characters, "cp949_as_latin", diagnosis.repairs);
    } else {
      accept(std::move(utf8), characters, "utf8_as_latin", diagnosis.repairs);
    }
  }
  if (look.eastern && diagnosis.repairs.empty()) repair_lines(characters, diagnosis.repairs);
  const bool damaged = !diagnosis.repairs.empty() || look.eastern ||
                       std::any_of(characters.all.begin(), characters.all.end(), [](char32_t c) { return c >= 0x80 && c < 0xA0; });
  if (damaged) remove_beyond_repair(text, diagnosis);
  diagnosis.repairs = joined(std::move(diagnosis.repairs), text);
  return diagnosis;
}

}  // namespace hone::corpus
