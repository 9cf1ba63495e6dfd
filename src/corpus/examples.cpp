#include "corpus/examples.h"

#include <algorithm>

#include "corpus/unicode.h"

namespace hone::corpus {
namespace {

constexpr size_t kExcerptCharacters = 120, kContextCharacters = 60, kMessageCharacters = 200;
constexpr size_t kLongNumber = 7;
constexpr std::string_view kMask = "•";

/// Full-width ones, too.
bool is_digit(char32_t c) { return (c >= '0' && c <= '9') || (c >= 0xFF10 && c <= 0xFF19); }
bool is_joint(char32_t c) {
  return c == ' ' || c == '-' || c == '.' || c == '(' || c == ')' || c == '/' || c == 0x3000 || (c >= 0x2010 && c <= 0x2015) || c == 0x2212 ||
         c == 0xFF0D || c == 0xFF08 || c == 0xFF09 || is_default_ignorable(c);
}
bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

/// The last `limit` code points of a text.
std::string_view last_characters(std::string_view text, size_t limit) {
  size_t at = text.size();
  for (size_t count = 0; at > 0 && count < limit; ++count) previous_code_point(text, at);
  return text.substr(at);
}

std::string_view first_characters(std::string_view text, size_t limit) {
  size_t at = 0;
  for (size_t count = 0; at < text.size() && count < limit; ++count) next_code_point(text, at);
  return text.substr(0, at);
}

/// Where a number that begins at `at` ends; digits counts its digits.
size_t end_of_number(std::string_view text, size_t at, size_t& digits) {
  size_t end = at;
  digits = 0;
  for (size_t joints = 0; at < text.size() && joints < 3;) {
    const char32_t c = next_code_point(text, at);
    if (is_digit(c)) {
      ++digits;
      joints = 0;
      end = at;
    } else if (is_joint(c)) {
      ++joints;
    } else {
      break;
    }
  }
  return end;
}

std::string with_masked_numbers(std::string_view text) {
  std::string result;
  for (size_t at = 0; at < text.size();) {
    size_t start = at;
    if (!is_digit(next_code_point(text, at))) {
      result += text.substr(start, at - start);
      continue;
    }
    size_t digits = 0;
    const size_t end = end_of_number(text, start, digits);
    for (at = start; at < end; start = at) {
      const bool hidden = is_digit(next_code_point(text, at)) && digits >= kLongNumber;
      result += hidden ? kMask : text.substr(start, at - start);
    }
  }
  return result;
}

std::string with_masked_addresses(std::string_view text) {
  std::string result;
  for (size_t at = 0; at < text.size();) {
    size_t end = at;
    while (end < text.size() && !is_blank(text[end])) ++end;
    const std::string_view word = text.substr(at, end - at);
    const size_t sign = word.find('@');
    if (sign == std::string_view::npos || sign == 0) result += word;
    else
      for (size_t i = 0; i < word.size();) {
        const size_t start = i;
        const char32_t c = next_code_point(word, i);
        const bool shown = c == '@' || c == '.' || c == '<' || c == '>' || c == '(' || c == ')' || c == ',' || c == ':';
        result += shown ? word.substr(start, i - start) : kMask;
      }
    while (end < text.size() && is_blank(text[end])) result += text[end++];
    at = end;
  }
  return result;
}

}  // namespace

std::string masked(std::string_view text) { return with_masked_addresses(with_masked_numbers(text)); }

Example example_of_drop(const std::string& id, std::string_view text, Family family) {
  Example example;
  example.id = id;
  if (!is_sensitive(family)) example.excerpt = masked(excerpt(text, kExcerptCharacters));
  return example;
}

Example example_of_edit(const std::string& id, const TextMap& map, const TextMap::Span& span) {
  const std::string_view text = map.text(), original = map.original_of(span);
  Example example;
  example.id = id;
  example.removed_characters = count_code_points(original);
  example.inserted = first_characters(map.replacement_of(span), kExcerptCharacters);
  if (is_sensitive(span.family)) return example;
  example.before = masked(last_characters(text.substr(0, span.begin), kContextCharacters));
  example.removed = masked(first_characters(original, kExcerptCharacters));
  example.inserted = masked(example.inserted);
  example.after = masked(first_characters(text.substr(span.end), kContextCharacters));
  return example;
}

Example example_of_rejection(const document::Rejection& rejection) {
  Example example;
  example.id = rejection.id;
  example.excerpt = excerpt(rejection.message, kMessageCharacters);
  return example;
}

}  // namespace hone::corpus
