#pragma once
/// Finds a set of literals in one walk, whatever the case of their ASCII letters.
///
/// Three tables say for each of the first three bytes which groups of literals could stand there; a place where all three agree is
/// compared letter by letter. About a nanosecond a byte where nothing is found.
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hone::corpus {

class LiteralScan {
 public:
  /// Literals of at least three bytes; lower case.
  explicit LiteralScan(std::vector<std::string> literals);

  const std::string& literal(size_t index) const { return literals_[index]; }

  /// Calls found(index of the literal, position) for every occurrence, positions ascending.
  template <typename Found>
  void each(std::string_view text, Found&& found) const {
    if (text.size() < 3) return;
    const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
    for (size_t i = 0; i + 3 <= text.size(); ++i) {
      uint32_t groups = first_[bytes[i]];
      if (groups == 0) continue;
      groups &= second_[bytes[i + 1]] & third_[bytes[i + 2]];
      for (; groups != 0; groups &= groups - 1) {
        for (const uint16_t index : groups_[static_cast<size_t>(__builtin_ctz(groups))]) {
          if (matches(index, text, i)) found(static_cast<size_t>(index), i);
        }
      }
    }
  }

 private:
  static constexpr size_t kGroups = 32;
  bool matches(size_t index, std::string_view text, size_t position) const;

  std::vector<std::string> literals_;
  std::array<uint32_t, 256> first_{}, second_{}, third_{};
  std::array<std::vector<uint16_t>, kGroups> groups_;
};

}  // namespace hone::corpus
