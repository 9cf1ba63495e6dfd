/// PresentationML (ECMA-376 part 1, clause 19) to text: slides in the order of the show, each its title, then
/// its shapes in the order of the file, then the speaker's notes; a blank line between slides. Hidden slides
/// and shapes are left out, and so are the date, footer and number of a slide and all that layouts show.
#include <set>
#include <vector>

#include "document/drawing_text.h"
#include "document/office_reader.h"
#include "document/xml_part.h"

namespace hone::document {
namespace {

/// p:ph type of a shape; "" of a shape that is no placeholder.
std::string_view placeholder(pugi::xml_node shape) {
  const pugi::xml_node mark = shape.child("p:nvSpPr").child("p:nvPr").child("p:ph");
  if (!mark) return {};
  return mark.attribute("type") ? attribute(mark, "type") : "obj";
}

bool is_title(std::string_view type) { return type == "title" || type == "ctrTitle"; }
bool is_furniture(std::string_view type) {
  return type == "dt" || type == "ftr" || type == "sldNum" || type == "hdr" || type == "sldImg";
}

bool is_hidden(pugi::xml_node shape) {
  for (const char* properties : {"p:nvSpPr", "p:nvGraphicFramePr", "p:nvGrpSpPr", "p:nvCxnSpPr", "p:nvPicPr"})
    if (const pugi::xml_node named = shape.child(properties))
      return flag(named.child("p:cNvPr"), "hidden", false);
  return false;
}

class Slide {
 public:
  Slide(OfficeReading& reading, const std::string& part)
      : reading_(reading), related_(reading.package, part) {}

  void shapes(pugi::xml_node tree) {
    titles(tree);
    others(tree);
  }

  std::string notes() const { return related_.by_type("notesSlide"); }

 private:
  void titles(pugi::xml_node tree) {
    for (const pugi::xml_node shape : tree.children("p:sp"))
      if (is_title(placeholder(shape)) && !is_hidden(shape))
        drawing_paragraphs(shape.child("p:txBody"), reading_.text);
  }

  void others(pugi::xml_node tree) {
    for (const pugi::xml_node shape : tree.children()) {
      if (is_hidden(shape)) continue;
      const std::string_view name = name_of(shape);
      if (name == "p:sp") {
        const std::string_view type = placeholder(shape);
        if (!is_title(type) && !is_furniture(type))
          drawing_paragraphs(shape.child("p:txBody"), reading_.text);
      } else if (name == "p:grpSp") {
        others(shape);
      } else if (name == "p:graphicFrame") {
        graphic(shape.child("a:graphic").child("a:graphicData"));
      } else if (name == "mc:AlternateContent") {
        others(shape.child("mc:Choice") ? shape.child("mc:Choice") : shape.child("mc:Fallback"));
      }
    }
  }

  void graphic(pugi::xml_node data) {
    drawing_table(data.child("a:tbl"), reading_.text);
    const std::string diagram = related_.by_id(attribute(data.child("dgm:relIds"), "r:dm"));
    if (auto bytes = diagram.empty() ? std::nullopt : reading_.package.find(diagram))
      diagram_points(XmlPart(std::move(*bytes), diagram).root(), reading_.text);
  }

  OfficeReading& reading_;
  Relationships related_;
};

/// What the speaker is to say: the body of the notes page.
void speaker_notes(OfficeReading& reading, const std::string& part) {
  auto bytes = part.empty() ? std::nullopt : reading.package.find(part);
  if (!bytes) return;
  const XmlPart xml(std::move(*bytes), part);
  for (const pugi::xml_node shape : xml.root().child("p:cSld").child("p:spTree").children("p:sp"))
    if (placeholder(shape) == "body") drawing_paragraphs(shape.child("p:txBody"), reading.text);
}

void slide(OfficeReading& reading, const std::string& part) {
  const XmlPart xml(reading.package.read(part), part);
  if (!flag(xml.root(), "show", true)) return;
  Slide one(reading, part);
  one.shapes(xml.root().child("p:cSld").child("p:spTree"));
  speaker_notes(reading, one.notes());
  reading.text.gap();
}

}  // namespace

void read_pptx(OfficeReading& reading, const std::string& main_part, pugi::xml_node root) {
  const Relationships related(reading.package, main_part);
  std::set<std::string> seen;  // a slide is shown once, whatever the list says
  for (const pugi::xml_node entry : root.child("p:sldIdLst").children("p:sldId")) {
    const std::string part = related.by_id(attribute(entry, "r:id"));
    if (!part.empty() && seen.insert(part).second) slide(reading, part);
  }
}

}  // namespace hone::document
