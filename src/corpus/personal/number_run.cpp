#include "corpus/personal/number_run.h"

#include <algorithm>
#include <array>

#include "corpus/personal/context.h"

namespace hone::corpus::personal {
namespace {

constexpr size_t kLongestSeparator = 4;

bool may_separate(char c) { return c == '-' || c == ' ' || c == '.' || c == ')' || c == '(' || c == '/' || c == '[' || c == ']'; }

/// Length of the Latin word that ends at `end` if it is a label by itself; else 0.
size_t label_length(std::string_view text, size_t end) {
  size_t from = end;
  while (from > 0 && is_latin(text[from - 1]) && end - from < 8) --from;
  if (from > 0 && (is_alphanumeric(text[from - 1]) || text[from - 1] == '_')) return 0;
  constexpr std::array<std::string_view, 17> kLabels = {"tel", "hp", "fax", "phone", "mobile", "cell", "rrn", "ssn", "brn", "ip", "no", "mail", "email", "t", "m", "f", "p"};
  const std::string word = lower_case(text.substr(from, end - from));
  return std::find(kLabels.begin(), kLabels.end(), word) != kLabels.end() ? word.size() : 0;
}

char at(std::string_view text, size_t position) { return position < text.size() ? text[position] : '\0'; }

}  // namespace

size_t NumberRun::read(std::string_view text, size_t begin) {
  text_ = text;
  groups_.clear();
  size_t position = begin;
  for (;;) {
    size_t end = position;
    while (end < text.size() && is_digit(text[end])) ++end;
    groups_.push_back({position, end});
    size_t next = end;
    while (next < text.size() && next - end < kLongestSeparator && may_separate(text[next])) ++next;
    if (next == end || !is_digit(at(text, next))) return end;
    position = next;
  }
}

std::string NumberRun::digits(size_t first, size_t count) const {
  std::string all;
  for (size_t i = first; i < first + count && i < groups_.size(); ++i) all += digits(i);
  return all;
}

bool NumberRun::has_sizes(size_t first, std::initializer_list<size_t> sizes) const {
  if (first + sizes.size() > groups_.size()) return false;
  for (const size_t size : sizes) {
    if (groups_[first++].size() != size) return false;
  }
  return true;
}

char NumberRun::sign(size_t i) const {
  std::string_view between = separator(i);
  if (between == " ") return ' ';
  while (!between.empty() && between.front() == ' ') between.remove_prefix(1);
  while (!between.empty() && between.back() == ' ') between.remove_suffix(1);
  return between.size() == 1 && between != "(" && between != "[" && between != "]" ? between[0] : '\0';
}

char NumberRun::common_sign(size_t first, size_t count) const {
  const char common = count < 2 ? '\0' : sign(first + 1);
  for (size_t i = first + 2; i < first + count; ++i) {
    if (sign(i) != common) return '\0';
  }
  return common;
}

bool may_begin(std::string_view text, size_t begin) {
  if (begin == 0) return true;
  const char last = text[begin - 1];
  const char before = begin > 1 ? text[begin - 2] : '\0';
  if (is_latin(last)) return label_length(text, begin) > 1;
  if (is_digit(last) || last == '_' || last == '@' || last == '$' || last == '%' || last == '\\') return false;
  if (last == '-') return !is_alphanumeric(before) && before != '-';
  if (last == '.' || last == '/') return !is_digit(before) && (!is_latin(before) || label_length(text, begin - 1) > 0);  // "Tel.02…"
  return true;
}

bool may_end(std::string_view text, size_t end) {
  if (end >= text.size()) return true;
  const char next = text[end];
  const char after = at(text, end + 1);
  if (is_alphanumeric(next) || next == '_' || next == '*' || next == '%' || next == '@') return false;
  if (next == '-' || next == '/') return !is_alphanumeric(after) && after != '*';
  if (next == '.') return !is_digit(after);
  return true;
}

}  // namespace hone::corpus::personal
