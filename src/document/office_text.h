#pragma once
/// The text of an office document as it grows: one line a paragraph, one line a row of a table.
///
/// Blank paragraphs leave nothing. A row is its cells joined by tabs, the paragraphs of a cell by blanks;
/// where a table lays out a page (a long text in several paragraphs beside little else), the paragraphs of
/// the row stand on lines of their own instead, cell after cell. Tables within cells come apart into lines of
/// the cell. What is collected is bounded: Refused(too_large) past `max_bytes`, so that a text that is stored
/// once and shown a million times ends there.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hone::document {

class OfficeText {
 public:
  explicit OfficeText(uint64_t max_bytes) : left_(max_bytes) {}

  /// A paragraph. Blanks at its ends go; line ends inside stay, except in rows of tables, where they are
  /// blanks.
  void paragraph(std::string_view text);
  /// A blank line before what follows: slides, sheets. Nothing at the beginning, and never two.
  void gap();

  void begin_row();
  void begin_cell();
  void end_cell();
  void end_row();
  bool in_table() const { return !rows_.empty(); }

  /// All lines, each ended by "\n"; "" when there are none.
  std::string take();

 private:
  using Lines = std::vector<std::string>;
  void add(std::string line);

  uint64_t left_;
  bool gap_ = false;
  std::string text_;
  std::vector<std::vector<Lines>> rows_;  // open rows, the innermost last; its last cell is open
};

/// `text` without white space at its ends. Only ASCII blanks and line ends count.
std::string_view trimmed(std::string_view text);

}  // namespace hone::document
