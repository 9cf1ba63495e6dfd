#include "document/office_text.h"

#include <algorithm>

#include "document/reader.h"

namespace hone::document {
namespace {

constexpr size_t kShortCell = 240;  // bytes of a cell of several paragraphs that still reads as one cell
constexpr size_t kLongRow = 4000;   // bytes of a row of cells

/// The paragraphs of a cell in a line of the table.
std::string cell_text(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) (text += text.empty() ? "" : " ") += line;
  std::replace(text.begin(), text.end(), '\n', ' ');
  std::replace(text.begin(), text.end(), '\t', ' ');
  return text;
}

/// Whether a row is part of the layout of a page rather than of a table of facts: a long text of several
/// paragraphs with little beside it, or more than anyone would read in a line.
bool lays_out(const std::vector<std::vector<std::string>>& cells) {
  size_t filled = 0, row_bytes = 0;
  bool long_text = false;
  for (const std::vector<std::string>& lines : cells) {
    size_t bytes = 0;
    for (const std::string& line : lines) bytes += line.size();
    filled += lines.empty() ? 0 : 1;
    row_bytes += bytes;
    long_text = long_text || (lines.size() > 1 && bytes > kShortCell);
  }
  return long_text && (filled <= 2 || row_bytes > kLongRow);
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

void OfficeText::paragraph(std::string_view text) {
  text = trimmed(text);
  if (text.empty()) return;
  if (text.size() >= left_)
    throw Refused(reason::kTooLarge, "says more than Hone takes as one document; split it");
  left_ -= text.size() + 1;
  add(std::string(text));
}

void OfficeText::add(std::string line) {
  if (in_table()) {
    rows_.back().back().push_back(std::move(line));
    return;
  }
  if (gap_ && !text_.empty()) text_ += '\n';
  gap_ = false;
  (text_ += line) += '\n';
}

void OfficeText::gap() { gap_ = true; }

void OfficeText::begin_row() { rows_.emplace_back(); }
void OfficeText::begin_cell() { rows_.back().emplace_back(); }
void OfficeText::end_cell() {
  if (left_ == 0) throw Refused(reason::kTooLarge, "says more than Hone takes as one document; split it");
  --left_;
}

void OfficeText::end_row() {
  std::vector<Lines> cells = std::move(rows_.back());
  rows_.pop_back();
  while (!cells.empty() && cells.back().empty()) cells.pop_back();
  if (cells.empty()) return;
  if (!lays_out(cells)) {
    std::string line;
    for (size_t i = 0; i < cells.size(); ++i) (line += i == 0 ? "" : "\t") += cell_text(cells[i]);
    return add(std::move(line));
  }
  for (Lines& cell : cells)
    for (std::string& line : cell) add(std::move(line));
}

std::string OfficeText::take() { return std::move(text_); }

}  // namespace hone::document
