#pragma once
/// The forms of personal numbers. Each asks whether the groups of a run from `first` on are one; it gives the number of groups taken
/// (0: none) and fills `match`. Where a form alone says too little, the words around decide (context.h).
///
/// Sources: resident and foreigner registration: Ministry of the Interior and Safety's form YYMMDD-SBBBBNC, no check digit for numbers
/// given since October 2020. Business registration: National Tax Service. Social security: SSA, "Social Security number
/// randomization". Cards: ISO/IEC 7812 (Luhn). IBAN: ISO 13616. Telephone: ITU-T E.164, NANP, Korean numbering plan.
#include "corpus/personal/context.h"
#include "corpus/personal/kind.h"
#include "corpus/personal/number_run.h"

namespace hone::corpus::personal {

/// Resident and foreigner registration numbers. A hyphenated one needs a date and a seventh digit that fit; in one piece it needs a
/// check digit that fits or a label besides. Masked ones stay as they are.
size_t match_resident(const NumberRun& run, size_t first, Context& context, Match& match);
/// Business registration numbers; the check digit must fit, and ten digits in one piece need a label.
size_t match_business(const NumberRun& run, size_t first, Context& context, Match& match);
/// Driver's licence NN-NN-NNNNNN-NN, and the older form that begins with the name of a region.
size_t match_licence(const NumberRun& run, size_t first, Context& context, Match& match);
size_t match_social_security(const NumberRun& run, size_t first, Context& context, Match& match);
/// A word of letters and digits with a label: M12345678, M123A4567, nine digits.
size_t match_passport(const NumberRun& run, size_t first, Context& context, Match& match);
/// Luhn and a known issuer; groups of four, 4-6-5 (American Express), 4-6-4 (Diners), or in one piece.
size_t match_card(const NumberRun& run, size_t first, Context& context, Match& match);
/// Country, length and check digits fit.
size_t match_iban(const NumberRun& run, size_t first, Context& context, Match& match);
/// Ten to seventeen digits; always needs a label.
size_t match_account(const NumberRun& run, size_t first, Context& context, Match& match);
/// Korean, North American and international numbers, with their extension.
size_t match_phone(const NumberRun& run, size_t first, Context& context, Match& match);
/// IPv4. Networks, masks, loopback, multicast, reserved and well-known public resolvers stay; private ones need a label.
size_t match_ip4(const NumberRun& run, size_t first, Context& context, Match& match);

/// IPv6 around the colon at `colon`; false when there is none. `match.end` may lie behind.
bool match_ip6(std::string_view text, size_t colon, Context& context, Match& match);
/// A mail address around the @ at `at`.
bool match_email(std::string_view text, size_t at, Context& context, Match& match);

}  // namespace hone::corpus::personal
