#include <simdjson.h>

#include <cstring>
#include <memory>
#include <optional>

#include "base/error.h"
#include "document/inflate.h"
#include "document/reader.h"

namespace hone::document {
namespace {

constexpr size_t kBlock = 1 << 20;
constexpr uint64_t kProgressBytes = UINT64_C(4) << 20;
constexpr size_t kMaxMetadataValue = 200, kMaxMetadata = 4096;

struct Row {
  std::string_view text;  ///< Followed by SIMDJSON_PADDING readable bytes.
  uint64_t bytes = 0;     ///< With its newline.
  bool too_long = false;  ///< `text` is empty; the row was skipped.
};

/// Rows of a stream, one block at a time. A row that does not fit in `max_row_bytes` is passed over and
/// counted.
class Rows {
 public:
  Rows(InflatedFile& file, std::string_view head, uint64_t max_row_bytes)
      : file_(file), max_row_(max_row_bytes) {
    reserve(std::max(kBlock, head.size()));
    std::memcpy(data_.get(), head.data(), head.size());
    end_ = head.size();
    if (head.substr(0, 3) == "\xEF\xBB\xBF") begin_ = 3;
  }

  std::optional<Row> next() {
    size_t searched = begin_;
    for (;;) {
      const void* newline = std::memchr(data_.get() + searched, '\n', end_ - searched);
      if (newline != nullptr)
        return take(static_cast<size_t>(static_cast<const char*>(newline) - data_.get()), 1);
      if (end_ - begin_ > max_row_) return pass_over();
      searched = end_ - begin_;
      if (!refill()) return begin_ == end_ ? std::nullopt : std::optional(take(end_, 0));
    }
  }

 private:
  void reserve(size_t capacity) {
    auto grown = std::make_unique<char[]>(
        capacity + simdjson::SIMDJSON_PADDING);  // zeroed: padding is never uninitialised
    if (data_) std::memcpy(grown.get(), data_.get(), end_);
    data_ = std::move(grown);
    capacity_ = capacity;
  }

  Row take(size_t row_end, size_t newline) {
    Row row{{data_.get() + begin_, row_end - begin_}, row_end - begin_ + newline, false};
    begin_ = row_end + newline;
    return row;
  }

  /// Moves what is left to the front, so that offsets count from `begin_` = 0, and reads more.
  bool refill() {
    std::memmove(data_.get(), data_.get() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    if (end_ == capacity_) reserve(capacity_ * 2);
    const size_t got = file_.read(data_.get() + end_, capacity_ - end_);
    end_ += got;
    return got > 0;
  }

  Row pass_over() {
    Row row{{}, 0, true};
    for (;;) {
      const char* start = data_.get() + begin_;
      const void* newline = std::memchr(start, '\n', end_ - begin_);
      const size_t taken =
          newline ? static_cast<size_t>(static_cast<const char*>(newline) - start) + 1 : end_ - begin_;
      row.bytes += taken;
      begin_ += taken;
      if (newline != nullptr || !refill()) return row;
    }
  }

  InflatedFile& file_;
  uint64_t max_row_;
  std::unique_ptr<char[]> data_;
  size_t capacity_ = 0, begin_ = 0, end_ = 0;
};

bool blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

/// Escapes of half a surrogate pair become U+FFFD: such strings exist in real data, and UTF-8 cannot say
/// them.
std::string mend_surrogates(std::string_view json) {
  const auto code = [&](size_t at) -> int {
    if (at + 6 > json.size() || json[at] != '\\' || json[at + 1] != 'u') return -1;
    int value = 0;
    for (size_t i = at + 2; i < at + 6; ++i) {
      const char c = json[i];
      const int digit = c >= '0' && c <= '9'                 ? c - '0'
                        : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10
                                                             : -1;
      if (digit < 0) return -1;
      value = value * 16 + digit;
    }
    return value;
  };
  std::string mended;
  mended.reserve(json.size() + simdjson::SIMDJSON_PADDING);
  for (size_t i = 0; i < json.size();) {
    if (json[i] != '\\') {
      mended += json[i++];
      continue;
    }
    const int first = code(i);
    const int second = first >= 0xD800 && first < 0xDC00 ? code(i + 6) : -1;
    if (second >= 0xDC00 && second < 0xE000) {
      mended.append(json, i, 12);
      i += 12;
    } else if (first >= 0xD800 && first < 0xE000) {
      mended += "\\ufffd";
      i += 6;
    } else {
      mended.append(
          json, i,
          2);  // the escaped character is not looked at again: "\\\\ud800" is a backslash and letters
      i += 2;
    }
  }
  return mended;
}

std::string string_of(const simdjson::dom::element& value) {
  std::string_view text;
  if (value.get_string().get(text) == simdjson::SUCCESS) return std::string(text);
  return {};
}

/// `document.body` is the key of that name, or else `body` inside `document`.
simdjson::simdjson_result<simdjson::dom::element> find(const simdjson::dom::object& object,
                                                       std::string_view path) {
  auto whole = object.at_key(path);
  const size_t dot = path.find('.');
  if (whole.error() == simdjson::SUCCESS || dot == std::string_view::npos) return whole;
  simdjson::dom::object inner;
  if (const auto error = object.at_key(path.substr(0, dot)).get_object().get(inner)) return error;
  return find(inner, path.substr(dot + 1));
}

class JsonlReader {
 public:
  JsonlReader(const Input& input, Output& output)
      : input_(input), output_(output), field_(input.text_field.empty() ? "text" : input.text_field) {}

  void read(InflatedFile& file, std::string_view head) {
    Rows rows(file, head, input_.limits.max_row_bytes);
    uint64_t reported = 0;
    for (;;) {
      std::optional<Row> row;
      try {
        row = rows.next();
      } catch (const Error& error) {
        output_.item(rejection(reason::kDamaged, "after line " + std::to_string(row_) + ": " + error.what(),
                               0, row_ + 1));
        return;
      }
      if (!row) return;
      ++row_;
      if (row_ > input_.first_row) one(*row);
      if (file.stored_bytes() >= reported + kProgressBytes) output_.progress(reported = file.stored_bytes());
      if (file.compressed() && file.inflated_bytes() > input_.limits.max_inflated_bytes) {
        output_.item(rejection(reason::kTooLarge,
                               "inflates to more than " + std::to_string(input_.limits.max_inflated_bytes) +
                                   " bytes; the rest of the file was not read",
                               0, row_ + 1));
        return;
      }
    }
  }

 private:
  void reject(const char* why, const std::string& message, const Row& row) {
    output_.item(rejection(why, "line " + std::to_string(row_) + " " + message, row.bytes, row_));
  }

  void one(const Row& row) {
    if (row.too_long)
      return reject(reason::kTooLarge,
                    "is longer than " + std::to_string(input_.limits.max_row_bytes) + " bytes", row);
    if (blank(row.text)) return reject(reason::kNoText, "is empty", row);
    simdjson::dom::element root;
    auto error = parser_.parse(row.text.data(), row.text.size(), false).get(root);
    if (error == simdjson::STRING_ERROR && row.text.find("\\u") != std::string_view::npos) {
      mended_ = mend_surrogates(row.text);
      error = parser_.parse(mended_).get(root);
    }
    if (error == simdjson::MEMALLOC) throw std::bad_alloc();
    if (error == simdjson::UTF8_ERROR)
      return reject(reason::kDamaged, "is not UTF-8, which JSON Lines must be; convert the file with iconv",
                    row);
    if (error)
      return reject(reason::kDamaged,
                    std::string("is not valid JSON (") + simdjson::error_message(error) + ")", row);
    simdjson::dom::object object;
    if (root.get_object().get(object)) return reject(reason::kDamaged, "is not a JSON object", row);
    document(object, row);
  }

  void document(const simdjson::dom::object& object, const Row& row) {
    std::string_view text;
    if (find(object, field_).get_string().get(text))
      return reject(reason::kNoText,
                    "has no string `" + field_ + "`; name the field that holds the text with text_field",
                    row);
    if (text.empty()) return reject(reason::kNoText, "has an empty `" + field_ + "`", row);
    Document result;
    result.text = text;
    result.bytes = row.bytes;
    result.row = row_;
    result.encoding = "utf-8";
    for (const auto& [key, value] : object) own_field(key, value, result);
    if (!result.metadata.empty()) result.metadata += '}';
    output_.item(std::move(result));
  }

  void own_field(std::string_view key, const simdjson::dom::element& value, Document& result) {
    if (key == "id") {
      result.id = value.is_string()   ? string_of(value)
                  : value.is_number() ? std::string(simdjson::minify(value))
                                      : "";
    } else if (key == "source") {
      result.source = string_of(value);
    } else if (key == "title") {
      result.title = string_of(value);
    } else if (key == "licence" || key == "license") {
      result.licence = string_of(value);
    } else if (key == "access") {
      result.access = string_of(value);
    } else if (key != field_ && !value.is_object() && !value.is_array() && !value.is_null()) {
      std::string_view text;
      if (value.get_string().get(text) == simdjson::SUCCESS && text.size() > kMaxMetadataValue) return;
      if (key.size() > kMaxMetadataValue || result.metadata.size() > kMaxMetadata) return;
      result.metadata += result.metadata.empty() ? "{" : ",";
      append_quoted(key, result.metadata);
      result.metadata += ':';
      result.metadata += simdjson::minify(value);
    }
  }

  static void append_quoted(std::string_view key, std::string& out) {
    static constexpr char kHex[] = "0123456789abcdef";
    out += '"';
    for (const char c : key) {
      if (static_cast<unsigned char>(c) < 0x20) {
        (out += "\\u00") += kHex[(c >> 4) & 15];
        out += kHex[c & 15];
      } else {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
      }
    }
    out += '"';
  }

  const Input& input_;
  Output& output_;
  const std::string field_;
  simdjson::dom::parser parser_;
  std::string mended_;
  uint64_t row_ = 0;
};

}  // namespace

void read_jsonl(InflatedFile& file, std::string_view head, const Input& input, Output& output) {
  output.begin(true);
  if (head.substr(0, 2) == "\xFF\xFE" || head.substr(0, 2) == "\xFE\xFF") {
    output.item(rejection(reason::kDamaged,
                          "is UTF-16, but JSON Lines must be UTF-8; convert it: iconv -f utf-16 -t utf-8",
                          0));
    return;
  }
  JsonlReader(input, output).read(file, head);
}

}  // namespace hone::document
