#include "document/odf_styles.h"

#include "document/xml_part.h"

namespace hone::document {
namespace {

constexpr int kMaxChain = 64;

struct Property {
  const char* element;
  const char* attribute;
  std::string_view hidden;
};

constexpr Property kProperties[] = {
    {"style:text-properties", "text:display", "none"},
    {"style:table-properties", "table:display", "false"},
    {"style:drawing-page-properties", "presentation:visibility", "hidden"},
};

std::string key(std::string_view family, std::string_view name) {
  return std::string(family) + "/" + std::string(name);
}

}  // namespace

void OdfStyles::add(pugi::xml_node root) {
  add_all(root.child("office:automatic-styles"));
  add_all(root.child("office:styles"));
}

void OdfStyles::add_all(pugi::xml_node styles) {
  for (const pugi::xml_node node : styles.children("style:style")) {
    Style style{std::string(attribute(node, "style:parent-style-name"))};
    for (const Property& property : kProperties)
      if (const pugi::xml_attribute found = node.child(property.element).attribute(property.attribute)) {
        style.says = true;
        style.hidden = found.value() == property.hidden;
        any_ = any_ || style.hidden;
      }
    styles_.emplace(key(attribute(node, "style:family"), attribute(node, "style:name")), std::move(style));
  }
}

bool OdfStyles::hides(std::string_view family, std::string_view name) const {
  if (!any_ || name.empty()) return false;
  std::string current(name);
  for (int i = 0; i < kMaxChain; ++i) {
    const auto found = styles_.find(key(family, current));
    if (found == styles_.end()) return false;
    if (found->second.says) return found->second.hidden;
    current = found->second.parent;
  }
  return false;
}

}  // namespace hone::document
