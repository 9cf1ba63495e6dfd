#include "tasks/ngram_table.h"

#include <utility>

#include "base/error.h"

namespace hone::tasks {

namespace {

constexpr uint64_t kFirstSlots = 1024;

/// The finaliser of SplitMix64: spreads the neighbouring keys that consecutive numbers make.
uint64_t mix(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
  return x ^ (x >> 31);
}

}  // namespace

NgramTable::NgramTable() : keys_(kFirstSlots), numbers_(kFirstSlots, kAbsent), mask_(kFirstSlots - 1) {}

/// The slot that holds `key`, or the free one where it belongs.
uint64_t NgramTable::slot_of(uint64_t key) const {
  uint64_t slot = mix(key) & mask_;
  while (numbers_[slot] != kAbsent && keys_[slot] != key) slot = (slot + 1) & mask_;
  return slot;
}

NgramTable::Place NgramTable::insert(uint64_t key) {
  uint64_t slot = slot_of(key);
  if (numbers_[slot] != kAbsent) return {numbers_[slot], false};
  if (size_ >= kAbsent - 1)
    throw Error(ExitCode::storage, "an n-gram table is full: more than 4,294,967,294 different n-grams");
  if ((uint64_t{size_} + 1) * 10 > keys_.size() * 7) {
    grow();
    slot = slot_of(key);
  }
  keys_[slot] = key;
  numbers_[slot] = size_;
  return {size_++, true};
}

uint32_t NgramTable::find(uint64_t key) const { return numbers_[slot_of(key)]; }

void NgramTable::grow() {
  std::vector<uint64_t> keys(keys_.size() * 2);
  std::vector<uint32_t> numbers(numbers_.size() * 2, kAbsent);
  std::swap(keys, keys_);
  std::swap(numbers, numbers_);
  mask_ = keys_.size() - 1;
  for (uint64_t old = 0; old < keys.size(); ++old) {
    if (numbers[old] == kAbsent) continue;
    const uint64_t slot = slot_of(keys[old]);
    keys_[slot] = keys[old];
    numbers_[slot] = numbers[old];
  }
}

}  // namespace hone::tasks
