#include <algorithm>
#include <array>

#include "corpus/personal/detectors.h"

namespace hone::corpus::personal {
namespace {

int value(char c) { return c - '0'; }

bool is_date(int year, int month, int day) {
  constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (month < 1 || month > 12 || day < 1) return false;
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return day <= kDays[static_cast<size_t>(month - 1)] + (month == 2 && leap ? 1 : 0);
}

/// The date of birth and the digit for century, sex and citizenship belong together.
bool has_birth_date(std::string_view digits) {
  const int sex = value(digits[6]);
  const int century = sex == 9 || sex == 0 ? 1800 : sex == 1 || sex == 2 || sex == 5 || sex == 6 ? 1900 : 2000;
  return is_date(century + value(digits[0]) * 10 + value(digits[1]), value(digits[2]) * 10 + value(digits[3]),
                 value(digits[4]) * 10 + value(digits[5]));
}

bool resident_check_fits(std::string_view digits) {
  constexpr std::array<int, 12> kWeights = {2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5};
  int sum = 0;
  for (size_t i = 0; i < kWeights.size(); ++i) sum += kWeights[i] * value(digits[i]);
  const bool foreign = digits[6] >= '5' && digits[6] <= '8';
  return ((foreign ? 13 : 11) - sum % 11) % 10 == value(digits[12]);
}

/// Milliseconds since 1970, from 2014 to 2033: a number in one piece that computers write more often than people.
bool looks_like_time(std::string_view digits) { return digits[0] == '1' && digits[1] >= '4'; }

bool business_check_fits(std::string_view digits) {
  constexpr std::array<int, 9> kWeights = {1, 3, 7, 1, 3, 7, 1, 3, 5};
  int sum = value(digits[8]) * 5 / 10;
  for (size_t i = 0; i < kWeights.size(); ++i) sum += kWeights[i] * value(digits[i]);
  return (10 - sum % 10) % 10 == value(digits[9]);
}

bool stands_free(const NumberRun& run, size_t first, size_t count) {
  return may_begin(run.text(), run[first].begin) && may_end(run.text(), run[first + count - 1].end);
}

size_t take(const NumberRun& run, size_t first, size_t count, Kind kind, Match& match) {
  match = {run[first].begin, run[first + count - 1].end, kind};
  return count;
}

/// Length in bytes of a region's name, with the sign behind it, that ends at `end`; 0 when there is none.
size_t region_before(std::string_view text, size_t end) {
  constexpr std::array<std::string_view, 17> kRegions = {"서울", "부산", "경기", "강원", "충북", "충남", "전북", "전남", "경북",
                                                         "경남", "제주", "대구", "인천", "광주", "대전", "울산", "세종"};
  size_t at = end;
  while (at > 0 && (text[at - 1] == ' ' || text[at - 1] == '-') && end - at < 3) --at;
  for (const std::string_view region : kRegions) {
    if (at >= region.size() && text.substr(at - region.size(), region.size()) == region) return end - at + region.size();
  }
  return 0;
}

}  // namespace

size_t match_resident(const NumberRun& run, size_t first, Context& context, Match& match) {
  const bool whole = run.has_sizes(first, {13});
  if (!whole && !run.has_sizes(first, {6, 7})) return 0;
  const size_t count = whole ? 1 : 2;
  const char sign = whole ? '\0' : run.sign(first + 1);
  if (!whole && sign == '\0') return 0;
  const std::string digits = run.digits(first, count);
  if (!has_birth_date(digits) || !stands_free(run, first, count)) return 0;
  const Label& label = context.before(run[first].begin);
  const bool named = label.mentions(Topic::resident) || label.mentions(Topic::foreigner);
  const bool old = digits[6] == '9' || digits[6] == '0';  // born before 1900: corporations' numbers look the same
  if (label.says_other() || (old && !named)) return 0;
  if (sign != '-' && !named && (!resident_check_fits(digits) || (whole && looks_like_time(digits)))) return 0;
  return take(run, first, count, digits[6] >= '5' && digits[6] <= '8' ? Kind::kr_frn : Kind::kr_rrn, match);
}

size_t match_business(const NumberRun& run, size_t first, Context& context, Match& match) {
  const bool whole = run.has_sizes(first, {10});
  if (!whole && !run.has_sizes(first, {3, 2, 5})) return 0;
  const size_t count = whole ? 1 : 3;
  const char sign = whole ? '\0' : run.common_sign(first, count);
  if (!whole && sign == '\0') return 0;
  const std::string digits = run.digits(first, count);
  if (digits.substr(0, 3) == "000" || digits.substr(3, 2) == "00" || !business_check_fits(digits) || !stands_free(run, first, count)) return 0;
  const Label& label = context.before(run[first].begin);
  const bool named = label.mentions(Topic::business);
  if (label.says_other() || (sign != '-' && !named)) return 0;
  if (!named && label.says(Topic::bank)) return 0;
  return take(run, first, count, Kind::kr_brn, match);
}

size_t match_licence(const NumberRun& run, size_t first, Context& context, Match& match) {
  if (run.has_sizes(first, {2, 6, 2}) && run.common_sign(first, 3) != '\0') {
    const size_t region = region_before(run.text(), run[first].begin);
    if (region == 0 || !may_end(run.text(), run[first + 2].end)) return 0;
    take(run, first, 3, Kind::kr_driver, match);
    match.begin -= region;
    return 3;
  }
  const bool whole = run.has_sizes(first, {12});
  if (!whole && !run.has_sizes(first, {2, 2, 6, 2})) return 0;
  const size_t count = whole ? 1 : 4;
  const char sign = whole ? '\0' : run.common_sign(first, count);
  if (!whole && sign == '\0') return 0;
  const std::string digits = run.digits(first, count);
  const int region = value(digits[0]) * 10 + value(digits[1]);
  if (region < 11 || region > 28 || !stands_free(run, first, count)) return 0;
  const Label& label = context.before(run[first].begin);
  if (label.says_other() || (sign != '-' && !label.says(Topic::licence))) return 0;
  return take(run, first, count, Kind::kr_driver, match);
}

size_t match_social_security(const NumberRun& run, size_t first, Context& context, Match& match) {
  const bool whole = run.has_sizes(first, {9});
  if (!whole && !run.has_sizes(first, {3, 2, 4})) return 0;
  const size_t count = whole ? 1 : 3;
  const char sign = whole ? '\0' : run.common_sign(first, count);
  if (!whole && sign == '\0') return 0;
  const std::string digits = run.digits(first, count);
  const std::string area = digits.substr(0, 3);
  if (area == "000" || area == "666" || digits.substr(3, 2) == "00" || digits.substr(5) == "0000" || !stands_free(run, first, count)) return 0;
  const Label& label = context.before(run[first].begin);
  const bool named = label.mentions(Topic::social_security);
  if (label.says_other() || ((sign != '-' || area[0] == '9') && !named)) return 0;
  if (whole && !label.says(Topic::social_security)) return 0;
  return take(run, first, count, Kind::us_ssn, match);
}

size_t match_passport(const NumberRun& run, size_t first, Context& context, Match& match) {
  const std::string_view text = run.text();
  size_t begin = run[first].begin, end = run[first].end;
  while (begin > 0 && is_alphanumeric(text[begin - 1]) && run[first].begin - begin < 10) --begin;
  while (end < text.size() && is_alphanumeric(text[end]) && end - begin < 12) ++end;
  const std::string_view word = text.substr(begin, end - begin);
  if (word.size() < 8 || word.size() > 9) return 0;
  const auto digits = std::count_if(word.begin(), word.end(), is_digit);
  if (digits < 6 || word.substr(1, 4) == "0000") return 0;
  const bool korean = is_latin(word[0]) && word.size() == 9 && (digits == 8 || (digits == 7 && is_latin(word[4])));
  const bool foreign = is_latin(word[0]) ? digits >= 6 : digits == 9;
  if (!may_begin(text, begin) || !may_end(text, end)) return 0;
  const Label& label = context.before(begin);
  if (label.says_other()) return 0;
  const bool named = label.says(Topic::passport) || (korean && (label.mentions(Topic::passport) || (context.behind(end) & bit(Topic::passport)) != 0));
  if (!named || !(korean || foreign)) return 0;
  match = {begin, end, Kind::passport};
  return 1;
}

}  // namespace hone::corpus::personal
