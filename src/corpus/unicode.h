#pragma once
/// Code points of UTF-8 text and the few character classes that rules share. Character data: ICU.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace hone::corpus {

/// The code point at `position`, which moves behind it. Text is valid UTF-8: is_valid_utf8 has been asked where it came in.
/// Here and not in a .cpp because every rule spends its time in it.
inline char32_t next_code_point(std::string_view text, size_t& position) {
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  const char32_t lead = bytes[position++];
  if (lead < 0x80) return lead;
  const auto tail = [&] { return position < text.size() ? static_cast<char32_t>(bytes[position++] & 0x3F) : 0; };
  if (lead < 0xE0) return (lead & 0x1F) << 6 | tail();
  if (lead < 0xF0) {
    const char32_t middle = tail();
    return (lead & 0x0F) << 12 | middle << 6 | tail();
  }
  const char32_t second = tail(), third = tail();
  return (lead & 0x07) << 18 | second << 12 | third << 6 | tail();
}
/// The code point that ends at `position`, which moves to its start. position > 0.
char32_t previous_code_point(std::string_view text, size_t& position);
void append_code_point(std::string& text, char32_t c);

uint64_t count_code_points(std::string_view text);
/// True when the bytes are well-formed UTF-8.
bool is_valid_utf8(std::string_view text);
/// At most `limit` code points of the text, whitespace collapsed; "…" at the end when something was left out.
std::string excerpt(std::string_view text, size_t limit);

constexpr bool is_hangul_syllable(char32_t c) { return c >= 0xAC00 && c <= 0xD7A3; }
/// Conjoining and compatibility letters of Hangul that stand alone.
constexpr bool is_jamo(char32_t c) {
  return (c >= 0x1100 && c <= 0x11FF) || (c >= 0x3131 && c <= 0x318E) || (c >= 0xA960 && c <= 0xA97C) || (c >= 0xD7B0 && c <= 0xD7FB) ||
         (c >= 0xFFA1 && c <= 0xFFDC);
}
/// Han, kana and other scripts written without spaces between words, Hangul apart.
constexpr bool is_ideographic(char32_t c) {
  return (c >= 0x3040 && c <= 0x30FF) || (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) ||
         (c >= 0x20000 && c <= 0x3FFFF);
}

/// White space in the sense of Unicode (property White_Space).
bool is_white_space(char32_t c);
/// Shown as nothing unless a neighbour says otherwise (property Default_Ignorable_Code_Point).
bool is_default_ignorable(char32_t c);

}  // namespace hone::corpus
