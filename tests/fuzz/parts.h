#pragma once
/// Files of several parts as one flat text, so that what libFuzzer changes is the text of a part and not its checksum.
///
///   0x1E name LF content   0x1E name LF content …
/// A part ends where the next 0x1E stands; the readers are given an uncompressed ZIP file of them, whole and with right checksums.
/// Any other input is a file as it is.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hone::fuzz {

constexpr char kPartMark = '\x1E';

struct Part {
  std::string name, content;
};

inline bool is_parts(std::string_view input) { return input.starts_with(kPartMark); }
std::vector<Part> split_parts(std::string_view input);
std::string join_parts(const std::vector<Part>& parts);
std::string zip_of(const std::vector<Part>& parts);

}  // namespace hone::fuzz
