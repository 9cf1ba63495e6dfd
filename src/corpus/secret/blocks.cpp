#include <algorithm>
#include <string>

#include "corpus/secret/detectors.h"
#include "corpus/secret/plausible.h"

namespace hone::corpus::secret {
namespace {

constexpr size_t kLongestBlock = 256 << 10, kLeastBody = 40;

bool is_base64(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '+' || c == '/' || c == '='; }

/// Where lines of base64 that begin at `position` end: for blocks whose end is missing.
size_t body_end(std::string_view text, size_t position) {
  size_t end = position;
  for (size_t i = position; i < text.size() && i - position < kLongestBlock;) {
    size_t stop = i;
    while (stop < text.size() && is_base64(text[stop])) ++stop;
    if (stop - i >= 16) end = stop;
    if (stop - i < 16 && stop > i) break;
    if (stop < text.size() && (text[stop] == '\n' || text[stop] == '\r' || text[stop] == ' ')) i = stop + 1;
    else break;
  }
  return end;
}

bool is_scheme(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '+' || c == '.' || c == '-'; }

}  // namespace

std::optional<Match> match_block(std::string_view text, size_t position) {
  constexpr std::string_view kBegin = "-----BEGIN ";
  const size_t label = position + kBegin.size();
  if (text.substr(position, kBegin.size()) != kBegin) return std::nullopt;
  const size_t dashes = text.substr(0, std::min(text.size(), label + 64)).find("-----", label);
  if (dashes == std::string_view::npos) return std::nullopt;
  const std::string_view name = text.substr(label, dashes - label);
  if (name.find("PRIVATE KEY") == std::string_view::npos) return std::nullopt;
  const std::string closing = "-----END " + std::string{name} + "-----";
  const size_t found = text.substr(0, std::min(text.size(), position + kLongestBlock)).find(closing, dashes);
  const size_t body = dashes + 5;
  const size_t end = found == std::string_view::npos ? body_end(text, body + (body < text.size() && text[body] == '\n' ? 1 : 0)) : found + closing.size();
  const std::string_view inside = text.substr(body, (found == std::string_view::npos ? end : found) - body);
  const auto letters = std::count_if(inside.begin(), inside.end(), is_base64);
  if (letters < static_cast<std::ptrdiff_t>(kLeastBody) || inside.find("...") != std::string_view::npos) return std::nullopt;  // a picture of a key
  return Match{position, end, "private_key"};
}

std::optional<Match> match_url_password(std::string_view text, size_t position) {
  constexpr size_t kLongest = 512;
  if (position == 0 || !is_scheme(text[position - 1])) return std::nullopt;
  const size_t authority = position + 3;
  const std::string_view rest = text.substr(authority, kLongest);
  const std::string_view part = rest.substr(0, rest.find_first_of("/ \t\n\r\"'<>`|\\"));
  const size_t at = part.rfind('@'), colon = part.find(':');
  if (at == std::string_view::npos || colon == std::string_view::npos || colon > at || at + 1 >= part.size()) return std::nullopt;
  const std::string_view user = part.substr(0, colon), password = part.substr(colon + 1, at - colon - 1);
  if (password.size() < 4 || password == user || is_placeholder(password)) return std::nullopt;
  if (std::any_of(password.begin(), password.end(), [](char c) { return static_cast<uint8_t>(c) >= 0x80; })) return std::nullopt;
  return Match{authority + colon + 1, authority + at, "password"};
}

}  // namespace hone::corpus::secret
