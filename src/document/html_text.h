#pragma once
/// A part of a page as plain text that keeps what the layout said: "# " before headings, "- " and "1. "
/// before list items, " | " between the cells of a table row, code in fences with its line ends, one blank
/// line between paragraphs.
#include <string>

#include "document/html_main.h"

namespace hone::document {

std::string html_text(const MainContent& content, const TextWeights& weights);

/// All text below `node`, blanks collapsed: titles.
std::string flat_text(const GumboNode* node);

}  // namespace hone::document
