#include "tasks/harness/yaml_json.h"

#include <re2/re2.h>

#include <charconv>

#include "base/error.h"

namespace hone::tasks {
namespace {

using Json = nlohmann::ordered_json;

bool is_one_of(const std::string& text, std::initializer_list<const char*> words) {
  for (const char* word : words)
    if (text == word) return true;
  return false;
}

std::string without(const std::string& text, char unwanted) {
  std::string result;
  for (const char c : text)
    if (c != unwanted) result += c;
  return result;
}

/// The int of YAML 1.1: binary, octal by a leading 0, decimal, hexadecimal; base 60 is not supported.
std::optional<Json> integer(const std::string& text) {
  static const RE2 kInteger(R"([-+]?(0b[01_]+|0[0-7_]+|(?:0|[1-9][0-9_]*)|0x[0-9a-fA-F_]+))");
  if (!RE2::FullMatch(text, kInteger)) return std::nullopt;
  std::string digits = without(text, '_');
  const bool negative = digits[0] == '-';
  if (digits[0] == '-' || digits[0] == '+') digits.erase(0, 1);
  int base = 10;
  if (digits.starts_with("0b")) base = 2, digits.erase(0, 2);
  else if (digits.starts_with("0x")) base = 16, digits.erase(0, 2);
  else if (digits.size() > 1 && digits[0] == '0') base = 8;
  int64_t number = 0;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), number, base);
  if (problem != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return Json(negative ? -number : number);
}

std::optional<Json> real(const std::string& text) {
  static const RE2 kReal(R"([-+]?(?:[0-9][0-9_]*)\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?)");
  if (!RE2::FullMatch(text, kReal)) return std::nullopt;
  std::string digits = without(text, '_');
  if (digits[0] == '+') digits.erase(0, 1);
  double number = 0;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (problem != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return Json(number);
}

Json scalar(const recipe::Value& value) {
  const std::string& text = value.scalar;
  if (value.quoted) return text;
  if (text.starts_with('!')) {
    constexpr std::string_view kFunction = "!function ";
    if (text.starts_with(kFunction)) return Json{{"!function", text.substr(kFunction.size())}};
    throw Error(ExitCode::usage, recipe::to_string(value.mark) + ": the tag " + text.substr(0, text.find(' ')) + " is not supported");
  }
  if (is_one_of(text, {"yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"})) return true;
  if (is_one_of(text, {"no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"})) return false;
  if (auto number = integer(text)) return *number;
  if (auto number = real(text)) return *number;
  return text;
}

}  // namespace

Json to_json(const recipe::Value& value) {
  switch (value.kind) {
    case recipe::Value::Kind::null: return nullptr;
    case recipe::Value::Kind::scalar: return scalar(value);
    case recipe::Value::Kind::sequence: {
      Json list = Json::array();
      for (const recipe::Value& item : value.items) list.push_back(to_json(item));
      return list;
    }
    case recipe::Value::Kind::mapping: {
      Json object = Json::object();
      for (const recipe::Value::Entry& entry : value.entries) object[entry.key] = to_json(entry.value);
      return object;
    }
  }
  return nullptr;
}

}  // namespace hone::tasks
