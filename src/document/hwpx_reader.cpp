/// HWPX, the Hangul document as OWPML (KS X 6101), to text.
///
/// Sections in the order of the package's spine; each paragraph, then what is inside it: rows of tables, text
/// of shapes, captions, notes, and, because a section says them once and not on each page, its running header
/// and footer; hidden comments as the reader of HWP 5 does, so that one document says the same in both
/// formats. Memos, which are remarks on the text, are left out. Changes are tracked by marks between which
/// the text stays in place, and Hangul's own text preview keeps what is marked as deleted: so does this
/// reader. Scripts of equations are a language of their own, and no text.
#include <algorithm>
#include <set>
#include <vector>

#include "document/office_package.h"
#include "document/office_reader.h"
#include "document/reader.h"
#include "document/xml_part.h"

namespace hone::document {
namespace {

constexpr std::string_view kPackageType = "application/hwpml-package+xml";

class HwpxText {
 public:
  explicit HwpxText(OfficeText& text) : text_(text) {}

  /// Paragraphs of a section or of a hp:subList, in order.
  void paragraphs(pugi::xml_node parent) {
    for (const pugi::xml_node node : parent.children("hp:p")) paragraph(node);
  }

 private:
  struct Paragraph {
    std::string text;
    std::vector<pugi::xml_node> inside;
  };

  void paragraph(pugi::xml_node node);
  void run(pugi::xml_node run, Paragraph& out);
  void run_text(pugi::xml_node parent, std::string& text);
  void object(pugi::xml_node node);
  void table(pugi::xml_node node);

  OfficeText& text_;
};

void HwpxText::paragraph(pugi::xml_node node) {
  Paragraph out;
  for (const pugi::xml_node one : node.children("hp:run")) run(one, out);
  text_.paragraph(out.text);
  for (const pugi::xml_node inside : out.inside) object(inside);
}

void HwpxText::run(pugi::xml_node run, Paragraph& out) {
  for (const pugi::xml_node node : run.children()) {
    const std::string_view name = name_of(node);
    if (name == "hp:t")
      run_text(node, out.text);
    else if (name == "hp:compose")
      out.text += attribute(node, "composeText");
    else if (name == "hp:dutmal")
      out.text += all_text(node.child("hp:mainText")) + "(" + all_text(node.child("hp:subText")) + ")";
    else if (name != "hp:secPr")
      out.inside.push_back(node);
  }
}

void HwpxText::run_text(pugi::xml_node parent, std::string& text) {
  for (const pugi::xml_node node : parent.children()) {
    const std::string_view name = name_of(node);
    if (node.type() == pugi::node_pcdata || node.type() == pugi::node_cdata)
      text += node.value();
    else if (name == "hp:tab")
      text += '\t';
    else if (name == "hp:lineBreak")
      text += '\n';
    else if (name == "hp:nbSpace" || name == "hp:fwSpace")
      text += ' ';
    else if (name == "hp:hyphen")
      text += '-';
  }
}

/// Hangul writes the line ends of word art as the pictures of CR and LF (U+240D, U+240A).
std::string art_text(std::string_view text) {
  constexpr std::string_view kLineEnd = "\u240D\u240A";
  std::string result(text);
  for (size_t at = 0; (at = result.find(kLineEnd, at)) != std::string::npos;)
    result.replace(at, kLineEnd.size(), "\n");
  return result;
}

/// Whatever stands in a run beside text: down to the paragraphs in it.
void HwpxText::object(pugi::xml_node node) {
  static const std::set<std::string_view> kSilent = {"hp:shapeComment", "hp:parameters", "hp:secPr"};
  const std::string_view name = name_of(node);
  if (name == "hp:p") return paragraph(node);
  if (name == "hp:tbl") return table(node);
  if (name == "hp:switch") node = node.child("hp:case") ? node.child("hp:case") : node.child("hp:default");
  if (kSilent.contains(name) || (name == "hp:fieldBegin" && attribute(node, "type") == "MEMO")) return;
  if (name == "hp:textart") text_.paragraph(art_text(attribute(node, "text")));
  if (name == "hp:edit") text_.paragraph(all_text(node.child("hp:text")));
  for (const pugi::xml_node inner : node.children()) object(inner);
}

void HwpxText::table(pugi::xml_node node) {
  for (const pugi::xml_node part : node.children()) {
    if (name_of(part) != "hp:tr") {
      object(part);  // the caption
      continue;
    }
    text_.begin_row();
    for (const pugi::xml_node cell : part.children("hp:tc")) {
      text_.begin_cell();
      for (const pugi::xml_node inner : cell.children()) object(inner);
      text_.end_cell();
    }
    text_.end_row();
  }
}

/// Where the package description is (OCF: META-INF/container.xml).
std::string package_part(ZipPackage& package) {
  if (auto bytes = package.find("META-INF/container.xml")) {
    const XmlPart xml(std::move(*bytes), "META-INF/container.xml");
    for (const pugi::xml_node file : xml.root().child("ocf:rootfiles").children("ocf:rootfile"))
      if (attribute(file, "media-type") == kPackageType && package.has(attribute(file, "full-path")))
        return std::string(attribute(file, "full-path"));
  }
  return "Contents/content.hpf";
}

void read_metadata(pugi::xml_node metadata, DocumentFacts& facts) {
  facts.set("title", all_text(metadata.child("opf:title")));
  static constexpr std::pair<std::string_view, std::string_view> kFields[] = {
      {"creator", "author"},        {"CreatedDate", "date"},
      {"ModifiedDate", "modified"}, {"lastsaveby", "last_modified_by"},
      {"subject", "subject"},       {"keyword", "keywords"}};
  for (const pugi::xml_node meta : metadata.children("opf:meta"))
    for (const auto& [key, name] : kFields)
      if (attribute(meta, "name") == key) facts.set(name, all_text(meta));
  facts.set("language", all_text(metadata.child("opf:language")));
}

/// "Contents/section12.xml" → 12; nullopt for other parts. Names are lower case.
std::optional<unsigned> section_number(std::string_view part) {
  part = part.substr(part.rfind('/') + 1);
  if (!part.starts_with("section") || !part.ends_with(".xml")) return std::nullopt;
  part = part.substr(7, part.size() - 11);
  if (part.empty() || part.size() > 6 || part.find_first_not_of("0123456789") != std::string_view::npos)
    return std::nullopt;
  return static_cast<unsigned>(std::stoul(std::string(part)));
}

/// Sections that the spine does not name, by their numbers: a package without a usable description.
std::vector<std::string> numbered_sections(const ZipPackage& package) {
  std::vector<std::pair<unsigned, std::string>> found;
  for (const auto& [name, index] : package.entries())
    if (const auto number = section_number(name)) found.emplace_back(*number, name);
  std::sort(found.begin(), found.end());
  std::vector<std::string> parts;
  for (auto& [number, name] : found) parts.push_back(std::move(name));
  return parts;
}

/// Parts of the spine that exist, in its order; a href is relative to the package (Hangul) or to the
/// description.
std::vector<std::string> spine(const ZipPackage& package, pugi::xml_node description,
                               const std::string& part) {
  std::map<std::string_view, std::string> hrefs;
  for (const pugi::xml_node item : description.child("opf:manifest").children("opf:item")) {
    if (attribute(item, "media-type").find("xml") == std::string_view::npos)
      continue;  // scripts are listed too
    const std::string href(attribute(item, "href")), beside = part.substr(0, part.rfind('/') + 1) + href;
    hrefs.emplace(attribute(item, "id"), package.has(href) || !package.has(beside) ? href : beside);
  }
  std::vector<std::string> parts;
  std::set<std::string> seen;
  for (const pugi::xml_node entry : description.child("opf:spine").children("opf:itemref"))
    if (const auto found = hrefs.find(attribute(entry, "idref"));
        found != hrefs.end() && package.has(found->second) && seen.insert(found->second).second)
      parts.push_back(found->second);
  return parts;
}

}  // namespace

void read_hwpx(OfficeReading& reading) {
  refuse_encrypted_parts(reading.package,
                         "is a Hangul document behind a password or a distribution lock; save it again without it");
  const std::string description_part = package_part(reading.package);
  std::vector<std::string> parts;
  if (auto bytes = reading.package.find(description_part)) {
    const XmlPart description(std::move(*bytes), description_part);
    read_metadata(description.root().child("opf:metadata"), reading.facts);
    parts = spine(reading.package, description.root(), description_part);
  }
  HwpxText text(reading.text);
  bool any = false;
  const auto read_parts = [&](const std::vector<std::string>& names) {
    for (const std::string& name : names) {
      const XmlPart xml(reading.package.read(name), name);
      if (name_of(xml.root()) != "hs:sec") continue;  // the head, scripts
      any = true;
      text.paragraphs(xml.root());
    }
  };
  read_parts(parts);
  if (!any) read_parts(numbered_sections(reading.package));
  if (!any) throw Error(ExitCode::data, "is a Hangul document without sections; get it again");
}

}  // namespace hone::document
