#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "document/encoding.h"
#include "document/reader.h"

namespace hone::document {
namespace {

using Cells = std::vector<std::string>;

/// RFC 4180 with any delimiter: a quote opens a cell only at its beginning, "" inside is one quote, line ends
/// inside quotes stay.
class Table {
 public:
  Table(std::string_view text, char delimiter) : text_(text), delimiter_(delimiter) {}

  std::optional<Cells> next() {
    if (at_ >= text_.size()) return std::nullopt;
    Cells cells;
    for (;;) {
      cells.push_back(at_ < text_.size() && text_[at_] == '"' ? quoted() : plain());
      if (at_ >= text_.size()) return cells;
      if (text_[at_++] == '\n') return cells;
    }
  }
  size_t position() const { return at_; }
  size_t ragged() const { return ragged_; }  ///< Quoted cells that went on behind their quote.

 private:
  std::string plain() {
    const size_t begin = at_;
    while (at_ < text_.size() && text_[at_] != delimiter_ && text_[at_] != '\n') ++at_;
    return std::string(text_.substr(begin, at_ - begin));
  }
  std::string quoted() {
    std::string cell;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] != '"') {
        cell += text_[at_];
      } else if (at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
        cell += text_[++at_];
      } else {
        ++at_;
        break;
      }
    }
    const std::string rest = plain();  // what follows the closing quote, as in `"a" b`, is kept
    ragged_ += rest.empty() ? 0 : 1;
    return cell + rest;
  }

  std::string_view text_;
  char delimiter_;
  size_t at_ = 0, ragged_ = 0;
};

constexpr size_t kSniffedRows = 100, kSniffedBytes = 64 << 10;

/// The delimiter that cuts most rows into the same number of cells, and into more than one. Comma when none
/// does.
char sniff_delimiter(std::string_view text) {
  const std::string_view sample = text.substr(0, kSniffedBytes);
  char best = ',';
  double best_score = 0;
  for (const char delimiter : {',', '\t', ';', '|'}) {
    Table table(sample, delimiter);
    std::vector<size_t> widths;
    while (widths.size() < kSniffedRows) {
      const auto row = table.next();
      if (!row || (table.position() >= sample.size() && sample.size() < text.size()))
        break;  // the last one may be cut
      if (row->size() > 1 || !row->front().empty()) widths.push_back(row->size());
    }
    if (widths.empty() || widths.front() < 2) continue;
    const auto same = std::count(widths.begin(), widths.end(), widths.front());
    const double score = static_cast<double>(same) / static_cast<double>(widths.size() + table.ragged()) *
                         (1 + 1e-3 * static_cast<double>(widths.front()));
    if (score > best_score) {
      best_score = score;
      best = delimiter;
    }
  }
  return best;
}

/// `["a", "b"]`: JSON, so that cells with commas, quotes and line ends stay apart.
std::string json_row(const Cells& cells) {
  std::string line = "[";
  for (const std::string& cell : cells) {
    if (line.size() > 1) line += ", ";
    line += nlohmann::json(cell).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  }
  return line + "]";
}

bool blank(const Cells& cells) {
  return std::all_of(cells.begin(), cells.end(), [](const std::string& cell) {
    return cell.find_first_not_of(" \t\r\n") == std::string::npos;
  });
}

void whole_table(Table& table, Document document, Output& output) {
  while (const auto cells = table.next())
    if (!blank(*cells)) (document.text += json_row(*cells)) += '\n';
  output.item(std::move(document));
}

std::optional<size_t> column(const Cells& header, std::string_view name) {
  const auto found = std::find(header.begin(), header.end(), name);
  if (found == header.end()) return std::nullopt;
  return static_cast<size_t>(found - header.begin());
}

constexpr std::array<std::pair<std::string_view, std::string Document::*>, 6> kOwnColumns = {{{"id", &Document::id},
                                                                                              {"source", &Document::source},
                                                                                              {"title", &Document::title},
                                                                                              {"licence", &Document::licence},
                                                                                              {"license", &Document::licence},
                                                                                              {"access", &Document::access}}};

/// One sample of instruction data a row, columns by their names in the first row; lists stand in a cell as JSON.
void row_records(Table& table, const std::string& encoding, const Input& input, Output& output) {
  const Cells header = table.next().value_or(Cells{});
  uint64_t row = 1;
  for (size_t begin = table.position(); auto cells = table.next(); begin = table.position()) {
    if (++row <= input.first_row || blank(*cells)) continue;
    const uint64_t bytes = table.position() - begin;
    const auto lookup = [&](std::string_view name) -> ColumnValue {
      const auto at = column(header, name);
      if (!at || *at >= cells->size()) return std::monostate{};
      return std::string_view((*cells)[*at]);
    };
    const auto turns = read_record(input.records, lookup);
    if (const auto* problem = std::get_if<RecordProblem>(&turns)) {
      output.item(rejection(problem->reason, "row " + std::to_string(row) + " " + problem->message, bytes, row));
      continue;
    }
    Document document;
    set_turns(document, input.records, std::get<std::vector<Turn>>(turns));
    document.row = row;
    document.bytes = bytes;
    document.encoding = encoding;
    for (const auto& [name, member] : kOwnColumns)
      if (const auto at = column(header, name); at && *at < cells->size() && member != &Document::source && member != &Document::title)
        document.*member = (*cells)[*at];
    output.item(std::move(document));
  }
}

/// One document a row: the named column is the text, columns with the names of a document's fields are those.
void row_documents(Table& table, const std::string& encoding, const Input& input, Output& output) {
  const Cells header = table.next().value_or(Cells{});
  const auto text = column(header, input.text_field);
  if (!text) {
    output.item(rejection(reason::kNoText,
                          "has no column `" + input.text_field + "` in its first row; see text_field", 0, 1));
    return;
  }
  uint64_t row = 1;
  for (size_t begin = table.position(); auto cells = table.next(); begin = table.position()) {
    if (++row <= input.first_row || blank(*cells)) continue;
    const uint64_t bytes = table.position() - begin;
    if (*text >= cells->size() || (*cells)[*text].empty()) {
      output.item(rejection(reason::kNoText, "row " + std::to_string(row) + " has no text", bytes, row));
      continue;
    }
    Document document;
    document.row = row;
    document.bytes = bytes;
    document.encoding = encoding;
    for (const auto& [name, member] : kOwnColumns)
      if (const auto at = column(header, name); at && *at != *text && *at < cells->size())
        document.*member = (*cells)[*at];
    document.text = std::move((*cells)[*text]);
    output.item(std::move(document));
  }
}

}  // namespace

/// A table as text is one JSON array a row, header first. See Table for the dialect.
void read_csv(std::string content, const Input& input, Output& output) {
  const uint64_t bytes = content.size();
  auto decoded = to_utf8(std::move(content));
  if (!decoded) {
    output.item(rejection(reason::kNotText, "is not text in any encoding that Hone knows", bytes));
    return;
  }
  unify_line_ends(decoded->text);
  Table table(decoded->text, sniff_delimiter(decoded->text));
  if (input.records.on()) return row_records(table, decoded->encoding, input, output);
  if (!input.text_field.empty()) return row_documents(table, decoded->encoding, input, output);
  Document document;
  document.bytes = bytes;
  document.encoding = std::move(decoded->encoding);
  whole_table(table, std::move(document), output);
}

}  // namespace hone::document
