#pragma once
/// Readers of packages: ZIP files of XML parts that are one document. Which one a file is, its parts say, not
/// its name: the `mimetype` entry (OpenDocument 1.2 part 3, OWPML) or the officeDocument relationship
/// (ECMA-376).
///
/// What all of them leave out, because the author or the page put it there and not the text: comments,
/// deleted and hidden text, running headers and footers (but see hwpx), numbers that the program makes,
/// alternative texts of pictures. Notes and text boxes follow the paragraph in which they are anchored.
#include <pugixml.hpp>
#include <string>

#include "document/office_package.h"
#include "document/office_text.h"
#include "document/zip_package.h"

namespace hone::document {

/// A package that is being read, and what has come of it so far.
struct OfficeReading {
  ZipPackage& package;
  OfficeText text;
  DocumentFacts facts;
};

/// `main_part` is the part that the package's officeDocument relationship names, `root` what is in it.
void read_docx(OfficeReading& reading, const std::string& main_part, pugi::xml_node root);
void read_pptx(OfficeReading& reading, const std::string& main_part, pugi::xml_node root);
void read_xlsx(OfficeReading& reading, const std::string& main_part, pugi::xml_node root);
void read_odf(OfficeReading& reading);
void read_hwpx(OfficeReading& reading);

/// A flat OpenDocument file (.fodt …): one XML document of everything.
void read_flat_odf(std::string content, OfficeText& text, DocumentFacts& facts);

}  // namespace hone::document
