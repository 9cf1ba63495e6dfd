#include "document/html_tree.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <set>

#include "document/serve.h"

namespace hone::document {
namespace {

void* allocate(void*, size_t bytes) {
  void* memory = std::malloc(bytes);
  if (memory == nullptr) _exit(kOutOfMemory);
  return memory;
}
void release(void*, void* memory) { std::free(memory); }

GumboOptions options() {
  GumboOptions result = kGumboDefaultOptions;
  result.allocator = &allocate;
  result.deallocator = &release;
  result.max_errors = 0;
  return result;
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return result;
}

/// Calls `each` with every name in the class and id attributes, lower case.
template <typename Each>
void each_name(const GumboNode* node, Each each) {
  for (const char* key : {"class", "id"}) {
    const std::string names = lower(attribute(node, key));
    for (size_t begin = 0; begin < names.size();) {
      size_t end = names.find_first_of(" \t\n", begin);
      if (end == std::string::npos) end = names.size();
      if (end > begin) each(std::string_view(names).substr(begin, end - begin));
      begin = end + 1;
    }
  }
}

/// Elements that close themselves or each other, so that leaving out their end tags nests nothing.
bool nests(std::string_view name) {
  static const std::set<std::string_view> kFlat = {
      "a",  "area",  "base", "br",     "col",      "dd",   "dt",    "embed",  "hr",    "img", "input",
      "li", "link",  "meta", "option", "optgroup", "p",    "param", "source", "tbody", "td",  "tfoot",
      "th", "thead", "tr",   "track",  "wbr",      "html", "head",  "body",   "rp",    "rt",  "colgroup"};
  return !kFlat.contains(name);
}

constexpr std::array<std::string_view, 9> kMachineryRoles = {
    "navigation", "banner", "contentinfo", "search", "menu", "menubar", "toolbar", "dialog", "alertdialog"};

bool machinery_name(std::string_view name) {
  static const std::set<std::string_view> kNames = {
      "headerlink",    "navheader",       "navfooter",          "docnav",      "sphinxsidebar",
      "breadcrumb",    "breadcrumbs",     "skip-link",          "skiplink",    "skip-nav",
      "sr-only",       "visually-hidden", "screen-reader-text", "noprint",     "mw-editsection",
      "linenos",       "gutter",          "anchor-link",        "copybtn",     "navbar",
      "cookie-banner", "cookie-notice",   "cookie-consent",     "cookie-bar",  "pagination",
      "site-footer",   "site-nav",        "site-header",        "toc-backref", "this-page-menu",
      "share-buttons", "social-share"};
  return kNames.contains(name);
}

bool surrounding_word(std::string_view word) {
  static const std::set<std::string_view> kWords = {
      "sidebar",    "menu",          "footer",     "header",      "banner",    "related",  "nav",
      "navigation", "widget",        "widgets",    "promo",       "masthead",  "topbar",   "toolbar",
      "subscribe",  "newsletter",    "popup",      "modal",       "search",    "login",    "tags",
      "share",      "social",        "breadcrumb", "breadcrumbs", "copyright", "ad",       "ads",
      "advert",     "advertisement", "sponsor",    "pagination",  "pager",     "feedback", "cookie",
      "cookies",    "comments",      "gnb",        "lnb",         "snb"};
  return kWords.contains(word);
}

bool content_word(std::string_view word) {
  static const std::set<std::string_view> kWords = {"content", "section", "chapter",  "article", "post",
                                                    "entry",   "preface", "appendix", "main"};
  return kWords.contains(word);
}

/// Whether a word of a class or id, cut at '-' and '_', is one that `known` knows.
template <typename Known>
bool has_word(const GumboNode* node, Known known) {
  bool found = false;
  each_name(node, [&](std::string_view name) {
    for (size_t begin = 0; begin <= name.size();) {
      const size_t end = std::min(name.find_first_of("-_", begin), name.size());
      found = found || known(name.substr(begin, end - begin));
      begin = end + 1;
    }
  });
  return found;
}

}  // namespace

size_t estimated_depth(std::string_view html) {
  size_t depth = 0, deepest = 0;
  for (size_t at = html.find('<'); at != std::string_view::npos; at = html.find('<', at + 1)) {
    const bool closing = at + 1 < html.size() && html[at + 1] == '/';
    size_t end = at + (closing ? 2 : 1);
    const size_t begin = end;
    while (end < html.size() && end - begin < 16 && ((html[end] | 32) >= 'a' && (html[end] | 32) <= 'z'))
      ++end;
    if (end == begin || !nests(lower(html.substr(begin, end - begin)))) continue;
    if (!closing) deepest = std::max(deepest, ++depth);
    if (closing && depth > 0) --depth;
  }
  return deepest;
}

size_t most_attributes(std::string_view html) {
  size_t most = 0;
  for (size_t at = html.find('<'); at != std::string_view::npos; at = html.find('<', at)) {
    if (++at < html.size() && ((html[at] | 32) < 'a' || (html[at] | 32) > 'z')) continue;
    const std::string name = lower(html.substr(at, 6));
    const bool code = name == "script" || name.starts_with("style");  // what is in it has no tags
    size_t count = 0;
    char quote = 0;
    for (bool blank = false; at < html.size() && (html[at] != '>' || quote != 0); ++at) {
      const char c = html[at];
      if (quote == 0 && (c == '"' || c == '\'') && html[at - 1] == '=') quote = c;
      else if (c == quote) quote = 0;
      const bool parts = quote == 0 && (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '/');
      if (blank && !parts) ++count;
      blank = parts || (quote == 0 && (c == '"' || c == '\''));
    }
    most = std::max(most, count);
    while (code && at < html.size() && !(html[at] == '<' && (lower(html.substr(at, 3)) == "</s"))) ++at;
  }
  return most;
}

void HtmlDeleter::operator()(GumboOutput* output) const {
  const GumboOptions same = options();
  gumbo_destroy_output(&same, output);
}

HtmlTree parse_html(std::string_view html) {
  const GumboOptions chosen = options();
  return HtmlTree(gumbo_parse_with_options(&chosen, html.data(), html.size()));
}

bool is_element(const GumboNode* node) {
  return node->type == GUMBO_NODE_ELEMENT || node->type == GUMBO_NODE_TEMPLATE;
}

const GumboVector& children(const GumboNode* node) {
  static const GumboVector kNone{nullptr, 0, 0};
  if (is_element(node)) return node->v.element.children;
  return node->type == GUMBO_NODE_DOCUMENT ? node->v.document.children : kNone;
}

GumboTag tag_of(const GumboNode* node) { return is_element(node) ? node->v.element.tag : GUMBO_TAG_UNKNOWN; }

std::string_view attribute(const GumboNode* node, const char* name) {
  if (!is_element(node)) return {};
  const GumboAttribute* found = gumbo_get_attribute(&node->v.element.attributes, name);
  return found == nullptr ? std::string_view() : std::string_view(found->value);
}

bool is_machinery(const GumboNode* node) {
  switch (tag_of(node)) {
    case GUMBO_TAG_HEAD:
    case GUMBO_TAG_SCRIPT:
    case GUMBO_TAG_STYLE:
    case GUMBO_TAG_NOSCRIPT:
    case GUMBO_TAG_TEMPLATE:
    case GUMBO_TAG_NAV:
    case GUMBO_TAG_SVG:
    case GUMBO_TAG_IFRAME:
    case GUMBO_TAG_OBJECT:
    case GUMBO_TAG_EMBED:
    case GUMBO_TAG_CANVAS:
    case GUMBO_TAG_AUDIO:
    case GUMBO_TAG_VIDEO:
    case GUMBO_TAG_BUTTON:
    case GUMBO_TAG_INPUT:
    case GUMBO_TAG_SELECT:
    case GUMBO_TAG_TEXTAREA:
    case GUMBO_TAG_DATALIST:
      return true;
    default:
      break;
  }
  if (!is_element(node) || node->v.element.attributes.length == 0) return false;
  const std::string role = lower(attribute(node, "role"));
  if (std::find(kMachineryRoles.begin(), kMachineryRoles.end(), role) != kMachineryRoles.end()) return true;
  if (gumbo_get_attribute(&node->v.element.attributes, "hidden") != nullptr) return true;
  if (attribute(node, "aria-hidden") == "true") return true;
  const std::string style = lower(attribute(node, "style"));
  if (style.find("display:none") != std::string::npos || style.find("display: none") != std::string::npos)
    return true;
  bool named = false;
  if (tag_of(node) != GUMBO_TAG_BODY)
    each_name(node, [&](std::string_view name) { named = named || machinery_name(name); });
  return named;
}

bool is_surrounding(const GumboNode* node) {
  switch (tag_of(node)) {
    case GUMBO_TAG_ASIDE:
    case GUMBO_TAG_FOOTER:
    case GUMBO_TAG_HEADER:
      return true;
    default:
      break;
  }
  return has_word(node, surrounding_word);
}

bool is_named_content(const GumboNode* node) {
  if (tag_of(node) == GUMBO_TAG_SECTION || tag_of(node) == GUMBO_TAG_ARTICLE) return true;
  return tag_of(node) != GUMBO_TAG_BODY && has_word(node, content_word);
}

TextWeight TextWeights::of(const GumboNode* node) const {
  const auto found = weights_.find(node);
  return found == weights_.end() ? TextWeight() : found->second;
}

TextWeight TextWeights::weigh(const GumboNode* node, bool in_link) {
  TextWeight weight;
  if (node->type == GUMBO_NODE_TEXT || node->type == GUMBO_NODE_CDATA) {
    const std::string_view text = node->v.text.text;
    weight.text = static_cast<uint64_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) > ' '; }));
    weight.linked = in_link ? weight.text : 0;
    return weight;
  }
  if (is_machinery(node)) return weight;
  const bool link = tag_of(node) == GUMBO_TAG_A && !attribute(node, "href").empty();
  weight.links = link ? 1 : 0;
  const GumboVector& inner = children(node);
  for (unsigned i = 0; i < inner.length; ++i) {
    const TextWeight child = weigh(static_cast<const GumboNode*>(inner.data[i]), in_link || link);
    weight.text += child.text;
    weight.linked += child.linked;
    weight.links += child.links;
  }
  if (is_element(node)) weights_[node] = weight;
  return weight;
}

}  // namespace hone::document
