#include "jinja/text.h"

#include <unicode/locid.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <algorithm>

#include "base/error.h"

namespace hone::jinja {
namespace {

UChar32 next(std::string_view text, size_t& at) {
  UChar32 c = 0;
  size_t position = at;
  U8_NEXT(text.data(), position, text.size(), c);
  at = position;
  return c;
}

/// The code point that ends at `at`, which moves to its start. at > 0.
UChar32 previous(std::string_view text, size_t& at) {
  do --at;
  while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80);
  size_t behind = at;
  return next(text, behind);
}

/// str.isspace of one character: bidirectional types WS, B and S, or category Zs (CPython's unicodetype_db).
bool is_space(UChar32 c) {
  if (c < 0x80) return c == ' ' || (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x1F);
  return c == 0x85 || u_charType(c) == U_SPACE_SEPARATOR || c == 0x2028 || c == 0x2029;
}

bool is_line_end(UChar32 c) { return (c >= 0x0A && c <= 0x0D) || (c >= 0x1C && c <= 0x1E) || c == 0x85 || c == 0x2028 || c == 0x2029; }

std::string utf8(const icu::UnicodeString& text) {
  std::string result;
  text.toUTF8String(result);
  return result;
}

icu::UnicodeString utf16(std::string_view text) {
  return icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
}

bool holds(std::string_view set, UChar32 c) {
  for (size_t at = 0; at < set.size();) {
    if (next(set, at) == c) return true;
  }
  return false;
}

std::vector<std::string> split_at_spaces(std::string_view text, int64_t limit, bool from_right) {
  std::vector<std::string> words;
  std::string_view rest = strip(text, nullptr, true, true);
  while (!rest.empty()) {
    if (limit >= 0 && static_cast<int64_t>(words.size()) == limit) {
      words.emplace_back(rest);
      break;
    }
    size_t at = from_right ? rest.size() : 0, edge = at;
    while (from_right ? at > 0 : at < rest.size()) {
      const UChar32 c = from_right ? previous(rest, at) : next(rest, at);
      if (is_space(c)) break;
      edge = at;
    }
    words.emplace_back(from_right ? rest.substr(edge) : rest.substr(0, edge));
    rest = from_right ? strip(rest.substr(0, edge), nullptr, false, true) : strip(rest.substr(edge), nullptr, true, false);
  }
  if (from_right) std::reverse(words.begin(), words.end());
  return words;
}

}  // namespace

void check_text_size(size_t size) {
  if (size > kMaxText) throw Error(ExitCode::data, "the string becomes longer than 64 MiB");
}

int64_t length(std::string_view text) {
  return std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
}

std::vector<int64_t> sliced(int64_t size, const int64_t* begin, const int64_t* end, int64_t step) {
  const auto place = [size, step](int64_t at) {
    if (at < 0) at = std::max(at, -size - 1) + size;
    return step > 0 ? std::clamp<int64_t>(at, 0, size) : std::clamp<int64_t>(at, -1, size - 1);
  };
  const int64_t first = begin != nullptr ? place(*begin) : (step > 0 ? 0 : size - 1);
  const int64_t last = end != nullptr ? place(*end) : (step > 0 ? size : -1);
  std::vector<int64_t> places;
  if (step > 0) {
    for (int64_t at = first; at < last; at += std::min(step, size)) places.push_back(at);
  } else {
    for (int64_t at = first; at > last; at += std::max(step, -size)) places.push_back(at);
  }
  return places;
}

std::string slice(std::string_view text, const int64_t* begin, const int64_t* end, int64_t step) {
  const std::vector<std::string> each = characters(text);
  std::string result;
  for (const int64_t at : sliced(static_cast<int64_t>(each.size()), begin, end, step)) result += each[static_cast<size_t>(at)];
  return result;
}

std::vector<std::string> characters(std::string_view text) {
  std::vector<std::string> each;
  for (size_t at = 0; at < text.size();) {
    const size_t begin = at;
    next(text, at);
    each.emplace_back(text.substr(begin, at - begin));
  }
  return each;
}

int64_t code_point_index(std::string_view text, size_t offset) { return length(text.substr(0, offset)); }

std::string_view strip(std::string_view text, const std::string* set, bool left, bool right) {
  const auto goes = [set](UChar32 c) { return set == nullptr ? is_space(c) : holds(*set, c); };
  while (left && !text.empty()) {
    size_t at = 0;
    if (!goes(next(text, at))) break;
    text.remove_prefix(at);
  }
  while (right && !text.empty()) {
    size_t at = text.size();
    if (!goes(previous(text, at))) break;
    text = text.substr(0, at);
  }
  return text;
}

std::vector<std::string> split(std::string_view text, const std::string* separator, int64_t limit, bool from_right) {
  if (separator == nullptr) return split_at_spaces(text, limit, from_right);
  std::vector<std::string> parts;
  while (limit < 0 || static_cast<int64_t>(parts.size()) < limit) {
    const size_t at = from_right ? text.rfind(*separator) : text.find(*separator);
    if (at == std::string_view::npos) break;
    parts.emplace_back(from_right ? text.substr(at + separator->size()) : text.substr(0, at));
    text = from_right ? text.substr(0, at) : text.substr(at + separator->size());
  }
  parts.emplace_back(text);
  if (from_right) std::reverse(parts.begin(), parts.end());
  return parts;
}

std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> lines;
  size_t begin = 0;
  for (size_t at = 0; at < text.size();) {
    const size_t before = at;
    const UChar32 c = next(text, at);
    if (!is_line_end(c)) continue;
    if (c == '\r' && at < text.size() && text[at] == '\n') ++at;
    lines.emplace_back(text.substr(begin, before - begin));
    begin = at;
  }
  if (begin < text.size()) lines.emplace_back(text.substr(begin));
  return lines;
}

std::string replaced(std::string_view text, std::string_view what, std::string_view with, int64_t limit) {
  std::string result;
  if (what.empty()) {  // Python puts `with` between all characters
    for (const std::string& c : characters(text)) {
      if (limit != 0) result += with, --limit;
      result += c;
      check_text_size(result.size());
    }
    return limit != 0 ? result.append(with) : result;
  }
  for (; limit != 0; --limit) {
    const size_t at = text.find(what);
    if (at == std::string_view::npos) break;
    result.append(text.substr(0, at)).append(with);
    check_text_size(result.size());
    text.remove_prefix(at + what.size());
  }
  return result.append(text);
}

std::string upper(std::string_view text) { return utf8(utf16(text).toUpper(icu::Locale::getRoot())); }
std::string lower(std::string_view text) { return utf8(utf16(text).toLower(icu::Locale::getRoot())); }

/// Python's title(): the first letter of every run of letters in title case, the others lowered.
std::string title(std::string_view text) {
  icu::UnicodeString result;
  bool inside = false;
  for (size_t at = 0; at < text.size();) {
    const UChar32 c = next(text, at);
    const bool cased = u_hasBinaryProperty(c, UCHAR_CASED) != 0;
    result.append(!cased ? c : inside ? u_tolower(c) : u_totitle(c));
    inside = cased;
  }
  return utf8(result);
}

std::string capitalized(std::string_view text) {
  if (text.empty()) return "";
  size_t at = 0;
  const UChar32 first = next(text, at);
  return utf8(icu::UnicodeString(u_totitle(first))) + lower(text.substr(at));
}

bool all_digits(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    if (u_isdigit(next(text, at)) == 0) return false;
  }
  return !text.empty();
}

std::string quoted_text(std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  const char quote = text.find('\'') != std::string_view::npos && text.find('"') == std::string_view::npos ? '"' : '\'';
  std::string result(1, quote);
  const auto hex = [&result](char letter, UChar32 c, int digits) {
    result += '\\';
    result += letter;
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) result += kHex[static_cast<size_t>(c >> shift & 0xF)];
  };
  for (size_t at = 0; at < text.size();) {
    const size_t begin = at;
    const UChar32 c = next(text, at);
    const int type = u_charType(c);
    const bool hidden = type == U_CONTROL_CHAR || type == U_FORMAT_CHAR || type == U_SURROGATE || type == U_PRIVATE_USE_CHAR ||
                        type == U_UNASSIGNED || type == U_LINE_SEPARATOR || type == U_PARAGRAPH_SEPARATOR ||
                        (type == U_SPACE_SEPARATOR && c != ' ');
    if (c == quote || c == '\\') result += '\\', result += static_cast<char>(c);
    else if (c == '\n') result += "\\n";
    else if (c == '\r') result += "\\r";
    else if (c == '\t') result += "\\t";
    else if (!hidden) result += text.substr(begin, at - begin);
    else if (c < 0x100) hex('x', c, 2);
    else if (c < 0x10000) hex('u', c, 4);
    else hex('U', c, 8);
  }
  return result += quote;
}

}  // namespace hone::jinja
