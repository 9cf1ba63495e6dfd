#pragma once
/// The text of an HWP 5 section: its paragraphs in the order of the records, each on its own line. Paragraphs
/// of tables, text boxes, notes, headers, footers and hidden comments stand behind the paragraph that they
/// hang on, as they do in the file; cells of one table row are separated by tabs. Numbers and bullets that
/// the word processor makes are not in the file and not in the text.
#include <string>
#include <string_view>

namespace hone::document {

/// Appends the text of one section to `text` as UTF-8. `records` is the inflated stream BodyText/SectionN.
/// Throws data when a record is cut off; what came before it has been appended.
void append_hwp_section(std::string_view records, std::string& text);

/// UTF-16LE to UTF-8 with the control characters of HWP taken out: in their stead stand what they show (tab,
/// line break, hyphen, blank). Ends at the paragraph's end mark. Lone surrogates become U+FFFD.
void append_hwp_paragraph(std::string_view utf16, std::string& text);

}  // namespace hone::document
