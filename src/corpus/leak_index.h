#pragma once
/// Finds evaluation items in text however they are spaced.
///
/// Text becomes a stream of letters and digits in small letters; spaces, punctuation and markup are not in it, so re-spaced text is
/// the same text. A shingle is a 64-bit hash of the last letters: each shifts the hash left by 3 bits (Hangul, Han, kana: 7) and
/// adds a random number of its own, so letters fall out on the left by themselves: 22 letters or 10 syllables. Every third shingle
/// of an item is kept, those that more than 16 items share are not. A place of a document holds an item when enough of the item's
/// shingles stand there together.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "corpus/eval_items.h"

namespace hone::corpus {

struct Leak {
  uint32_t item = 0;          ///< Number of the item.
  size_t begin = 0, end = 0;  ///< Bytes of the text from the first to the last shingle found.
  double coverage = 0;        ///< Share of the item's stem, or of all of it where that is what was found.
};

class LeakIndex {
 public:
  /// `coverage`: share of a long stem, or of stem and sides together, that counts as the item. Short stems without sides to tell them
  /// apart have to be there as a whole.
  LeakIndex(const std::vector<EvalItem>& items, double coverage);

  /// One leak an item at most, where most of it stands; in order of the text.
  std::vector<Leak> find(std::string_view text) const;

  /// Items with too few letters to be told from common phrases; they are not looked for.
  size_t too_short() const { return too_short_; }

 private:
  struct Item {
    uint32_t stem = 0, all = 0;  ///< Shingles kept.
    uint32_t stem_bits = 0, bits = 0;
    uint32_t bytes = 0;
  };
  struct Entry {
    uint32_t item = 0;
    uint32_t number = 0;  ///< Of the item's shingles, those of the stem first.
  };
  struct Match {
    Entry entry;
    size_t begin = 0, end = 0;
  };

  void add(const EvalItem& item);
  void drop_common();
  void fill_filter();
  Leak best_place(const std::vector<Match>& matches, size_t first, size_t last) const;
  bool counts(const Item& item, size_t stem, size_t all, uint32_t longest_run) const;
  bool passes_filter(uint64_t hash) const { return (filter_[hash >> filter_shift_ >> 6] >> (hash >> filter_shift_ & 63) & 1) != 0; }

  double coverage_;
  std::vector<Item> items_;
  std::unordered_multimap<uint64_t, Entry> entries_;
  std::vector<uint64_t> filter_;  ///< One bit for each value of the hash's leading bits.
  int filter_shift_ = 0;
  size_t too_short_ = 0;
};

}  // namespace hone::corpus
