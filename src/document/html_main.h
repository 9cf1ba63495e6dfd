#pragma once
/// Which part of a page is the document: the element the page itself calls main, or what is left after
/// peeling off, level by level, what is link-heavy, empty, or named like a sidebar.
#include <set>

#include "document/html_tree.h"

namespace hone::document {

struct MainContent {
  const GumboNode* root = nullptr;
  std::set<const GumboNode*> peeled;   ///< Below root and not part of the document.
  const GumboNode* heading = nullptr;  ///< The page's h1, when it stands outside root and root has none.
};

MainContent find_main(const GumboNode* body, const TextWeights& weights);

}  // namespace hone::document
