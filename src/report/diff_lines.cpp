#include "report/diff_view.h"

namespace hone::report {

namespace {

constexpr Text kMore{"… and {0} more changed lines; --html shows all", "… 고친 줄 {0}개 더 있음. --html이 모두 보여 줍니다"};

constexpr const char* kRed = "\x1b[31;9m";  // struck out as well, for those who do not see red
constexpr const char* kGreen = "\x1b[32;4m";
constexpr const char* kMark = "\x1b[7m";
constexpr const char* kReset = "\x1b[0m";
constexpr size_t kContext = 48;  // code points of unchanged text on either side of a change

std::string one_line(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '\n') result += "⏎";
    else if (c == '\t') result += ' ';
    else result += c;
  }
  return result;
}

size_t points(const std::string& text) {
  size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return count;
}

/// Code points [begin, end) of `text`.
std::string cut(const std::string& text, size_t begin, size_t end) {
  std::string result;
  size_t at = 0;
  for (const char c : text) {
    at += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    if (at > begin && at <= end) result += c;
  }
  return result;
}

/// Unchanged text before, between or after changes, with its far end or its middle left out.
std::string around(const std::string& text, bool first, bool last) {
  const size_t length = points(text);
  if (first && last) return text;
  if (first) return length <= kContext ? text : "…" + cut(text, length - kContext, length);
  if (last) return length <= kContext ? text : cut(text, 0, kContext) + "…";
  return length <= 2 * kContext ? text : cut(text, 0, kContext) + " … " + cut(text, length - kContext, length);
}

}  // namespace

std::string diff_lines(const std::vector<DiffRow>& rows, const Voice& voice, bool colours, size_t most) {
  std::string result;
  size_t written = 0, left_out = 0;
  for (size_t number = 0; number < rows.size(); ++number) {
    const DiffRow& row = rows[number];
    if (!row.changed) continue;
    if (written++ >= most) {
      ++left_out;
      continue;
    }
    result += "  " + std::to_string(number + 1) + ": ";
    for (size_t i = 0; i < row.stretches.size(); ++i) {
      const Stretch& stretch = row.stretches[i];
      if (!stretch.changed) {
        result += around(one_line(stretch.text), i == 0, i + 1 == row.stretches.size());
        continue;
      }
      if (!stretch.removed.empty())
        result += (colours ? kRed : "[-") + one_line(stretch.removed) + (colours ? kReset : "-]");
      if (!stretch.text.empty()) result += (colours ? kGreen : "{+") + one_line(stretch.text) + (colours ? kReset : "+}");
    }
    result += '\n';
  }
  if (left_out > 0) result += "  " + voice(kMore, {voice.count(static_cast<double>(left_out))}) + "\n";
  return result;
}

std::string marked_lines(const std::vector<DiffRow>& rows, bool colours) {
  std::string result;
  for (const DiffRow& row : rows) {
    for (const Stretch& stretch : row.stretches) {
      if (stretch.sensitive && !stretch.now.empty()) result += (colours ? kMark : "{+") + stretch.now + (colours ? kReset : "+}");
      else result += stretch.now;
    }
    result += '\n';
  }
  return result;
}

}  // namespace hone::report
