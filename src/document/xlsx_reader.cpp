/// SpreadsheetML (ECMA-376 part 1, clause 18) to text: sheets in the order of the book, each its name, then
/// its rows, cells joined by tabs at their columns. Hidden sheets are left out; hidden rows and columns are
/// not, because filters hide rows for the moment. Formulas are their last values.
#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <vector>

#include "document/drawing_text.h"
#include "document/office_reader.h"
#include "document/xlsx_numbers.h"
#include "document/xml_part.h"

namespace hone::document {
namespace {

// Past this many empty cells in a row, a gap is one cell: a cell alone in column XFD would cost 16383 tabs.
constexpr unsigned kMaxGap = 64;

/// ST_Xstring (22.9.2.19): "_x000D_" is the character of that number, "_x005F_" the way to write "_".
std::string unescaped(std::string_view text) {
  constexpr size_t kLength = 7;
  std::string result;
  size_t done = 0;
  for (size_t at = 0; (at = text.find("_x", at)) != std::string_view::npos;) {
    const std::string_view escape = text.substr(at, kLength);
    uint32_t code = 0;
    const auto [end, error] = std::from_chars(escape.data() + 2, escape.data() + escape.size(), code, 16);
    if (escape.size() < kLength || escape.back() != '_' || end != &escape.back() || code < 0x09 ||
        code >= 0x80) {
      ++at;
      continue;
    }
    result += text.substr(done, at - done);
    if (code != '\r') result += static_cast<char>(code);
    done = at += kLength;
  }
  return done == 0 ? std::string(text) : result.append(text.substr(done));
}

/// The text of a string item (si, is): its own and its runs', not the readings of characters (rPh).
std::string string_item(pugi::xml_node item) {
  std::string text;
  for (const pugi::xml_node node : item.children()) {
    if (name_of(node) == "t") text += all_text(node);
    if (name_of(node) == "r") text += all_text(node.child("t"));
  }
  return unescaped(text);
}

/// Column of "BC12" from 0; `next` where the cell does not say.
unsigned column_of(std::string_view reference, unsigned next) {
  unsigned column = 0;
  for (const char c : reference) {
    if (c < 'A' || c > 'Z' || column > 1000000) break;
    column = column * 26 + static_cast<unsigned>(c - 'A') + 1;
  }
  return column == 0 ? next : column - 1;
}

class Workbook {
 public:
  Workbook(OfficeReading& reading, const std::string& part)
      : reading_(reading), related_(reading.package, part) {
    const std::string strings = related_.by_type("sharedStrings"), styles = related_.by_type("styles");
    if (auto bytes = strings.empty() ? std::nullopt : reading.package.find(strings)) {
      const XmlPart xml(std::move(*bytes), strings);
      for (const pugi::xml_node item : xml.root().children("si")) strings_.push_back(string_item(item));
    }
    if (auto bytes = styles.empty() ? std::nullopt : reading.package.find(styles))
      styles_ = cell_styles(XmlPart(std::move(*bytes), styles).root());
  }

  void read(pugi::xml_node workbook) {
    if (flag(workbook.child("workbookPr"), "date1904", false)) dates_ = DateSystem::from_1904;
    for (const pugi::xml_node sheet : workbook.child("sheets").children("sheet")) {
      const std::string_view state = attribute(sheet, "state");
      const std::string_view id = attribute(sheet, "r:id");
      if (state == "hidden" || state == "veryHidden" || related_.type_of(id) != "worksheet") continue;
      read_sheet(attribute(sheet, "name"), related_.by_id(id));
    }
  }

 private:
  void read_sheet(std::string_view name, const std::string& part) {
    const XmlPart xml(reading_.package.read(part), part);
    const pugi::xml_node data = xml.root().child("sheetData");
    const std::string drawing = Relationships(reading_.package, part).by_type("drawing");
    if (!data.child("row") && drawing.empty()) return;
    reading_.text.gap();
    reading_.text.paragraph(name);
    for (const pugi::xml_node row : data.children("row")) read_row(row);
    if (auto bytes = drawing.empty() ? std::nullopt : reading_.package.find(drawing))
      shapes(XmlPart(std::move(*bytes), drawing).root());
  }

  void read_row(pugi::xml_node row) {
    reading_.text.begin_row();
    unsigned next = 0;
    for (const pugi::xml_node cell : row.children("c")) {
      const unsigned column = column_of(attribute(cell, "r"), next);
      for (unsigned gap = column > next ? std::min(column - next, kMaxGap) : 0; gap > 0; --gap) add_cell({});
      add_cell(value(cell));
      next = column + 1;
    }
    reading_.text.end_row();
  }

  void add_cell(std::string_view text) {
    reading_.text.begin_cell();
    reading_.text.paragraph(text);
    reading_.text.end_cell();
  }

  std::string value(pugi::xml_node cell) const {
    const std::string_view type = attribute(cell, "t");
    if (type == "inlineStr") return string_item(cell.child("is"));
    std::string stored = all_text(cell.child("v"));
    if (type == "s") {
      const size_t index = std::strtoull(stored.c_str(), nullptr, 10);
      return index < strings_.size() ? strings_[index] : std::string();
    }
    if (type == "b" && !stored.empty()) return trimmed(stored) == "1" ? "TRUE" : "FALSE";
    if (type == "str" || type == "e" || type == "d") return unescaped(stored);
    const size_t style = cell.attribute("s").as_uint();
    return readable_number(trimmed(stored), style < styles_.size() ? styles_[style] : NumberKind::plain,
                           dates_);
  }

  /// Texts in shapes that lie on the sheet.
  void shapes(pugi::xml_node parent) {
    for (const pugi::xml_node node : parent.children()) {
      if (name_of(node) == "xdr:txBody")
        drawing_paragraphs(node, reading_.text);
      else if (name_of(node) == "mc:AlternateContent")
        shapes(node.child("mc:Choice") ? node.child("mc:Choice") : node.child("mc:Fallback"));
      else
        shapes(node);
    }
  }

  OfficeReading& reading_;
  Relationships related_;
  std::vector<std::string> strings_;
  std::vector<NumberKind> styles_;
  DateSystem dates_ = DateSystem::from_1900;
};

}  // namespace

void read_xlsx(OfficeReading& reading, const std::string& main_part, pugi::xml_node root) {
  Workbook(reading, main_part).read(root);
}

}  // namespace hone::document
