#include "document/json_rows.h"

#include <simdjson.h>

#include <algorithm>
#include <cstring>

namespace hone::document {
namespace {

constexpr size_t kBlock = 1 << 20;

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

/// Follows one JSON value byte by byte, as far as its border goes.
class BorderFinder {
 public:
  /// True when `c` stands behind the value: a comma or closing bracket at its own level.
  bool ends_before(char c) {
    if (in_string_) {
      if (escaped_) {
        escaped_ = false;
      } else if (c == '\\') {
        escaped_ = true;
      } else if (c == '"') {
        in_string_ = false;
      }
      return false;
    }
    if (c == '"') {
      in_string_ = true;
    } else if (c == '{' || c == '[') {
      ++depth_;
    } else if (depth_ == 0 && (c == ',' || c == ']')) {
      return true;
    } else if (depth_ > 0 && (c == '}' || c == ']')) {
      --depth_;
    }
    return false;
  }

 private:
  bool in_string_ = false, escaped_ = false;
  uint64_t depth_ = 0;
};

}  // namespace

JsonRows::JsonRows(InflatedFile& file, std::string_view head, uint64_t max_row_bytes) : file_(file), max_row_(max_row_bytes) {
  reserve(std::max(kBlock, head.size()));
  std::memcpy(data_.get(), head.data(), head.size());
  end_ = head.size();
  if (head.substr(0, 3) == "\xEF\xBB\xBF") begin_ = 3;
  const size_t first = head.find_first_not_of(" \t\r\n", begin_);
  if (first == std::string_view::npos || head[first] != '[') return;
  const size_t second = head.find_first_not_of(" \t\r\n", first + 1);
  array_ = second != std::string_view::npos && head[second] == '{';
  if (array_) begin_ = first + 1;
}

std::optional<JsonRow> JsonRows::next_line() {
  size_t searched = begin_;
  for (;;) {
    const void* newline = std::memchr(data_.get() + searched, '\n', end_ - searched);
    if (newline != nullptr) return take(static_cast<size_t>(static_cast<const char*>(newline) - data_.get()), 1);
    if (end_ - begin_ > max_row_) return pass_over();
    searched = end_ - begin_;
    if (!refill()) return begin_ == end_ ? std::nullopt : std::optional(take(end_, 0));
  }
}

/// The place of the next character that is no white space (nor a comma); nothing at the end of the file.
std::optional<size_t> JsonRows::skip_space(bool commas) {
  for (;;) {
    while (begin_ < end_ && (is_space(data_[begin_]) || (commas && data_[begin_] == ','))) ++begin_;
    if (begin_ < end_) return begin_;
    if (!refill()) return std::nullopt;
  }
}

std::optional<JsonRow> JsonRows::next_element() {
  if (closed_) return std::nullopt;
  const std::optional<size_t> start = skip_space(true);
  if (!start) return std::nullopt;
  if (data_[*start] == ']') {
    ++begin_;
    closed_ = true;
    return std::nullopt;
  }
  BorderFinder border;
  uint64_t passed = 0;  // bytes of a value that is too long
  for (size_t at = begin_;;) {
    while (at < end_ && !border.ends_before(data_[at])) ++at;
    if (at < end_ && passed == 0) {
      const size_t end = at;
      while (at > begin_ && is_space(data_[at - 1])) --at;
      JsonRow row{{data_.get() + begin_, at - begin_}, end - begin_ + (data_[end] == ',' ? 1 : 0), false};
      begin_ = end;
      return row;
    }
    if (passed > 0 || end_ - begin_ > max_row_) {
      passed += at - begin_;
      begin_ = at;
      if (at < end_) return JsonRow{{}, passed, true};
    }
    const size_t seen = at - begin_;
    if (!refill()) {
      if (passed > 0) return JsonRow{{}, passed, true};
      return begin_ == end_ ? std::nullopt : std::optional(take(end_, 0));
    }
    at = seen;
  }
}

bool JsonRows::clean_end() { return closed_ && !skip_space(false); }

void JsonRows::reserve(size_t capacity) {
  auto grown = std::make_unique<char[]>(capacity + simdjson::SIMDJSON_PADDING);  // zeroed: padding is never uninitialised
  if (data_) std::memcpy(grown.get(), data_.get(), end_);
  data_ = std::move(grown);
  capacity_ = capacity;
}

JsonRow JsonRows::take(size_t row_end, size_t newline) {
  JsonRow row{{data_.get() + begin_, row_end - begin_}, row_end - begin_ + newline, false};
  begin_ = row_end + newline;
  return row;
}

/// Moves what is left to the front, so that offsets count from `begin_` = 0, and reads more.
bool JsonRows::refill() {
  std::memmove(data_.get(), data_.get() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  if (end_ == capacity_) reserve(capacity_ * 2);
  const size_t got = file_.read(data_.get() + end_, capacity_ - end_);
  end_ += got;
  return got > 0;
}

JsonRow JsonRows::pass_over() {
  JsonRow row{{}, 0, true};
  for (;;) {
    const char* start = data_.get() + begin_;
    const void* newline = std::memchr(start, '\n', end_ - begin_);
    const size_t taken = newline ? static_cast<size_t>(static_cast<const char*>(newline) - start) + 1 : end_ - begin_;
    row.bytes += taken;
    begin_ += taken;
    if (newline != nullptr || !refill()) return row;
  }
}

}  // namespace hone::document
