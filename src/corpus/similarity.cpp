#include "corpus/similarity.h"

#include <unicode/uchar.h>

#include <algorithm>
#include <map>
#include <utility>

#include "base/hash.h"
#include "corpus/alignment.h"
#include "corpus/unicode.h"

namespace hone::corpus {
namespace {

/// Words and their places for comparison by eye: a run of letters and digits of any script.
std::vector<std::string_view> words_of(const Features& document) {
  std::vector<std::string_view> words;
  const std::string_view text = document.text;
  for (size_t i = 0; i < document.units.size();) {
    size_t last = i;
    while (last + 1 < document.units.size() && document.units[last + 1].begin == document.units[last].end) ++last;
    words.push_back(text.substr(document.units[i].begin, document.units[last].end - document.units[i].begin));
    i = last + 1;
  }
  return words;
}

bool is_capitalised(std::string_view word) {
  size_t i = 0;
  return u_isupper(static_cast<UChar32>(next_code_point(word, i))) != 0;
}

/// The parts of two words that differ: Hangul that both end with is cut off, as it may be a particle.
std::pair<std::string_view, std::string_view> cores(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty()) {
    size_t end_a = a.size(), end_b = b.size();
    const char32_t last = previous_code_point(a, end_a);
    if (!is_hangul_syllable(last) || previous_code_point(b, end_b) != last) break;
    a = a.substr(0, end_a);
    b = b.substr(0, end_b);
  }
  return {a, b};
}

/// What the places where two texts differ say together.
class Differences {
 public:
  void replaced(std::string_view a, std::string_view b) {
    const auto [core_a, core_b] = cores(a, b);
    if (core_a.empty() || core_b.empty()) {
      ++ordinary_;
      return;
    }
    ++pairs_[{core_a, core_b}];
    ++from_[core_a];
    ++to_[core_b];
    ++(is_capitalised(a) && is_capitalised(b) ? names_ : ordinary_);
  }
  void unpaired(size_t words) { ordinary_ += words; }
  void unchanged(std::string_view word) { ++same_[word]; }

  bool only_names() const { return names_ > 0 && ordinary_ == 0; }

  /// A slot of a form: one core became the same other core twice or more, and that is what happened at most of the places where
  /// either stands. (Where two forms share a party in different roles, some places look unchanged.)
  bool has_slot() const {
    for (const auto& [pair, count] : pairs_) {
      const auto& [a, b] = pair;
      if (count >= 2 && 2 * count > from_.at(a) + unchanged_with(a) && 2 * count > to_.at(b) + unchanged_with(b)) return true;
    }
    return false;
  }

 private:
  size_t unchanged_with(std::string_view core) const {
    size_t count = 0;
    for (auto at = same_.lower_bound(core); at != same_.end() && at->first.starts_with(core); ++at) count += at->second;
    return count;
  }

  std::map<std::pair<std::string_view, std::string_view>, size_t> pairs_;
  std::map<std::string_view, size_t> from_, to_, same_;
  size_t names_ = 0, ordinary_ = 0;
};

}  // namespace

Features features_of(std::string text) {
  Features result{.text = std::move(text)};
  find_units(result.text, result.units);
  result.counted.reserve(result.units.size());
  for (size_t i = 0; i < result.units.size(); ++i) {
    uint64_t hash = result.units[i].hash;
    if (result.units[i].character && i + 1 < result.units.size()) hash = hash * 31 + result.units[i + 1].hash;
    result.counted.push_back(hash);
  }
  std::sort(result.counted.begin(), result.counted.end());
  return result;
}

double jaccard(const Features& a, const Features& b) {
  size_t common = 0;
  for (size_t i = 0, j = 0; i < a.counted.size() && j < b.counted.size();) {
    if (a.counted[i] == b.counted[j]) {
      ++common;
      ++i;
      ++j;
    } else if (a.counted[i] < b.counted[j]) {
      ++i;
    } else {
      ++j;
    }
  }
  const size_t all = a.counted.size() + b.counted.size() - common;
  return all == 0 ? 1.0 : static_cast<double>(common) / static_cast<double>(all);
}

uint64_t hash_of_numbers(std::string_view text, const std::vector<Unit>& units) {
  uint64_t sum = 0;
  for (const Unit& unit : units) {
    if (!unit.digits) continue;
    for (size_t i = unit.begin; i < unit.end;) {
      const size_t begin = i;
      while (i < unit.end && text[i] >= '0' && text[i] <= '9') ++i;
      if (i > begin) sum += base::hash64(text.substr(begin, i - begin));
      else ++i;
    }
  }
  return sum;
}

bool are_twins(const Features& a, const Features& b) {
  if (hash_of_numbers(a.text, a.units) != hash_of_numbers(b.text, b.units)) return true;
  const std::vector<std::string_view> words_a = words_of(a), words_b = words_of(b);
  const std::vector<Match> matches = align(words_a, words_b);
  Differences differences;
  size_t i = 0, j = 0;
  const auto gap_until = [&](size_t end_a, size_t end_b) {
    const size_t paired = std::min(end_a - i, end_b - j);
    // Only gaps of equal length say which word stands for which.
    if (end_a - i == end_b - j) {
      for (size_t k = 0; k < paired; ++k) differences.replaced(words_a[i + k], words_b[j + k]);
    } else {
      differences.unpaired(std::max(end_a - i, end_b - j));
    }
  };
  for (const Match& match : matches) {
    gap_until(match.a, match.b);
    for (size_t k = 0; k < match.length; ++k) differences.unchanged(words_a[match.a + k]);
    i = match.a + match.length;
    j = match.b + match.length;
  }
  gap_until(words_a.size(), words_b.size());
  return differences.only_names() || differences.has_slot();
}

}  // namespace hone::corpus
