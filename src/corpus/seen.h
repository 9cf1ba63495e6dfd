#pragma once
/// A set of 64-bit hashes by open addressing that keeps its memory: one for each thread and measure.
#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace hone::corpus {

class Seen {
 public:
  /// Empties the set and makes room for `expected` hashes; more must not be added.
  void reset(size_t expected) {
    slots_.assign(std::bit_ceil(std::max<size_t>(16, expected * 2)), 0);
    shift_ = 64 - std::countr_zero(slots_.size());
  }

  /// Whether the hash was there before.
  bool add(uint64_t hash) {
    hash |= 1;  // 0 marks an empty slot
    size_t at = (hash * UINT64_C(0x9E3779B97F4A7C15)) >> shift_;
    while (slots_[at] != 0 && slots_[at] != hash) at = at + 1 == slots_.size() ? 0 : at + 1;
    const bool before = slots_[at] == hash;
    slots_[at] = hash;
    return before;
  }

 private:
  std::vector<uint64_t> slots_;
  int shift_ = 60;
};

}  // namespace hone::corpus
