#include <simdjson.h>

#include <deque>
#include <optional>

#include "base/error.h"
#include "document/inflate.h"
#include "document/json_rows.h"
#include "document/reader.h"

namespace hone::document {
namespace {

constexpr uint64_t kProgressBytes = UINT64_C(4) << 20;
constexpr size_t kMaxMetadataValue = 200, kMaxMetadata = 4096;

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
    JsonRows rows(file, head, input_.limits.max_row_bytes);
    unit_ = rows.is_array() ? "row " : "line ";
    uint64_t reported = 0;
    for (;;) {
      std::optional<JsonRow> row;
      try {
        row = rows.next();
      } catch (const Error& error) {
        output_.item(rejection(reason::kDamaged, "after " + (unit_ + std::to_string(row_)) + ": " + error.what(),
                               0, row_ + 1));
        return;
      }
      if (!row) {
        if (rows.is_array() && !rows.clean_end())
          output_.item(rejection(reason::kDamaged, "after row " + std::to_string(row_) + ": the array does not end, or more stands behind it", 0, row_ + 1));
        return;
      }
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
  void reject(const char* why, const std::string& message, const JsonRow& row) {
    output_.item(rejection(why, unit_ + std::to_string(row_) + " " + message, row.bytes, row_));
  }

  void one(const JsonRow& row) {
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

  void document(const simdjson::dom::object& object, const JsonRow& row) {
    if (input_.records.on()) return record(object, row);
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

  void record(const simdjson::dom::object& object, const JsonRow& row) {
    std::deque<simdjson::dom::element> found;  // values that the lookup refers to
    const auto lookup = [&](std::string_view path) -> ColumnValue {
      const auto value = find(object, path);
      if (value.error() != simdjson::SUCCESS || value.is_null()) return std::monostate{};
      std::string_view text;
      if (value.get_string().get(text) == simdjson::SUCCESS) return text;
      found.push_back(value.value_unsafe());
      return std::cref(found.back());
    };
    const auto turns = read_record(input_.records, lookup);
    if (const auto* problem = std::get_if<RecordProblem>(&turns)) return reject(problem->reason, problem->message, row);
    Document result;
    set_turns(result, input_.records, std::get<std::vector<Turn>>(turns));
    result.bytes = row.bytes;
    result.row = row_;
    result.encoding = "utf-8";
    // A sample's `source` says where its text is from; what is counted and mixed is the source of the recipe.
    for (const auto& [key, value] : object)
      if (key == "id" || key == "licence" || key == "license" || key == "access") own_field(key, value, result);
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
  std::string mended_, unit_ = "line ";
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
