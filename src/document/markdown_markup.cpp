#include "document/markdown_markup.h"

#include <algorithm>
#include <map>
#include <set>

#include "document/html_text.h"

namespace hone::document {
namespace {

constexpr size_t kMaxTag = 8192, kMaxInlineComponent = 1000, kMaxEntity = 32;

bool word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}
bool upper(char c) { return c >= 'A' && c <= 'Z'; }

std::string_view trimmed(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t");
  return begin == std::string_view::npos ? std::string_view()
                                         : text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

/// Elements of HTML as they occur in Markdown. `<node-name>` and other placeholders are none and stay.
bool html_element(std::string_view name) {
  static const std::set<std::string_view> kNames = {
      "a",       "abbr",   "article", "aside",   "b",       "big",        "blockquote", "br",      "button",
      "caption", "center", "cite",    "code",    "col",     "colgroup",   "dd",         "del",     "details",
      "div",     "dl",     "dt",      "em",      "embed",   "figcaption", "figure",     "font",    "footer",
      "form",    "h1",     "h2",      "h3",      "h4",      "h5",         "h6",         "header",  "hr",
      "i",       "iframe", "img",     "input",   "ins",     "kbd",        "label",      "li",      "link",
      "main",    "mark",   "meta",    "nav",     "object",  "ol",         "p",          "picture", "pre",
      "q",       "s",      "samp",    "script",  "section", "small",      "source",     "span",    "strike",
      "strong",  "style",  "sub",     "summary", "sup",     "svg",        "table",      "tbody",   "td",
      "tfoot",   "th",     "thead",   "tr",      "tt",      "u",          "ul",         "var",     "video",
      "wbr"};
  return kNames.contains(name);
}

struct Tag {
  size_t bytes = 0;
  bool closing = false;
  std::string name;
  std::string_view attributes;
};

/// The tag at the beginning of `text`, "<…"; bytes is 0 when it is none.
Tag parse_tag(std::string_view text) {
  Tag tag;
  size_t at = 1;
  if (at < text.size() && text[at] == '/') {
    tag.closing = true;
    ++at;
  }
  const size_t name = at;
  while (at < text.size() && (word(text[at]) || text[at] == '.')) ++at;
  if (at == name) return {};
  tag.name = std::string(text.substr(name, at - name));
  const size_t attributes = at;
  char quote = 0;
  int braces = 0;
  for (; at < text.size() && at < kMaxTag; ++at) {
    const char c = text[at];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '"' || (c == '\'' && text[at - 1] == '=')) {
      quote = c;
    } else if (c == '{') {
      ++braces;
    } else if (c == '}') {
      --braces;
    } else if (c == '>' && braces <= 0) {
      tag.attributes = text.substr(attributes, at - attributes);
      tag.bytes = at + 1;
      return tag;
    } else if (at == attributes && c != ' ' && c != '\n' && c != '\t' && c != '/') {
      return {};  // <https://…>, <a@b.c>
    }
  }
  return {};
}

std::string attribute(std::string_view attributes, std::string_view key) {
  for (size_t at = attributes.find(key); at != std::string_view::npos; at = attributes.find(key, at + 1)) {
    const size_t quote = at + key.size() + 1;
    if (at == 0 || word(attributes[at - 1]) || quote >= attributes.size() || attributes[quote - 1] != '=')
      continue;
    if (attributes[quote] != '"' && attributes[quote] != '\'') continue;
    const size_t end = attributes.find(attributes[quote], quote + 1);
    if (end != std::string_view::npos) return std::string(attributes.substr(quote + 1, end - quote - 1));
  }
  return {};
}

/// Walks over the text once; code goes through untouched.
class Stripper {
 public:
  explicit Stripper(std::string_view text) : text_(text) { out_.reserve(text.size()); }

  std::string run() {
    while (at_ < text_.size()) {
      if (at_ == 0 || text_[at_ - 1] == '\n') {
        if (code_line() || directive_line()) continue;
      }
      step();
    }
    return std::move(out_);
  }

 private:
  std::string_view line() const {
    return text_.substr(at_, std::min(text_.find('\n', at_), text_.size()) - at_);
  }
  void copy(size_t bytes) {
    out_ += text_.substr(at_, bytes);
    at_ += bytes;
  }
  /// Where `what` stands next, npos when it does not. What was found is remembered until it is passed, so that many marks that
  /// close nowhere, or far on, are not looked for from each anew.
  size_t next(const std::string& what, size_t from) {
    const auto known = found_.find(what);
    if (known != found_.end() && known->second >= from) return known->second;
    return found_[what] = text_.find(what, from);
  }
  void copy_line() { copy(std::min(line().size() + 1, text_.size() - at_)); }
  void drop_line() { at_ += std::min(line().size() + 1, text_.size() - at_); }

  /// Lines of fenced code, the fences themselves, and indented code.
  bool code_line() {
    const bool before = fence_.inside();
    fence_.line(line());
    if (!before && !fence_.inside() && !indented_code()) return false;
    copy_line();
    return true;
  }

  /// Four blanks behind a blank line (CommonMark 4.4); in a list they only continue an item.
  bool indented_code() {
    const std::string_view content = trimmed(line());
    const bool indented = line().starts_with("    ") || line().starts_with("\t");
    if (content.empty()) {
      blank_before_ = true;
      return false;
    }
    if (indented && blank_before_ && !in_list_) return true;  // stays so over its lines
    blank_before_ = false;
    if (!indented) {
      const size_t digits = std::min(content.find_first_not_of("0123456789"), content.size() - 1);
      const bool mark =
          content.size() > 1 &&
          ((std::string_view("-*+").find(content[0]) != std::string_view::npos && content[1] == ' ') ||
           (digits > 0 && (content[digits] == '.' || content[digits] == ')')));
      in_list_ = mark || (in_list_ && line()[0] == ' ');
    }
    return false;
  }

  /// `/// note | Title`, `:::tip Title`, `{* file hl[2:4] *}`, `{! file !}`: a title stays, the rest goes.
  bool directive_line() {
    const std::string_view content = trimmed(line());
    if ((content.starts_with("{*") && content.ends_with("*}")) ||
        (content.starts_with("{!") && content.ends_with("!}"))) {
      drop_line();
      return true;
    }
    if (content.starts_with("///"))
      return admonition(trimmed(content.substr(content.find_first_not_of('/') == std::string_view::npos
                                                   ? content.size()
                                                   : content.find_first_not_of('/'))),
                        '|');
    if (content.starts_with(":::"))
      return admonition(trimmed(content.substr(std::min(content.find_first_not_of(':'), content.size()))),
                        ' ');
    return false;
  }

  bool admonition(std::string_view rest, char separator) {
    const size_t mark = rest.find(separator);
    if (separator == '|' && mark == std::string_view::npos && rest.find(' ') != std::string_view::npos)
      return false;  // a comment line
    if (mark != std::string_view::npos) (out_ += trimmed(rest.substr(mark + 1))) += '\n';
    drop_line();
    return true;
  }

  void step() {
    switch (text_[at_]) {
      case '`':
        return code_span();
      case '<':
        return angle();
      case '{':
        return brace();
      case '&':
        return entity();
      default:
        return copy(1);
    }
  }

  /// A run of back quotes up to a run of the same length in the same paragraph.
  void code_span() {
    const size_t run = std::min(text_.find_first_not_of('`', at_), text_.size()) - at_;
    const size_t limit = std::min(next("\n\n", at_), text_.size());
    for (size_t end = text_.find('`', at_ + run); end < limit;) {
      const size_t behind = std::min(text_.find_first_not_of('`', end), text_.size());
      if (behind - end == run) return copy(behind - at_);
      end = text_.find('`', behind);
    }
    copy(run);
  }

  void angle() {
    if (text_.substr(at_, 4) == "<!--") {
      const size_t end = next("-->", at_ + 4);
      if (end == std::string_view::npos) return copy(4);
      return skip_to(end + 3);
    }
    const Tag tag = parse_tag(text_.substr(at_));
    if (tag.bytes == 0) return copy(1);
    if (component(tag)) return skip_to(at_ + tag.bytes);
    std::string name = tag.name;
    for (char& c : name)
      if (upper(c)) c = static_cast<char>(c + 32);
    if (!html_element(name)) return copy(1);
    if (!tag.closing && (name == "script" || name == "style" || name == "svg")) {
      const size_t end = next("</" + tag.name, at_);
      const size_t close = end == std::string_view::npos ? end : next(">", end);
      if (close != std::string_view::npos) return skip_to(close + 1);
    }
    skip_to(at_ + tag.bytes);
    say(name, tag);
  }

  /// The little that a tag itself says.
  void say(const std::string& name, const Tag& tag) {
    if (name == "img" && !tag.closing) out_ += attribute(tag.attributes, "alt");
    if (name == "br" || name == "td" || name == "th") out_ += ' ';
    if (name == "code" || name == "kbd" || name == "tt") out_ += '`';
    if (name == "li" && !tag.closing) out_ += "- ";
    if (name == "tr" && tag.closing) out_ += '\n';
    if (name.size() == 2 && name[0] == 'h' && name[1] >= '1' && name[1] <= '6' && !tag.closing)
      (out_ += std::string(static_cast<size_t>(name[1] - '0'), '#')) += ' ';
  }

  /// JSX: `<DeepDive>` at the beginning of a line or closed further on, and what closes such a one. `<Name>`
  /// alone is a placeholder.
  bool component(const Tag& tag) {
    const bool camel =
        upper(tag.name[0]) &&
        std::any_of(tag.name.begin(), tag.name.end(), [](char c) { return c >= 'a' && c <= 'z'; }) &&
        tag.name.find_first_of("_-") == std::string::npos;
    if (!camel) return false;
    if (tag.closing) return components_.contains(tag.name);
    const size_t before = text_.substr(0, at_).find_last_not_of(" \t");
    const bool starts_line = before == std::string_view::npos || text_[before] == '\n';
    const std::string_view ahead = text_.substr(at_, kMaxInlineComponent);
    if (!starts_line && ahead.find("</" + tag.name + ">") == std::string_view::npos) return false;
    components_.insert(tag.name);
    const std::string alt = attribute(tag.attributes, "alt");
    if (!alt.empty()) (out_ += alt) += '\n';
    return true;
  }

  /// `{/* comment */}`, and attribute lists: `{#anchor}`, `{ .class #id }`, `{: .note}`.
  void brace() {
    if (text_.substr(at_, 3) == "{/*") {
      const size_t end = next("*/}", at_ + 3);
      if (end == std::string_view::npos) return copy(3);
      drop_blank_before();
      return skip_to(end + 3);
    }
    const size_t end = text_.substr(at_, 200).find('}');
    if (end == std::string_view::npos || !attribute_list(text_.substr(at_ + 1, end - 1))) return copy(1);
    drop_blank_before();
    skip_to(at_ + end + 1);
  }

  static bool attribute_list(std::string_view content) {
    content = trimmed(content);
    if (content.starts_with(':')) content = trimmed(content.substr(1));
    if (content.empty()) return false;
    while (!content.empty()) {
      if (content[0] != '#' && content[0] != '.') return false;
      const size_t end = std::min(content.find(' '), content.size());
      const std::string_view name = content.substr(1, end - 1);
      if (name.empty() || name.find_first_of("{}`\"$(,;") != std::string_view::npos) return false;
      content = trimmed(content.substr(end));
    }
    return true;
  }

  /// `&mdash;`, `&#x2713;`: gumbo knows the two thousand names.
  void entity() {
    const size_t end = text_.substr(at_, kMaxEntity).find(';');
    const std::string_view name = text_.substr(at_, end == std::string_view::npos ? 0 : end + 1);
    if (name.size() < 4 || !std::all_of(name.begin() + 1, name.end() - 1,
                                        [](char c) { return c == '#' || (word(c) && c != '_' && c != '-'); }))
      return copy(1);
    auto [known, is_new] = entities_.try_emplace(std::string(name));
    if (is_new) known->second = flat_text(parse_html(known->first)->root);
    const bool blank = known->second.empty();  // &nbsp; and its like
    out_ += blank ? " " : known->second;
    at_ += name.size();
  }

  void drop_blank_before() {
    while (!out_.empty() && out_.back() == ' ') out_.pop_back();
  }
  /// Jumps over markup; lines inside it must not be taken for fences.
  void skip_to(size_t position) { at_ = position; }

  std::string_view text_;
  size_t at_ = 0;
  std::string out_;
  Fence fence_;
  std::set<std::string> components_;
  std::map<std::string, size_t> found_;  // of next()
  std::map<std::string, std::string> entities_;
  bool blank_before_ = true, in_list_ = false;
};

}  // namespace

void Fence::line(std::string_view line) {
  const std::string_view content = trimmed(line);
  if (content.empty() || (content[0] != '`' && content[0] != '~')) return;
  const size_t run = std::min(content.find_first_not_of(content[0]), content.size());
  if (run < 3) return;
  if (!inside()) {
    if (content[0] == '`' && content.find('`', run) != std::string_view::npos) return;  // a code span
    mark_ = content[0];
    length_ = run;
  } else if (content[0] == mark_ && run >= length_ && run == content.size()) {
    length_ = 0;
  }
}

std::string strip_markup(std::string_view text) { return Stripper(text).run(); }

}  // namespace hone::document
