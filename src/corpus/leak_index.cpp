#include "corpus/leak_index.h"

#include <unicode/uchar.h>

#include <algorithm>
#include <array>
#include <bit>
#include <unordered_set>

#include "corpus/unicode.h"

namespace hone::corpus {
namespace {

constexpr int kNarrow = 3, kWide = 7, kWindow = 64;  // bits of the hash
constexpr uint32_t kStride = 3;
constexpr uint32_t kShortest = 90;      // bits: 30 letters or 13 syllables; less is a common phrase
constexpr uint32_t kLongStem = 180;     // bits: 60 letters, 13 words or so
constexpr size_t kCommonItems = 16;
constexpr size_t kSlackBytes = 200;

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

/// Shifts one character beyond ASCII in; returns the bits it took, 0 when it is no letter.
int shift_in(char32_t c, uint64_t& hash) {
  if (is_hangul_syllable(c) || is_ideographic(c)) {
    hash = (hash << kWide) + letter_hash(c);
    return kWide;
  }
  if (u_isalnum(static_cast<UChar32>(c)) == 0 && u_charType(static_cast<UChar32>(c)) != U_COMBINING_SPACING_MARK) return 0;
  hash = (hash << kNarrow) + letter_hash(static_cast<char32_t>(u_tolower(static_cast<UChar32>(c))));
  return kNarrow;
}

/// Calls `each(hash, bits of this letter, byte behind it)` for every letter of the text.
template <typename Each>
void each_letter(std::string_view text, Each each) {
  uint64_t hash = 0;
  for (size_t i = 0; i < text.size();) {
    const auto byte = static_cast<uint8_t>(text[i]);
    if (byte < 0x80) {
      ++i;
      const uint64_t letter = kAscii[byte];
      if (letter == 0) continue;
      hash = (hash << kNarrow) + letter;
      each(hash, kNarrow, i);
    } else {
      const int bits = shift_in(next_code_point(text, i), hash);
      if (bits > 0) each(hash, bits, i);
    }
  }
}

/// Where the letters of the shingle that ends at `end` begin.
size_t begin_of_shingle(std::string_view text, size_t end) {
  int bits = 0;
  size_t begin = end;
  while (begin > 0 && bits < kWindow) {
    const char32_t c = previous_code_point(text, begin);
    uint64_t unused = 0;
    bits += c < 0x80 ? (kAscii[c] != 0 ? kNarrow : 0) : shift_in(c, unused);
  }
  return begin;
}

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
    uint64_t last = 0;
    bool last_kept = true;
    each_letter(text, [&](uint64_t hash, int width, size_t) {
      bits += static_cast<uint32_t>(width);
      if (bits < kWindow) return;
      last = hash;
      last_kept = letters++ % kStride == 0;
      if (last_kept) entries_.emplace(hash, Entry{number, added.all++});
    });
    if (!last_kept) entries_.emplace(last, Entry{number, added.all++});  // a whole text is found to its last letter
    added.bits += bits;
    added.bytes += static_cast<uint32_t>(text.size());
    return bits;
  };
  added.stem_bits = add_part(item.stem);
  added.stem = added.all;
  for (const std::string& side : item.sides) add_part(side);
  too_short_ += added.all == 0 || added.bits < kShortest;
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
    items_[i].stem = static_cast<uint32_t>(std::lower_bound(kept[i].begin(), kept[i].end(), items_[i].stem) - kept[i].begin());
    items_[i].all = static_cast<uint32_t>(kept[i].size());
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

bool LeakIndex::counts(const Item& item, size_t stem, size_t all, uint32_t longest_run) const {
  const auto share = [](size_t found, size_t of) { return of == 0 ? 0.0 : static_cast<double>(found) / static_cast<double>(of); };
  if (item.bits < kShortest) return false;
  if (longest_run >= kLongStem) return true;
  const bool has_sides = item.all > item.stem;
  if (has_sides && share(all, item.all) >= coverage_ && (item.stem == 0 || stem > 0)) return true;
  if (item.stem_bits >= kLongStem) return share(stem, item.stem) >= coverage_;
  return !has_sides && item.stem_bits >= kShortest && item.stem > 0 && stem == item.stem;
}

/// Of one item's matches [first, last), in order of the text: the place with the most different shingles.
Leak LeakIndex::best_place(const std::vector<Match>& matches, size_t first, size_t last) const {
  const uint32_t number = matches[first].entry.item;
  const Item& item = items_[number];
  const size_t width = 2 * size_t{item.bytes} + kSlackBytes;
  std::vector<uint32_t> times(item.all);
  size_t stem = 0, all = 0, begin = first, best = 0;
  Leak leak{.item = number};
  uint32_t run = 0, longest_run = 0;
  for (size_t i = first; i < last; ++i) {
    const uint32_t shingle = matches[i].entry.number;
    const bool follows = i > first && shingle == matches[i - 1].entry.number + 1 && shingle < item.stem && matches[i].end - matches[i - 1].end < kSlackBytes;
    run = follows ? run + kStride * kNarrow : kWindow;  // syllables count as letters here: the shorter estimate
    longest_run = std::max(longest_run, shingle < item.stem ? run : 0);
    if (times[shingle]++ == 0) {
      ++all;
      stem += shingle < item.stem;
    }
    while (matches[i].end - matches[begin].end > width) {
      const uint32_t gone = matches[begin++].entry.number;
      if (--times[gone] == 0) {
        --all;
        stem -= gone < item.stem;
      }
    }
    if (all <= best || !counts(item, stem, all, longest_run)) continue;
    best = all;
    leak.begin = matches[begin].begin;
    leak.end = matches[i].end;
    const bool by_stem = item.stem > 0 && stem * item.all >= all * item.stem;
    leak.coverage = by_stem ? static_cast<double>(stem) / item.stem : static_cast<double>(all) / item.all;
  }
  return leak;
}

std::vector<Leak> LeakIndex::find(std::string_view text) const {
  std::vector<Match> matches;
  if (entries_.empty()) return {};
  each_letter(text, [&](uint64_t hash, int, size_t end) {
    if (!passes_filter(hash)) return;
    const auto range = entries_.equal_range(hash);
    for (auto entry = range.first; entry != range.second; ++entry) matches.push_back({entry->second, 0, end});
  });
  std::stable_sort(matches.begin(), matches.end(), [](const Match& a, const Match& b) { return a.entry.item < b.entry.item; });
  std::vector<Leak> leaks;
  for (size_t first = 0; first < matches.size();) {
    size_t last = first;
    while (last < matches.size() && matches[last].entry.item == matches[first].entry.item) {
      matches[last].begin = begin_of_shingle(text, matches[last].end);
      ++last;
    }
    const Leak leak = best_place(matches, first, last);
    if (leak.end > leak.begin) leaks.push_back(leak);
    first = last;
  }
  std::sort(leaks.begin(), leaks.end(), [](const Leak& a, const Leak& b) { return a.begin < b.begin || (a.begin == b.begin && a.item < b.item); });
  return leaks;
}

}  // namespace hone::corpus
