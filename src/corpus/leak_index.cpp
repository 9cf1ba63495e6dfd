#include "corpus/leak_index.h"

#include <unicode/uchar.h>

#include <algorithm>
#include <array>
#include <bit>
#include <unordered_set>

#include "corpus/unicode.h"

namespace hone::corpus {
namespace {

constexpr int kWindow = 64;                          // bits of the hash
constexpr int kNarrow = 3, kWide = 7;                // of the shingles that find
constexpr int kFineNarrow = 11, kFineWide = 22;      // of those that compare
constexpr uint32_t kStride = 3;
constexpr uint32_t kShortest = 90;                   // bits: 30 letters or 13 syllables; less is a common phrase
constexpr uint32_t kLongStem = 180;                  // bits: 60 letters, 13 words or so
constexpr size_t kCommonItems = 16;
constexpr double kCandidateShare = 0.2, kWholly = 0.95;
constexpr size_t kSlackBytes = 200, kGapBytes = 40;
constexpr size_t kPlaces = 64;                       // of one item in one text that are looked at
constexpr size_t kMostMatches = size_t{1} << 20;     // kept at a time: a text made of one shingle must not fill the memory

constexpr uint64_t scrambled(uint64_t value) {
  value = (value ^ (value >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
  value = (value ^ (value >> 27)) * UINT64_C(0x94D049BB133111EB);
  return value ^ (value >> 31);
}
constexpr uint64_t letter_hash(char32_t c) { return scrambled(c + UINT64_C(0x9E3779B97F4A7C15)); }

/// Of ASCII: what the letter adds, 0 for what is no letter or digit.
constexpr std::array<uint64_t, 128> ascii_letters() {
  std::array<uint64_t, 128> table{};
  for (char32_t c = 'a'; c <= 'z'; ++c) table[c] = table[c - 32] = letter_hash(c);
  for (char32_t c = '0'; c <= '9'; ++c) table[c] = letter_hash(c);
  return table;
}
constexpr std::array<uint64_t, 128> kAscii = ascii_letters();

/// The letter of a character beyond ASCII and whether it is a wide one; 0 when it is no letter.
uint64_t letter_beyond_ascii(char32_t c, bool& wide) {
  wide = is_hangul_syllable(c) || is_ideographic(c);
  if (wide) return letter_hash(c);
  const auto point = static_cast<UChar32>(c);
  if (u_isalnum(point) == 0 && u_charType(point) != U_COMBINING_SPACING_MARK) return 0;
  return letter_hash(static_cast<char32_t>(u_tolower(point)));
}

/// Calls `each(hash, bits of this letter, byte behind it)` for every letter of the text.
template <int narrow, int wide, typename Each>
void each_letter(std::string_view text, Each each) {
  uint64_t hash = 0;
  for (size_t i = 0; i < text.size();) {
    const auto byte = static_cast<uint8_t>(text[i]);
    if (byte < 0x80) {
      ++i;
      const uint64_t letter = kAscii[byte];
      if (letter == 0) continue;
      hash = (hash << narrow) + letter;
      each(hash, narrow, i);
    } else {
      bool is_wide = false;
      const uint64_t letter = letter_beyond_ascii(next_code_point(text, i), is_wide);
      if (letter == 0) continue;
      hash = (hash << (is_wide ? wide : narrow)) + letter;
      each(hash, is_wide ? wide : narrow, i);
    }
  }
}

/// Adds the different fine shingles of a text, and sorts; a text of less than one adds nothing. None goes from one text to the next,
/// where documents have the labels of choices.
void add_fine(std::string_view text, std::vector<uint64_t>& shingles) {
  int bits = 0;
  each_letter<kFineNarrow, kFineWide>(text, [&](uint64_t hash, int width, size_t) {
    bits = std::min(bits + width, kWindow);
    if (bits == kWindow) shingles.push_back(hash);
  });
  std::sort(shingles.begin(), shingles.end());
  shingles.erase(std::unique(shingles.begin(), shingles.end()), shingles.end());
}

/// What of `shingles` stands in a text.
struct FineMatch {
  size_t end = 0;     ///< Byte behind it.
  size_t number = 0;  ///< Of the shingle.
};
struct Found {
  double share = 0;
  std::vector<FineMatch> matches;  ///< In order.
};

Found find_fine(const std::vector<uint64_t>& shingles, std::string_view text) {
  Found found;
  std::vector<bool> seen(shingles.size());
  size_t different = 0;
  each_letter<kFineNarrow, kFineWide>(text, [&](uint64_t hash, int, size_t end) {
    const auto at = std::lower_bound(shingles.begin(), shingles.end(), hash);
    if (at == shingles.end() || *at != hash) return;
    const auto number = static_cast<size_t>(at - shingles.begin());
    different += !seen[number];
    seen[number] = true;
    found.matches.push_back({end, number});
  });
  found.share = shingles.empty() ? 0 : static_cast<double>(different) / static_cast<double>(shingles.size());
  return found;
}

/// Where the letters of the fine shingle that ends at `end` begin.
size_t begin_of_fine(std::string_view text, size_t end) {
  int bits = 0;
  size_t begin = end;
  while (begin > 0 && bits < kWindow) {
    const char32_t c = previous_code_point(text, begin);
    bool wide = false;
    const uint64_t letter = c < 0x80 ? kAscii[c] : letter_beyond_ascii(c, wide);
    bits += letter == 0 ? 0 : wide ? kFineWide : kFineNarrow;
  }
  return begin;
}

/// Matches that follow each other letter by letter, as a span of the text.
struct Run {
  size_t begin = 0, end = 0;
  std::vector<size_t> numbers;  ///< Of the shingles in it.
};

bool has_blank_line(std::string_view text, size_t begin, size_t end) { return text.substr(begin, end - begin).find("\n\n") != std::string_view::npos; }

std::vector<Run> runs_of(std::string_view text, const std::vector<FineMatch>& matches) {
  constexpr size_t kNextLetter = 8;  // bytes: a character with some space and signs around it
  std::vector<Run> runs;
  for (const FineMatch& match : matches) {
    const size_t before = runs.empty() ? 0 : runs.back().end;
    if (runs.empty() || match.end - before > kNextLetter || has_blank_line(text, before, match.end)) {
      runs.push_back({std::max(before, begin_of_fine(text, match.end)), match.end, {}});
    }
    runs.back().end = match.end;
    runs.back().numbers.push_back(match.number);
  }
  return runs;
}

/// Grows from the longest run that touches [begin, end) to those close by that say something new of the item; over a blank line
/// only to runs too long for chance.
class Spread {
 public:
  Spread(std::string_view text, const std::vector<Run>& runs, size_t shingles) : text_(text), runs_(runs), said_(shingles) {}

  /// Bytes of the text; nothing when no run touches.
  std::pair<size_t, size_t> from(size_t begin, size_t end) {
    size_t first = runs_.size();
    for (size_t i = 0; i < runs_.size(); ++i) {
      const bool touches = runs_[i].end >= begin && runs_[i].begin < end;
      if (touches && (first == runs_.size() || runs_[i].numbers.size() > runs_[first].numbers.size())) first = i;
    }
    if (first == runs_.size()) return {};
    size_t last = first;
    note(runs_[first]);
    for (bool grew = true; grew;) {
      grew = false;
      if (first > 0 && joins(runs_[first - 1], runs_[first - 1], runs_[first])) {
        note(runs_[--first]);
        grew = true;
      }
      if (last + 1 < runs_.size() && joins(runs_[last + 1], runs_[last], runs_[last + 1])) {
        note(runs_[++last]);
        grew = true;
      }
    }
    return {runs_[first].begin, runs_[last].end};
  }

 private:
  void note(const Run& run) {
    for (const size_t number : run.numbers) said_[number] = true;
  }

  bool joins(const Run& run, const Run& left, const Run& right) const {
    constexpr size_t kSolid = 8;
    if (right.begin > left.end + kGapBytes) return false;
    const auto known = static_cast<size_t>(std::count_if(run.numbers.begin(), run.numbers.end(), [this](size_t number) { return said_[number]; }));
    if (known * 2 > run.numbers.size()) return false;
    return run.numbers.size() >= kSolid || !has_blank_line(text_, left.end, right.end);
  }

  std::string_view text_;
  const std::vector<Run>& runs_;
  std::vector<bool> said_;
};

}  // namespace

LeakIndex::LeakIndex(const std::vector<EvalItem>& items, double coverage) : coverage_(coverage) {
  for (const EvalItem& item : items) add(item);
  drop_common();
  fill_filter();
}

void LeakIndex::add(const EvalItem& item) {
  const auto number = static_cast<uint32_t>(items_.size());
  Item& added = items_.emplace_back();
  const auto add_part = [&](const std::string& text) {
    uint32_t bits = 0, letters = 0;
    each_letter<kNarrow, kWide>(text, [&](uint64_t hash, int width, size_t) {
      bits += static_cast<uint32_t>(width);
      if (bits >= kWindow && letters++ % kStride == 0) entries_.emplace(hash, Entry{number, added.shingles++});
    });
    added.bits += bits;
    added.bytes += text.size();
  };
  add_part(item.stem);
  added.texts = item;
  added.stem_bits = added.bits;
  added.stem_shingles = added.shingles;
  for (const std::string& side : item.sides) add_part(side);
  added.has_sides = added.bits > added.stem_bits;
  too_short_ += added.shingles == 0 || added.bits < kShortest;
}

/// Takes out shingles that many items share: "which of the following" says nothing.
void LeakIndex::drop_common() {
  std::vector<std::vector<uint32_t>> kept(items_.size());  // numbers that stay
  for (auto entry = entries_.begin(); entry != entries_.end();) {
    const auto range = entries_.equal_range(entry->first);
    std::unordered_set<uint32_t> items;
    for (auto at = range.first; at != range.second && items.size() <= kCommonItems; ++at) items.insert(at->second.item);
    if (items.size() > kCommonItems) {
      entry = entries_.erase(range.first, range.second);
      continue;
    }
    for (auto at = range.first; at != range.second; ++at) kept[at->second.item].push_back(at->second.number);
    entry = range.second;
  }
  for (size_t i = 0; i < items_.size(); ++i) {
    std::sort(kept[i].begin(), kept[i].end());
    kept[i].erase(std::unique(kept[i].begin(), kept[i].end()), kept[i].end());
    const auto sides = std::lower_bound(kept[i].begin(), kept[i].end(), items_[i].stem_shingles);
    items_[i].stem_shingles = static_cast<uint32_t>(sides - kept[i].begin());
    items_[i].shingles = static_cast<uint32_t>(kept[i].size());
  }
  for (auto& [hash, entry] : entries_) {
    const std::vector<uint32_t>& numbers = kept[entry.item];
    entry.number = static_cast<uint32_t>(std::lower_bound(numbers.begin(), numbers.end(), entry.number) - numbers.begin());
  }
}

void LeakIndex::fill_filter() {
  const int bits = std::clamp(static_cast<int>(std::bit_width(entries_.size() * 32)), 12, 28);
  filter_shift_ = 64 - bits;
  filter_.assign(size_t{1} << (bits - 6), 0);
  for (const auto& [hash, entry] : entries_) {
    filter_[hash >> filter_shift_ >> 6] |= UINT64_C(1) << (hash >> filter_shift_ & 63);
  }
}

/// Of one item's matches [first, last), in order of the text: the place with the most different shingles.
LeakIndex::Place LeakIndex::best_place(const std::vector<Match>& matches, size_t first, size_t last) const {
  const Item& item = items_[matches[first].entry.item];
  const size_t width = 2 * item.bytes + kSlackBytes;
  std::vector<uint32_t> times(item.shingles);
  size_t different = 0, of_stem = 0, begin = first, most = 0, most_of_stem = 0;
  uint32_t run = 0;
  Place place;
  for (size_t i = first; i < last; ++i) {
    const uint32_t number = matches[i].entry.number;
    const bool in_stem = number < item.stem_shingles;
    const bool follows = i > first && number == matches[i - 1].entry.number + 1 && matches[i].end - matches[i - 1].end < kGapBytes;
    run = !in_stem ? 0 : follows ? run + kStride * kNarrow : kWindow;  // syllables count as letters: the shorter estimate
    place.thirteen_words |= run >= kLongStem;
    if (times[number]++ == 0) {
      ++different;
      of_stem += in_stem;
    }
    while (matches[i].end - matches[begin].end > width) {
      const uint32_t gone = matches[begin++].entry.number;
      if (--times[gone] > 0) continue;
      --different;
      of_stem -= gone < item.stem_shingles;
    }
    if (different <= most) continue;
    most = different;
    most_of_stem = std::max(most_of_stem, of_stem);
    place.begin = matches[begin].end;
    place.end = matches[i].end;
  }
  place.candidate = static_cast<double>(most) >= kCandidateShare * item.shingles ||
                    (most_of_stem > 0 && static_cast<double>(most_of_stem) >= kCandidateShare * item.stem_shingles);
  return place;
}

/// Compares the place with the item. A leak without length when it is not there.
Leak LeakIndex::verified(std::string_view text, uint32_t number, const Place& place) const {
  const Item& item = items_[number];
  Leak leak{.item = number};
  if (item.bits < kShortest) return leak;
  const auto at_border = [&](size_t at) {
    while (at > 0 && at < text.size() && (static_cast<uint8_t>(text[at]) & 0xC0) == 0x80) --at;
    return at;
  };
  const size_t reach = item.bytes + item.bytes / 2 + kSlackBytes;
  const size_t begin = at_border(place.begin - std::min(place.begin, reach)), end = at_border(std::min(text.size(), place.end + reach));
  const std::string_view window = text.substr(begin, end - begin);
  std::vector<uint64_t> shingles;
  add_fine(item.texts.stem, shingles);
  const double stem = find_fine(shingles, window).share;
  for (const std::string& side : item.texts.sides) add_fine(side, shingles);
  const Found all = find_fine(shingles, window);
  const bool whole = item.stem_bits >= kShortest && stem >= kWholly;
  const bool by_stem = place.thirteen_words || (item.stem_bits >= kLongStem ? stem >= coverage_ : whole && !item.has_sides);
  const bool by_all = item.has_sides && all.share >= coverage_;
  if (!by_stem && !by_all) return leak;
  leak.coverage = by_all ? std::max(stem, all.share) : stem;
  const std::vector<Run> runs = runs_of(window, all.matches);
  const auto [from, to] = Spread(window, runs, shingles.size()).from(place.begin - begin, place.end - begin);
  leak.begin = begin + from;
  leak.end = begin + to;
  return leak;
}

void LeakIndex::find_places(std::string_view text, std::vector<Match>& matches, std::vector<Leak>& leaks) const {
  std::stable_sort(matches.begin(), matches.end(), [](const Match& a, const Match& b) { return a.entry.item < b.entry.item; });
  for (size_t first = 0; first < matches.size();) {
    const uint32_t item = matches[first].entry.item;
    size_t next = first;
    while (next < matches.size() && matches[next].entry.item == item) ++next;
    size_t last = next;
    for (size_t attempt = 0; attempt < kPlaces && first < last; ++attempt) {
      const Place place = best_place(matches, first, last);
      if (!place.candidate && !place.thirteen_words) break;
      const Leak leak = verified(text, item, place);
      const bool found = leak.end > leak.begin;
      if (found) leaks.push_back(leak);
      const size_t begin = found ? std::min(leak.begin, place.begin) : place.begin, end = found ? std::max(leak.end, place.end) : place.end;
      const auto rest = std::remove_if(matches.begin() + static_cast<std::ptrdiff_t>(first), matches.begin() + static_cast<std::ptrdiff_t>(last),
                                       [&](const Match& match) { return match.end >= begin && match.end <= end; });
      last = static_cast<size_t>(rest - matches.begin());
    }
    first = next;
  }
  matches.clear();
}

std::vector<Leak> LeakIndex::find(std::string_view text) const {
  thread_local std::vector<Match> matches;
  matches.clear();
  std::vector<Leak> leaks;
  if (entries_.empty()) return leaks;
  each_letter<kNarrow, kWide>(text, [&](uint64_t hash, int, size_t end) {
    if (!passes_filter(hash)) return;
    if (matches.size() > kMostMatches) find_places(text, matches, leaks);
    const auto range = entries_.equal_range(hash);
    for (auto entry = range.first; entry != range.second; ++entry) matches.push_back({entry->second, end});
  });
  find_places(text, matches, leaks);
  std::sort(leaks.begin(), leaks.end(), [](const Leak& a, const Leak& b) { return a.begin < b.begin || (a.begin == b.begin && a.item < b.item); });
  return leaks;
}

}  // namespace hone::corpus
