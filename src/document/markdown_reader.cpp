#include <algorithm>
#include <string>
#include <string_view>

#include "document/encoding.h"
#include "document/front_matter.h"
#include "document/markdown_markup.h"
#include "document/reader.h"
#include "document/shortcodes.h"

namespace hone::document {
namespace {

/// Blank lines that markup left behind: never more than one in a row outside code, none at the ends, no
/// trailing blanks.
std::string tidy(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  size_t blank_lines = 0;
  Fence fence;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const bool code = fence.inside();
    fence.line(line);
    // Two blanks at the end of a line are a line break in Markdown; they say nothing that the line end does
    // not.
    if (!code) line = line.substr(0, line.find_last_not_of(" \t") + 1);
    if (line.empty() && !code) {
      ++blank_lines;
      continue;
    }
    if (!out.empty()) out += blank_lines > 0 ? "\n\n" : "\n";
    blank_lines = 0;
    out += line;
  }
  if (!out.empty()) out += '\n';
  return out;
}

bool begins_with_heading(std::string_view text) { return text.starts_with("# ") || text.starts_with("<h1"); }

}  // namespace

/// Markdown stays Markdown: headings, lists, links and code as written. What goes is what no reader of the
/// page sees: front matter (its title becomes the heading), comments, shortcodes, tags, anchors.
void read_markdown(std::string content, const Input&, Output& output) {
  const uint64_t bytes = content.size();
  auto decoded = to_utf8(std::move(content));
  if (!decoded) {
    output.item(rejection(reason::kNotText, "is not text in any encoding that Hone knows", bytes));
    return;
  }
  unify_line_ends(decoded->text);
  FrontMatter front = read_front_matter(decoded->text);
  std::string text =
      tidy(strip_markup(expand_shortcodes(std::string_view(decoded->text).substr(front.bytes))));
  Document document;
  document.title = std::move(front.title);
  if (document.title.empty() && text.starts_with("# ")) document.title = text.substr(2, text.find('\n') - 2);
  if (!front.metadata.empty() && !document.title.empty() && !begins_with_heading(text))
    text = "# " + document.title + "\n" + (text.empty() ? "" : "\n") + text;
  if (text.empty()) {
    output.item(rejection(reason::kNoText, "holds only markup", bytes));
    return;
  }
  document.text = std::move(text);
  document.metadata = std::move(front.metadata);
  document.encoding = std::move(decoded->encoding);
  document.bytes = bytes;
  output.item(std::move(document));
}

}  // namespace hone::document
