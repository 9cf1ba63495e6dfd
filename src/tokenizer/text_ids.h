#pragma once
/// Ids by text: a flat hash table with open addressing, looked up by view. Filled once, then read by any number of threads.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hone::tokenizer {

class TextIds {
 public:
  TextIds() = default;
  /// Index of each text that is not empty; of equal ones the first counts. The texts are copied.
  explicit TextIds(const std::vector<std::string>& texts);
  /// -1 when it is none of them.
  int32_t find(std::string_view text) const;

 private:
  struct Slot {
    uint64_t begin = 0;  ///< In bytes_.
    uint32_t size = 0;   ///< 0: empty.
    int32_t id = 0;
  };
  size_t place_of(std::string_view text) const;

  std::string bytes_;
  std::vector<Slot> slots_;  ///< A power of two, at most half full.
};

}  // namespace hone::tokenizer
