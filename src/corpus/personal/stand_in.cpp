#include "corpus/personal/stand_in.h"

#include <algorithm>

#include "base/hash.h"
#include "corpus/personal/context.h"
#include "corpus/personal/number_run.h"

namespace hone::corpus::personal {
namespace {

/// What makes a value the same value: letters and digits in one case; a Korean number from abroad is the number at home.
std::string canonical(Kind kind, std::string_view value) {
  if (kind == Kind::email || kind == Kind::ip || kind == Kind::person_name || kind == Kind::address) return lower_case(value);
  std::string plain;
  for (const char c : lower_case(value)) {
    if (is_alphanumeric(c)) plain += c;
  }
  if (kind != Kind::phone) return plain;
  if (plain.rfind("0082", 0) == 0) plain.erase(0, 2);
  if (plain.rfind("82", 0) == 0 && plain.size() >= 10) plain.replace(0, plain.size() > 2 && plain[2] == '0' ? 3 : 2, "0");
  return plain;
}

/// The value with its digits and letters exchanged for those of the hash, and zeros for its first `zeros` digits.
std::string reshaped(std::string_view value, std::string_view hash, size_t zeros) {
  std::string result;
  size_t used = 0, digits = 0;
  for (const char c : value) {
    const int drawn = hash[used % hash.size()] <= '9' ? hash[used % hash.size()] - '0' : hash[used % hash.size()] - 'a' + 10;
    if (is_digit(c)) {
      result += digits++ < zeros ? '0' : static_cast<char>('0' + drawn % 10);
      ++used;
    } else if (is_latin(c)) {
      result += static_cast<char>('A' + drawn);
      ++used;
    } else if (static_cast<uint8_t>(c) < 0x80) {
      result += c;
    }
  }
  return result;
}

std::string resident(std::string_view value, std::string_view hash) {
  std::string result = reshaped(value, hash, 0);
  size_t digits = 0;
  for (char& c : result) {
    if (!is_digit(c)) continue;
    if (digits < 4 || digits == 6) c = '0';
    ++digits;
  }
  return result;
}

std::string phone(std::string_view value, std::string_view hash) {
  if (value.find('+') == std::string_view::npos) return reshaped(value, hash, 3);
  std::string result = reshaped(value, hash, 0);
  // The country's code gives way to 999, whatever its length.
  const size_t plus = result.find('+');
  size_t end = plus + 1;
  while (end < result.size() && is_digit(result[end])) ++end;
  const size_t length = end - plus - 1;
  result.replace(plus + 1, std::min<size_t>(length, 3), "999");
  return result;
}

std::string internet_address(std::string_view value, const std::string& hash) {
  const auto number = [&](size_t at) { return std::to_string(std::stoul(hash.substr(at, 2), nullptr, 16)); };
  if (value.find(':') != std::string_view::npos) return "100::" + hash.substr(0, 4) + ":" + hash.substr(4, 4) + ":" + hash.substr(8, 4);
  return "240." + number(0) + "." + number(2) + "." + number(4);
}

}  // namespace

std::string stand_in(Kind kind, std::string_view value, std::string_view key) {
  std::string named{name_of(kind)};
  named += '\0';
  named += canonical(kind, value);
  const std::string hash = base::hmac_sha256(key, named);
  switch (kind) {
    case Kind::kr_rrn:
    case Kind::kr_frn: return resident(value, hash);
    case Kind::kr_brn:
    case Kind::us_ssn: return reshaped(value, hash, 3);
    case Kind::kr_driver: return reshaped(value, hash, 3);
    case Kind::passport: return "X0000" + reshaped("00000", hash, 0).substr(0, 4);
    case Kind::card: return reshaped(value, hash, 4);
    case Kind::bank_account: return reshaped(value, hash, 6);
    case Kind::iban: return "ZZ00" + reshaped("000000000000", hash, 0);
    case Kind::phone: return phone(value, hash);
    case Kind::email: return "user-" + hash.substr(0, 8) + "@example.invalid";
    case Kind::ip: return internet_address(value, hash);
    case Kind::address: return "place-" + hash.substr(0, 8);
    case Kind::person_name: return "person-" + hash.substr(0, 8);
  }
  return {};
}

}  // namespace hone::corpus::personal
