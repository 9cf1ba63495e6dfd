#pragma once
/// DrawingML text (ECMA-376 part 1, clause 21.1.2): what shapes, tables and diagrams of presentations and
/// spreadsheets say.
#include <pugixml.hpp>
#include <string>

#include "document/office_text.h"

namespace hone::document {

/// The a:p of a text body (p:txBody, xdr:txBody, dgm:t), a line each. Numbers of slides and dates that the
/// program fills in are left out.
void drawing_paragraphs(pugi::xml_node body, OfficeText& text);

/// a:tbl, a line a row.
void drawing_table(pugi::xml_node table, OfficeText& text);

/// The nodes of a SmartArt diagram (dgm:dataModel), in the order of the file.
void diagram_points(pugi::xml_node data_model, OfficeText& text);

}  // namespace hone::document
