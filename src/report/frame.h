#pragma once
/// What pages have in common: a head that lets nothing be fetched, sent or run, the style sheet, a header with the one h1, a footer.
#include <string>
#include <string_view>

#include "report/html.h"
#include "report/words.h"

namespace hone::report {

struct Frame {
  std::string title;             ///< Of the window.
  std::string eyebrow, heading;  ///< Above and in the h1.
  std::string skip;              ///< Words of the link to #main for keyboards.
  std::string_view style;        ///< Behind the common style sheet; may be empty.
  std::string_view script;       ///< Run at the end of the page; may be empty.
};

/// Opens html, head (closed), body, header (closed) and main; the caller writes sections.
void open_frame(Html& out, const Voice& voice, const Frame& frame);
/// Closes main, writes the footer and the script, closes the rest, and gives the whole page.
std::string close_frame(Html& out, const Frame& frame, const std::string& footer);

/// "'sha256-…'" of a script, as a content security policy spells it.
std::string script_source(std::string_view script);

/// Style of texts with marks and of comparisons.
std::string_view text_style_sheet();

}  // namespace hone::report
