#include "report/html.h"

#include <unicode/utf8.h>

#include "base/error.h"

namespace hone::report {

namespace {

/// Elements that start a line of their own, so that the file can be read and compared.
bool starts_line(std::string_view tag) {
  for (const std::string_view inside :
       {"a", "b", "span", "em", "strong", "code", "small", "abbr", "tspan", "wbr", "del", "ins", "mark", "kbd"})
    if (tag == inside) return false;
  return true;
}

bool forbidden(char32_t c) {
  return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || (c >= 0x7f && c < 0xa0) || c == 0xfffe ||
         c == 0xffff;
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string result;
  result.reserve(text.size() + text.size() / 16);
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  const auto length = static_cast<int64_t>(text.size());
  for (int64_t at = 0; at < length;) {
    const int64_t begin = at;
    UChar32 c = 0;
    U8_NEXT(bytes, at, length, c);
    if (c < 0 || forbidden(static_cast<char32_t>(c))) {
      result += "\ufffd";
    } else if (c == '&') {
      result += "&amp;";
    } else if (c == '<') {
      result += "&lt;";
    } else if (c == '>') {
      result += "&gt;";
    } else if (c == '"') {
      result += "&quot;";
    } else if (c == '\'') {
      result += "&#39;";
    } else {
      result.append(text.substr(static_cast<size_t>(begin), static_cast<size_t>(at - begin)));
    }
  }
  return result;
}

void Html::tag(std::string_view name, Attributes attributes) {
  if (!out_.empty() && starts_line(name) && (open_.empty() || open_.back() != "pre")) out_ += '\n';
  out_ += '<';
  out_ += name;
  for (const auto& [key, value] : attributes) {
    out_ += ' ';
    out_ += key;
    out_ += "=\"";
    out_ += escaped(value);
    out_ += '"';
  }
}

Html& Html::open(std::string_view name, Attributes attributes) {
  tag(name, attributes);
  out_ += '>';
  open_.emplace_back(name);
  return *this;
}

Html& Html::close() {
  HONE_ASSERT(!open_.empty());
  out_ += "</" + open_.back() + ">";
  open_.pop_back();
  return *this;
}

Html& Html::text(std::string_view text) {
  out_ += escaped(text);
  return *this;
}

Html& Html::element(std::string_view name, std::string_view content, Attributes attributes) {
  return open(name, attributes).text(content).close();
}

Html& Html::empty(std::string_view name, Attributes attributes) {
  tag(name, attributes);
  out_ += name == "path" || name == "rect" || name == "line" || name == "circle" ? "/>" : ">";
  return *this;
}

Html& Html::style(std::string_view css) {
  out_ += "\n<style>";
  out_ += css;
  out_ += "</style>";
  return *this;
}

Html& Html::script(std::string_view code) {
  HONE_ASSERT(code.find("</") == std::string_view::npos);
  out_ += "\n<script>";
  out_ += code;
  out_ += "</script>";
  return *this;
}

std::string Html::take() {
  HONE_ASSERT(open_.empty());
  return std::move(out_) + "\n";
}

}  // namespace hone::report
