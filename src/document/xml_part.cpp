#include "document/xml_part.h"

#include <new>
#include <optional>
#include <utility>
#include <vector>

#include "document/reader.h"

namespace hone::document {
namespace {

constexpr size_t kMaxPrefixes = 1024;  // in scope at one place: looked through for each name

struct Known {
  std::string_view uri;
  std::string_view prefix;
};

constexpr Known kNamespaces[] = {
    {"http://schemas.openxmlformats.org/wordprocessingml/2006/main", "w"},
    {"http://purl.oclc.org/ooxml/wordprocessingml/main", "w"},
    {"http://schemas.openxmlformats.org/presentationml/2006/main", "p"},
    {"http://purl.oclc.org/ooxml/presentationml/main", "p"},
    {"http://schemas.openxmlformats.org/drawingml/2006/main", "a"},
    {"http://purl.oclc.org/ooxml/drawingml/main", "a"},
    {"http://schemas.openxmlformats.org/drawingml/2006/diagram", "dgm"},
    {"http://purl.oclc.org/ooxml/drawingml/diagram", "dgm"},
    {"http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing", "xdr"},
    {"http://purl.oclc.org/ooxml/drawingml/spreadsheetDrawing", "xdr"},
    {"http://schemas.openxmlformats.org/officeDocument/2006/math", "m"},
    {"http://purl.oclc.org/ooxml/officeDocument/math", "m"},
    {"http://schemas.openxmlformats.org/officeDocument/2006/relationships", "r"},
    {"http://purl.oclc.org/ooxml/officeDocument/relationships", "r"},
    {"http://schemas.openxmlformats.org/markup-compatibility/2006", "mc"},
    {"http://schemas.openxmlformats.org/spreadsheetml/2006/main", ""},
    {"http://purl.oclc.org/ooxml/spreadsheetml/main", ""},
    {"http://schemas.openxmlformats.org/package/2006/relationships", ""},
    {"http://schemas.openxmlformats.org/package/2006/content-types", ""},
    {"http://schemas.openxmlformats.org/package/2006/metadata/core-properties", "cp"},
    {"http://purl.org/dc/elements/1.1/", "dc"},
    {"http://purl.org/dc/terms/", "dcterms"},
    {"urn:oasis:names:tc:opendocument:xmlns:drawing:1.0", "draw"},
    {"urn:oasis:names:tc:opendocument:xmlns:container", "ocf"},
    {"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0", "manifest"},
    {"http://www.idpf.org/2007/opf/", "opf"},
    {"http://www.w3.org/1999/xlink", "xlink"},
};

// office, text, table, style, meta, presentation … are their own prefixes.
constexpr std::string_view kOpenDocument = "urn:oasis:names:tc:opendocument:xmlns:",
                           kOpenDocumentVersion = ":1.0";
// Hancom's and the standard's (KS X 6101) address; a year stands between.
constexpr std::string_view kHangul[] = {"http://www.hancom.co.kr/hwpml/", "http://www.owpml.org/owpml/"};
constexpr Known kHangulParts[] = {
    {"paragraph", "hp"}, {"section", "hs"}, {"head", "hh"}, {"core", "hc"}, {"master-page", "hm"}};

/// nullopt for a namespace that no reader asks for.
std::optional<std::string> usual_prefix(std::string_view uri) {
  for (const Known& one : kNamespaces)
    if (uri == one.uri) return std::string(one.prefix);
  if (uri.starts_with(kOpenDocument)) {
    uri.remove_prefix(kOpenDocument.size());
    if (uri.size() <= kOpenDocumentVersion.size() || !uri.ends_with(kOpenDocumentVersion)) return std::nullopt;
    return std::string(uri.substr(0, uri.size() - kOpenDocumentVersion.size()));
  }
  for (const std::string_view start : kHangul)
    if (uri.starts_with(start))
      for (const Known& one : kHangulParts)
        if (uri.substr(uri.rfind('/') + 1) == one.uri) return std::string(one.prefix);
  return std::nullopt;
}

struct Declaration {
  std::string prefix;
  std::optional<std::string> usual;
  int depth;
};

/// Renames elements and attributes to the usual prefixes, from the root down, and measures the depth.
class Names {
 public:
  void enter(pugi::xml_node node, int depth) {
    while (!declared_.empty() && declared_.back().depth >= depth) declared_.pop_back();
    for (const pugi::xml_attribute one : node.attributes()) declare(one, depth);
    if (const std::string name = renamed(node.name(), true); !name.empty()) node.set_name(name.c_str());
    for (pugi::xml_attribute one : node.attributes())
      if (const std::string name = renamed(one.name(), false); !name.empty()) one.set_name(name.c_str());
  }

 private:
  void declare(pugi::xml_attribute one, int depth) {
    const std::string_view name = one.name();
    if (!name.starts_with("xmlns") || (name.size() > 5 && name[5] != ':')) return;
    if (declared_.size() >= kMaxPrefixes) throw Error(ExitCode::data, "declares too many namespaces");
    std::string prefix(name.size() > 5 ? name.substr(6) : "");
    std::optional<std::string> usual = usual_prefix(one.value());
    all_usual_ = all_usual_ && (!usual || *usual == prefix);
    declared_.push_back({std::move(prefix), std::move(usual), depth});
  }

  /// The new name; empty when it stays.
  std::string renamed(std::string_view name, bool element) const {
    if (all_usual_ || name.starts_with("xmlns")) return {};
    const size_t colon = name.find(':');
    const std::string_view prefix =
        colon == std::string_view::npos ? std::string_view() : name.substr(0, colon);
    if (prefix.empty() && !element) return {};  // attributes have no default namespace
    const std::string_view local = colon == std::string_view::npos ? name : name.substr(colon + 1);
    for (auto one = declared_.rbegin(); one != declared_.rend(); ++one) {
      if (one->prefix != prefix) continue;
      if (!one->usual || *one->usual == prefix) return {};
      return one->usual->empty() ? std::string(local) : *one->usual + ":" + std::string(local);
    }
    return {};
  }

  std::vector<Declaration> declared_;
  bool all_usual_ = true;
};

void walk(pugi::xml_node root, const std::string& where) {
  Names names;
  int depth = 1;
  for (pugi::xml_node node = root; node;) {
    if (node.type() == pugi::node_element) {
      if (depth > kMaxXmlDepth)
        throw Refused(reason::kTooLarge,
                      where + " nests elements deeper than " + std::to_string(kMaxXmlDepth));
      names.enter(node, depth);
    }
    if (const pugi::xml_node inner = node.first_child()) {
      node = inner;
      ++depth;
      continue;
    }
    while (node != root && !node.next_sibling()) {
      node = node.parent();
      --depth;
    }
    if (node == root) break;
    node = node.next_sibling();
  }
}

}  // namespace

XmlPart::XmlPart(std::string bytes, const std::string& where) : bytes_(std::move(bytes)) {
  const pugi::xml_parse_result result = document_.load_buffer_inplace(
      bytes_.data(), bytes_.size(), pugi::parse_default | pugi::parse_ws_pcdata);
  if (result.status == pugi::status_out_of_memory) throw std::bad_alloc();
  if (!result || !root())
    throw Error(ExitCode::data, where + " is no well-formed XML (" + result.description() + " at byte " +
                                    std::to_string(result.offset) + "); get the file again");
  walk(root(), where);
}

pugi::xml_node child(pugi::xml_node node, const char* name) { return node.child(name); }

std::string_view name_of(pugi::xml_node node) { return node.name(); }

std::string_view attribute(pugi::xml_node node, const char* name) { return node.attribute(name).value(); }

bool flag(pugi::xml_node node, const char* name, bool absent) {
  const pugi::xml_attribute found = node.attribute(name);
  if (!found) return absent;
  const std::string_view value = found.value();
  return value != "0" && value != "false" && value != "off";
}

std::string all_text(pugi::xml_node node) {
  std::string text;
  for (pugi::xml_node one = node.first_child(); one;) {
    if (one.type() == pugi::node_pcdata || one.type() == pugi::node_cdata) text += one.value();
    if (one.first_child()) {
      one = one.first_child();
      continue;
    }
    while (one != node && !one.next_sibling()) one = one.parent();
    if (one == node) break;
    one = one.next_sibling();
  }
  return text;
}

}  // namespace hone::document
