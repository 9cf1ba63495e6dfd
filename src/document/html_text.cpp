#include "document/html_text.h"

#include <algorithm>
#include <string_view>
#include <vector>

namespace hone::document {
namespace {

constexpr uint64_t kMaxCell = 600;  // a table with longer cells is there for the layout
constexpr double kLinkHeavy = 0.6;

const GumboNode* child_at(const GumboVector& nodes, unsigned i) {
  return static_cast<const GumboNode*>(nodes.data[i]);
}
bool blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }

/// No-break spaces are a matter of layout, and pages are full of them: they become spaces.
std::string plain_blanks(std::string_view text) {
  static constexpr std::string_view kNoBreakSpace = "\xC2\xA0";
  std::string out;
  out.reserve(text.size());
  for (size_t begin = 0; begin < text.size();) {
    const size_t found = text.find(kNoBreakSpace, begin);
    out += text.substr(begin, found - begin);
    if (found == std::string_view::npos) break;
    out += ' ';
    begin = found + kNoBreakSpace.size();
  }
  return out;
}

int heading_level(GumboTag tag) {
  switch (tag) {
    case GUMBO_TAG_H1:
      return 1;
    case GUMBO_TAG_H2:
      return 2;
    case GUMBO_TAG_H3:
      return 3;
    case GUMBO_TAG_H4:
      return 4;
    case GUMBO_TAG_H5:
      return 5;
    case GUMBO_TAG_H6:
      return 6;
    default:
      return 0;
  }
}

bool has_any(const GumboNode* node, std::initializer_list<GumboTag> tags) {
  const GumboVector& inner = children(node);
  for (unsigned i = 0; i < inner.length; ++i) {
    const GumboNode* child = child_at(inner, i);
    if (std::find(tags.begin(), tags.end(), tag_of(child)) != tags.end() && is_element(child)) return true;
    if (has_any(child, tags)) return true;
  }
  return false;
}

void rows_of(const GumboNode* table, std::vector<const GumboNode*>& rows) {
  const GumboVector& inner = children(table);
  for (unsigned i = 0; i < inner.length; ++i) {
    const GumboNode* child = child_at(inner, i);
    if (tag_of(child) == GUMBO_TAG_TR)
      rows.push_back(child);
    else if (is_element(child) && tag_of(child) != GUMBO_TAG_TABLE)
      rows_of(child, rows);
  }
}

void raw_text(const GumboNode* node, std::string& out) {
  if (node->type == GUMBO_NODE_TEXT || node->type == GUMBO_NODE_CDATA || node->type == GUMBO_NODE_WHITESPACE)
    out += plain_blanks(node->v.text.text);
  if (tag_of(node) == GUMBO_TAG_BR) out += '\n';
  if (is_machinery(node)) return;
  const GumboVector& inner = children(node);
  for (unsigned i = 0; i < inner.length; ++i) raw_text(child_at(inner, i), out);
}

class Renderer {
 public:
  Renderer(const MainContent& content, const TextWeights& weights) : content_(content), weights_(weights) {}

  void node(const GumboNode* node) {
    switch (node->type) {
      case GUMBO_NODE_TEXT:
      case GUMBO_NODE_CDATA:
      case GUMBO_NODE_WHITESPACE:
        return text(plain_blanks(node->v.text.text));
      case GUMBO_NODE_ELEMENT:
        return element(node);
      default:
        return;
    }
  }

  std::string take() {
    while (!out_.empty() && blank(out_.back())) out_.pop_back();
    return std::move(out_);
  }

 private:
  // ---- lines

  /// At least `lines` line ends before the next text; nothing right after a list mark.
  void line_break(int lines) {
    space_ = false;
    if (after_mark_) return;
    if (!out_.empty()) breaks_ = std::max(breaks_, lines);
  }

  void begin_text() {
    if (breaks_ > 0) {
      out_.append(static_cast<size_t>(breaks_), '\n');
      out_ += indent_;
    } else if (space_ && !out_.empty() && !blank(out_.back())) {
      out_ += ' ';
    }
    breaks_ = 0;
    space_ = false;
    after_mark_ = false;
  }

  void text(std::string_view words) {
    for (size_t at = 0; at < words.size();) {
      if (blank(words[at])) {
        space_ = true;
        ++at;
        continue;
      }
      const size_t begin = at;
      while (at < words.size() && !blank(words[at])) ++at;
      begin_text();
      out_ += words.substr(begin, at - begin);
    }
  }

  void inner(const GumboNode* element) {
    const GumboVector& nodes = children(element);
    for (unsigned i = 0; i < nodes.length; ++i) node(child_at(nodes, i));
  }

  // ---- elements

  bool left_out(const GumboNode* element) const {
    if (is_machinery(element) || content_.peeled.contains(element)) return true;
    if (!is_surrounding(element) || element == content_.root) return false;
    const TextWeight weight = weights_.of(element);
    return weight.links >= 2 && weight.link_share() > kLinkHeavy;
  }

  void element(const GumboNode* element) {
    if (left_out(element)) return;
    const GumboTag tag = tag_of(element);
    if (const int level = heading_level(tag); level > 0) return heading(element, level);
    switch (tag) {
      case GUMBO_TAG_BR:
        return line_break(1);
      case GUMBO_TAG_HR:
        return line_break(2);
      case GUMBO_TAG_PRE:
      case GUMBO_TAG_LISTING:
      case GUMBO_TAG_XMP:
        return code(element);
      case GUMBO_TAG_UL:
      case GUMBO_TAG_OL:
      case GUMBO_TAG_MENU:
        return list(element);
      case GUMBO_TAG_TABLE:
        return table(element);
      case GUMBO_TAG_P:
      case GUMBO_TAG_BLOCKQUOTE:
      case GUMBO_TAG_FIGURE:
      case GUMBO_TAG_DL:
      case GUMBO_TAG_ADDRESS:
        return block(element, 2);
      case GUMBO_TAG_DIV:
        return block(element, has_own_text(element) ? 2 : 1);
      case GUMBO_TAG_SECTION:
      case GUMBO_TAG_ARTICLE:
      case GUMBO_TAG_MAIN:
      case GUMBO_TAG_ASIDE:
      case GUMBO_TAG_HEADER:
      case GUMBO_TAG_FOOTER:
      case GUMBO_TAG_DETAILS:
      case GUMBO_TAG_FORM:
      case GUMBO_TAG_FIELDSET:
      case GUMBO_TAG_CENTER:
        return block(element, 2);
      case GUMBO_TAG_LI:
        return item(element, "- ");
      case GUMBO_TAG_DT:
      case GUMBO_TAG_DD:
      case GUMBO_TAG_TR:
      case GUMBO_TAG_TD:
      case GUMBO_TAG_TH:
      case GUMBO_TAG_CAPTION:
      case GUMBO_TAG_FIGCAPTION:
      case GUMBO_TAG_LEGEND:
      case GUMBO_TAG_SUMMARY:
      case GUMBO_TAG_OPTION:
        return block(element, 1);
      case GUMBO_TAG_TITLE:
      case GUMBO_TAG_RP:
        return;
      default:
        return inner(element);
    }
  }

  void block(const GumboNode* element, int lines) {
    line_break(lines);
    inner(element);
    line_break(lines);
  }

  static bool has_own_text(const GumboNode* element) {
    const GumboVector& nodes = children(element);
    for (unsigned i = 0; i < nodes.length; ++i)
      if (child_at(nodes, i)->type == GUMBO_NODE_TEXT) return true;
    return false;
  }

  void heading(const GumboNode* element, int level) {
    std::string words = flat(element);
    if (words.empty()) return;
    line_break(2);
    text(std::string(static_cast<size_t>(level), '#') + " ");
    text(words);
    line_break(2);
  }

  void code(const GumboNode* element) {
    std::string lines;
    raw_text(element, lines);
    size_t begin = lines.find_first_not_of('\n');
    const size_t end = lines.find_last_not_of(" \t\n");
    if (begin == std::string::npos || end == std::string::npos) return;
    const std::string fence = lines.find("```") == std::string::npos ? "```" : "~~~~";
    line_break(2);
    begin_text();
    out_ += fence + "\n";
    for (std::string_view rest = std::string_view(lines).substr(begin, end + 1 - begin);;) {
      const size_t line = std::min(rest.find('\n'), rest.size());
      (out_ += indent_) += rest.substr(0, line);
      out_ += '\n';
      if (line == rest.size()) break;
      rest.remove_prefix(line + 1);
    }
    (out_ += indent_) += fence;
    line_break(2);
  }

  void list(const GumboNode* element) {
    const bool numbered = tag_of(element) == GUMBO_TAG_OL;
    line_break(indent_.empty() ? 2 : 1);
    int number = 1;
    if (const std::string start(attribute(element, "start")); numbered && !start.empty() && start.size() < 7)
      number = std::atoi(start.c_str());
    const GumboVector& nodes = children(element);
    const bool tight = is_tight(nodes);
    for (unsigned i = 0; i < nodes.length; ++i) {
      const GumboNode* child = child_at(nodes, i);
      if (tight && i > 0) breaks_ = std::min(breaks_, 1);
      if (tag_of(child) != GUMBO_TAG_LI)
        node(child);
      else
        item(child, numbered ? std::to_string(number++) + ". " : "- ");
    }
    line_break(indent_.empty() ? 2 : 1);
  }

  /// No item holds more than one block: then no blank lines part them.
  static bool is_tight(const GumboVector& items) {
    for (unsigned i = 0; i < items.length; ++i) {
      const GumboVector& inside = children(child_at(items, i));
      int blocks = 0;
      for (unsigned k = 0; k < inside.length; ++k) {
        const GumboTag tag = tag_of(child_at(inside, k));
        blocks +=
            tag == GUMBO_TAG_P || tag == GUMBO_TAG_DIV || tag == GUMBO_TAG_PRE || tag == GUMBO_TAG_TABLE;
      }
      if (blocks > 1) return false;
    }
    return true;
  }

  void item(const GumboNode* element, const std::string& mark) {
    if (left_out(element) || weights_.of(element).text == 0) return;
    line_break(1);
    begin_text();
    out_ += mark;
    after_mark_ = true;
    const size_t outer = indent_.size();
    indent_.append(mark.size(), ' ');
    inner(element);
    indent_.resize(outer);
    after_mark_ = false;
    line_break(1);
  }

  // ---- tables

  void table(const GumboNode* element) {
    std::vector<const GumboNode*> rows;
    rows_of(element, rows);
    if (!holds_data(element, rows)) return block(element, 2);
    line_break(2);
    const GumboVector& nodes = children(element);
    for (unsigned i = 0; i < nodes.length; ++i)
      if (tag_of(child_at(nodes, i)) == GUMBO_TAG_CAPTION) node(child_at(nodes, i));
    for (const GumboNode* row : rows) table_row(row);
    line_break(2);
  }

  bool holds_data(const GumboNode* element, const std::vector<const GumboNode*>& rows) const {
    if (attribute(element, "role") == "presentation" || rows.empty()) return false;
    if (has_any(element, {GUMBO_TAG_TABLE, GUMBO_TAG_PRE, GUMBO_TAG_H1, GUMBO_TAG_H2, GUMBO_TAG_H3,
                          GUMBO_TAG_UL, GUMBO_TAG_OL}))
      return false;
    for (const GumboNode* row : rows) {
      const GumboVector& cells = children(row);
      for (unsigned i = 0; i < cells.length; ++i)
        if (weights_.of(child_at(cells, i)).text > kMaxCell) return false;
    }
    return true;
  }

  /// Empty cells keep their place between others; at the end of a row, or around a single text, they say
  /// nothing.
  void table_row(const GumboNode* row) {
    std::vector<std::string> texts;
    size_t used = 0, last = 0;
    const GumboVector& cells = children(row);
    for (unsigned i = 0; i < cells.length; ++i) {
      const GumboNode* cell = child_at(cells, i);
      if (!is_element(cell) || left_out(cell)) continue;
      texts.push_back(flat(cell));
      if (texts.back().empty()) continue;
      ++used;
      last = texts.size();
    }
    line_break(1);
    for (size_t i = 0; i < last; ++i) {
      if (used < 2 && texts[i].empty()) continue;
      if (i > 0 && used > 1) text(" | ");
      space_ = true;
      text(texts[i]);
    }
    line_break(1);
  }

  /// The text of a cell or heading on one line.
  std::string flat(const GumboNode* element) const {
    Renderer inside(content_, weights_);
    inside.inner(element);
    std::string words = inside.take();
    std::replace(words.begin(), words.end(), '\n', ' ');
    return words;
  }

  const MainContent& content_;
  const TextWeights& weights_;
  std::string out_;
  std::string indent_;
  int breaks_ = 0;
  bool space_ = false;
  bool after_mark_ = false;
};

}  // namespace

std::string flat_text(const GumboNode* node) {
  std::string raw, words;
  raw_text(node, raw);
  for (const char c : raw) {
    if (!blank(c))
      words += c;
    else if (!words.empty() && words.back() != ' ')
      words += ' ';
  }
  while (!words.empty() && words.back() == ' ') words.pop_back();
  return words;
}

std::string html_text(const MainContent& content, const TextWeights& weights) {
  Renderer renderer(content, weights);
  if (content.heading != nullptr) renderer.node(content.heading);
  renderer.node(content.root);
  return renderer.take();
}

}  // namespace hone::document
