#include "jinja/lexer.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/error.h"
#include "jinja/text.h"

namespace hone::jinja {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool is_space(char c) { return is_blank(c) || c == '\n' || c == '\r' || c == '\f' || c == '\v'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
/// Names may be of any script: `{{질문}}`.
bool starts_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c & 0x80) != 0; }

void append_utf8(std::string& text, uint32_t c) {
  if (c < 0x80) {
    text += static_cast<char>(c);
  } else if (c < 0x800) {
    text += {static_cast<char>(0xC0 | c >> 6), static_cast<char>(0x80 | (c & 0x3F))};
  } else if (c < 0x10000) {
    text += {static_cast<char>(0xE0 | c >> 12), static_cast<char>(0x80 | (c >> 6 & 0x3F)), static_cast<char>(0x80 | (c & 0x3F))};
  } else {
    text += {static_cast<char>(0xF0 | c >> 18), static_cast<char>(0x80 | (c >> 12 & 0x3F)), static_cast<char>(0x80 | (c >> 6 & 0x3F)),
             static_cast<char>(0x80 | (c & 0x3F))};
  }
}

class Lexer {
 public:
  Lexer(std::string_view source, const LexerOptions& options, const std::string& where) : source_(source), options_(options), where_(where) {}

  std::vector<Token> run() {
    if (!options_.keep_trailing_newline && source_.ends_with('\n')) source_.remove_suffix(1);
    while (at_ < source_.size()) text();
    add(Token::Kind::end, "");
    return std::move(tokens_);
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw Error(ExitCode::data, where_ + ":" + std::to_string(line_) + ": " + what);
  }
  void add(Token::Kind kind, std::string text, Value value = {}) { tokens_.push_back({kind, std::move(text), std::move(value), line_}); }
  bool sees(std::string_view what) const { return source_.substr(at_).starts_with(what); }
  void skip(size_t count) {
    line_ += static_cast<uint32_t>(std::count(source_.begin() + static_cast<std::ptrdiff_t>(at_),
                                              source_.begin() + static_cast<std::ptrdiff_t>(at_ + count), '\n'));
    at_ += count;
  }

  /// Text up to the next mark, then what the mark opens.
  void text() {
    const size_t mark = find_opening(at_);
    if (mark == std::string_view::npos) return last_text();
    const char kind = source_[mark + 1];
    const char sign = mark + 2 < source_.size() ? source_[mark + 2] : ' ';
    std::string_view before = source_.substr(at_, mark - at_);
    if (sign == '-') before = strip(before, nullptr, false, true);
    else if (options_.lstrip_blocks && sign != '+' && kind != '{') before = without_indent(before);
    if (!before.empty()) add(Token::Kind::text, std::string(before));
    skip(mark + 2 - at_ + (sign == '-' || (sign == '+' && kind != '{') ? 1 : 0));
    if (kind == '#') return comment();
    if (kind == '%' && raw_block()) return;
    code(kind);
  }

  bool opens(size_t at) const {
    if (at + 1 >= source_.size()) return false;
    const char kind = source_[at + 1];
    return kind == '{' || kind == '%' || kind == '#';
  }
  size_t find_opening(size_t from) const {
    for (size_t at = source_.find('{', from); at != std::string_view::npos; at = source_.find('{', at + 1)) {
      if (opens(at)) return at;
    }
    return std::string_view::npos;
  }
  void last_text() {
    add(Token::Kind::text, std::string(source_.substr(at_)));
    skip(source_.size() - at_);
  }
  /// Blanks behind the last line end go when nothing else stands there.
  std::string_view without_indent(std::string_view before) const {
    const size_t line_end = before.rfind('\n');
    const size_t start = line_end == std::string_view::npos ? 0 : line_end + 1;
    if (line_end == std::string_view::npos && at_ > 0 && source_[at_ - 1] != '\n') return before;
    return std::all_of(before.begin() + static_cast<std::ptrdiff_t>(start), before.end(), is_blank) ? before.substr(0, start) : before;
  }
  /// What may go behind a closed block or comment.
  void after_close(bool minus, bool plus) {
    if (minus) {
      while (at_ < source_.size() && is_space(source_[at_])) skip(1);
    } else if (options_.trim_blocks && !plus && sees("\n")) {
      skip(1);
    }
  }
  void comment() {
    const size_t close = source_.find("#}", at_);
    if (close == std::string_view::npos) fail("a comment {# is not closed by #}");
    const bool minus = close > at_ && source_[close - 1] == '-', plus = close > at_ && source_[close - 1] == '+';
    skip(close + 2 - at_);
    after_close(minus, plus);
  }
  /// Behind `{%`: whether it is `raw`; then everything up to `{% endraw %}` is text.
  bool raw_block() {
    size_t look = at_;
    while (look < source_.size() && is_space(source_[look])) ++look;
    if (!source_.substr(look).starts_with("raw")) return false;
    look += 3;
    while (look < source_.size() && is_space(source_[look])) ++look;
    bool minus = look < source_.size() && source_[look] == '-';
    if (minus) ++look;
    if (!source_.substr(look).starts_with("%}")) return false;
    skip(look + 2 - at_);
    after_close(minus, false);
    for (size_t open = source_.find("{%", at_); open != std::string_view::npos; open = source_.find("{%", open + 2)) {
      size_t inner = open + 2;
      const bool left = inner < source_.size() && source_[inner] == '-';
      if (left || (inner < source_.size() && source_[inner] == '+')) ++inner;
      while (inner < source_.size() && is_space(source_[inner])) ++inner;
      if (!source_.substr(inner).starts_with("endraw")) continue;
      inner += 6;
      while (inner < source_.size() && is_space(source_[inner])) ++inner;
      minus = inner < source_.size() && source_[inner] == '-';
      if (minus) ++inner;
      if (!source_.substr(inner).starts_with("%}")) continue;
      std::string_view raw = source_.substr(at_, open - at_);
      if (left) raw = strip(raw, nullptr, false, true);
      else if (options_.lstrip_blocks) raw = without_indent(raw);
      if (!raw.empty()) add(Token::Kind::text, std::string(raw));
      skip(inner + 2 - at_);
      after_close(minus, false);
      return true;
    }
    fail("{% raw %} is not closed by {% endraw %}");
  }

  void code(char kind) {
    const bool block = kind == '%';
    add(block ? Token::Kind::block_begin : Token::Kind::print_begin, "");
    const std::string_view close = block ? "%}" : "}}";
    int depth = 0;  // a }} inside a dictionary closes the dictionary
    for (;;) {
      while (at_ < source_.size() && is_space(source_[at_])) skip(1);
      if (at_ >= source_.size()) fail(std::string("{") + kind + " is not closed by " + std::string(close));
      const bool minus = sees("-"), plus = block && sees("+");
      if (depth == 0 && (sees(close) || ((minus || plus) && source_.substr(at_ + 1).starts_with(close)))) {
        const bool signed_close = !sees(close);
        add(block ? Token::Kind::block_end : Token::Kind::print_end, "");
        skip(close.size() + (signed_close ? 1 : 0));
        if (block || (signed_close && minus)) after_close(signed_close && minus, signed_close && plus);
        return;
      }
      expression_token(depth);
    }
  }

  void expression_token(int& depth) {
    const char c = source_[at_];
    if (c == '"' || c == '\'') return string(c);
    if (is_digit(c)) return number();
    if (starts_name(c)) {
      size_t end = at_;
      while (end < source_.size() && (starts_name(source_[end]) || is_digit(source_[end]))) ++end;
      add(Token::Kind::name, std::string(source_.substr(at_, end - at_)));
      return skip(end - at_);
    }
    static constexpr std::array<std::string_view, 6> kLong = {"//", "**", "==", "!=", ">=", "<="};
    for (const std::string_view sign : kLong) {
      if (!sees(sign)) continue;
      add(Token::Kind::sign, std::string(sign));
      return skip(2);
    }
    if (std::string_view("+-*/%~[](){}<>=.:,|").find(c) == std::string_view::npos) fail(std::string("unexpected character '") + c + "'");
    if (c == '(' || c == '[' || c == '{') ++depth;
    if (c == ')' || c == ']' || c == '}') --depth;
    add(Token::Kind::sign, std::string(1, c));
    skip(1);
  }

  void number() {
    size_t end = at_;
    bool real = false;
    std::string digits;
    for (; end < source_.size(); ++end) {
      const char c = source_[end];
      const bool point = c == '.' && !real && end + 1 < source_.size() && is_digit(source_[end + 1]);
      const bool exponent = (c == 'e' || c == 'E') && end + 1 < source_.size() && (is_digit(source_[end + 1]) || source_[end + 1] == '-' || source_[end + 1] == '+');
      if (exponent) {
        real = true;
        digits += c;
        digits += source_[++end];
        continue;
      }
      if (!is_digit(c) && !point && c != '_') break;
      real = real || point;
      if (c != '_') digits += c;
    }
    Value value;
    if (real) {
      double parsed = 0;
      std::from_chars(digits.data(), digits.data() + digits.size(), parsed);
      value = parsed;
    } else {
      int64_t parsed = 0;
      if (std::from_chars(digits.data(), digits.data() + digits.size(), parsed).ec != std::errc{}) fail("the number " + digits + " is too large");
      value = parsed;
    }
    add(real ? Token::Kind::number : Token::Kind::integer, digits, value);
    skip(end - at_);
  }

  void string(char quote) {
    std::string text;
    size_t at = at_ + 1;
    for (; at < source_.size() && source_[at] != quote; ++at) {
      if (source_[at] != '\\') text += source_[at];
      else at = escape(at + 1, text);
    }
    if (at >= source_.size()) fail("a string is not closed");
    add(Token::Kind::string, std::move(text));
    skip(at + 1 - at_);
  }

  /// The escape whose letter is at `at`; returns the place of its last character.
  size_t escape(size_t at, std::string& text) const {
    if (at >= source_.size()) return at;
    const char c = source_[at];
    static constexpr std::string_view kLetters = "abfnrtv", kMeant = "\a\b\f\n\r\t\v";
    if (const size_t known = kLetters.find(c); known != std::string_view::npos) {
      text += kMeant[known];
    } else if (c == 'x' || c == 'u' || c == 'U') {
      const size_t digits = c == 'x' ? 2 : c == 'u' ? 4 : 8;
      uint32_t code = 0;
      const std::string_view hex = source_.substr(std::min(at + 1, source_.size()), digits);
      const auto parsed = std::from_chars(hex.data(), hex.data() + hex.size(), code, 16);
      if (hex.size() != digits || parsed.ptr != hex.data() + digits || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000))
        fail(std::string("\\") + c + " needs " + std::to_string(digits) + " hexadecimal digits of a character");
      append_utf8(text, code);
      return at + digits;
    } else if (c == '\\' || c == '\'' || c == '"') {
      text += c;
    } else if (c != '\n') {
      text += '\\';
      text += c;
    }
    return at;
  }

  std::string_view source_;
  const LexerOptions& options_;
  const std::string& where_;
  size_t at_ = 0;
  uint32_t line_ = 1;
  std::vector<Token> tokens_;
};

}  // namespace

std::vector<Token> tokenize(std::string_view source, const LexerOptions& options, const std::string& where) {
  return Lexer(source, options, where).run();
}

}  // namespace hone::jinja
