#include "report/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "base/log.h"

namespace hone::report {

namespace {

constexpr std::string_view kNothing = "–";
constexpr std::string_view kMinus = "\u2212";

std::string grouped(uint64_t value) { return base::human_count(value); }

}  // namespace

std::string Voice::operator()(const Text& text, std::initializer_list<std::string> values) const {
  const std::string_view words = korean() ? text.ko : text.en;
  std::string result;
  for (size_t at = 0; at < words.size(); ++at) {
    const bool marks = words[at] == '{' && at + 2 < words.size() && words[at + 2] == '}';
    const size_t index = marks ? static_cast<size_t>(words[at + 1] - '0') : values.size();
    if (index >= values.size()) {
      result += words[at];
      continue;
    }
    result += values.begin()[index];
    at += 2;
  }
  return result;
}

std::string Voice::documents(double number) const {
  return (*this)(number == 1 ? Text{"{0} document", "문서 {0}건"} : Text{"{0} documents", "문서 {0}건"},
                 {count(number)});
}

std::string Voice::held_out_documents(double number) const {
  return (*this)(number == 1 ? Text{"{0} held-out document", "검증 문서 {0}건"}
                             : Text{"{0} held-out documents", "검증 문서 {0}건"},
                 {count(number)});
}

std::string Voice::epochs(double number) const {
  return (*this)(number == 1 ? Text{"{0} epoch", "{0}에포크"} : Text{"{0} epochs", "{0}에포크"},
                 {count(number)});
}

std::string Voice::count(double value) const {
  if (!std::isfinite(value)) return std::string(kNothing);
  const std::string digits = grouped(static_cast<uint64_t>(std::llround(std::abs(value))));
  return value < 0 ? std::string(kMinus) + digits : digits;
}

std::string Voice::decimal(double value, int places) const {
  if (!std::isfinite(value)) return std::string(kNothing);
  const std::string digits = fmt::format("{:.{}f}", std::abs(value), places);
  const bool negative = value < 0 && digits.find_first_not_of("0.") != std::string::npos;
  const size_t point = std::min(digits.find('.'), digits.size());
  std::string whole = digits.substr(0, point);
  for (int64_t at = static_cast<int64_t>(whole.size()) - 3; at > 0; at -= 3)
    whole.insert(static_cast<size_t>(at), ",");
  return (negative ? std::string(kMinus) : std::string()) + whole + digits.substr(point);
}

std::string Voice::percent(double share, int places) const {
  if (!std::isfinite(share)) return std::string(kNothing);
  return decimal(100 * share, places) + (korean() ? "%" : "\u202f%");
}

std::string Voice::signed_percent(double share, int places) const {
  const std::string text = percent(share, places);
  const bool plus = std::isfinite(share) && share > 0 && text.find_first_of("123456789") != std::string::npos;
  return plus ? "+" + text : text;
}

std::string Voice::bytes(double value) const {
  return std::isfinite(value) ? base::human_bytes(value) : std::string(kNothing);
}

std::string Voice::duration(double seconds) const {
  if (!std::isfinite(seconds)) return std::string(kNothing);
  if (!korean()) return base::human_duration(seconds);
  if (seconds < 60) return fmt::format("{:.{}f}초", seconds, seconds < 10 ? 1 : 0);
  const auto total = static_cast<int64_t>(std::llround(seconds));
  if (total < 3600) return fmt::format("{}분 {}초", total / 60, total % 60);
  return fmt::format("{}시간 {}분", total / 3600, total % 3600 / 60);
}

std::string Voice::scientific(double value) const {
  return std::isfinite(value) ? fmt::format("{:g}", value) : std::string(kNothing);
}

}  // namespace hone::report
