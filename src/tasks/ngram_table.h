#pragma once
/// A set of n-grams of one order, numbered in the order they were first seen. An n-gram is spelled by the
/// number of its first n-1 tokens in the table below and its last token, so a key is 64 bits and exact at any
/// order:  prefix << 32 | token. Open addressing, linear probing, at most 7/10 full: 12 bytes a slot. Nothing
/// is ever removed.
#include <cstdint>
#include <vector>

namespace hone::tasks {

class NgramTable {
 public:
  static constexpr uint32_t kAbsent = UINT32_MAX;

  struct Place {
    uint32_t number;
    bool added;  ///< True when the n-gram had not been there.
  };

  static uint64_t key(uint32_t prefix, uint32_t token) { return uint64_t{prefix} << 32 | token; }
  static uint32_t prefix(uint64_t key) { return static_cast<uint32_t>(key >> 32); }

  NgramTable();

  /// Throws storage past 2^32 - 2 n-grams.
  Place insert(uint64_t key);
  /// kAbsent when it is not there.
  uint32_t find(uint64_t key) const;
  uint32_t size() const { return size_; }

  /// Calls visit(key, number) for each, in no useful order.
  template <typename Visit>
  void for_each(Visit visit) const {
    for (uint64_t slot = 0; slot < keys_.size(); ++slot)
      if (numbers_[slot] != kAbsent) visit(keys_[slot], numbers_[slot]);
  }

 private:
  uint64_t slot_of(uint64_t key) const;
  void grow();

  std::vector<uint64_t> keys_;
  std::vector<uint32_t> numbers_;  ///< kAbsent marks a free slot.
  uint64_t mask_ = 0;
  uint32_t size_ = 0;
};

}  // namespace hone::tasks
