#pragma once
/// A property set of an OLE file ([MS-OLEPS] 2.21): who wrote the document, when, and what it is called. HWP
/// keeps its own, in the same layout, under its own format id and with all strings in UTF-16.
#include <string>
#include <string_view>

namespace hone::document {

struct DocumentProperties {
  std::string title;
  std::string author;
  std::string date;  ///< Of the last change, else of the creation: "2021-07-05T09:12:00Z"; empty when it says
                     ///< neither.
};

/// What the first set in `stream` says. What is damaged is left empty: properties are not worth a document.
DocumentProperties read_properties(std::string_view stream);

/// Seconds since 1970 as "2021-07-05T09:12:00Z"; "" for years outside 1900 to 9999.
std::string iso_date(int64_t seconds);

}  // namespace hone::document
