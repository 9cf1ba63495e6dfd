#include <algorithm>
#include <array>

#include "corpus/personal/detectors.h"

namespace hone::corpus::personal {
namespace {

bool luhn_fits(std::string_view digits) {
  int sum = 0;
  bool doubled = false;
  for (size_t i = digits.size(); i-- > 0; doubled = !doubled) {
    const int digit = (digits[i] - '0') << (doubled ? 1 : 0);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum % 10 == 0;
}

enum class Issuer { none, rare, known };

int leading(std::string_view digits, size_t count) {
  int number = 0;
  for (size_t i = 0; i < count; ++i) number = number * 10 + (digits[i] - '0');
  return number;
}

/// Ranges of ISO/IEC 7812 issuer numbers. `rare`: networks whose ranges are so wide that a number in one piece needs a label.
Issuer issuer_of(std::string_view digits) {
  const size_t length = digits.size();
  const int two = leading(digits, 2), three = leading(digits, 3), four = leading(digits, 4);
  const auto within = [](int number, int low, int high) { return number >= low && number <= high; };
  if (digits[0] == '4') return length == 16 ? Issuer::known : length == 13 || length == 19 ? Issuer::rare : Issuer::none;
  if (within(two, 51, 55) || within(four, 2221, 2720)) return length == 16 ? Issuer::known : Issuer::none;
  if (two == 34 || two == 37) return length == 15 ? Issuer::known : Issuer::none;
  if (four == 6011 || within(three, 644, 649) || two == 65) return length == 16 ? Issuer::known : length == 19 ? Issuer::rare : Issuer::none;
  if (within(four, 3528, 3589)) return length == 16 ? Issuer::known : length == 19 ? Issuer::rare : Issuer::none;
  if (within(three, 300, 305) || two == 36 || two == 38 || two == 39) return length == 14 || length == 16 ? Issuer::rare : Issuer::none;
  if (two == 62 || two == 81) return length == 16 ? Issuer::known : length > 16 ? Issuer::rare : Issuer::none;
  if (within(four, 2200, 2204)) return length == 16 ? Issuer::known : Issuer::none;
  // Cards that are valid in one country only: Korea's begin with 9.
  if (digits[0] == '9') return length == 16 ? Issuer::rare : Issuer::none;
  if (two == 50 || within(two, 56, 58) || digits[0] == '6') return length >= 13 ? Issuer::rare : Issuer::none;
  return Issuer::none;
}

/// Groups that a card number from `first` takes; 0 when the sizes are none of a card's.
size_t card_groups(const NumberRun& run, size_t first) {
  if (run.has_sizes(first, {4, 4, 4, 4})) return run.has_sizes(first + 4, {3}) && run.common_sign(first, 5) != '\0' && first + 5 == run.size() ? 5 : 4;
  if (run.has_sizes(first, {4, 6, 5}) || run.has_sizes(first, {4, 6, 4})) return 3;
  const size_t size = run[first].size();
  return size >= 13 && size <= 19 ? 1 : 0;
}

/// ISO 13616 lengths.
size_t iban_length(std::string_view country) {
  struct Entry {
    std::string_view country;
    size_t length;
  };
  constexpr std::array<Entry, 76> kLengths = {{
      {"AD", 24}, {"AE", 23}, {"AL", 28}, {"AT", 20}, {"AZ", 28}, {"BA", 20}, {"BE", 16}, {"BG", 22}, {"BH", 22}, {"BR", 29}, {"BY", 28},
      {"CH", 21}, {"CR", 22}, {"CY", 28}, {"CZ", 24}, {"DE", 22}, {"DK", 18}, {"DO", 28}, {"EE", 20}, {"EG", 29}, {"ES", 24}, {"FI", 18},
      {"FO", 18}, {"FR", 27}, {"GB", 22}, {"GE", 22}, {"GI", 23}, {"GL", 18}, {"GR", 27}, {"GT", 28}, {"HR", 21}, {"HU", 28}, {"IE", 22},
      {"IL", 23}, {"IQ", 23}, {"IS", 26}, {"IT", 27}, {"JO", 30}, {"KW", 30}, {"KZ", 20}, {"LB", 28}, {"LC", 32}, {"LI", 21}, {"LT", 20},
      {"LU", 20}, {"LV", 21}, {"LY", 25}, {"MC", 27}, {"MD", 24}, {"ME", 22}, {"MK", 19}, {"MR", 27}, {"MT", 31}, {"MU", 30}, {"NL", 18},
      {"NO", 15}, {"PK", 24}, {"PL", 28}, {"PS", 29}, {"PT", 25}, {"QA", 29}, {"RO", 24}, {"RS", 22}, {"SA", 24}, {"SC", 31}, {"SE", 24},
      {"SI", 19}, {"SK", 24}, {"SM", 27}, {"ST", 25}, {"SV", 28}, {"TL", 23}, {"TN", 24}, {"TR", 26}, {"UA", 29}, {"XK", 20}}};
  const auto found = std::find_if(kLengths.begin(), kLengths.end(), [&](const Entry& entry) { return entry.country == country; });
  return found == kLengths.end() ? 0 : found->length;
}

/// ISO 7064 MOD 97-10 over the number with its first four characters moved to the end.
bool iban_check_fits(std::string_view iban) {
  int remainder = 0;
  for (size_t i = 0; i < iban.size(); ++i) {
    const char c = iban[(i + 4) % iban.size()];
    remainder = is_digit(c) ? (remainder * 10 + (c - '0')) % 97 : (remainder * 100 + (c - 'A' + 10)) % 97;
  }
  return remainder == 1;
}

/// In one piece and in a bank's letter, but no account: 20210722143000, or a sum of money.
bool is_time_or_sum(std::string_view digits, std::string_view text, size_t end) {
  const bool timely = digits.size() == 12 || digits.size() == 14;
  if (timely && (digits.substr(0, 2) == "19" || digits.substr(0, 2) == "20") && leading(digits.substr(4), 2) <= 12 && leading(digits.substr(6), 2) <= 31 &&
      leading(digits.substr(8), 2) < 24) {
    return true;
  }
  while (end < text.size() && text[end] == ' ') ++end;
  constexpr std::array<std::string_view, 6> kUnits = {"원", "달러", "won", "KRW", "USD", "EUR"};
  return std::any_of(kUnits.begin(), kUnits.end(), [&](std::string_view unit) { return text.substr(end, unit.size()) == unit; });
}

}  // namespace

size_t match_card(const NumberRun& run, size_t first, Context& context, Match& match) {
  const size_t count = card_groups(run, first);
  if (count == 0) return 0;
  const char sign = count == 1 ? '\0' : run.common_sign(first, count);
  if (count > 1 && sign != '-' && sign != ' ' && sign != '.') return 0;
  const std::string digits = run.digits(first, count);
  const Issuer issuer = issuer_of(digits);
  if (issuer == Issuer::none || !luhn_fits(digits)) return 0;
  const size_t begin = run[first].begin, end = run[first + count - 1].end;
  if (!may_begin(run.text(), begin) || !may_end(run.text(), end)) return 0;
  const Label& label = context.before(begin);
  if (label.says_other()) return 0;
  const bool named = label.mentions(Topic::card) || (context.behind(end) & bit(Topic::card)) != 0;
  if (count == 1 && issuer == Issuer::rare && !named) return 0;
  match = {begin, end, Kind::card};
  return count;
}

size_t match_iban(const NumberRun& run, size_t first, Context&, Match& match) {
  const std::string_view text = run.text();
  const size_t digit = run[first].begin;
  if (digit < 2 || run[first].size() < 2 || !is_latin(text[digit - 1]) || !is_latin(text[digit - 2])) return 0;
  const size_t begin = digit - 2;
  const std::string country{text.substr(begin, 2)};
  const size_t length = iban_length(country);
  if (length == 0 || (begin > 0 && (is_alphanumeric(text[begin - 1]) || text[begin - 1] == '_'))) return 0;
  std::string iban;
  size_t end = begin;
  for (; end < text.size() && iban.size() < length; ++end) {
    const char c = text[end];
    if (is_digit(c) || (c >= 'A' && c <= 'Z')) iban += c;
    else if (c != ' ' && c != '-') return 0;
    else if (iban.size() % 4 != 0 || text[end - 1] == ' ') return 0;  // written in groups of four
  }
  if (iban.size() != length || !iban_check_fits(iban) || !may_end(text, end)) return 0;
  match = {begin, end, Kind::iban};
  size_t taken = 1;
  while (first + taken < run.size() && run[first + taken].begin < end) ++taken;
  return taken;
}

size_t match_account(const NumberRun& run, size_t first, Context& context, Match& match) {
  constexpr size_t kLeast = 10, kMost = 17, kMostGroups = 5;
  size_t count = 1, digits = run[first].size();
  if (digits > kMost) return 0;
  const char sign = first + 1 < run.size() ? run.sign(first + 1) : '\0';
  if (sign == '-' || sign == ' ') {
    while (first + count < run.size() && count < kMostGroups && run.sign(first + count) == sign && digits + run[first + count].size() <= kMost) {
      digits += run[first + count++].size();
    }
  }
  const size_t begin = run[first].begin;
  if (digits < kLeast || (count > 1 && run[first].size() == 1) || !may_begin(run.text(), begin)) return 0;
  const size_t end = run[first + count - 1].end;
  if (!may_end(run.text(), end) || run.digits(first, count).substr(0, 3) == "000") return 0;
  if (begin > 0 && run.text()[begin - 1] == '+') return 0;
  const Label& label = context.before(begin);
  if (label.says_other()) return 0;
  const bool named = count == 1 ? label.says(Topic::bank) && !is_time_or_sum(run.digits(first), run.text(), end)
                                : label.mentions(Topic::bank) || (context.behind(end) & bit(Topic::bank)) != 0;
  if (!named) return 0;
  match = {begin, end, Kind::bank_account};
  return count;
}

}  // namespace hone::corpus::personal
