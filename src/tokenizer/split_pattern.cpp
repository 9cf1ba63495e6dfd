#include "tokenizer/split_pattern.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <array>
#include <cstdint>
#include <vector>

namespace hone::tokenizer {
namespace {

enum Class : uint8_t { other, letter, number, space, line_end };

Class looked_up(UChar32 c) {
  if (c == '\r' || c == '\n') return line_end;
  if (u_hasBinaryProperty(c, UCHAR_WHITE_SPACE) != 0) return space;
  const uint32_t category = U_GET_GC_MASK(c);
  return (category & U_GC_L_MASK) != 0 ? letter : (category & U_GC_N_MASK) != 0 ? number : other;
}

/// Classes of the basic plane in one table; the rest is rare enough to be asked for.
Class class_of(UChar32 c) {
  static const std::vector<Class> kTable = [] {
    std::vector<Class> table(0x10000);
    for (UChar32 each = 0; each < 0x10000; ++each) table[static_cast<size_t>(each)] = looked_up(each);
    return table;
  }();
  return c < 0x10000 ? kTable[static_cast<size_t>(c)] : looked_up(c);
}

struct At {
  Class kind = other;
  size_t end = 0;  ///< Behind the character.
};

/// What stands at `at`; the class of the end of the text is asked for by at == size and never matches.
At look(std::string_view text, size_t at) {
  const auto lead = static_cast<uint8_t>(text[at]);
  if (lead < 0x80) return {class_of(lead), at + 1};
  UChar32 c = 0;
  size_t end = at;
  U8_NEXT_UNSAFE(text.data(), end, c);
  return {class_of(c), end};
}

bool is_white(Class kind) { return kind == space || kind == line_end; }

size_t run_end(std::string_view text, size_t at, Class kind) {
  while (at < text.size()) {
    const At next = look(text, at);
    if (next.kind != kind) break;
    at = next.end;
  }
  return at;
}

/// Behind 's, 't, 're, 've, 'm, 'll or 'd at `at`; `at` when there is none. The long s (U+017F) is an s without regard to case.
size_t contraction_end(std::string_view text, size_t at, bool any_case) {
  const auto lower = [&](size_t place) -> char {
    if (place >= text.size()) return '\0';
    const char c = text[place];
    return any_case && c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  };
  const char first = lower(at + 1), second = lower(at + 2);
  if (first == 's' || first == 't' || first == 'm' || first == 'd') return at + 2;
  if ((first == 'r' && second == 'e') || (first == 'v' && second == 'e') || (first == 'l' && second == 'l')) return at + 3;
  if (any_case && text.substr(at + 1).starts_with("\xC5\xBF")) return at + 3;
  return at;
}

/// \s*[\r\n]+|\s+(?!\S)|\s+ at white space; without `lines` the first alternative is not there.
size_t white_end(std::string_view text, size_t begin, bool lines) {
  size_t end = begin, last_line_end = begin, last = begin;
  while (end < text.size()) {
    const At next = look(text, end);
    if (!is_white(next.kind)) break;
    last = end;
    end = next.end;
    if (next.kind == line_end) last_line_end = end;
  }
  if (lines && last_line_end > begin) return last_line_end;
  return end == text.size() || last == begin ? end : last;  // the last blank belongs to the word behind it
}

size_t gpt2_end(std::string_view text, size_t begin) {
  if (text[begin] == '\'') {
    if (const size_t end = contraction_end(text, begin, false); end > begin) return end;
  }
  At first = look(text, begin);
  if (text[begin] == ' ' && first.end < text.size()) {
    const At next = look(text, first.end);
    if (!is_white(next.kind)) first = next;
  }
  if (is_white(first.kind)) return white_end(text, begin, false);
  return run_end(text, first.end, first.kind);
}

size_t llama3_end(std::string_view text, size_t begin, int digits) {
  if (text[begin] == '\'') {
    if (const size_t end = contraction_end(text, begin, true); end > begin) return end;
  }
  const At first = look(text, begin);
  if (first.kind == letter) return run_end(text, first.end, letter);
  if (first.kind == number) {
    size_t end = first.end;
    for (int i = 1; i < digits && end < text.size(); ++i) {
      const At next = look(text, end);
      if (next.kind != number) break;
      end = next.end;
    }
    return end;
  }
  if (first.kind != line_end && first.end < text.size()) {
    const At next = look(text, first.end);
    if (next.kind == letter) return run_end(text, next.end, letter);
    if (first.kind == other || (text[begin] == ' ' && next.kind == other))
      return run_end(text, run_end(text, first.kind == other ? first.end : next.end, other), line_end);
  }
  if (first.kind == other) return first.end;
  return white_end(text, begin, true);
}

}  // namespace

std::optional<SplitPattern> split_pattern_of(std::string_view regex) {
  constexpr std::string_view kGpt2 = R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";
  constexpr std::string_view kLlama3 =
      R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
  constexpr std::string_view kQwen2 =
      R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
  if (regex == kGpt2) return SplitPattern::gpt2;
  if (regex == kLlama3) return SplitPattern::llama3;
  if (regex == kQwen2) return SplitPattern::qwen2;
  return std::nullopt;
}

size_t word_end(SplitPattern pattern, std::string_view text, size_t begin) {
  switch (pattern) {
    case SplitPattern::gpt2: return gpt2_end(text, begin);
    case SplitPattern::llama3: return llama3_end(text, begin, 3);
    case SplitPattern::qwen2: return llama3_end(text, begin, 1);
  }
  return text.size();
}

}  // namespace hone::tokenizer
