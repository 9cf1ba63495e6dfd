#include "corpus/unicode.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

namespace hone::corpus {

char32_t previous_code_point(std::string_view text, size_t& position) {
  UChar32 c = 0;
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  auto at = static_cast<int32_t>(position < 8 ? position : 8);
  const size_t base = position - static_cast<size_t>(at);  // ICU's macro counts in int32_t; texts may be longer
  U8_PREV_OR_FFFD(bytes + base, 0, at, c);
  position = base + static_cast<size_t>(at);
  return static_cast<char32_t>(c);
}

void append_code_point(std::string& text, char32_t c) {
  if (c < 0x80) {
    text += static_cast<char>(c);
  } else if (c < 0x800) {
    text += static_cast<char>(0xC0 | (c >> 6));
    text += static_cast<char>(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    text += static_cast<char>(0xE0 | (c >> 12));
    text += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    text += static_cast<char>(0x80 | (c & 0x3F));
  } else {
    text += static_cast<char>(0xF0 | (c >> 18));
    text += static_cast<char>(0x80 | ((c >> 12) & 0x3F));
    text += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    text += static_cast<char>(0x80 | (c & 0x3F));
  }
}

uint64_t count_code_points(std::string_view text) {
  uint64_t count = 0;
  for (const char byte : text) count += (static_cast<uint8_t>(byte) & 0xC0) != 0x80;
  return count;
}

bool is_valid_utf8(std::string_view text) {
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  for (size_t i = 0; i < text.size();) {
    if (bytes[i] < 0x80) {
      ++i;
      continue;
    }
    UChar32 c = 0;
    U8_NEXT(bytes, i, text.size(), c);
    if (c < 0) return false;
  }
  return true;
}

std::string excerpt(std::string_view text, size_t limit) {
  std::string result;
  size_t taken = 0;
  bool gap = false;
  for (size_t i = 0; i < text.size();) {
    const char32_t c = next_code_point(text, i);
    if (is_white_space(c) || c < 0x20) {
      gap = !result.empty();
      continue;
    }
    if (taken + (gap ? 1 : 0) >= limit) return result + "…";
    if (gap) {
      result += ' ';
      ++taken;
    }
    gap = false;
    append_code_point(result, c);
    ++taken;
  }
  return result;
}

bool is_white_space(char32_t c) {
  if (c < 0x80) return c == ' ' || (c >= 9 && c <= 13);
  return u_isUWhiteSpace(static_cast<UChar32>(c)) != 0;
}

bool is_default_ignorable(char32_t c) {
  if (c < 0xAD) return false;
  return u_hasBinaryProperty(static_cast<UChar32>(c), UCHAR_DEFAULT_IGNORABLE_CODE_POINT) != 0;
}

}  // namespace hone::corpus
