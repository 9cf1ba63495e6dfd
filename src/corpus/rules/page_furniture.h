#pragma once
/// Running heads, running feet and page numbers of a text in pages: converted documents whose pages are
/// parted by form feeds (U+000C). Which lines go is found by document/page_furniture.h; with them goes the
/// space around the end of a page, so that a paragraph that goes on over it is one again. Has to come before
/// normalise, which makes line ends of form feeds. Texts of fewer than three pages, and pages without
/// furniture, are left as they are.
#include "corpus/rule.h"

namespace hone::corpus {

class PageFurniture final : public Rule {
 public:
  static constexpr std::string_view kName = "page_furniture";
  static constexpr Family kFamily = Family::boilerplate;

  std::string_view name() const override { return kName; }
  Family family() const override { return kFamily; }
  bool changes_text() const override { return true; }
  Outcome judge(const DocumentView& document) const override;
};

}  // namespace hone::corpus
