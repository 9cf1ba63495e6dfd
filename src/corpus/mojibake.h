#pragma once
/// Finds text that was decoded with the wrong code page and puts it right.
///
/// Three mistakes are undone: UTF-8 read as windows-1252 or Latin-1 (also two or three times over), CP949 read as either, UTF-8 read
/// as CP949. A candidate is a run of characters that such a mistake can have made; its bytes are recovered and read as what they
/// were. The repair counts when the bytes are valid there and the oddness (oddness.h) of the run falls by at least 2 and to at most
/// 0.4 of what it was. Once three runs of a text have passed, another only has to fit to its last byte and become hardly odder.
/// CP949 needs three syllables in the text, 60 % of them common, for two bytes mean something too easily.
/// windows-1252 leaves 81 8D 8F 90 9D undefined; they are met as control characters or, lost, as U+FFFD. A lost byte is put back
/// where one of those five gives a likely character and the others do not. A line of which one character in twelve cannot be got
/// back is taken out; a text of which a third would go is given up.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hone::corpus {

struct Repair {
  size_t begin = 0, end = 0;  ///< Bytes of the text.
  std::string text;
  std::string_view kind;  ///< "utf8_as_latin", "cp949_as_latin", "utf8_as_cp949", or "beyond_repair" for a line taken out.
};

struct Diagnosis {
  std::vector<Repair> repairs;  ///< In order, apart from each other.
  bool beyond_repair = false;   ///< The text as a whole cannot be saved.
};

/// `text` is valid UTF-8. Text with nothing suspicious costs one look at its bytes.
Diagnosis diagnose(std::string_view text);

}  // namespace hone::corpus
