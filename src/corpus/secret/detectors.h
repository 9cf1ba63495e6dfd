#pragma once
/// The forms of secrets, each asked at a place where a literal of its own stands.
#include <optional>
#include <string_view>

#include "corpus/secret/find.h"

namespace hone::corpus::secret {

/// A token with a published prefix: which characters follow, how many, and what it is called.
struct TokenForm {
  std::string_view prefix;
  std::string_view alphabet;  ///< "alnum", "hex", "upper" (A-Z, 2-7), "word" (letters, digits, - and _), "dotted" (word and .)
  size_t least = 0, most = 0;  ///< Characters behind the prefix.
};

/// All forms; their prefixes are what the scan looks for.
const TokenForm* token_forms(size_t& count);

std::optional<Match> match_token(std::string_view text, size_t position, const TokenForm& form);
/// "eyJ": three parts in base64url, the first a JSON object that names an algorithm.
std::optional<Match> match_web_token(std::string_view text, size_t position);
/// "-----BEGIN": the whole block.
std::optional<Match> match_block(std::string_view text, size_t position);
/// "://": the password before the host.
std::optional<Match> match_url_password(std::string_view text, size_t position);
/// A word of keys and passwords at [position, end): the value that a setting, command or sentence gives it. `settled` is where the
/// name ends that was looked at last, so that a name with two such words is read once.
std::optional<Match> match_setting(std::string_view text, size_t position, size_t end, size_t& settled);
/// "Bearer " and "Basic ".
std::optional<Match> match_authorization(std::string_view text, size_t position, size_t end);

}  // namespace hone::corpus::secret
