#pragma once
/// What the packages of ECMA-376 part 2 (docx, pptx, xlsx) have in common: parts that are found by their
/// relationships, and the properties of the document.
///
/// A relationship is asked for by the last word of its type ("officeDocument", "footnotes"), which is the
/// same in the strict and the transitional form. Targets are resolved against the part that names them; those
/// outside the package are never found.
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "document/document.h"
#include "document/xml_part.h"
#include "document/zip_package.h"

namespace hone::document {

class Relationships {
 public:
  /// Those of `part` ("word/document.xml"), or of the package for "". None where the file lists none.
  Relationships(ZipPackage& package, std::string_view part);

  /// Part of this relationship id, or ""; of the first relationship of this type, or "".
  std::string by_id(std::string_view id) const;
  std::string by_type(std::string_view type) const;
  /// Type of a relationship by its id, "" when there is none.
  std::string type_of(std::string_view id) const;

 private:
  struct Target {
    std::string type, part;
  };
  std::map<std::string, Target, std::less<>> targets_;
  std::vector<std::string> order_;
};

/// Throws Refused(encrypted) with `message` when META-INF/manifest.xml says that parts are encrypted (OpenDocument 1.2 part 3, 3.4;
/// HWPX has it from there).
void refuse_encrypted_parts(ZipPackage& package, const char* message);

/// Facts about a document, as they go to Document::title and Document::metadata.
class DocumentFacts {
 public:
  /// `name` as the metadata spells it: title, author, date, modified, subject, keywords, language …; blank
  /// values are left out, and of two of one name the first stays.
  void set(std::string_view name, std::string_view value);
  /// Fills in title and metadata (a JSON object, or empty).
  void give_to(Document& document) const;

 private:
  std::vector<std::pair<std::string, std::string>> facts_;
};

/// A part without which the text is still whole: properties. Null when there is none or it is damaged.
std::unique_ptr<XmlPart> optional_part(ZipPackage& package, const std::string& part);

/// docProps/core.xml, wherever the package keeps it (ECMA-376 part 2, clause 11).
void read_core_properties(ZipPackage& package, DocumentFacts& facts);

}  // namespace hone::document
