#pragma once
/// Kinds of personal data that have a form to be recognised by, and what ledgers, recipes and placeholders call them.
#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace hone::corpus::personal {

enum class Kind : uint8_t {
  kr_rrn,
  kr_frn,
  kr_brn,
  kr_driver,
  passport,
  us_ssn,
  card,
  bank_account,
  iban,
  phone,
  email,
  ip,
  address,
  person_name,
};
inline constexpr size_t kKinds = 14;

/// Set of kinds, by number.
using Kinds = std::bitset<kKinds>;
inline bool has(const Kinds& kinds, Kind kind) { return kinds.test(static_cast<size_t>(kind)); }

/// In ledgers and recipes: "kr_rrn".
constexpr std::string_view name_of(Kind kind) {
  constexpr std::array<std::string_view, kKinds> kNames = {"kr_rrn", "kr_frn", "kr_brn", "kr_driver",    "passport", "us_ssn",  "card",
                                                           "bank_account", "iban", "phone", "email", "ip", "address", "person_name"};
  return kNames[static_cast<size_t>(kind)];
}

/// What stands in the text instead of a value: "[RRN]".
constexpr std::string_view placeholder_of(Kind kind) {
  constexpr std::array<std::string_view, kKinds> kWords = {"[RRN]",  "[FRN]",     "[BRN]",  "[LICENCE]", "[PASSPORT]", "[SSN]",  "[CARD]",
                                                           "[ACCOUNT]", "[IBAN]", "[PHONE]", "[EMAIL]", "[IP]", "[ADDRESS]", "[NAME]"};
  return kWords[static_cast<size_t>(kind)];
}

/// One value found, in bytes of the text that was searched.
struct Match {
  size_t begin = 0, end = 0;
  Kind kind = Kind::phone;
};

}  // namespace hone::corpus::personal
