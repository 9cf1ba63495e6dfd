#include "document/office_reader.h"

#include <optional>

#include "document/encoding.h"
#include "document/format.h"
#include "document/reader.h"
#include "document/xml_part.h"

namespace hone::document {
namespace {

constexpr std::string_view kOpenDocumentType = "application/vnd.oasis.opendocument.",
                           kHangulType = "application/hwp+zip";

/// By the root of the main part, which is the same whatever the part and its folder are called.
void read_ooxml(OfficeReading& reading, const std::string& main_part) {
  if (main_part.ends_with(".bin"))
    throw Refused(reason::kUnreadableFormat,
                  "is a binary spreadsheet (xlsb), which Hone does not read; save it as .xlsx");
  read_core_properties(reading.package, reading.facts);
  const XmlPart xml(reading.package.read(main_part), main_part);
  const std::string_view root = name_of(xml.root());
  if (root == "w:document") return read_docx(reading, main_part, xml.root());
  if (root == "p:presentation") return read_pptx(reading, main_part, xml.root());
  if (root == "workbook") return read_xlsx(reading, main_part, xml.root());
  throw Error(ExitCode::data, "is no document, presentation or spreadsheet, though packed like one");
}

/// Where the main part is when no relationship says so.
std::string usual_main_part(const ZipPackage& package) {
  for (const char* part : {"word/document.xml", "ppt/presentation.xml", "xl/workbook.xml", "xl/workbook.bin"})
    if (package.has(part)) return part;
  return {};
}

void read_package(OfficeReading& reading) {
  ZipPackage& package = reading.package;
  const std::string type = package.find("mimetype").value_or("");
  if (type.starts_with(kHangulType) || package.has("Contents/content.hpf")) return read_hwpx(reading);
  if (type.starts_with(kOpenDocumentType)) return read_odf(reading);
  std::string main_part = Relationships(package, "").by_type("officeDocument");
  if (!package.has(main_part)) main_part = usual_main_part(package);
  if (!main_part.empty()) return read_ooxml(reading, main_part);
  if (package.has("content.xml")) return read_odf(reading);
  throw Error(ExitCode::data, "is a ZIP file without the parts of an office document; get it again");
}

void hand_over(OfficeText& text, const DocumentFacts& facts, uint64_t bytes, Output& output) {
  Document document;
  document.text = mend_utf8(text.take());
  document.encoding = "utf-8";
  document.bytes = bytes;
  facts.give_to(document);
  if (document.text.empty()) throw Refused(reason::kNoText, "has no text");
  output.item(std::move(document));
}

}  // namespace

void read_office(std::string content, const Input& input, Output& output) {
  OfficeText text(input.limits.max_document_bytes);
  if (!is_zip(content)) {
    if (input.format != Format::odt && trimmed(std::string_view(content).substr(0, 64)).substr(0, 1) != "<")
      throw Error(ExitCode::data, "is no office document; get it again, or give it the name of what it is");
    DocumentFacts facts;
    const uint64_t bytes = content.size();
    read_flat_odf(std::move(content), text, facts);
    return hand_over(text, facts, bytes, output);
  }
  ZipPackage package(std::move(content), input.limits);
  OfficeReading reading{package, std::move(text), {}};
  read_package(reading);
  hand_over(reading.text, reading.facts, package.inflated_bytes(), output);
}

}  // namespace hone::document
