#pragma once
/// One XML part of an office document as a tree that is safe to walk and whose names can be compared.
///
/// - Depth is bounded by kMaxXmlDepth, so that readers may recurse. No DTD is read, no entity but the five of
///   XML and character references is expanded (pugixml does neither).
/// - Names carry the prefix that the standards use ("w:p", "text:h", "hp:run") whatever the file calls it;
///   spreadsheets, relationships and content types have none ("row", "Relationship"). The strict and the
///   transitional namespace of ECMA-376 are one.
/// - Text is kept as it stands, white space included, and may hold bytes that are no UTF-8: mend_utf8.
#include <pugixml.hpp>
#include <string>
#include <string_view>

namespace hone::document {

constexpr int kMaxXmlDepth = 512;

class XmlPart {
 public:
  /// `where` names the part in messages. Throws Error(data) when `bytes` is no XML, Refused(too_large) past
  /// kMaxXmlDepth, std::bad_alloc when memory is short.
  XmlPart(std::string bytes, const std::string& where);

  pugi::xml_node root() const { return document_.document_element(); }

 private:
  std::string bytes_;  // the tree points into it
  pugi::xml_document document_;
};

/// First child of this name; empty when `node` is.
pugi::xml_node child(pugi::xml_node node, const char* name);

std::string_view name_of(pugi::xml_node node);
std::string_view attribute(pugi::xml_node node, const char* name);

/// Whether an attribute of type ST_OnOff or xsd:boolean is set: absent is `absent`; "0", "false", "off" are
/// no.
bool flag(pugi::xml_node node, const char* name, bool absent);

/// All character data below `node`, in order.
std::string all_text(pugi::xml_node node);

}  // namespace hone::document
