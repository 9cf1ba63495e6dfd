#pragma once
/// A stream of JSON values, one at a time: the lines of JSON Lines, or the elements of one array over any number of lines.
///
/// Nothing is parsed here; borders are found by line breaks, or by counting brackets outside strings. Memory is bounded: a value that
/// does not fit is passed over and counted.
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "document/inflate.h"

namespace hone::document {

struct JsonRow {
  std::string_view text;  ///< Followed by SIMDJSON_PADDING readable bytes; valid until the next one.
  uint64_t bytes = 0;     ///< With its newline or comma.
  bool too_long = false;  ///< `text` is empty; the row was skipped.
};

class JsonRows {
 public:
  /// `head`: what was read of the file already. One whose first characters are `[` and `{` is an array.
  JsonRows(InflatedFile& file, std::string_view head, uint64_t max_row_bytes);

  /// Nothing at the end; of an array also where it ends (see clean_end).
  std::optional<JsonRow> next() { return array_ ? next_element() : next_line(); }
  bool is_array() const { return array_; }
  /// Of an array that has ended: false when it was cut short, or something stands behind it.
  bool clean_end();

 private:
  std::optional<JsonRow> next_line();
  std::optional<JsonRow> next_element();
  std::optional<size_t> skip_space(bool commas);
  void reserve(size_t capacity);
  JsonRow take(size_t row_end, size_t newline);
  bool refill();
  JsonRow pass_over();

  InflatedFile& file_;
  uint64_t max_row_;
  std::unique_ptr<char[]> data_;
  size_t capacity_ = 0, begin_ = 0, end_ = 0;
  bool array_ = false, closed_ = false;
};

}  // namespace hone::document
