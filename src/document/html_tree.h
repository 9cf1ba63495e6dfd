#pragma once
/// A parsed page (gumbo, the HTML5 algorithm) and what can be asked of its elements: how much text, how much
/// of it in links, and whether an element is there for the page rather than for the reader.
#include <gumbo.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace hone::document {

/// Deepest nesting that is parsed; browsers stop at 512.
constexpr size_t kMaxHtmlDepth = 4096;

/// Upper bound of how deep the elements of `html` nest, without parsing. The parser recurses and is quadratic
/// in this number.
size_t estimated_depth(std::string_view html);

/// Upper bound of the attributes of one tag, without parsing; the parser compares each with each.
constexpr size_t kMaxHtmlAttributes = 10'000;
size_t most_attributes(std::string_view html);

struct HtmlDeleter {
  void operator()(GumboOutput* output) const;
};
using HtmlTree = std::unique_ptr<GumboOutput, HtmlDeleter>;

/// `html` is UTF-8 and must outlive the tree. Ends the process with kOutOfMemory when memory is short: gumbo
/// cannot be unwound.
HtmlTree parse_html(std::string_view html);

bool is_element(const GumboNode* node);
/// Children of an element or of the document.
const GumboVector& children(const GumboNode* node);
GumboTag tag_of(const GumboNode* node);  ///< GUMBO_TAG_UNKNOWN for what is no element.
std::string_view attribute(const GumboNode* node, const char* name);
/// Code points are not counted: bytes of text, blanks left out.
struct TextWeight {
  uint64_t text = 0;
  uint64_t linked = 0;  ///< Of `text`, inside links.
  uint64_t links = 0;
  double link_share() const {
    return text == 0 ? 0 : static_cast<double>(linked) / static_cast<double>(text);
  }
};

/// Never read by a visitor: scripts, hidden elements, controls, navigation by tag, role or unmistakable
/// class.
bool is_machinery(const GumboNode* node);
/// Probably around the content rather than in it, by tag or class: sidebars, headers, footers, menus.
bool is_surrounding(const GumboNode* node);
/// Named like content by its class or id: section, chapter, article, content. What is inside it is the
/// author's.
bool is_named_content(const GumboNode* node);

/// Weights of all elements of a tree; machinery weighs nothing.
class TextWeights {
 public:
  explicit TextWeights(const GumboNode* root) { weigh(root, false); }
  TextWeight of(const GumboNode* node) const;

 private:
  TextWeight weigh(const GumboNode* node, bool in_link);
  std::unordered_map<const GumboNode*, TextWeight> weights_;
};

}  // namespace hone::document
