#pragma once
/// One JSON object on one line, written front to back. For documents and ledgers, where building a tree first would cost more
/// than all rules together. Text is written as UTF-8; only what JSON must escape is escaped.
#include <cstdint>
#include <string>
#include <string_view>

namespace hone::corpus {

void append_json_string(std::string& out, std::string_view text);

class JsonLine {
 public:
  explicit JsonLine(std::string& out) : out_(out) { out_ += '{'; }

  JsonLine& text(std::string_view key, std::string_view value);
  JsonLine& text_unless_empty(std::string_view key, std::string_view value) { return value.empty() ? *this : text(key, value); }
  JsonLine& number(std::string_view key, uint64_t value);
  /// Six significant digits.
  JsonLine& real(std::string_view key, double value);
  /// Writes the key; the caller appends the value to the same string.
  JsonLine& raw(std::string_view key);
  void end() { out_ += '}'; }

 private:
  std::string& out_;
  bool first_ = true;
};

}  // namespace hone::corpus
