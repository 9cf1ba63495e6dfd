#include <algorithm>
#include <array>
#include <optional>

#include "corpus/personal/detectors.h"

namespace hone::corpus::personal {
namespace {

struct Numbering {
  int code;
  size_t least, most;  ///< Digits of a national number, without a leading 0.
};

/// Countries whose numbers have a length that is worth knowing; others have 6 to 12 digits.
constexpr std::array<Numbering, 34> kCountries = {{
    {1, 10, 10},  {7, 10, 10},  {20, 8, 10},  {27, 9, 9},   {30, 10, 10}, {31, 9, 9},   {32, 8, 9},   {33, 9, 9},   {34, 9, 9},
    {36, 8, 9},   {39, 6, 11},  {40, 9, 9},   {41, 9, 9},   {43, 6, 12},  {44, 9, 10},  {45, 8, 8},   {46, 7, 9},   {47, 8, 8},
    {48, 9, 9},   {49, 6, 11},  {52, 10, 10}, {54, 10, 11}, {55, 10, 11}, {60, 8, 10},  {61, 9, 9},   {62, 8, 12},  {63, 9, 10},
    {64, 8, 10},  {65, 8, 8},   {66, 8, 9},   {81, 9, 10},  {82, 7, 11},  {86, 10, 11}, {91, 10, 10},
}};

/// Length of the country code that digits begin with (ITU-T E.164 annex); 0 when no country has it.
size_t code_length(std::string_view digits) {
  if (digits.empty() || digits[0] == '0') return 0;
  if (digits[0] == '1' || digits[0] == '7') return 1;
  constexpr std::array<std::string_view, 44> kTwo = {"20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46",
                                                     "47", "48", "49", "51", "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63",
                                                     "64", "65", "66", "81", "82", "84", "86", "90", "91", "92", "93", "94", "95", "98"};
  if (std::find(kTwo.begin(), kTwo.end(), digits.substr(0, 2)) != kTwo.end()) return 2;
  constexpr std::string_view kThree = "2356789";  // 21x-26x, 29x, 35x, 37x, 38x, 42x, 50x, 59x, 67x-69x, 85x, 87x, 88x, 96x, 97x, 99x but 999
  return digits.size() >= 3 && kThree.find(digits[0]) != std::string_view::npos && digits.substr(0, 3) != "999" ? 3 : 0;
}

bool is_mobile_prefix(std::string_view p) {
  return p.size() == 3 && p[0] == '0' && p[1] == '1' && (p[2] == '0' || p[2] == '1' || (p[2] >= '6' && p[2] <= '9'));
}

/// 02, 031…064, 070, 080, 050x: everything but mobile numbers.
bool is_line_prefix(std::string_view p) {
  if (p == "02" || p == "070" || p == "080") return true;
  if (p.size() == 3 && p[0] == '0' && p[1] >= '3' && p[1] <= '6') return p[2] >= '1' && p[2] <= '5';
  return p.size() == 4 && p.substr(0, 3) == "050" && p[3] >= '2';
}

/// Length of the Korean prefix that digits in one piece begin with; 0 when there is none.
size_t prefix_length(std::string_view digits) {
  for (const size_t length : {size_t{2}, size_t{3}, size_t{4}}) {
    const std::string_view prefix = digits.substr(0, length);
    if (prefix.size() == length && (is_mobile_prefix(prefix) || is_line_prefix(prefix))) return length;
  }
  return 0;
}

bool is_korean(std::string_view digits) {
  const size_t prefix = prefix_length(digits);
  return prefix > 0 && (digits.size() - prefix == 7 || digits.size() - prefix == 8);
}

bool only_zeros_and_ones(std::string_view digits) { return digits.find_first_not_of("01") == std::string_view::npos; }

/// "-", ".", " ", ")", ") ", " - ", "/": what stands between the parts of one number.
bool parts_a_number(std::string_view between) {
  constexpr std::array<std::string_view, 18> kSigns = {"-", ".", " ", ")", ") ", " - ", "/", ")-", ") - ", "- ", " -", ". ", "] ", "]", "]-", " (", "(", "-("};
  return std::find(kSigns.begin(), kSigns.end(), between) != kSigns.end();
}

bool is_opened(std::string_view text, size_t begin) { return begin > 0 && (text[begin - 1] == '(' || text[begin - 1] == '['); }

/// Where an extension that follows at `end` ends; `end` when there is none.
size_t behind_extension(std::string_view text, size_t end) {
  size_t at = end;
  const auto skip = [&](std::string_view signs) {
    while (at < text.size() && at - end < 24 && signs.find(text[at]) != std::string_view::npos) ++at;
  };
  skip(" ,");
  const bool bracketed = at < text.size() && text[at] == '(';
  if (bracketed) ++at;
  constexpr std::array<std::string_view, 8> kWords = {"extension", "ext.", "ext", "x", "내선번호", "내선", "교환", "#"};
  const std::string word = lower_case(text.substr(at, 12));
  const auto found = std::find_if(kWords.begin(), kWords.end(), [&](std::string_view w) { return word.rfind(w, 0) == 0; });
  if (found == kWords.end()) return end;
  at += found->size();
  skip(" .:");
  const size_t digits = at;
  while (at < text.size() && is_digit(text[at]) && at - digits < 6) ++at;
  if (at == digits || at - digits > 5 || (at < text.size() && is_alphanumeric(text[at]))) return end;
  if (!bracketed) return at;
  return at < text.size() && text[at] == ')' ? at + 1 : end;
}

class PhoneMatcher {
 public:
  PhoneMatcher(const NumberRun& run, size_t first, Context& context) : run_(run), first_(first), context_(context), text_(run.text()) {}

  size_t match(Match& match) {
    const size_t begin = run_[first_].begin;
    size_t count = 0;
    if (begin > 0 && text_[begin - 1] == '+') {
      count = international(begin - 1);
    } else {
      count = korean();
      if (count == 0) count = dialled_from_abroad();
      if (count == 0) count = american();
      if (count == 0) count = service();
      if (count == 0) count = labelled();
    }
    if (count == 0) return 0;
    const size_t end = behind_extension(text_, run_[first_ + count - 1].end);
    match = {begin_, end, Kind::phone};
    while (first_ + count < run_.size() && run_[first_ + count].begin < end) ++count;
    return count;
  }

 private:
  const Label& label() { return context_.before(begin_); }
  bool named(size_t count) {
    return label().says(Topic::phone) || (context_.behind(run_[first_ + count - 1].end) & bit(Topic::phone)) != 0;
  }

  /// Sets where the number begins, its bracket included when it closes inside; false when it may not stand here.
  bool bounds(size_t count) {
    begin_ = run_[first_].begin;
    if (is_opened(text_, begin_)) {
      const char closing = text_[begin_ - 1] == '(' ? ')' : ']';
      const size_t stop = run_[first_ + count - 1].begin;
      if (text_.substr(begin_, stop - begin_).find(closing) != std::string_view::npos) --begin_;
    }
    return may_begin(text_, begin_) && may_end_here(run_[first_ + count - 1].end);
  }

  /// An extension may follow at once: 555-0123x45.
  bool may_end_here(size_t end) const { return may_end(text_, end) || behind_extension(text_, end) > end; }

  bool parted(size_t count) const {
    for (size_t i = first_ + 1; i < first_ + count; ++i) {
      if (!parts_a_number(run_.separator(i))) return false;
    }
    return true;
  }

  size_t korean() {
    for (const size_t count : {size_t{3}, size_t{2}, size_t{1}}) {
      if (first_ + count > run_.size() || !parted(count)) continue;
      const std::string digits = run_.digits(first_, count);
      if (digits[0] != '0' || !is_korean(digits) || !korean_parts(count, prefix_length(digits)) || !bounds(count)) continue;
      if (label().says_other()) return 0;
      const bool mobile = is_mobile_prefix(std::string_view{digits}.substr(0, 3));
      const bool signed_ = count > 1 && run_.sign(first_ + 1) != ' ';
      const bool clear = count == 1 ? digits.substr(0, 3) == "010" && digits.size() == 11 && !only_zeros_and_ones(digits) : mobile || signed_;
      if (clear || named(count)) return count;
      if (count > 1 && label().mentions(Topic::phone)) return count;
    }
    return 0;
  }

  /// 010-1234-5678, 010-12345678, 0101234-5678.
  bool korean_parts(size_t count, size_t prefix) const {
    const size_t last = run_[first_ + count - 1].size();
    if (count == 1) return true;
    if (count == 3) return run_[first_].size() == prefix && last == 4;
    return run_[first_].size() == prefix ? last >= 7 : last == 4 && run_[first_].size() > prefix;
  }

  /// +82 (0)10-1234-5678 and every other country.
  size_t international(size_t plus) {
    begin_ = plus;
    if (plus > 0 && is_opened(text_, plus)) {
      const size_t closing = text_.find(')', plus);
      if (closing != std::string_view::npos && closing < plus + 8) --begin_;
    }
    if (begin_ > 0 && (is_alphanumeric(text_[begin_ - 1]) || text_[begin_ - 1] == '+') && !may_begin(text_, begin_)) return 0;
    size_t count = 1;
    while (first_ + count < run_.size() && count < 8 && parts_a_number(run_.separator(first_ + count))) ++count;
    for (; count > 0; --count) {
      if (is_international(run_.digits(first_, count), count) && may_end_here(run_[first_ + count - 1].end)) return count;
    }
    return 0;
  }

  bool is_international(std::string_view digits, size_t count) {
    const size_t code = code_length(digits);
    if (code == 0 || digits.size() > 16 || (count > 1 && run_[first_].size() < code)) return false;
    int number = 0;
    for (size_t i = 0; i < code; ++i) number = number * 10 + (digits[i] - '0');
    std::string national{digits.substr(code)};
    const bool trunk = !national.empty() && national[0] == '0' && number != 39;
    if (trunk) national.erase(0, 1);
    if (number == 82) return is_korean("0" + national);
    if (number == 1) return national.size() == 10 && national[0] >= '2' && national[3] >= '2';
    const auto known = std::find_if(kCountries.begin(), kCountries.end(), [&](const Numbering& country) { return country.code == number; });
    const size_t least = known == kCountries.end() ? 6 : known->least, most = known == kCountries.end() ? 12 : known->most;
    if (national.size() < least || national.size() > most) return false;
    return count > 1 || digits.size() >= 10 || named(1);
  }

  /// 82-10-1234-5678, 0082 10 1234 5678.
  size_t dialled_from_abroad() {
    const std::string_view head = run_.digits(first_);
    if (head != "82" && head != "0082" && head.substr(0, 3) != "821" && head.substr(0, 5) != "00821") return 0;
    for (size_t count = std::min<size_t>(5, run_.size() - first_); count > 0; --count) {
      std::string digits = run_.digits(first_, count);
      if (digits.substr(0, 2) == "00") digits.erase(0, 2);
      digits.erase(0, 2);
      if (digits.empty() || !parted(count)) continue;
      if (digits[0] != '0') digits.insert(0, 1, '0');
      const bool mobile = is_mobile_prefix(std::string_view{digits}.substr(0, 3));
      if (!is_korean(digits) || !bounds(count) || label().says_other()) continue;
      if ((mobile && count >= 3) || named(count)) return count;
    }
    return 0;
  }

  /// (212) 555-0153, 212-555-0153, 1-212-555-0153, 212.555.0153.
  size_t american() {
    const bool country = run_.digits(first_) == "1" && first_ + 1 < run_.size();
    const size_t area = first_ + (country ? 1 : 0);
    if (run_.has_sizes(area, {10}) && !country) {
      return american_digits(run_.digits(area)) && bounds(1) && label().says(Topic::phone) ? 1 : 0;
    }
    if (!run_.has_sizes(area, {3, 3, 4})) return 0;
    const size_t count = country ? 4 : 3;
    const char before = run_.sign(area + 1), after = run_.sign(area + 2);
    const std::string digits = run_.digits(area, 3);
    if (!parted(count) || digits[0] < '2' || !bounds(count) || label().says_other()) return 0;
    // Examples of the plan's shape often break its rule for the second part: (555) 123-4567.
    if (!american_digits(digits) && before != ')' && !named(count)) return 0;
    const bool clear = (before == ')' || before == after) && after != ' ' && after != '/';
    return clear || (before == ')' && after == ' ') || named(count) || label().mentions(Topic::phone) ? count : 0;
  }

  static bool american_digits(std::string_view digits) {
    return digits[0] >= '2' && digits[3] >= '2' && digits.substr(1, 2) != "11" && digits.substr(4, 2) != "11";
  }

  /// 1588-1234: a company's number, one of a phone only where it is called so.
  size_t service() {
    if (!run_.has_sizes(first_, {4, 4}) && !run_.has_sizes(first_, {8})) return 0;
    const size_t count = run_[first_].size() == 4 ? 2 : 1;
    const std::string digits = run_.digits(first_, count);
    if (digits[0] != '1' || (digits[1] != '5' && digits[1] != '6' && digits[1] != '8')) return 0;
    if (count == 2 && run_.sign(first_ + 1) != '-') return 0;
    return bounds(count) && !label().says_other() && label().says(Topic::phone) ? count : 0;
  }

  /// Other national numbers, where they are called telephone numbers: 020 7946 0101, 555-0123, 03-1234-5678.
  size_t labelled() {
    size_t count = 1, digits = run_[first_].size();
    while (first_ + count < run_.size() && count < 5 && parts_a_number(run_.separator(first_ + count)) && digits + run_[first_ + count].size() <= 12) {
      digits += run_[first_ + count++].size();
    }
    const bool trunk = run_.digits(first_)[0] == '0';
    const bool local = count == 2 && run_.has_sizes(first_, {3, 4}) && run_.sign(first_ + 1) == '-' &&
                       (first_ == 0 || !parts_a_number(run_.separator(first_)));
    const bool whole = count == 1 && digits >= 9 && digits <= 12 && trunk;
    if (!whole && !local && !(count > 1 && digits >= 9 && trunk && run_[first_].size() > 1)) return 0;
    if (!bounds(count) || !label().says(Topic::phone) || label().gap > 24) return 0;
    return run_.digits(first_, count).substr(0, 3) == "000" ? 0 : count;
  }

  const NumberRun& run_;
  const size_t first_;
  Context& context_;
  const std::string_view text_;
  size_t begin_ = 0;
};

}  // namespace

size_t match_phone(const NumberRun& run, size_t first, Context& context, Match& match) { return PhoneMatcher(run, first, context).match(match); }

}  // namespace hone::corpus::personal
