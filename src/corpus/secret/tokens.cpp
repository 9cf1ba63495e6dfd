#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string>

#include "corpus/secret/detectors.h"
#include "corpus/secret/plausible.h"

namespace hone::corpus::secret {
namespace {

/// Prefixes as their makers publish them (GitHub, GitLab, Slack, Stripe, npm, PyPI, Hugging Face, DigitalOcean, Shopify, Grafana,
/// HashiCorp, New Relic, Postman and others), and AWS's for keys (IAM, "unique identifiers").
constexpr std::array<TokenForm, 78> kForms = {{
    {"AKIA", "upper", 16, 16},       {"ASIA", "upper", 16, 16},        {"ABIA", "upper", 16, 16},      {"ACCA", "upper", 16, 16},
    {"ghp_", "alnum", 36, 251},      {"gho_", "alnum", 36, 251},       {"ghu_", "alnum", 36, 251},     {"ghs_", "alnum", 36, 251},
    {"ghr_", "alnum", 36, 251},      {"github_pat_", "word", 50, 255}, {"glpat-", "dotted", 20, 300},    {"gldt-", "word", 20, 64},
    {"glrt-", "dotted", 20, 300},      {"glptt-", "word", 20, 64},       {"glsoat-", "word", 20, 64},    {"glft-", "word", 20, 64},
    {"glcbt-", "word", 20, 64},      {"glimt-", "word", 20, 64},       {"gloas-", "word", 20, 80},     {"xoxb-", "word", 20, 255},
    {"xoxp-", "word", 20, 255},      {"xoxa-", "word", 20, 255},       {"xoxr-", "word", 20, 255},     {"xoxs-", "word", 20, 255},
    {"xoxe-", "word", 20, 255},      {"xoxe.xoxp-", "word", 20, 255},  {"xapp-", "word", 20, 255},     {"AIza", "word", 35, 35},
    {"ya29.", "word", 30, 1024},     {"GOCSPX-", "word", 20, 40},      {"sk_live_", "alnum", 16, 255}, {"sk_test_", "alnum", 16, 255},
    {"rk_live_", "alnum", 16, 255},  {"rk_test_", "alnum", 16, 255},   {"whsec_", "base64", 24, 80},    {"sk-proj-", "word", 20, 255},
    {"sk-svcacct-", "word", 20, 255}, {"sk-admin-", "word", 20, 255},  {"sk-ant-", "word", 20, 255},   {"sk-or-", "word", 20, 128},
    {"sk-", "alnum", 32, 128},       {"npm_", "alnum", 36, 36},        {"pypi-", "word", 50, 512},     {"hf_", "alnum", 30, 64},
    {"dop_v1_", "hex", 64, 64},      {"doo_v1_", "hex", 64, 64},       {"dor_v1_", "hex", 64, 64},     {"SG.", "dotted", 60, 80},
    {"shpat_", "hex", 32, 32},       {"shpss_", "hex", 32, 32},        {"shpca_", "hex", 32, 32},      {"shppa_", "hex", 32, 32},
    {"sq0csp-", "word", 22, 64},     {"sq0atp-", "word", 22, 64},      {"dckr_pat_", "word", 24, 64},  {"dckr_oat_", "word", 24, 64},
    {"figd_", "word", 36, 64},       {"lin_api_", "alnum", 32, 64},    {"ntn_", "alnum", 40, 64},      {"secret_", "alnum", 43, 43},
    {"hvs.", "word", 20, 255},       {"hvb.", "word", 20, 255},        {"dp.pt.", "alnum", 40, 64},    {"pul-", "hex", 40, 40},
    {"rubygems_", "hex", 48, 48},    {"NRAK-", "alnum", 27, 27},       {"PMAK-", "word", 59, 59},      {"glsa_", "word", 41, 46},
    {"atlasv1.", "word", 60, 70},    {"AGE-SECRET-KEY-1", "alnum", 58, 58}, {"tskey-", "word", 16, 128}, {"sbp_", "hex", 40, 40},
    {"gsk_", "alnum", 40, 64},       {"xai-", "alnum", 60, 100},       {"pplx-", "alnum", 40, 64},     {"r8_", "alnum", 37, 37},
    {"nvapi-", "word", 60, 80},      {"hooks.slack.com/services/", "path", 40, 60},
}};

bool is_alnum(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool is_of(char c, std::string_view alphabet) {
  if (alphabet == "upper") return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  if (alphabet == "hex") return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  if (alphabet == "alnum") return is_alnum(c);
  if (alphabet == "base64") return is_alnum(c) || c == '+' || c == '/' || c == '=';
  if (alphabet == "dotted") return is_alnum(c) || c == '-' || c == '_' || c == '.';
  if (alphabet == "path") return is_alnum(c) || c == '/';
  return is_alnum(c) || c == '-' || c == '_';
}

/// Bytes of base64url without padding; empty when a character is none of its alphabet.
std::string decode_base64url(std::string_view text) {
  std::string bytes;
  uint32_t bits = 0;
  int held = 0;
  for (const char c : text) {
    uint32_t digit = 0;
    if (c >= 'A' && c <= 'Z') digit = static_cast<uint32_t>(c - 'A');
    else if (c >= 'a' && c <= 'z') digit = static_cast<uint32_t>(c - 'a') + 26;
    else if (c >= '0' && c <= '9') digit = static_cast<uint32_t>(c - '0') + 52;
    else if (c == '-' || c == '+') digit = 62;
    else if (c == '_' || c == '/') digit = 63;
    else return {};
    bits = bits << 6 | digit;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes += static_cast<char>(bits >> held & 0xFF);
    }
  }
  return bytes;
}

size_t word_end(std::string_view text, size_t begin) {
  size_t end = begin;
  while (end < text.size() && is_of(text[end], "word")) ++end;
  return end;
}

}  // namespace

const TokenForm* token_forms(size_t& count) {
  count = kForms.size();
  return kForms.data();
}

std::optional<Match> match_token(std::string_view text, size_t position, const TokenForm& form) {
  if (text.substr(position, form.prefix.size()) != form.prefix) return std::nullopt;
  const char before = position > 0 ? text[position - 1] : ' ';
  if (form.alphabet != "path" && (is_alnum(before) || before == '_' || before == '/' || before == '+')) return std::nullopt;
  const size_t begin = position + form.prefix.size();
  size_t end = begin;
  while (end < text.size() && end - begin <= form.most && is_of(text[end], form.alphabet)) ++end;
  if (end - begin > form.most) return std::nullopt;
  if (end < text.size() && (is_alnum(text[end]) || text[end] == '_')) return std::nullopt;
  while (end > begin && (text[end - 1] == '.' || text[end - 1] == '-')) --end;  // of the sentence
  const std::string_view body = text.substr(begin, end - begin);
  if (body.size() < form.least || is_placeholder(body)) return std::nullopt;
  const bool has_digit = body.find_first_of("0123456789") != std::string_view::npos;
  if (form.alphabet == "upper" ? text.substr(position, end - position).find("EXAMPLE") != std::string_view::npos : !has_digit) return std::nullopt;
  if (form.alphabet == "path") {
    const size_t scheme = position >= 8 && text.substr(position - 8, 8) == "https://" ? position - 8 : position;
    return Match{scheme, end, "access_key"};
  }
  return Match{position, end, "access_key"};
}

std::optional<Match> match_web_token(std::string_view text, size_t position) {
  constexpr size_t kLongestHeader = 4096;
  const char before = position > 0 ? text[position - 1] : ' ';
  if (is_alnum(before) || before == '_' || before == '-' || before == '/') return std::nullopt;
  const size_t header_end = word_end(text, position);
  if (header_end - position > kLongestHeader || header_end >= text.size() || text[header_end] != '.') return std::nullopt;
  const size_t payload_end = word_end(text, header_end + 1);
  if (payload_end - header_end < 4 || payload_end >= text.size() || text[payload_end] != '.') return std::nullopt;
  size_t end = word_end(text, payload_end + 1);
  for (int part = 0; part < 2 && end + 1 < text.size() && text[end] == '.' && is_of(text[end + 1], "word"); ++part) end = word_end(text, end + 1);
  while (end > payload_end && text[end - 1] == '-') --end;
  if (end - payload_end < 12) return std::nullopt;
  const nlohmann::json header = nlohmann::json::parse(decode_base64url(text.substr(position, header_end - position)), nullptr, false);
  if (!header.is_object() || !header.contains("alg")) return std::nullopt;
  return Match{position, end, "web_token"};
}

std::optional<Match> match_authorization(std::string_view text, size_t position, size_t end) {
  const bool basic = end - position == 6;  // "basic "
  if (position > 0 && is_alnum(text[position - 1])) return std::nullopt;
  size_t stop = end;
  while (stop < text.size() && (is_of(text[stop], "base64") || (!basic && (text[stop] == '-' || text[stop] == '_' || text[stop] == '.' || text[stop] == '~')))) ++stop;
  while (stop > end && text[stop - 1] == '.') --stop;
  const std::string_view value = text.substr(end, stop - end);
  if (value.size() < (basic ? 8U : 20U) || value.size() > 4096) return std::nullopt;
  if (!basic) {
    if (value.rfind("eyJ", 0) == 0 || !looks_random(value)) return std::nullopt;  // a web token is found as such
    return Match{end, stop, "access_key"};
  }
  const std::string decoded = decode_base64url(value.substr(0, value.find('=')));
  const bool printable = std::all_of(decoded.begin(), decoded.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
  const size_t colon = decoded.find(':');
  if (!printable || colon == std::string::npos || colon == 0 || is_placeholder(std::string_view{decoded}.substr(colon + 1))) return std::nullopt;
  return Match{end, stop, "password"};
}

}  // namespace hone::corpus::secret
