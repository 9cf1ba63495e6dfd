#include "document/docx_styles.h"

#include "document/xml_part.h"

namespace hone::document {
namespace {

constexpr int kMaxChain = 64;

}  // namespace

Switch switched(pugi::xml_node properties, const char* name) {
  const pugi::xml_node found = properties.child(name);
  if (!found) return Switch::silent;
  return flag(found, "w:val", true) ? Switch::on : Switch::off;
}

DocxStyles::DocxStyles(pugi::xml_node root) {
  for (const pugi::xml_node style : root.children("w:style"))
    styles_.emplace(attribute(style, "w:styleId"),
                    Style{std::string(attribute(style.child("w:basedOn"), "w:val")),
                          switched(style.child("w:rPr"), "w:vanish")});
}

Switch DocxStyles::vanish(std::string_view style) const {
  std::string name(style);
  for (int i = 0; i < kMaxChain; ++i) {
    const auto found = styles_.find(name);
    if (found == styles_.end()) break;
    if (found->second.vanish != Switch::silent) return found->second.vanish;
    name = found->second.based_on;
  }
  return Switch::silent;
}

}  // namespace hone::document
