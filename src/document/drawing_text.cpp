#include "document/drawing_text.h"

#include "document/xml_part.h"

namespace hone::document {
namespace {

void inline_text(pugi::xml_node parent, std::string& line) {
  for (const pugi::xml_node node : parent.children()) {
    const std::string_view name = name_of(node);
    if (name == "a:t" || name == "m:t") {
      line += all_text(node);
    } else if (name == "a:br") {
      line += '\n';
    } else if (name == "a:fld") {
      const std::string_view type = attribute(node, "type");
      if (type != "slidenum" && !type.starts_with("datetime")) inline_text(node, line);
    } else if (name == "mc:AlternateContent") {
      inline_text(node.child("mc:Choice") ? node.child("mc:Choice") : node.child("mc:Fallback"), line);
    } else if (name != "a:pPr" && name != "a:rPr" && name != "a:endParaRPr") {
      inline_text(node, line);
    }
  }
}

bool covered(pugi::xml_node cell) { return flag(cell, "hMerge", false) || flag(cell, "vMerge", false); }

}  // namespace

void drawing_paragraphs(pugi::xml_node body, OfficeText& text) {
  for (const pugi::xml_node paragraph : body.children("a:p")) {
    std::string line;
    inline_text(paragraph, line);
    text.paragraph(line);
  }
}

void drawing_table(pugi::xml_node table, OfficeText& text) {
  for (const pugi::xml_node row : table.children("a:tr")) {
    text.begin_row();
    for (const pugi::xml_node cell : row.children("a:tc")) {
      text.begin_cell();
      if (!covered(cell)) drawing_paragraphs(cell.child("a:txBody"), text);
      text.end_cell();
    }
    text.end_row();
  }
}

void diagram_points(pugi::xml_node data_model, OfficeText& text) {
  for (const pugi::xml_node point : data_model.child("dgm:ptLst").children("dgm:pt")) {
    const std::string_view type = attribute(point, "type");
    if (type.empty() || type == "node" || type == "asst") drawing_paragraphs(point.child("dgm:t"), text);
  }
}

}  // namespace hone::document
