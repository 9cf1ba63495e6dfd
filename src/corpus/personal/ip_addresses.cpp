#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "corpus/personal/detectors.h"

namespace hone::corpus::personal {
namespace {

/// RFC 6890 and what everybody's machine has: not the address of anybody.
enum class Reach { nobody, inside, everywhere };

Reach reach_of(const std::array<int, 4>& octet) {
  if (octet[0] == 0 || octet[0] == 127 || octet[0] >= 224 || octet[3] == 255) return Reach::nobody;
  if (octet[0] == 169 && octet[1] == 254) return Reach::nobody;
  if (octet[0] == 10 || (octet[0] == 192 && octet[1] == 168) || (octet[0] == 172 && octet[1] >= 16 && octet[1] < 32) ||
      (octet[0] == 100 && octet[1] >= 64 && octet[1] < 128)) {
    return Reach::inside;
  }
  // Public resolvers stand in every manual.
  constexpr std::array<std::array<int, 4>, 10> kResolvers = {{{8, 8, 8, 8}, {8, 8, 4, 4}, {1, 1, 1, 1}, {1, 0, 0, 1}, {9, 9, 9, 9},
                                                              {168, 126, 63, 1}, {168, 126, 63, 2}, {208, 67, 222, 222},
                                                              {208, 67, 220, 220}, {164, 124, 101, 2}}};
  return std::find(kResolvers.begin(), kResolvers.end(), octet) != kResolvers.end() ? Reach::nobody : Reach::everywhere;
}

/// A server's place in a URL is not the address of a person's machine.
bool is_host_of_url(std::string_view text, size_t begin) { return begin >= 3 && text.substr(begin - 3, 3) == "://"; }

bool is_network(std::string_view text, size_t end) { return end + 1 < text.size() && text[end] == '/' && is_digit(text[end + 1]); }

bool may_stand(std::string_view text, size_t begin, size_t end) {
  const char last = begin > 0 ? text[begin - 1] : ' ';
  const char before = begin > 1 ? text[begin - 2] : ' ';
  if (is_alphanumeric(last) && !may_begin(text, begin)) return false;
  if (last == '.' || last == '_' || last == '\\' || (last == '-' && is_latin(before)) || (last == ':' && (before == ':' || is_digit(before)))) return false;
  const char next = end < text.size() ? text[end] : ' ';
  const char after = end + 1 < text.size() ? text[end + 1] : ' ';
  if (is_alphanumeric(next) || next == '_') return false;
  return !((next == '.' && is_alphanumeric(after)) || (next == '-' && is_latin(after)));
}

}  // namespace

size_t match_ip4(const NumberRun& run, size_t first, Context& context, Match& match) {
  if (first + 4 > run.size()) return 0;
  if (first > 0 && run.separator(first) == ".") return 0;
  std::array<int, 4> octets{};
  for (size_t i = 0; i < 4; ++i) {
    const std::string_view digits = run.digits(first + i);
    if ((i > 0 && run.separator(first + i) != ".") || digits.size() > 3 || (digits.size() > 1 && digits[0] == '0')) return 0;
    for (const char c : digits) octets[i] = octets[i] * 10 + (c - '0');
    if (octets[i] > 255) return 0;
  }
  const size_t begin = run[first].begin, end = run[first + 3].end;
  const Reach reach = reach_of(octets);
  if (reach == Reach::nobody || is_network(run.text(), end) || is_host_of_url(run.text(), begin) || !may_stand(run.text(), begin, end)) return 0;
  const Label& label = context.before(begin);
  const bool named = label.says(Topic::device) || (label.mentions(Topic::device) && label.nearest != Topic::numbering);
  if (label.says_other() || (label.nearest == Topic::numbering && label.gap <= Label::kLabelGap)) return 0;
  const bool low = std::all_of(octets.begin(), octets.end(), [](int octet) { return octet < 32; });  // 4.2.1.3: a section, a version
  if ((low || reach == Reach::inside) && !named) return 0;
  match = {begin, end, Kind::ip};
  return 4;
}

bool match_ip6(std::string_view text, size_t colon, Context& context, Match& match) {
  constexpr size_t kLongest = 39;
  const auto belongs = [](char c) { return is_digit(c) || c == ':' || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); };
  size_t begin = colon, end = colon;
  while (begin > 0 && belongs(text[begin - 1]) && colon - begin <= kLongest) --begin;
  while (end < text.size() && belongs(text[end]) && end - begin <= kLongest) ++end;
  match.end = end;
  while (end > begin && text[end - 1] == ':' && !(end - begin >= 2 && text[end - 2] == ':')) --end;
  const std::string word{text.substr(begin, end - begin)};
  const auto colons = std::count(word.begin(), word.end(), ':');
  const bool shortened = word.find("::") != std::string::npos;
  if (word.size() > kLongest || word.size() < 6 || colons < 2 || (colons != 7 && !shortened)) return false;
  std::array<uint8_t, 16> address{};
  if (inet_pton(AF_INET6, word.c_str(), address.data()) != 1) return false;
  const bool wide = std::any_of(address.begin() + 1, address.begin() + 6, [](uint8_t byte) { return byte != 0; });
  if ((address[0] & 0xE0) != 0x20 && (address[0] & 0xFE) != 0xFC) return false;  // RFC 4291: 2000::/3 is global; RFC 4193: fc00::/7
  if (!wide || is_network(text, end) || !may_stand(text, begin, end)) return false;
  if (begin >= 4 && text.substr(begin - 4, 4) == "://[") return false;
  const Label& label = context.before(begin);
  if (label.says_other() || ((address[0] & 0xFE) == 0xFC && !label.mentions(Topic::device))) return false;
  match = {begin, end, Kind::ip};
  return true;
}

}  // namespace hone::corpus::personal
