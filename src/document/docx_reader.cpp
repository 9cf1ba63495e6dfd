/// WordprocessingML (ECMA-376 part 1, clause 17) to text.
///
/// Tracked changes are read as if accepted: w:ins and w:moveTo stay, w:del and w:moveFrom go, a deleted
/// paragraph mark joins two paragraphs. Of a field the result is text, its code is not. Of
/// mc:AlternateContent one branch is read. Footnotes and endnotes follow the paragraph, or the table, that
/// refers to them.
#include <unicode/unistr.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "document/docx_styles.h"
#include "document/office_reader.h"
#include "document/xml_part.h"

namespace hone::document {
namespace {

/// Notes of a part, by their id. Separators (w:type) are no notes.
class Notes {
 public:
  void read(ZipPackage& package, const std::string& part, const char* element) {
    auto bytes = part.empty() ? std::nullopt : package.find(part);
    if (!bytes) return;
    xml_.emplace(std::move(*bytes), part);
    for (const pugi::xml_node note : xml_->root().children(element))
      if (!note.attribute("w:type") || attribute(note, "w:type") == "normal")
        notes_.emplace(attribute(note, "w:id"), note);
  }
  /// Each is handed out once, so that a note that refers to itself ends.
  pugi::xml_node take(std::string_view id) {
    const auto found = notes_.find(id);
    if (found == notes_.end()) return {};
    const pugi::xml_node note = found->second;
    notes_.erase(found);
    return note;
  }

 private:
  std::optional<XmlPart> xml_;
  std::map<std::string, pugi::xml_node, std::less<>> notes_;
};

/// Of a complex field (17.16.18): is what comes its code or its result?
enum class FieldPart { code, result };

/// A paragraph as it is gathered, and what is anchored in it.
struct Paragraph {
  std::string text;
  bool hidden = false;  ///< By its style; runs may say otherwise.
  std::vector<FieldPart> fields;
  size_t codes = 0;                    ///< Of `fields`, those whose code is being read.
  std::vector<pugi::xml_node> inside;  ///< Text boxes.

  bool in_code() const { return codes > 0; }
};

/// A first letter over several lines is a paragraph of its own (17.3.1.11), but no word of its own.
bool is_drop_cap(pugi::xml_node properties) {
  const std::string_view kind = attribute(properties.child("w:framePr"), "w:dropCap");
  return kind == "drop" || kind == "margin";
}

bool is_deleted(pugi::xml_node mark) { return mark.child("w:del") || mark.child("w:moveFrom"); }

/// White space at the ends counts only where the file says so (17.3.3.31); line ends are blanks.
std::string run_text(pugi::xml_node node) {
  std::string text = all_text(node);
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '\n' || c == '\t' || c == '\r'; }, ' ');
  return attribute(node, "xml:space") == "preserve" ? text : std::string(trimmed(text));
}

/// w:sym: a character by its number. Those of symbol fonts (F000–F0FF) mean nothing without the font.
std::string symbol(std::string_view hex) {
  uint32_t code = 0;
  const auto [end, error] = std::from_chars(hex.data(), hex.data() + hex.size(), code, 16);
  if (error != std::errc() || code < 0x20 || code > 0x10FFFF || (code >= 0xD800 && code < 0xF900)) return {};
  std::string text;
  icu::UnicodeString(static_cast<UChar32>(code)).toUTF8String(text);
  return text;
}

/// Office Math (clause 22.1) in a line: what stands below or above is marked as in plain text.
void formula(pugi::xml_node parent, std::string& text) {
  for (const pugi::xml_node node : parent.children()) {
    const std::string_view name = name_of(node);
    if (name == "m:t" || name == "w:t") {
      text += all_text(node);
    } else if (name != "w:del") {
      text += name == "m:den"   ? "/"
              : name == "m:sup" ? "^"
              : name == "m:sub" ? "_"
              : name == "m:rad" ? "√"
                                : "";
      formula(node, text);
    }
  }
}

void field_mark(std::string_view type, Paragraph& out) {
  if (type == "begin") {
    out.fields.push_back(FieldPart::code);
    ++out.codes;
  }
  if (out.fields.empty() || type == "begin") return;
  if (out.fields.back() == FieldPart::code) --out.codes;
  if (type == "separate") out.fields.back() = FieldPart::result;
  if (type == "end") out.fields.pop_back();
}

class DocxText {
 public:
  DocxText(OfficeReading& reading, const std::string& part) : text_(reading.text) {
    const Relationships related(reading.package, part);
    footnotes_.read(reading.package, related.by_type("footnotes"), "w:footnote");
    endnotes_.read(reading.package, related.by_type("endnotes"), "w:endnote");
    const std::string styles = related.by_type("styles");
    if (auto bytes = styles.empty() ? std::nullopt : reading.package.find(styles))
      styles_ = DocxStyles(XmlPart(std::move(*bytes), styles).root());
  }

  void blocks(pugi::xml_node parent) {
    for (const pugi::xml_node node : parent.children()) block(node);
    if (!joined_.empty()) text_.paragraph(std::exchange(joined_, {}));
  }

 private:
  void block(pugi::xml_node node);
  void paragraph(pugi::xml_node node);
  void inline_content(pugi::xml_node parent, Paragraph& out);
  void inline_node(pugi::xml_node node, Paragraph& out);
  void run(pugi::xml_node run, Paragraph& out);
  void run_content(pugi::xml_node node, Paragraph& out);
  void text_boxes(pugi::xml_node parent, Paragraph& out);
  void table(pugi::xml_node node);
  void rows(pugi::xml_node parent);
  void cells(pugi::xml_node parent);
  void flush_notes();
  bool is_hidden(pugi::xml_node run, const Paragraph& paragraph) const;

  OfficeText& text_;
  DocxStyles styles_;
  Notes footnotes_, endnotes_;
  std::vector<pugi::xml_node> pending_notes_;
  bool flushing_ = false;
  std::string joined_;  ///< A paragraph that what follows continues.
};

/// The branch of mc:AlternateContent that is read (part 3, clause 7.6): the first choice, for all of them say
/// the same, else the fallback.
pugi::xml_node branch(pugi::xml_node alternate) {
  const pugi::xml_node choice = alternate.child("mc:Choice");
  return choice ? choice : alternate.child("mc:Fallback");
}

bool shows_placeholder(pugi::xml_node sdt) {
  const pugi::xml_node mark = sdt.child("w:sdtPr").child("w:showingPlcHdr");
  return mark && flag(mark, "w:val", true);
}

void DocxText::block(pugi::xml_node node) {
  const std::string_view name = name_of(node);
  if (name == "w:p") return paragraph(node);
  if (name == "w:tbl") return table(node);
  if (name == "w:sdt") {
    if (!shows_placeholder(node))
      for (const pugi::xml_node inner : node.child("w:sdtContent").children()) block(inner);
    return;
  }
  if (name == "mc:AlternateContent") node = branch(node);
  if (name == "mc:AlternateContent" || name == "w:customXml" || name == "w:ins" || name == "w:moveTo" ||
      name == "w:smartTag")
    for (const pugi::xml_node inner : node.children()) block(inner);
}

void DocxText::paragraph(pugi::xml_node node) {
  Paragraph out;
  const pugi::xml_node properties = node.child("w:pPr");
  out.hidden = styles_.vanish(attribute(properties.child("w:pStyle"), "w:val")) == Switch::on;
  out.text = std::exchange(joined_, {});
  inline_content(node, out);
  std::string continued;
  if (is_deleted(properties.child("w:rPr")) || is_drop_cap(properties))
    continued = std::move(out.text);
  else
    text_.paragraph(out.text);
  for (const pugi::xml_node box : out.inside) blocks(box);
  joined_ = std::move(continued);
  flush_notes();
}

/// Notes of what was read since the last time, unless that is still inside a table or another note.
void DocxText::flush_notes() {
  if (text_.in_table() || flushing_) return;
  flushing_ = true;
  for (size_t i = 0; i < pending_notes_.size(); ++i) {  // a note may refer to others: they come in their turn
    const pugi::xml_node note = pending_notes_[i];
    std::string continued = std::exchange(joined_, {});
    blocks(note);
    joined_ = std::move(continued);
  }
  pending_notes_.clear();
  flushing_ = false;
}

void DocxText::inline_content(pugi::xml_node parent, Paragraph& out) {
  for (const pugi::xml_node node : parent.children()) inline_node(node, out);
}

void DocxText::inline_node(pugi::xml_node node, Paragraph& out) {
  static const std::set<std::string_view> kTransparent = {"w:hyperlink", "w:ins", "w:moveTo", "w:smartTag",
                                                          "w:customXml", "w:dir", "w:bdo",    "w:fldSimple"};
  const std::string_view name = name_of(node);
  if (name == "w:r") return run(node, out);
  if (kTransparent.contains(name)) return inline_content(node, out);
  if (name == "w:sdt" && !shows_placeholder(node)) return inline_content(node.child("w:sdtContent"), out);
  if (name == "mc:AlternateContent") return inline_content(branch(node), out);
  if ((name == "m:oMath" || name == "m:oMathPara") && !out.in_code()) formula(node, out.text);
}

bool DocxText::is_hidden(pugi::xml_node run, const Paragraph& paragraph) const {
  const pugi::xml_node properties = run.child("w:rPr");
  if (!properties) return paragraph.hidden;
  const Switch own = switched(properties, "w:vanish");
  if (own != Switch::silent) return own == Switch::on;
  const Switch style = styles_.vanish(attribute(properties.child("w:rStyle"), "w:val"));
  return style == Switch::silent ? paragraph.hidden : style == Switch::on;
}

void DocxText::run(pugi::xml_node run, Paragraph& out) {
  const bool hidden = is_hidden(run, out);
  for (const pugi::xml_node node : run.children()) {
    if (name_of(node) == "w:fldChar")
      field_mark(attribute(node, "w:fldCharType"), out);
    else if (!hidden && !out.in_code())
      run_content(node, out);
  }
}

void DocxText::run_content(pugi::xml_node node, Paragraph& out) {
  const std::string_view name = name_of(node);
  if (name == "w:t") {
    out.text += run_text(node);
  } else if (name == "w:tab" || name == "w:ptab") {
    out.text += '\t';
  } else if (name == "w:br" || name == "w:cr") {
    out.text += '\n';
  } else if (name == "w:noBreakHyphen") {
    out.text += '-';
  } else if (name == "w:sym") {
    out.text += symbol(attribute(node, "w:char"));
  } else if (name == "w:ruby") {
    inline_content(node.child("w:rubyBase"), out);
    out.text += '(';
    inline_content(node.child("w:rt"), out);
    out.text += ')';
  } else if (name == "w:footnoteReference" || name == "w:endnoteReference") {
    Notes& notes = name == "w:footnoteReference" ? footnotes_ : endnotes_;
    if (const pugi::xml_node note = notes.take(attribute(node, "w:id"))) pending_notes_.push_back(note);
  } else if (name == "w:drawing" || name == "w:pict" || name == "w:object") {
    text_boxes(node, out);
  } else if (name == "mc:AlternateContent") {
    for (const pugi::xml_node inner : branch(node).children()) run_content(inner, out);
  } else if (name.ends_with(":symEx")) {
    for (const pugi::xml_attribute one : node.attributes())  // [MS-DOCX] 2.6.1.6: emoji, by their number
      if (std::string_view(one.name()).ends_with(":char")) out.text += symbol(one.value());
  }
}

void DocxText::text_boxes(pugi::xml_node parent, Paragraph& out) {
  if (name_of(parent) == "mc:AlternateContent") parent = branch(parent);
  for (const pugi::xml_node node : parent.children()) {
    if (name_of(node) == "w:txbxContent")
      out.inside.push_back(node);
    else
      text_boxes(node, out);
  }
}

void DocxText::table(pugi::xml_node node) {
  rows(node);
  flush_notes();
}

void DocxText::rows(pugi::xml_node parent) {
  for (const pugi::xml_node node : parent.children()) {
    const std::string_view name = name_of(node);
    if (name == "w:tr") {
      const pugi::xml_node properties = node.child("w:trPr");
      if (properties.child("w:del") || switched(properties, "w:hidden") == Switch::on) continue;
      text_.begin_row();
      cells(node);
      text_.end_row();
    } else if (name == "w:sdt") {
      rows(node.child("w:sdtContent"));
    } else if (name == "w:customXml") {
      rows(node);
    } else if (name == "mc:AlternateContent") {
      rows(branch(node));
    }
  }
}

void DocxText::cells(pugi::xml_node parent) {
  for (const pugi::xml_node node : parent.children()) {
    const std::string_view name = name_of(node);
    if (name == "w:tc") {
      const pugi::xml_node properties = node.child("w:tcPr"), merged = properties.child("w:vMerge");
      if (properties.child("w:cellDel")) continue;
      text_.begin_cell();
      if (!merged || attribute(merged, "w:val") == "restart") blocks(node);
      text_.end_cell();
    } else if (name == "w:sdt") {
      if (!shows_placeholder(node)) cells(node.child("w:sdtContent"));
    } else if (name == "w:customXml") {
      cells(node);
    }
  }
}

}  // namespace

void read_docx(OfficeReading& reading, const std::string& main_part, pugi::xml_node root) {
  DocxText(reading, main_part).blocks(root.child("w:body"));
}

}  // namespace hone::document
