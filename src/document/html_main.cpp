#include "document/html_main.h"

#include <vector>

namespace hone::document {
namespace {

constexpr double kMainShare = 0.25;  // less text than this, and "main" is only a frame
constexpr double kArticleShare = 0.5;
constexpr double kLinkHeavy = 0.5;
constexpr double kLinksAlone = 0.6;
constexpr double kBoxShare = 0.2;
constexpr double kRowShare = 0.05;
constexpr double kMinorShare = 0.4;  // what is peeled off for its links alone must be the smaller part

/// All elements below `node` that `wanted` says yes to, machinery and what is inside a find left out.
template <typename Wanted>
void collect(const GumboNode* node, Wanted wanted, std::vector<const GumboNode*>& found) {
  const GumboVector& inner = children(node);
  for (unsigned i = 0; i < inner.length; ++i) {
    const auto* child = static_cast<const GumboNode*>(inner.data[i]);
    if (!is_element(child) || is_machinery(child)) continue;
    if (wanted(child))
      found.push_back(child);
    else
      collect(child, wanted, found);
  }
}

const GumboNode* heaviest(const std::vector<const GumboNode*>& nodes, const TextWeights& weights) {
  const GumboNode* best = nullptr;
  for (const GumboNode* node : nodes)
    if (best == nullptr || weights.of(node).text > weights.of(best).text) best = node;
  return best;
}

/// The element that the page itself declares: main, role=main, or its one article.
const GumboNode* declared_main(const GumboNode* body, const TextWeights& weights) {
  const auto total = static_cast<double>(weights.of(body).text);
  std::vector<const GumboNode*> found;
  collect(
      body,
      [](const GumboNode* node) {
        return tag_of(node) == GUMBO_TAG_MAIN || attribute(node, "role") == "main";
      },
      found);
  const GumboNode* best = heaviest(found, weights);
  if (best != nullptr && static_cast<double>(weights.of(best).text) >= kMainShare * total) return best;
  found.clear();
  collect(
      body,
      [](const GumboNode* node) {
        return tag_of(node) == GUMBO_TAG_ARTICLE || attribute(node, "itemprop") == "articleBody";
      },
      found);
  best = heaviest(found, weights);
  if (best != nullptr && static_cast<double>(weights.of(best).text) >= kArticleShare * total) return best;
  return nullptr;
}

bool container(GumboTag tag) {
  switch (tag) {
    case GUMBO_TAG_DIV:
    case GUMBO_TAG_SECTION:
    case GUMBO_TAG_ARTICLE:
    case GUMBO_TAG_MAIN:
    case GUMBO_TAG_CENTER:
    case GUMBO_TAG_FORM:
    case GUMBO_TAG_TABLE:
    case GUMBO_TAG_TBODY:
    case GUMBO_TAG_TR:
    case GUMBO_TAG_TD:
      return true;
    default:
      return false;
  }
}

bool heading(GumboTag tag) {
  return tag == GUMBO_TAG_H1 || tag == GUMBO_TAG_H2 || tag == GUMBO_TAG_H3 || tag == GUMBO_TAG_H4 ||
         tag == GUMBO_TAG_H5 || tag == GUMBO_TAG_H6;
}

bool main_heading(GumboTag tag) { return tag == GUMBO_TAG_H1 || tag == GUMBO_TAG_H2; }

template <typename Wanted>
bool contains(const GumboNode* node, Wanted wanted) {
  if (wanted(tag_of(node))) return true;
  const GumboVector& inner = children(node);
  for (unsigned i = 0; i < inner.length; ++i)
    if (contains(static_cast<const GumboNode*>(inner.data[i]), wanted)) return true;
  return false;
}

/// Whether `child` of `parent` is around the document rather than in it.
bool peelable(const GumboNode* child, const GumboNode* parent, const TextWeights& weights) {
  const TextWeight weight = weights.of(child);
  const double share = static_cast<double>(weight.text) / static_cast<double>(weights.of(parent).text + 1);
  if (heading(tag_of(child)) || is_named_content(parent)) return false;
  if (is_surrounding(child) && share < kArticleShare) return true;
  if (weight.links == 0 || weight.link_share() < kLinkHeavy || share >= kMinorShare) return false;
  if (weight.links >= 2 && !contains(child, heading)) return true;
  // A box of links under a small heading ("Read on"); a row of a layout table with nothing but links.
  if (weight.links >= 3 && share < kBoxShare) return !contains(child, main_heading);
  return tag_of(child) == GUMBO_TAG_TR && weight.link_share() >= kLinksAlone && share < kRowShare;
}

/// Goes down while a level holds one element of text besides what peels off. Inside a table it goes on to a
/// cell or not at all: rows make sense only together.
void peel(const GumboNode* node, const TextWeights& weights, MainContent& result) {
  for (;;) {
    const GumboTag tag = tag_of(node);
    if (tag != GUMBO_TAG_TBODY && tag != GUMBO_TAG_TR) result.root = node;
    const GumboVector& inner = children(node);
    const GumboNode* only = nullptr;
    size_t kept = 0;
    for (unsigned i = 0; i < inner.length; ++i) {
      const auto* child = static_cast<const GumboNode*>(inner.data[i]);
      if (child->type == GUMBO_NODE_TEXT) ++kept;
      if (!is_element(child) || is_machinery(child) || weights.of(child).text == 0) continue;
      if (peelable(child, node, weights)) {
        result.peeled.insert(child);
      } else {
        ++kept;
        only = child;
      }
    }
    if (kept != 1 || only == nullptr || !container(tag_of(only))) return;
    node = only;
  }
}

const GumboNode* page_heading(const GumboNode* body, const GumboNode* root) {
  const auto h1 = [](const GumboNode* node) { return tag_of(node) == GUMBO_TAG_H1; };
  std::vector<const GumboNode*> inside, all;
  collect(root, h1, inside);
  if (!inside.empty() || tag_of(root) == GUMBO_TAG_BODY) return nullptr;
  collect(body, h1, all);
  return all.size() == 1 ? all.front() : nullptr;
}

}  // namespace

MainContent find_main(const GumboNode* body, const TextWeights& weights) {
  MainContent result;
  result.root = declared_main(body, weights);
  if (result.root == nullptr) peel(body, weights, result);
  result.heading = page_heading(body, result.root);
  return result;
}

}  // namespace hone::document
