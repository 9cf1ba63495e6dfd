#include "corpus/secret/find.h"

#include <algorithm>
#include <array>
#include <string>

#include "corpus/literal_scan.h"
#include "corpus/secret/detectors.h"

namespace hone::corpus::secret {
namespace {

/// Parts of the names that settings for secrets have.
constexpr std::array<std::string_view, 16> kNames = {"passw",  "passphrase", "passcode", "pass", "pwd",   "secret",   "token", "key",
                                                     "credential", "비밀번호", "암호",  "패스워드", "비번", "토큰", "시크릿", "인증키"};
constexpr std::array<std::string_view, 2> kAuthorizations = {"bearer ", "basic "};

std::string lower_case(std::string_view text) {
  std::string result{text};
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
  return result;
}

/// Literals in the order: token prefixes, block, URL, web token, authorizations, names.
struct Anchors {
  size_t tokens = 0, block = 0, url = 0, web_token = 0, authorizations = 0, names = 0;
  LiteralScan scan{make()};

  std::vector<std::string> make() {
    std::vector<std::string> literals;
    const TokenForm* forms = token_forms(tokens);
    for (size_t i = 0; i < tokens; ++i) literals.push_back(lower_case(forms[i].prefix));
    block = literals.size();
    literals.emplace_back("-----begin ");
    url = literals.size();
    literals.emplace_back("://");
    web_token = literals.size();
    literals.emplace_back("eyj");
    authorizations = literals.size();
    for (const std::string_view word : kAuthorizations) literals.emplace_back(word);
    names = literals.size();
    for (const std::string_view word : kNames) literals.emplace_back(word);
    return literals;
  }
};

}  // namespace

std::vector<Match> find_all(std::string_view text) {
  static const Anchors kAnchors;
  std::vector<Match> matches;
  size_t settled = 0;
  size_t forms_count = 0;
  const TokenForm* forms = token_forms(forms_count);
  kAnchors.scan.each(text, [&](size_t literal, size_t position) {
    std::optional<Match> match;
    const size_t end = position + kAnchors.scan.literal(literal).size();
    if (literal < kAnchors.tokens) match = match_token(text, position, forms[literal]);
    else if (literal == kAnchors.block) match = match_block(text, position);
    else if (literal == kAnchors.url) match = match_url_password(text, position);
    else if (literal == kAnchors.web_token) match = match_web_token(text, position);
    else if (literal < kAnchors.names) match = match_authorization(text, position, end);
    else match = match_setting(text, position, end, settled);
    if (match) matches.push_back(*match);
  });
  std::sort(matches.begin(), matches.end(), [](const Match& a, const Match& b) { return a.begin != b.begin ? a.begin < b.begin : a.end > b.end; });
  std::vector<Match> apart;
  for (const Match& match : matches) {
    if (apart.empty() || match.begin >= apart.back().end) apart.push_back(match);
  }
  return apart;
}

}  // namespace hone::corpus::secret
