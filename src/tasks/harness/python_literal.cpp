#include "tasks/harness/python_literal.h"

#include <charconv>
#include <string>

namespace hone::tasks {
namespace {

using jinja::Value;
constexpr int kMaxDepth = 100;

void append_utf8(std::string& out, uint32_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | code >> 6);
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | code >> 12);
    out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | code >> 18);
    out += static_cast<char>(0x80 | (code >> 12 & 0x3F));
    out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  }
}

/// Recursive descent; every function leaves `at_` behind what it read and returns nothing for what is no literal.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  std::optional<Value> read() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;  // literal_eval strips these alone
    auto value = element(0);
    skip_space();
    if (!value || at_ != text_.size()) return std::nullopt;
    return value;
  }

 private:
  void skip_space() {
    while (at_ < text_.size() && std::string_view(" \t\n\r\f").find(text_[at_]) != std::string_view::npos) ++at_;
  }
  bool take(char c) {
    skip_space();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool take_word(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }

  std::optional<Value> element(int depth) {
    skip_space();
    if (depth > kMaxDepth || at_ >= text_.size()) return std::nullopt;
    const char c = text_[at_];
    if (c == '[') return sequence(']', depth);
    if (c == '(') return sequence(')', depth);
    if (c == '{') return dictionary(depth);
    if (c == '\'' || c == '"') return strings();
    if ((c == 'r' || c == 'R' || c == 'u' || c == 'U') && at_ + 1 < text_.size() && (text_[at_ + 1] == '\'' || text_[at_ + 1] == '"'))
      return strings();
    if (take_word("True")) return Value(true);
    if (take_word("False")) return Value(false);
    if (take_word("None")) return Value(jinja::None{});
    return number();
  }

  std::optional<Value> sequence(char close, int depth) {
    ++at_;
    jinja::List list;
    bool comma = true;
    while (!take(close)) {
      if (!comma) return std::nullopt;
      auto item = element(depth + 1);
      if (!item) return std::nullopt;
      list.items.push_back(std::move(*item));
      comma = take(',');
    }
    if (close == ')') {
      if (list.items.size() == 1 && !comma) return list.items.front();  // (x) is x
      if (list.items.empty() && comma == false) return std::nullopt;
      list.tuple = true;
    }
    return Value(std::move(list));
  }

  std::optional<Value> dictionary(int depth) {
    ++at_;
    jinja::Dict dict;
    bool comma = true;
    while (!take('}')) {
      if (!comma) return std::nullopt;
      auto key = element(depth + 1);
      if (!key || !take(':')) return std::nullopt;
      auto value = element(depth + 1);
      if (!value) return std::nullopt;
      dict.put(std::move(*key), std::move(*value));
      comma = take(',');
    }
    return Value(std::move(dict));
  }

  /// Strings side by side are one.
  std::optional<Value> strings() {
    std::string all;
    for (;;) {
      auto one = string();
      if (!one) return std::nullopt;
      all += *one;
      const size_t behind = at_;
      skip_space();
      const bool again = at_ < text_.size() && (text_[at_] == '\'' || text_[at_] == '"');
      if (again) continue;
      at_ = behind;
      return Value(std::move(all));
    }
  }

  std::optional<std::string> string() {
    const bool raw = text_[at_] == 'r' || text_[at_] == 'R';
    if (text_[at_] != '\'' && text_[at_] != '"') ++at_;
    const char quote = text_[at_];
    const bool triple = text_.substr(at_).size() >= 3 && text_[at_ + 1] == quote && text_[at_ + 2] == quote;
    at_ += triple ? 3 : 1;
    std::string out;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == quote && (!triple || text_.substr(at_).starts_with(std::string(3, quote)))) {
        at_ += triple ? 3 : 1;
        return out;
      }
      if (c == '\n' && !triple) return std::nullopt;
      ++at_;
      if (c != '\\') {
        out += c;
      } else if (raw) {
        out += c;
        if (at_ < text_.size()) out += text_[at_++];
      } else if (!escape(out)) {
        return std::nullopt;
      }
    }
    return std::nullopt;
  }

  bool escape(std::string& out) {
    if (at_ >= text_.size()) return false;
    const char c = text_[at_++];
    static constexpr std::string_view kFrom = "abfnrtv\\'\"", kTo = "\a\b\f\n\r\t\v\\'\"";
    if (const size_t known = kFrom.find(c); known != std::string_view::npos) {
      out += kTo[known];
      return true;
    }
    if (c == '\n') return true;
    if (c == 'x' || c == 'u' || c == 'U') return code(out, c == 'x' ? 2 : c == 'u' ? 4 : 8, 16);
    if (c >= '0' && c <= '7') {
      --at_;
      size_t digits = 1;
      while (digits < 3 && at_ + digits < text_.size() && text_[at_ + digits] >= '0' && text_[at_ + digits] <= '7') ++digits;
      return code(out, digits, 8);
    }
    out += '\\';  // an escape Python does not know stays as it is
    out += c;
    return c != 'N';
  }

  bool code(std::string& out, size_t digits, int base) {
    const std::string_view part = text_.substr(at_, digits);
    uint32_t number = 0;
    const auto [end, problem] = std::from_chars(part.data(), part.data() + part.size(), number, base);
    if (part.size() != digits || problem != std::errc() || end != part.data() + part.size()) return false;
    if (number > 0x10FFFF || (number >= 0xD800 && number < 0xE000)) return false;
    at_ += digits;
    append_utf8(out, number);
    return true;
  }

  std::optional<Value> number() {
    const size_t begin = at_;
    if (at_ < text_.size() && (text_[at_] == '-' || text_[at_] == '+')) ++at_;
    const size_t digits = at_;
    while (at_ < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[at_])) != 0 || text_[at_] == '.' || text_[at_] == '_' ||
                                  ((text_[at_] == '-' || text_[at_] == '+') && (text_[at_ - 1] == 'e' || text_[at_ - 1] == 'E'))))
      ++at_;
    const std::string_view body = text_.substr(digits, at_ - digits);
    if (body.empty() || (std::isdigit(static_cast<unsigned char>(body[0])) == 0 && body[0] != '.')) return std::nullopt;
    const bool negative = text_[begin] == '-';
    int64_t whole = 0;
    const auto [end, problem] = std::from_chars(body.data(), body.data() + body.size(), whole);
    if (problem == std::errc() && end == body.data() + body.size()) {
      if (body.size() > 1 && body[0] == '0' && whole != 0) return std::nullopt;  // 07 is no Python number
      return Value(negative ? -whole : whole);
    }
    double real = 0;
    const auto [last, wrong] = std::from_chars(body.data(), body.data() + body.size(), real);
    if (wrong != std::errc() || last != body.data() + body.size()) return std::nullopt;
    return Value(negative ? -real : real);
  }

  std::string_view text_;
  size_t at_ = 0;
};

}  // namespace

std::optional<Value> python_literal(std::string_view text) { return Reader(text).read(); }

}  // namespace hone::tasks
