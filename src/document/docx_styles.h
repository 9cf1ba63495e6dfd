#pragma once
/// Which styles of a Word document hide their text (w:vanish, ECMA-376 part 1, 17.3.2.41), by inheritance.
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <unordered_map>

namespace hone::document {

/// What a set of properties says of a switch: it may be silent, so that what it is based on decides.
enum class Switch { silent, off, on };

/// An on/off child of `properties`, such as w:vanish of w:rPr.
Switch switched(pugi::xml_node properties, const char* name);

class DocxStyles {
 public:
  DocxStyles() = default;
  /// `root` is w:styles. Chains of w:basedOn that are longer than sense or go in circles end silently.
  explicit DocxStyles(pugi::xml_node root);

  Switch vanish(std::string_view style) const;

 private:
  struct Style {
    std::string based_on;
    Switch vanish = Switch::silent;
  };
  std::unordered_map<std::string, Style> styles_;
};

}  // namespace hone::document
