/// OpenDocument 1.2 (part 1) to text: odt, ods, odp, zipped or flat.
///
/// White space collapses as 6.1.2 says. Tracked deletions lie apart (text:tracked-changes) and are not read.
/// Notes and what hangs on frames follow the paragraph; sheets and slides are headed as in xlsx and pptx.
#include <algorithm>
#include <set>
#include <vector>

#include "document/odf_styles.h"
#include "document/office_package.h"
#include "document/office_reader.h"
#include "document/reader.h"
#include "document/xml_part.h"

namespace hone::document {
namespace {

constexpr unsigned kMaxSpaces = 256;    // of one text:s
constexpr unsigned kMaxRepeated = 256;  // of one cell: empty ones are repeated to the end of the sheet
constexpr unsigned kMaxRepeatedRows = 1024;
constexpr uint64_t kMaxRepeatedBlocks = 1'000'000;  // of a document: tables repeated inside repeated cells multiply

bool among(const std::set<std::string_view>& names, std::string_view name) { return names.contains(name); }

/// Elements without text of the document.
bool is_silent(std::string_view name) {
  static const std::set<std::string_view> kNames = {"office:annotation",
                                                    "office:annotation-end",
                                                    "text:tracked-changes",
                                                    "table:tracked-changes",
                                                    "office:forms",
                                                    "text:note-citation",
                                                    "svg:title",
                                                    "svg:desc",
                                                    "text:placeholder",
                                                    "text:hidden-text",
                                                    "text:script",
                                                    "text:table-of-content-source",
                                                    "text:illustration-index-source",
                                                    "text:table-index-source",
                                                    "text:object-index-source",
                                                    "text:user-index-source",
                                                    "text:alphabetical-index-source",
                                                    "text:bibliography-source",
                                                    "text:index-title-template",
                                                    "draw:image",
                                                    "draw:object",
                                                    "draw:object-ole",
                                                    "draw:glue-point",
                                                    "office:event-listeners",
                                                    "table:shapes",
                                                    "table:title",
                                                    "table:desc",
                                                    "text:sequence-decls",
                                                    "text:variable-decls",
                                                    "text:user-field-decls",
                                                    "text:dde-connection-decls",
                                                    "text:page-number",
                                                    "text:page-count",
                                                    "presentation:header",
                                                    "presentation:footer",
                                                    "presentation:date-time"};
  return among(kNames, name);
}

bool is_shape(std::string_view name) {
  static const std::set<std::string_view> kNames = {
      "draw:frame",     "draw:custom-shape",    "draw:rect",
      "draw:ellipse",   "draw:circle",          "draw:line",
      "draw:polyline",  "draw:polygon",         "draw:path",
      "draw:connector", "draw:caption",         "draw:measure",
      "draw:g",         "draw:regular-polygon", "draw:page-thumbnail"};
  return among(kNames, name);
}

/// text:display of a section or field, and text:is-hidden.
bool is_hidden_by_itself(pugi::xml_node node) {
  return attribute(node, "text:display") == "none" || flag(node, "text:is-hidden", false);
}

class OdfText {
 public:
  OdfText(OfficeText& text, const OdfStyles& styles) : text_(text), styles_(styles) {}

  void blocks(pugi::xml_node parent) {
    for (const pugi::xml_node node : parent.children()) block(node);
  }
  void spreadsheet(pugi::xml_node parent);
  void presentation(pugi::xml_node parent);

 private:
  /// A paragraph as it is gathered, and what is anchored in it.
  struct Paragraph {
    std::string text;
    std::vector<pugi::xml_node> inside;  ///< Notes' bodies and shapes.
    bool after_blank = true;             ///< A blank that follows would be one too many.
  };

  void block(pugi::xml_node node);
  void paragraph(pugi::xml_node node);
  void inline_content(pugi::xml_node parent, Paragraph& out);
  void inline_node(pugi::xml_node node, Paragraph& out);
  void rows(pugi::xml_node parent);
  void row(pugi::xml_node node);
  void slide(pugi::xml_node page);

  /// Calls write() `times`, and fewer where the document repeats more than anybody reads.
  template <typename Write>
  void repeat(unsigned times, Write write) {
    for (unsigned i = 0; i < times && (i == 0 || repeated_blocks_ < kMaxRepeatedBlocks); ++i) {
      repeating_ += i > 0;
      repeated_blocks_ += repeating_ > 0;
      write();
      repeating_ -= i > 0;
    }
  }

  OfficeText& text_;
  const OdfStyles& styles_;
  uint64_t repeated_blocks_ = 0;  ///< Blocks, cells and rows written again because something around them is repeated.
  int repeating_ = 0;             ///< Repetitions that are being written, one inside the other.
};

void OdfText::block(pugi::xml_node node) {
  repeated_blocks_ += repeating_ > 0;
  const std::string_view name = name_of(node);
  if (name == "text:p" || name == "text:h") return paragraph(node);
  if (name == "table:table") return rows(node);
  if (node.type() == pugi::node_element && !is_silent(name) && !is_hidden_by_itself(node)) blocks(node);
}

void OdfText::paragraph(pugi::xml_node node) {
  if (styles_.hides("paragraph", attribute(node, "text:style-name"))) return;
  Paragraph out;
  inline_content(node, out);
  text_.paragraph(out.text);
  for (const pugi::xml_node inside : out.inside) blocks(inside);
}

void OdfText::inline_content(pugi::xml_node parent, Paragraph& out) {
  for (const pugi::xml_node node : parent.children()) {
    if (node.type() == pugi::node_element) {
      inline_node(node, out);
    } else if (node.type() == pugi::node_pcdata || node.type() == pugi::node_cdata) {
      for (const char c : std::string_view(node.value())) {
        const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
        if (!blank || !out.after_blank) out.text += blank ? ' ' : c;
        out.after_blank = blank;
      }
    }
  }
}

void OdfText::inline_node(pugi::xml_node node, Paragraph& out) {
  const std::string_view name = name_of(node);
  if (name == "text:s") {
    const unsigned count = node.attribute("text:c").as_uint(1);
    out.text.append(std::min(count, kMaxSpaces), ' ');
    out.after_blank = false;
  } else if (name == "text:tab" || name == "text:line-break") {
    out.text += name == "text:tab" ? '\t' : '\n';
    out.after_blank = name != "text:tab";
  } else if (name == "text:note") {
    out.inside.push_back(node.child("text:note-body"));
  } else if (is_shape(name)) {
    out.inside.push_back(node);
  } else if (name == "text:ruby") {
    inline_content(node.child("text:ruby-base"), out);
    out.text += '(';
    inline_content(node.child("text:ruby-text"), out);
    out.text += ')';
  } else if (name == "text:p" || name == "text:h") {
    paragraph(node);  // not where it may stand; its words are kept
  } else if (!is_silent(name) && !is_hidden_by_itself(node) &&
             !styles_.hides("text", attribute(node, "text:style-name"))) {
    inline_content(node, out);
  }
}

void OdfText::rows(pugi::xml_node parent) {
  for (const pugi::xml_node node : parent.children()) {
    const std::string_view name = name_of(node);
    if (name == "table:table-row") {
      const unsigned repeated = node.child("table:table-cell").first_child()
                                    ? node.attribute("table:number-rows-repeated").as_uint(1)
                                    : 1;
      repeat(std::min(repeated, kMaxRepeatedRows), [&] { row(node); });
    } else if (name == "table:table-rows" || name == "table:table-header-rows" ||
               name == "table:table-row-group") {
      rows(node);
    }
  }
}

void OdfText::row(pugi::xml_node node) {
  text_.begin_row();
  for (const pugi::xml_node cell : node.children()) {
    const std::string_view name = name_of(cell);
    if (name != "table:table-cell" && name != "table:covered-table-cell") continue;
    const unsigned repeated =
        std::clamp(cell.attribute("table:number-columns-repeated").as_uint(1), 1u, kMaxRepeated);
    repeat(repeated, [&] {
      text_.begin_cell();
      if (name == "table:table-cell") blocks(cell);
      text_.end_cell();
    });
  }
  text_.end_row();
}

void OdfText::spreadsheet(pugi::xml_node parent) {
  for (const pugi::xml_node table : parent.children("table:table")) {
    if (styles_.hides("table", attribute(table, "table:style-name"))) continue;
    text_.gap();
    text_.paragraph(attribute(table, "table:name"));
    rows(table);
    blocks(table.child("table:shapes"));
  }
}

void OdfText::slide(pugi::xml_node page) {
  const auto is_title = [](pugi::xml_node shape) {
    return attribute(shape, "presentation:class") == "title";
  };
  const auto is_furniture = [](std::string_view kind) {
    return kind == "header" || kind == "footer" || kind == "date-time" || kind == "page-number";
  };
  for (const pugi::xml_node shape : page.children())
    if (is_title(shape)) blocks(shape);
  for (const pugi::xml_node shape : page.children())
    if (!is_title(shape) && !is_furniture(attribute(shape, "presentation:class")) &&
        name_of(shape) != "presentation:notes")
      block(shape);
  for (const pugi::xml_node shape : page.child("presentation:notes").children())
    if (attribute(shape, "presentation:class") == "notes") block(shape);
}

void OdfText::presentation(pugi::xml_node parent) {
  for (const pugi::xml_node page : parent.children("draw:page")) {
    if (styles_.hides("drawing-page", attribute(page, "draw:style-name"))) continue;
    text_.gap();
    slide(page);
  }
}

void read_body(pugi::xml_node body, OdfText& odf) {
  for (const pugi::xml_node part : body.children()) {
    const std::string_view name = name_of(part);
    if (name == "office:spreadsheet")
      odf.spreadsheet(part);
    else if (name == "office:presentation" || name == "office:drawing")
      odf.presentation(part);
    else
      odf.blocks(part);
  }
}

void read_meta(pugi::xml_node root, DocumentFacts& facts) {
  const pugi::xml_node meta = root.child("office:meta");
  static constexpr std::pair<const char*, const char*> kFields[] = {{"dc:title", "title"},
                                                                    {"meta:initial-creator", "author"},
                                                                    {"dc:creator", "author"},
                                                                    {"meta:creation-date", "date"},
                                                                    {"dc:date", "date"},
                                                                    {"dc:date", "modified"},
                                                                    {"dc:creator", "last_modified_by"},
                                                                    {"dc:subject", "subject"},
                                                                    {"meta:keyword", "keywords"},
                                                                    {"dc:language", "language"}};
  for (const auto& [element, name] : kFields) facts.set(name, all_text(meta.child(element)));
}

}  // namespace

void read_odf(OfficeReading& reading) {
  refuse_encrypted_parts(reading.package,
                         "is an OpenDocument file behind a password; open it, save it again without one");
  OdfStyles styles;
  const XmlPart xml(reading.package.read("content.xml"), "content.xml");
  styles.add(xml.root());
  if (auto bytes = reading.package.find("styles.xml"))
    styles.add(XmlPart(std::move(*bytes), "styles.xml").root());
  if (const auto meta = optional_part(reading.package, "meta.xml")) read_meta(meta->root(), reading.facts);
  OdfText odf(reading.text, styles);
  read_body(xml.root().child("office:body"), odf);
}

void read_flat_odf(std::string content, OfficeText& text, DocumentFacts& facts) {
  const XmlPart xml(std::move(content), "the file");
  if (name_of(xml.root()) != "office:document")
    throw Error(ExitCode::data,
                "is XML, but no OpenDocument file; get it again, or give it the name of what it is");
  OdfStyles styles;
  styles.add(xml.root());
  read_meta(xml.root(), facts);
  OdfText odf(text, styles);
  read_body(xml.root().child("office:body"), odf);
}

}  // namespace hone::document
