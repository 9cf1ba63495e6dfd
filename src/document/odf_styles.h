#pragma once
/// Which styles of an OpenDocument file hide what wears them: text:display="none" of text,
/// table:display="false" of a sheet, presentation:visibility="hidden" of a slide (1.2 part
/// 1, 20.335, 20.253, 20.225), by inheritance.
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <unordered_map>

namespace hone::document {

class OdfStyles {
 public:
  /// Adds the styles below office:styles and office:automatic-styles of a root element. Of two of one family
  /// and name the first stays.
  void add(pugi::xml_node root);

  /// `family`: "text", "paragraph", "table", "drawing-page" … (style:family).
  bool hides(std::string_view family, std::string_view name) const;

 private:
  struct Style {
    std::string parent;
    bool says = false;
    bool hidden = false;
  };
  void add_all(pugi::xml_node styles);
  std::unordered_map<std::string, Style> styles_;  // family/name
  bool any_ = false;
};

}  // namespace hone::document
