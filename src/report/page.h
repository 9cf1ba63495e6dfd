#pragma once
/// report.html, section by section. Each section reads report.json and writes itself, or nothing when the run
/// has nothing for it. One h1, h2 for sections, h3 below; every chart has a table beside it; every string
/// comes from a Text in both languages.
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "report/html.h"
#include "report/words.h"

namespace hone::report {

/// What a section needs.
struct Page {
  const nlohmann::json& report;
  const Voice& voice;
  Html& out;
};

void verdict_section(const Page& page);
void gates_section(const Page& page);
void quality_section(const Page& page);
void training_section(const Page& page);
void data_section(const Page& page);
void samples_section(const Page& page);
void provenance_section(const Page& page);
void limits_section(const Page& page);
void sign_off_section(const Page& page);

/// "12.3 % lower" with the class better, or "higher" with worse, from a relative change; "–" when it is not
/// known.
void change_cell(const Page& page, const nlohmann::json& change);

/// An element with text in which `backticks` set off what is typed.
void prose(Html& out, std::string_view tag, std::string_view text);

/// A table cell: words at the left, figures at the right.
enum class Cell { words, figure };
struct Column {
  std::string heading;
  Cell cell = Cell::figure;
};
/// Opens div.scroll, table, caption, thead, tbody; the caller writes rows and calls close_table.
enum class Width { full, narrow };
void open_table(Html& out, const std::string& caption, const std::vector<Column>& columns,
                Width width = Width::full);
void close_table(Html& out);
void figure_cell(Html& out, const std::string& figure);

}  // namespace hone::report
