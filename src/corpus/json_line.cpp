#include "corpus/json_line.h"

#include <fmt/format.h>

#include <array>

namespace hone::corpus {
namespace {

constexpr std::array<bool, 256> must_be_escaped() {
  std::array<bool, 256> table{};
  for (size_t c = 0; c < 0x20; ++c) table[c] = true;
  table['"'] = table['\\'] = table[0x7F] = true;
  return table;
}
constexpr std::array<bool, 256> kEscaped = must_be_escaped();

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  size_t copied = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<uint8_t>(text[i]);
    if (!kEscaped[byte]) continue;
    out.append(text, copied, i - copied);
    copied = i + 1;
    switch (byte) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\t': out += "\\t"; break;
      case '\r': out += "\\r"; break;
      default: fmt::format_to(std::back_inserter(out), "\\u{:04x}", byte);
    }
  }
  out.append(text, copied);
  out += '"';
}

JsonLine& JsonLine::raw(std::string_view key) {
  if (!first_) out_ += ',';
  first_ = false;
  append_json_string(out_, key);
  out_ += ':';
  return *this;
}

JsonLine& JsonLine::text(std::string_view key, std::string_view value) {
  raw(key);
  append_json_string(out_, value);
  return *this;
}

JsonLine& JsonLine::number(std::string_view key, uint64_t value) {
  raw(key);
  fmt::format_to(std::back_inserter(out_), "{}", value);
  return *this;
}

JsonLine& JsonLine::real(std::string_view key, double value) {
  raw(key);
  fmt::format_to(std::back_inserter(out_), "{:.6g}", value);
  return *this;
}

}  // namespace hone::corpus
