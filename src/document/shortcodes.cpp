#include "document/shortcodes.h"

#include <array>
#include <optional>
#include <utility>
#include <vector>

namespace hone::document {
namespace {

struct Shortcode {
  size_t bytes = 0;  ///< From the first brace to behind the last.
  bool closing = false;
  bool escaped = false;  ///< `{{</* name */>}}`: shown as a shortcode, not run.
  std::string_view body;
  std::string_view name;
  std::vector<std::string_view> positional;
  std::vector<std::pair<std::string_view, std::string_view>> named;

  std::string_view value(std::string_view key) const {
    for (const auto& [k, v] : named)
      if (k == key) return v;
    return {};
  }
};

constexpr size_t kMaxShortcode = 4096;
constexpr std::string_view kBlanks = " \t\n";

/// A word, or a value in double quotes, back quotes.
std::string_view take_word(std::string_view& rest) {
  if (!rest.empty() && (rest[0] == '"' || rest[0] == '`')) {
    const size_t end = rest.find(rest[0], 1);
    if (end != std::string_view::npos) {
      const std::string_view word = rest.substr(1, end - 1);
      rest.remove_prefix(end + 1);
      return word;
    }
  }
  const std::string_view word = rest.substr(0, rest.find_first_of(" \t\n="));
  rest.remove_prefix(word.size());
  return word;
}

void parse_arguments(std::string_view rest, Shortcode& code) {
  for (;;) {
    const size_t begin = rest.find_first_not_of(kBlanks);
    if (begin == std::string_view::npos) return;
    rest.remove_prefix(begin);
    const bool quoted = rest[0] == '"' || rest[0] == '`';
    const std::string_view word = take_word(rest);
    if (!quoted && !rest.empty() && rest[0] == '=') {
      rest.remove_prefix(1);
      code.named.emplace_back(word, take_word(rest));
    } else if (!word.empty()) {
      code.positional.push_back(word);
    } else {
      rest.remove_prefix(rest.empty() ? 0 : 1);  // a stray '='
    }
  }
}

/// The shortcode at the beginning of `text`, which begins with `{{<` or `{{%`.
std::optional<Shortcode> parse(std::string_view text) {
  const char kind = text[2] == '<' ? '>' : '%';
  const std::string_view window = text.substr(0, kMaxShortcode);
  char quote = 0;
  size_t end = 3;
  for (;; ++end) {
    if (end + 2 >= window.size()) return std::nullopt;
    const char c = window[end];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '"' || c == '`') {
      quote = c;
    } else if (c == kind && window[end + 1] == '}' && window[end + 2] == '}') {
      break;
    }
  }
  Shortcode code;
  code.bytes = end + 3;
  code.body = text.substr(3, end - 3);
  const size_t first = code.body.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return std::nullopt;
  std::string_view rest = code.body.substr(first);
  if (rest.starts_with("/*")) {
    code.escaped = true;
    return code;
  }
  if (rest[0] == '/') {
    code.closing = true;
    rest.remove_prefix(1);
    rest.remove_prefix(std::min(rest.find_first_not_of(kBlanks), rest.size()));
  }
  if (rest.ends_with('/')) rest.remove_suffix(1);
  code.name = take_word(rest);
  parse_arguments(rest, code);
  return code;
}

std::string spaced(std::string_view id) {
  std::string words(id);
  for (char& c : words)
    if (c == '-' || c == '_') c = ' ';
  return words;
}

std::string first_positional(const Shortcode& code) {
  return code.positional.empty() ? "" : std::string(code.positional.front());
}

/// What a visitor reads of the shortcode itself.
std::string human_text(const Shortcode& code) {
  if (code.name == "ref" || code.name == "relref") return first_positional(code);  // the target of a link
  if (code.name == "heading") return first_positional(code);
  if (code.name == "tab" || code.name == "tabpane")
    return std::string(code.value(code.value("name").empty() ? "header" : "name"));
  if (code.name == "glossary_tooltip" && code.value("text").empty()) return spaced(code.value("term_id"));
  if (code.name == "feature-state" && !code.value("state").empty())
    return "Kubernetes " + std::string(code.value("for_k8s_version")) + " [" +
           std::string(code.value("state")) + "]";
  for (const std::string_view key : {"text", "caption", "title", "header", "label", "alt", "summary"})
    if (!code.value(key).empty()) return std::string(code.value(key));
  return {};
}

/// Where the closing shortcode of `name` begins at or after `from`; npos when it is missing.
size_t find_closing(std::string_view text, size_t from, std::string_view name) {
  for (size_t at = text.find("{{", from); at != std::string_view::npos; at = text.find("{{", at + 2)) {
    if (at + 3 >= text.size() || (text[at + 2] != '<' && text[at + 2] != '%')) continue;
    const auto code = parse(text.substr(at));
    if (code && code->closing && code->name == name) return at;
  }
  return std::string_view::npos;
}

}  // namespace

std::string expand_shortcodes(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  size_t at = 0;
  for (;;) {
    const size_t open = text.find("{{", at);
    if (open == std::string_view::npos || open + 3 >= text.size()) break;
    const bool candidate = text[open + 2] == '<' || text[open + 2] == '%';
    const auto code = candidate ? parse(text.substr(open)) : std::nullopt;
    if (!code) {
      out.append(text, at, open + 1 - at);  // one brace: `{{{< tab >}}` holds a shortcode
      at = open + 1;
      continue;
    }
    out.append(text, at, open - at);
    at = open + code->bytes;
    if (code->escaped) {
      const size_t begin = code->body.find("/*") + 2, end = code->body.rfind("*/");
      const std::string_view inner = code->body.substr(
          begin, end == std::string_view::npos || end < begin ? std::string_view::npos : end - begin);
      ((out += text.substr(open, 3)) += inner) += text.substr(at - 3, 3);
    } else if (code->name == "highlight" || code->name == "mermaid") {
      out += code->closing ? "```" : "```" + (code->name == "mermaid" ? "mermaid" : first_positional(*code));
    } else if (code->closing) {
      continue;
    } else if (code->name == "comment") {
      const size_t closing = find_closing(text, at, "comment");
      if (closing != std::string_view::npos) at = closing;
    } else {
      out += human_text(*code);
    }
  }
  out.append(text, at, std::string_view::npos);
  return out;
}

}  // namespace hone::document
