#include "corpus/monotony.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

#include "corpus/seen.h"
#include "corpus/units.h"

namespace hone::corpus {
namespace {

constexpr size_t kManyWords = 100, kFewWords = 12;
constexpr size_t kTimePlace = 40, kLogLines = 20;
constexpr double kTimedShare = 0.8, kRepeatedShare = 0.7;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// hh:mm:ss among the first characters.
bool has_time(std::string_view line) {
  const std::string_view head = line.substr(0, kTimePlace);
  for (size_t at = head.find(':'); at != std::string_view::npos; at = head.find(':', at + 1)) {
    if (at >= 2 && at + 5 < head.size() && is_digit(head[at - 2]) && is_digit(head[at - 1]) && is_digit(head[at + 1]) && is_digit(head[at + 2]) &&
        head[at + 3] == ':' && is_digit(head[at + 4]) && is_digit(head[at + 5])) {
      return true;
    }
  }
  return false;
}

uint64_t letters_hash(std::string_view line) {
  uint64_t hash = 0;
  for (const char c : line) {
    const auto byte = static_cast<uint8_t>(c);
    if (byte >= 0x80 || std::isalpha(byte) != 0) hash = (hash ^ byte) * UINT64_C(0x9E3779B97F4A7C15);
  }
  return hash ^ hash >> 32;
}

}  // namespace

bool has_few_words(const Census& census) {
  if (census.words.size() < kManyWords) return false;
  std::array<uint64_t, kFewWords> different{};
  size_t count = 0;
  for (const CensusWord& word : census.words) {
    if (std::find(different.begin(), different.begin() + static_cast<std::ptrdiff_t>(count), word.hash) != different.begin() + static_cast<std::ptrdiff_t>(count)) continue;
    if (count == kFewWords) return false;
    different[count++] = word.hash;
  }
  return true;
}

double repeated_shingle_share(std::string_view text) {
  thread_local std::vector<Unit> units;
  thread_local std::vector<uint32_t> shingles;
  thread_local Seen seen;
  find_units(text, units);
  find_shingles(units, shingles);
  seen.reset(shingles.size());
  const auto repeated = std::count_if(shingles.begin(), shingles.end(), [&](uint32_t shingle) { return seen.add(uint64_t{shingle} << 1); });
  return shingles.empty() ? 0 : static_cast<double>(repeated) / static_cast<double>(shingles.size());
}

bool is_log(std::string_view text) {
  const size_t first = text.find_first_not_of(" \n\t");
  if (first == std::string_view::npos || !has_time(text.substr(first, kTimePlace))) return false;
  thread_local Seen seen;
  seen.reset(static_cast<size_t>(std::count(text.begin(), text.end(), '\n')) + 2);
  size_t lines = 0, timed = 0, all = 0, repeated = 0;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = text.substr(begin, end - begin);
    begin = end + 1;
    if (line.empty()) continue;
    ++lines;
    timed += has_time(line);
    all += line.size();
    if (seen.add(letters_hash(line))) repeated += line.size();
  }
  const auto at_least = [](size_t part, double share, size_t whole) { return static_cast<double>(part) >= share * static_cast<double>(whole); };
  return lines >= kLogLines && at_least(timed, kTimedShare, lines) && at_least(repeated, kRepeatedShare, all);
}

}  // namespace hone::corpus
