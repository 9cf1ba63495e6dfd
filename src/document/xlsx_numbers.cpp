#include "document/xlsx_numbers.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <unordered_map>

#include "document/xml_part.h"

namespace hone::document {
namespace {

constexpr double kSecondsPerDay = 86400;
constexpr double kLastDay = 2958466;  // of 9999-12-31, and one
constexpr int kDigits = 15;           // what a double keeps of a decimal number

/// The letters of a format code that stand for values: "[$-412]yyyy\"년\" mm" → "yyyymm". Of the first
/// section only.
std::string letters(std::string_view code) {
  std::string kept;
  for (size_t i = 0; i < code.size() && code[i] != ';'; ++i) {
    if (code[i] == '\\' || code[i] == '_' || code[i] == '*') {
      ++i;
    } else if (code[i] == '"' || code[i] == '[') {
      const size_t end = code.find(code[i] == '"' ? '"' : ']', i + 1);
      if (end == std::string_view::npos) break;
      const std::string_view inside = code.substr(i + 1, end - i - 1);
      const bool elapsed = code[i] == '[' && inside.find_first_not_of("hHmMsS") == std::string_view::npos;
      if (elapsed) return "";  // [h]:mm counts hours: a quantity, no time of a day
      i = end;
    } else if ((code[i] | 32) >= 'a' && (code[i] | 32) <= 'z') {
      kept += static_cast<char>(code[i] | 32);
    }
  }
  return kept;
}

std::string formatted(const char* pattern, auto... values) {
  std::array<char, 64> buffer{};
  const int size = std::snprintf(buffer.data(), buffer.size(), pattern, values...);
  return {buffer.data(), static_cast<size_t>(std::clamp(size, 0, static_cast<int>(buffer.size()) - 1))};
}

std::string rounded(double value) {
  std::array<char, 64> buffer{};
  const auto result =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::general, kDigits);
  return {buffer.data(), result.ptr};
}

std::string calendar_day(int64_t days, DateSystem system) {
  using namespace std::chrono;
  // Day 60 of the first system is a 29 February 1900 that never was: all before it are one later.
  const sys_days origin = system == DateSystem::from_1904 ? sys_days{year{1904} / 1 / 1}
                          : days < 60                     ? sys_days{year{1899} / 12 / 31}
                                                          : sys_days{year{1899} / 12 / 30};
  const year_month_day date{origin + std::chrono::days{days}};
  return formatted("%04d-%02u-%02u", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                   static_cast<unsigned>(date.day()));
}

std::string time_of_day(int64_t seconds) {
  const auto hours = static_cast<int>(seconds / 3600), minutes = static_cast<int>(seconds / 60 % 60),
             rest = static_cast<int>(seconds % 60);
  return rest == 0 ? formatted("%02d:%02d", hours, minutes)
                   : formatted("%02d:%02d:%02d", hours, minutes, rest);
}

}  // namespace

NumberKind kind_of_format(unsigned id) {
  if (id == 22) return NumberKind::date_time;
  if ((id >= 18 && id <= 21) || id == 45 || id == 47 || (id >= 32 && id <= 35)) return NumberKind::time;
  if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || id == 36 || (id >= 50 && id <= 58))
    return NumberKind::date;
  return NumberKind::plain;
}

NumberKind kind_of_format(std::string_view code) {
  std::string kept = letters(code);
  if (kept.find("general") != std::string::npos) return NumberKind::plain;
  // am/pm and the eras e, g, and b of Buddhist years, are parts of dates and times, not values of their own.
  const bool time = kept.find_first_of("hs") != std::string::npos;
  const bool date =
      kept.find_first_of("yd") != std::string::npos || (!time && kept.find('m') != std::string::npos);
  if (date && time) return NumberKind::date_time;
  return date ? NumberKind::date : time ? NumberKind::time : NumberKind::plain;
}

std::vector<NumberKind> cell_styles(pugi::xml_node root) {
  std::unordered_map<unsigned, NumberKind> own;
  for (const pugi::xml_node format : root.child("numFmts").children("numFmt"))
    own.emplace(format.attribute("numFmtId").as_uint(), kind_of_format(attribute(format, "formatCode")));
  std::vector<NumberKind> styles;
  for (const pugi::xml_node style : root.child("cellXfs").children("xf")) {
    const unsigned id = style.attribute("numFmtId").as_uint();
    const auto found = own.find(id);
    styles.push_back(found == own.end() ? kind_of_format(id) : found->second);
  }
  return styles;
}

std::string readable_number(std::string_view stored, NumberKind kind, DateSystem system) {
  double value = 0;
  const auto [end, error] = std::from_chars(stored.data(), stored.data() + stored.size(), value);
  if (error != std::errc() || end != stored.data() + stored.size() || !std::isfinite(value))
    return std::string(stored);
  if (kind == NumberKind::plain || value < 0 || value >= kLastDay)
    return stored.size() > kDigits ? rounded(value) : std::string(stored);
  const auto seconds = static_cast<int64_t>(std::llround(value * kSecondsPerDay));
  const int64_t day = seconds / 86400, rest = seconds % 86400;
  if (kind == NumberKind::time && day == 0) return time_of_day(rest);
  const std::string date = calendar_day(day, system);
  return kind == NumberKind::date && rest == 0 ? date : date + " " + time_of_day(rest);
}

}  // namespace hone::document
