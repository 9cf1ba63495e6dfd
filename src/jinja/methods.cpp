/// Methods of strings, lists and dictionaries, with Python's arguments.
#include <algorithm>
#include <array>

#include "base/error.h"
#include "jinja/builtins.h"
#include "jinja/text.h"

namespace hone::jinja {
namespace {

constexpr std::array<std::string_view, 27> kOfStrings = {
    "strip", "lstrip", "rstrip", "split", "rsplit", "splitlines", "startswith", "endswith", "replace", "upper", "lower", "title", "capitalize",
    "find", "rfind", "index", "count", "join", "isdigit", "isspace", "removeprefix", "removesuffix", "zfill", "ljust", "rjust", "partition", "rpartition"};
constexpr std::array<std::string_view, 2> kOfLists = {"index", "count"};
constexpr std::array<std::string_view, 4> kOfDicts = {"items", "keys", "values", "get"};

template <size_t N>
bool among(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

List list_of(const std::vector<std::string>& texts) {
  List list;
  for (const std::string& text : texts) list.items.emplace_back(text);
  return list;
}

/// str.startswith takes one string or a tuple of them.
bool any_end(const std::string& text, const Value& ends, bool start) {
  if (ends.string() != nullptr) return start ? text.starts_with(*ends.string()) : text.ends_with(*ends.string());
  if (ends.list() == nullptr) throw Error(ExitCode::data, "startswith and endswith need a string");
  return std::any_of(ends.list()->items.begin(), ends.list()->items.end(), [&](const Value& end) { return any_end(text, end, start); });
}

int64_t occurrences(std::string_view text, std::string_view what) {
  if (what.empty()) return length(text) + 1;
  int64_t count = 0;
  for (size_t at = text.find(what); at != std::string_view::npos; at = text.find(what, at + what.size())) ++count;
  return count;
}

std::string joined(const std::string& separator, const Value& parts) {
  std::string text;
  bool first = true;
  for (const Value& part : items_of(parts)) {
    if (part.string() == nullptr) throw Error(ExitCode::data, "join: needs strings, found " + std::string(part.type_name()));
    if (!first) text += separator;
    first = false;
    text += *part.string();
    check_text_size(text.size());
  }
  return text;
}

std::string padded(const std::string& text, const Called& called, std::string_view name) {
  const int64_t width = called.integer(0, {}, 0), missing = width - length(text);
  if (missing <= 0 || missing > 1'000'000) return text;
  if (name == "zfill") {
    const bool sign = text.starts_with('-') || text.starts_with('+');
    return text.substr(0, sign ? 1 : 0) + std::string(static_cast<size_t>(missing), '0') + text.substr(sign ? 1 : 0);
  }
  const std::string fill = called.find(1) != nullptr ? called.text(1) : " ";
  check_text_size(text.size() + static_cast<size_t>(missing) * fill.size());
  std::string pad;
  for (int64_t i = 0; i < missing; ++i) pad += fill;
  return name == "ljust" ? text + pad : pad + text;
}

Value partitioned(const std::string& text, const std::string& at, bool last) {
  const size_t found = last ? text.rfind(at) : text.find(at);
  List parts{.items = {}, .tuple = true};
  if (found == std::string::npos) {
    parts.items = last ? std::vector<Value>{"", "", text} : std::vector<Value>{text, "", ""};
  } else {
    parts.items = {text.substr(0, found), at, text.substr(found + at.size())};
  }
  return parts;
}

Value place(const std::string& text, const Called& called, std::string_view name) {
  const size_t found = name == "rfind" ? text.rfind(called.text(0)) : text.find(called.text(0));
  if (found != std::string::npos) return code_point_index(text, found);
  if (name == "index") called.fail("substring not found");
  return int64_t{-1};
}

Value of_string(const std::string& text, std::string_view name, const Called& called) {
  if (name == "strip") return strip(text, called.text_if_given(0), true, true);
  if (name == "lstrip") return strip(text, called.text_if_given(0), true, false);
  if (name == "rstrip") return strip(text, called.text_if_given(0), false, true);
  if (name == "split" || name == "rsplit") {
    const std::string* separator = called.text_if_given(0, "sep");
    if (separator != nullptr && separator->empty()) called.fail("the separator is empty");
    return list_of(split(text, separator, called.integer(1, "maxsplit", -1), name == "rsplit"));
  }
  if (name == "splitlines") return list_of(split_lines(text));
  if (name == "startswith" || name == "endswith") return any_end(text, called.need(0), name == "startswith");
  if (name == "replace") return replaced(text, called.text(0), called.text(1), called.integer(2, "count", -1));
  if (name == "upper") return upper(text);
  if (name == "lower") return lower(text);
  if (name == "title") return title(text);
  if (name == "capitalize") return capitalized(text);
  if (name == "find" || name == "rfind" || name == "index") return place(text, called, name);
  if (name == "count") return occurrences(text, called.text(0));
  if (name == "join") return joined(text, called.need(0));
  if (name == "isdigit") return all_digits(text);
  if (name == "isspace") return !text.empty() && strip(text, nullptr, true, false).empty();
  if (name == "removeprefix") return text.starts_with(called.text(0)) ? text.substr(called.text(0).size()) : text;
  if (name == "removesuffix") return text.ends_with(called.text(0)) ? text.substr(0, text.size() - called.text(0).size()) : text;
  if (name == "partition" || name == "rpartition") return partitioned(text, called.text(0), name == "rpartition");
  return padded(text, called, name);
}

Value of_list(const List& list, std::string_view name, const Called& called) {
  const Value& wanted = called.need(0);
  int64_t count = 0;
  for (size_t i = 0; i < list.items.size(); ++i) {
    if (!equal(list.items[i], wanted)) continue;
    if (name == "index") return static_cast<int64_t>(i);
    ++count;
  }
  if (name == "index") called.fail(repr(wanted) + " is not in list");
  return count;
}

Value of_dict(const Dict& dict, std::string_view name, const Called& called) {
  if (name == "get") {
    const Value* found = dict.find(called.need(0));
    if (found != nullptr) return *found;
    return called.find(1) != nullptr ? called.need(1) : Value(None{});
  }
  List list;
  for (const auto& [key, value] : dict.items) {
    if (name == "keys") list.items.push_back(key);
    else if (name == "values") list.items.push_back(value);
    else list.items.emplace_back(List{.items = {key, value}, .tuple = true});
  }
  return list;
}

}  // namespace

bool has_method(const Value& value, std::string_view name) {
  if (value.string() != nullptr) return among(kOfStrings, name);
  if (value.list() != nullptr) return among(kOfLists, name);
  return value.dict() != nullptr && among(kOfDicts, name);
}

Value call_method(const Value& value, std::string_view name, const Arguments& arguments) {
  const Called called(name, arguments);
  if (value.string() != nullptr) return of_string(*value.string(), name, called);
  if (value.list() != nullptr) return of_list(*value.list(), name, called);
  HONE_ASSERT(value.dict() != nullptr);
  return of_dict(*value.dict(), name, called);
}

}  // namespace hone::jinja
