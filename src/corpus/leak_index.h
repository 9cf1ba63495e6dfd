#pragma once
/// Finds evaluation items in text however they are spaced.
///
/// Text becomes a stream of letters and digits in small letters; spaces, punctuation and markup are not in it, so re-spaced text is
/// the same text. A shingle is a 64-bit hash of the last letters: each shifts the hash left by 3 bits (Hangul, Han, kana: 7) and
/// adds a random number of its own, so letters fall out on the left by themselves: 22 letters or 10 syllables. Every third shingle
/// of an item is kept, those that more than 16 items share are not; a fifth of them in one place make a candidate.
/// A candidate is compared in shingles of 6 letters or 3 syllables (11 and 22 bits): what share of the item's stands there. One
/// word edited costs about 13 of them.
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
  size_t begin = 0, end = 0;  ///< Bytes of the text it stands in.
  double coverage = 0;        ///< Share of the item's stem, or of all of it where that is what was found.
};

class LeakIndex {
 public:
  /// `coverage`: share of a stem of 13 words or more, or of stem and sides together, that counts as the item; 13 words in a row
  /// count as well. A shorter stem without sides has to be there as a whole.
  LeakIndex(const std::vector<EvalItem>& items, double coverage);

  /// Every place of every item (64 an item at most), in order of the text.
  std::vector<Leak> find(std::string_view text) const;

  /// Items with too few letters to be told from common phrases; they are not looked for.
  size_t too_short() const { return too_short_; }

 private:
  struct Item {
    EvalItem texts;
    size_t bytes = 0;            ///< Of all texts.
    bool has_sides = false;
    uint32_t shingles = 0;       ///< Kept, of stem and sides.
    uint32_t stem_shingles = 0;
    uint32_t stem_bits = 0, bits = 0;
  };
  struct Entry {
    uint32_t item = 0;
    uint32_t number = 0;  ///< Of the item's shingles, those of the stem first.
  };
  struct Match {
    Entry entry;
    size_t end = 0;  ///< Byte of the text behind the shingle.
  };
  struct Place {
    size_t begin = 0, end = 0;  ///< Bytes behind the first and the last shingle.
    bool candidate = false, thirteen_words = false;
  };

  void add(const EvalItem& item);
  void drop_common();
  void fill_filter();
  Place best_place(const std::vector<Match>& matches, size_t first, size_t last) const;
  void find_places(std::string_view text, std::vector<Match>& matches, std::vector<Leak>& leaks) const;
  Leak verified(std::string_view text, uint32_t item, const Place& place) const;
  bool passes_filter(uint64_t hash) const { return (filter_[hash >> filter_shift_ >> 6] >> (hash >> filter_shift_ & 63) & 1) != 0; }

  double coverage_;
  std::vector<Item> items_;
  std::unordered_multimap<uint64_t, Entry> entries_;
  std::vector<uint64_t> filter_;  ///< One bit for each value of the hash's leading bits.
  int filter_shift_ = 0;
  size_t too_short_ = 0;
};

}  // namespace hone::corpus
