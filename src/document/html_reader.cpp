#include <algorithm>
#include <string>
#include <string_view>

#include "document/encoding.h"
#include "document/html_main.h"
#include "document/html_text.h"
#include "document/html_tree.h"
#include "document/reader.h"

namespace hone::document {
namespace {

constexpr size_t kHead = 4096;

/// The charset that a page names for itself: `<meta charset=…>`, `<meta http-equiv … content="…;
/// charset=…">`, or the XML declaration. Both are found by their words, as the HTML standard's prescan does.
std::string declared_charset(std::string_view html) {
  std::string head(html.substr(0, kHead));
  for (char& c : head)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  const auto value_behind = [&](std::string_view key, std::string_view within) -> std::string {
    for (size_t tag = head.find(within); tag != std::string::npos; tag = head.find(within, tag + 1)) {
      const size_t end = std::min(head.find('>', tag), head.size());
      const size_t found = head.find(key, tag);
      if (found == std::string::npos || found > end) continue;
      size_t begin = found + key.size();
      while (begin < end &&
             (head[begin] == '"' || head[begin] == '\'' || head[begin] == ' ' || head[begin] == '='))
        ++begin;
      size_t stop = begin;
      while (stop < end &&
             (std::isalnum(static_cast<unsigned char>(head[stop])) || head[stop] == '-' || head[stop] == '_'))
        ++stop;
      if (stop > begin) return head.substr(begin, stop - begin);
    }
    return {};
  };
  std::string charset = value_behind("charset", "<meta");
  return charset.empty() ? value_behind("encoding", "<?xml") : charset;
}

const GumboNode* find_first(const GumboNode* node, GumboTag tag) {
  if (tag_of(node) == tag) return node;
  const GumboVector& inner = children(node);
  for (unsigned i = 0; i < inner.length; ++i)
    if (const GumboNode* found = find_first(static_cast<const GumboNode*>(inner.data[i]), tag)) return found;
  return nullptr;
}

}  // namespace

void read_html(std::string content, const Input&, Output& output) {
  const uint64_t bytes = content.size();
  const std::string charset = declared_charset(content);
  auto decoded = to_utf8(std::move(content), charset);
  if (!decoded) {
    output.item(rejection(reason::kNotText, "is not text in any encoding that Hone knows", bytes));
    return;
  }
  unify_line_ends(decoded->text);
  if (estimated_depth(decoded->text) > kMaxHtmlDepth) {
    output.item(
        rejection(reason::kTooLarge, "nests elements deeper than " + std::to_string(kMaxHtmlDepth), bytes));
    return;
  }
  if (most_attributes(decoded->text) > kMaxHtmlAttributes) {
    output.item(rejection(reason::kTooLarge, "has a tag of more than " + std::to_string(kMaxHtmlAttributes) + " attributes", bytes));
    return;
  }
  const HtmlTree tree = parse_html(decoded->text);
  Document document;
  document.encoding = std::move(decoded->encoding);
  document.bytes = bytes;
  if (const GumboNode* title = find_first(tree->root, GUMBO_TAG_TITLE)) document.title = flat_text(title);
  if (const GumboNode* body = find_first(tree->root, GUMBO_TAG_BODY)) {
    const TextWeights weights(body);
    document.text = html_text(find_main(body, weights), weights);
  }
  if (document.text.empty()) {
    output.item(rejection(reason::kNoText, "has no text outside menus and scripts", bytes));
    return;
  }
  document.text += '\n';
  output.item(std::move(document));
}

}  // namespace hone::document
