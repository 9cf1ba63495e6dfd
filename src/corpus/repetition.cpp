#include "corpus/repetition.h"

#include <algorithm>
#include <bit>
#include <vector>

#include "corpus/seen.h"

namespace hone::corpus {
namespace {

constexpr uint64_t kMultiplier = UINT64_C(0x9E3779B97F4A7C15);
constexpr size_t kRun = 5;

double share(uint64_t part, uint64_t whole) { return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole); }

double repeated_lines(const Census& census, Seen& seen) {
  uint64_t characters = 0;
  seen.reset(census.lines.size());
  for (const CensusLine& line : census.lines) {
    if (seen.add(line.hash)) characters += line.characters;
  }
  return share(characters, census.characters);
}

double repeated_runs(const Census& census, Seen& seen) {
  const std::vector<CensusWord>& words = census.words;
  if (words.size() < kRun) return 0;
  uint64_t characters = 0;
  size_t covered = 0;  // words up to here are counted already
  seen.reset(words.size());
  for (size_t i = 0; i + kRun <= words.size(); ++i) {
    uint64_t hash = 0;
    for (size_t k = i; k < i + kRun; ++k) hash = (std::rotl(hash, 23) ^ words[k].hash) * kMultiplier;
    if (!seen.add(hash)) continue;
    for (size_t k = std::max(i, covered); k < i + kRun; ++k) characters += words[k].characters;
    covered = i + kRun;
  }
  return share(characters, census.characters);
}

}  // namespace

Repetition measure_repetition(const Census& census) {
  thread_local Seen seen;
  return {.lines = repeated_lines(census, seen), .five_grams = repeated_runs(census, seen)};
}

}  // namespace hone::corpus
