#pragma once
/// Made-up values that take the place of real ones and cannot be anybody's, the same for the same value under the same key.
///
///   email         user-3fa9c1d2@example.invalid (RFC 2606)
///   ip            240.a.b.c (RFC 1112, reserved); 100::… (RFC 6666, discarded)
///   kr_rrn, frn   the value's shape with year and month 00 and seventh digit 0; kr_brn: office 000; us_ssn: area 000; card: issuer 0000
///   kr_driver     region 00, then 0; passport: a letter and 0000 first; bank_account: six zeros first; iban: country ZZ, which no bank is in
///   phone         the value's shape with 000 first, or +999, which is no country's code
///   person_name   person-3fa9c1d2; address: place-3fa9c1d2
/// Digits come from HMAC-SHA-256(key, kind, value's digits): how a value is spelt does not matter. No detector finds a stand-in, so
/// cleaning twice changes nothing more.
#include <string>
#include <string_view>

#include "corpus/personal/kind.h"

namespace hone::corpus::personal {

/// `value` as in a shadow; the key may be any bytes.
std::string stand_in(Kind kind, std::string_view value, std::string_view key);

}  // namespace hone::corpus::personal
