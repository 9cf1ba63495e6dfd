#include "corpus/secret/plausible.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

namespace hone::corpus::secret {
namespace {

std::string lower_case(std::string_view text) {
  std::string result{text};
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
  return result;
}

struct Makeup {
  int lower = 0, upper = 0, digits = 0, signs = 0, joints = 0;  ///< joints: - _ . /
  int letters() const { return lower + upper; }
};

Makeup makeup_of(std::string_view value) {
  Makeup makeup;
  for (const char c : value) {
    if (c >= 'a' && c <= 'z') ++makeup.lower;
    else if (c >= 'A' && c <= 'Z') ++makeup.upper;
    else if (c >= '0' && c <= '9') ++makeup.digits;
    else if (c == '-' || c == '_' || c == '.' || c == '/') ++makeup.joints;
    else ++makeup.signs;
  }
  return makeup;
}

double bits_a_character(std::string_view value) {
  std::array<int, 256> counts{};
  for (const char c : value) ++counts[static_cast<uint8_t>(c)];
  double bits = 0;
  for (const int count : counts) {
    if (count == 0) continue;
    const double share = static_cast<double>(count) / static_cast<double>(value.size());
    bits -= share * std::log2(share);
  }
  return bits;
}

size_t different_characters(std::string_view value) {
  std::array<bool, 256> seen{};
  for (const char c : value) seen[static_cast<uint8_t>(c)] = true;
  return static_cast<size_t>(std::count(seen.begin(), seen.end(), true));
}

/// Words for types, encodings and the like that have digits in them.
bool is_technical_word(std::string_view lower) {
  constexpr std::array<std::string_view, 26> kWords = {"base64", "base32", "sha1",  "sha256", "sha-256", "sha512", "sha-512", "md5",   "utf8",
                                                       "utf-8",  "int32",  "int64", "uint8",  "string1", "oauth2", "oauth2.0", "x509", "x.509",
                                                       "pkcs8",  "pkcs12", "aes256", "aes-256", "rs256", "hs256",  "es256", "argon2id"};
  return std::find(kWords.begin(), kWords.end(), lower) != kWords.end();
}

/// Six equal characters in a row, or hardly any different ones.
bool is_monotonous(std::string_view value) {
  size_t run = 1;
  for (size_t i = 1; i < value.size(); ++i) {
    run = value[i] == value[i - 1] ? run + 1 : 1;
    if (run >= 6) return true;
  }
  return value.size() >= 16 && different_characters(value) < 6;
}

}  // namespace

bool is_placeholder(std::string_view value) {
  if (value.empty()) return true;
  const char first = value.front();
  if (first == '$' || first == '<' || first == '{' || first == '%' || (first == '*' && value.back() == '*') || (first == '[' && value.back() == ']')) return true;
  const std::string lower = lower_case(value);
  constexpr std::array<std::string_view, 31> kParts = {
      "${",     "{{",      "$(",     "<",      ">",      "***",       "...",        "xxxx",     "example", "placeholder", "changeme",
      "change-me", "change_me", "changeit", "your", "dummy", "redacted", "todo", "replace", "insert", "process.env", "os.environ",
      "getenv", "secret-here", "0123456789", "1234567890", "abcdefgh", "secretkeyref", "valuefrom", "vault:", "masked"};
  if (std::any_of(kParts.begin(), kParts.end(), [&](std::string_view part) { return lower.find(part) != std::string::npos; })) return true;
  constexpr std::array<std::string_view, 40> kWhole = {
      "password", "passwd", "passphrase", "pass",   "pwd",    "secret",    "token",  "key",      "apikey", "api_key", "none",  "null",  "nil",   "true",
      "false",    "undefined", "string",  "str",    "empty",  "required",  "optional", "hidden", "value",  "text",    "test",  "admin", "root",  "user",
      "username", "mypassword", "my-password", "my_password", "mysecret", "my-secret", "my_secret", "userpass", "user-password", "sample", "foo", "bar"};
  return std::find(kWhole.begin(), kWhole.end(), lower) != kWhole.end() || is_monotonous(value);
}

bool looks_random(std::string_view value) {
  if (value.size() < 16 || value.size() > 512 || is_placeholder(value)) return false;
  const std::string lower = lower_case(value);
  for (const std::string_view digest : {"sha1", "sha256", "sha384", "sha512", "md5", "blake2", "uuid", "http", "arn"}) {
    if (lower.rfind(digest, 0) == 0 && lower.size() > digest.size() && (lower[digest.size()] == ':' || lower[digest.size()] == '-')) return false;
  }
  if (different_characters(value) < 8 || bits_a_character(value) < 3.0) return false;
  size_t begin = 0;
  for (size_t i = 0; i <= value.size(); ++i) {
    if (i < value.size() && value[i] != '-' && value[i] != '.' && value[i] != '_' && value[i] != ':') continue;
    const std::string_view part = value.substr(begin, i - begin);
    const Makeup makeup = makeup_of(part);
    if (part.size() >= 12 && makeup.letters() > 0 && makeup.digits > 0) return true;
    if (part.size() >= 20 && makeup.lower > 3 && makeup.upper > 3 && bits_a_character(part) > 3.8) return true;
    begin = i + 1;
  }
  return false;
}

bool looks_like_password(std::string_view value, bool in_prose) {
  if (value.size() < (in_prose ? 8U : 6U) || value.size() > 128 || is_placeholder(value)) return false;
  const Makeup makeup = makeup_of(value);
  if (std::any_of(value.begin(), value.end(), [](char c) { return static_cast<uint8_t>(c) >= 0x80 || static_cast<uint8_t>(c) <= 0x20; })) return false;
  const std::string lower = lower_case(value);
  if (is_technical_word(lower) || value.front() == '/' || lower.find("://") != std::string::npos) return false;
  if (value.find('(') != std::string_view::npos && value.back() == ')') return false;  // a call
  if (in_prose) return makeup.digits > 0 && makeup.letters() > 0 && (makeup.signs > 0 || (makeup.lower > 0 && makeup.upper > 0));
  if (makeup.letters() == 0) return makeup.digits == static_cast<int>(value.size());
  if (makeup.digits > 0) return true;
  return makeup.signs > 0 && value.size() >= 8 && value.find_first_of("!@#$%^&*?~+") != std::string_view::npos && value.find_first_of("()[]{}|;,\"'`") == std::string_view::npos;
}

}  // namespace hone::corpus::secret
