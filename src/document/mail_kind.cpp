#include "document/mail_kind.h"

#include <algorithm>
#include <array>
#include <string>

namespace hone::document {
namespace {

constexpr size_t kMaxFromLine = 1024;
constexpr size_t kMaxFieldName = 64;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The name of the header field that `line` begins with, in lower case; "" when it begins none.
std::string field_name(std::string_view line) {
  std::string name;
  for (const char c : line.substr(0, kMaxFieldName + 1)) {
    if (c == ':') return name;
    if (c <= ' ' || c > '~') return {};
    name += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
  return {};
}

template <size_t Size>
bool among(const std::array<std::string_view, Size>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string_view first_line(std::string_view& rest) {
  const size_t end = std::min(rest.find('\n'), rest.size());
  std::string_view line = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace

bool is_from_line(std::string_view line) {
  if (!line.starts_with("From ") || line.size() > kMaxFromLine) return false;
  bool time = false, year = false;
  for (size_t i = 5; i + 4 <= line.size(); ++i) {
    time =
        time || (line[i + 2] == ':' && is_digit(line[i]) && is_digit(line[i + 1]) && is_digit(line[i + 3]));
    year = year || ((line.substr(i, 2) == "19" || line.substr(i, 2) == "20") && is_digit(line[i + 2]) &&
                    is_digit(line[i + 3]) && line[i - 1] == ' ');
  }
  return time && year;
}

bool begins_mailbox(std::string_view head) {
  return is_from_line(first_line(head)) && !field_name(first_line(head)).empty();
}

bool begins_mail(std::string_view head) {
  static constexpr std::array<std::string_view, 5> kRead = {"from", "to", "cc", "subject", "date"};
  static constexpr std::array<std::string_view, 6> kServers = {
      "received", "return-path", "message-id", "mime-version", "delivered-to", "dkim-signature"};
  int read = 0, servers = 0;
  while (!head.empty()) {
    const std::string_view line = first_line(head);
    if (line.empty()) break;
    if (line.starts_with(' ') || line.starts_with('\t')) continue;
    const std::string name = field_name(line);
    if (name.empty()) return head.empty() && read >= 2 && servers >= 1;  // the last line may be cut off
    read += among(kRead, name);
    servers += among(kServers, name);
  }
  return read >= 2 && servers >= 1;
}

}  // namespace hone::document
