#pragma once
/// Credentials in a text: what opens a door when it is written down.
///
///   private_key     PEM (RFC 7468), OpenSSH and OpenPGP private key blocks, PuTTY files, age keys
///   access_key      tokens with a published prefix and length: AWS, GitHub, GitLab, Slack, Google, Stripe, npm, PyPI, OpenAI …
///   web_token       JSON Web Tokens (RFC 7519) whose header reads as JSON
///   password        passwords in URLs (RFC 3986 userinfo), in settings (key = value), in commands and sentences
///   api_key         values of settings that are called a key, token or secret and look drawn at random
/// Places to be filled in (<password>, ${VAR}, ****, "changeme"), digests, identifiers and public keys are none of these.
#include <string_view>
#include <vector>

namespace hone::corpus::secret {

inline constexpr std::string_view kPlaceholder = "[SECRET]";

/// The secret alone, without the name, the quotes or the URL around it; bytes of the text searched.
struct Match {
  size_t begin = 0, end = 0;
  std::string_view kind;  ///< Static storage.
};

/// In order, not overlapping. The text is a shadow (shadow.h) or any valid UTF-8.
std::vector<Match> find_all(std::string_view text);

}  // namespace hone::corpus::secret
