#include "jinja/builtins.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "jinja/text.h"

namespace hone::jinja {

const Value* Called::find(size_t place, std::string_view name) const {
  if (place < arguments_.positional.size()) return &arguments_.positional[place];
  for (const auto& [given, value] : arguments_.named) {
    if (!name.empty() && given == name) return &value;
  }
  return nullptr;
}

const Value& Called::need(size_t place, std::string_view name) const {
  const Value* value = find(place, name);
  if (value == nullptr) fail("needs " + (name.empty() ? std::to_string(place + 1) + " arguments" : std::string(name)));
  return *value;
}

const std::string& Called::text(size_t place, std::string_view name) const {
  const Value& value = need(place, name);
  if (value.string() == nullptr) fail("needs a string, not " + std::string(value.type_name()));
  return *value.string();
}

const std::string* Called::text_if_given(size_t place, std::string_view name) const {
  const Value* value = find(place, name);
  return value == nullptr || value->is<None>() ? nullptr : &text(place, name);
}

int64_t Called::integer(size_t place, std::string_view name, int64_t otherwise) const {
  const Value* value = find(place, name);
  if (value == nullptr || value->is<None>()) return otherwise;
  if (value->integer() == nullptr) fail("needs a whole number, not " + std::string(value->type_name()));
  return *value->integer();
}

bool Called::flag(size_t place, std::string_view name, bool otherwise) const {
  const Value* value = find(place, name);
  return value == nullptr ? otherwise : value->truth();
}

void Called::at_most(size_t most) const {
  if (arguments_.positional.size() + arguments_.named.size() > most) fail("takes at most " + std::to_string(most) + " arguments");
}

void Called::fail(const std::string& why) const { throw Error(ExitCode::data, std::string(what_) + ": " + why); }

std::vector<Value> items_of(const Value& value) {
  if (value.list() != nullptr) return value.list()->items;
  std::vector<Value> items;
  if (value.dict() != nullptr) {
    for (const auto& [key, item] : value.dict()->items) items.push_back(key);
  } else if (value.string() != nullptr) {
    for (std::string& c : characters(*value.string())) items.emplace_back(std::move(c));
  } else if (value.is<Undefined>()) {
    throw Error(ExitCode::data, std::get<Undefined>(value.kind()).name + " is undefined");
  } else {
    throw Error(ExitCode::data, std::string(value.type_name()) + " has no items");
  }
  return items;
}

Value item_of(const Value& value, const Value& key) {
  const std::string label = str(key);
  if (value.dict() != nullptr) {
    const Value* found = value.dict()->find(key);
    return found != nullptr ? *found : Value(Undefined{label});
  }
  if (value.space() != nullptr) {
    const Value* found = value.space()->values.find(key);
    return found != nullptr ? *found : Value(Undefined{label});
  }
  if (key.integer() == nullptr) return Undefined{label};
  const int64_t size = value.list() != nullptr     ? static_cast<int64_t>(value.list()->items.size())
                       : value.string() != nullptr ? length(*value.string())
                                                   : 0;
  const int64_t at = *key.integer() < 0 ? *key.integer() + size : *key.integer();
  if (at < 0 || at >= size) return Undefined{label};
  if (value.list() != nullptr) return value.list()->items[static_cast<size_t>(at)];
  const int64_t end = at + 1;
  return slice(*value.string(), &at, &end, 1);
}

bool contains(const Value& container, const Value& item) {
  if (container.string() != nullptr) {
    if (item.string() == nullptr) throw Error(ExitCode::data, "in a string there can only be a string, not " + std::string(item.type_name()));
    return container.string()->find(*item.string()) != std::string::npos;
  }
  if (container.is<Undefined>()) return false;
  const std::vector<Value> items = items_of(container);
  return std::any_of(items.begin(), items.end(), [&](const Value& each) { return equal(each, item); });
}

namespace {

constexpr int64_t kMaxIndent = 1000;  // what is asked for beyond is not meant to be read

/// json.dumps' own layout: ", " and ": ", or one item a line.
void dump(std::string& out, const nlohmann::ordered_json& json, int64_t indent, int64_t level, bool ascii) {
  if (!json.is_structured()) {
    out += json.is_number_float() ? float_repr(json.get<double>()) : json.dump(-1, ' ', ascii, nlohmann::ordered_json::error_handler_t::replace);
    return;
  }
  const bool object = json.is_object();
  if (json.empty()) {
    out += object ? "{}" : "[]";
    return;
  }
  const auto line = [&](int64_t depth) {
    if (indent >= 0) out += '\n', out.append(static_cast<size_t>(std::min(indent, kMaxIndent) * depth), ' ');
    check_text_size(out.size());
  };
  out += object ? '{' : '[';
  bool first = true;
  for (const auto& [key, item] : json.items()) {
    if (!first) out += indent >= 0 ? "," : ", ";
    first = false;
    line(level + 1);
    if (object) out += nlohmann::ordered_json(key).dump(-1, ' ', ascii, nlohmann::ordered_json::error_handler_t::replace) + ": ";
    dump(out, item, indent, level + 1, ascii);
  }
  line(level);
  out += object ? '}' : ']';
}

nlohmann::ordered_json sorted(const nlohmann::ordered_json& json) {
  if (json.is_array()) {
    nlohmann::ordered_json array = nlohmann::ordered_json::array();
    for (const auto& item : json) array.push_back(sorted(item));
    return array;
  }
  if (!json.is_object()) return json;
  std::vector<std::string> keys;
  for (const auto& [key, item] : json.items()) keys.push_back(key);
  std::sort(keys.begin(), keys.end());
  nlohmann::ordered_json object = nlohmann::ordered_json::object();
  for (const std::string& key : keys) object[key] = sorted(json[key]);
  return object;
}

}  // namespace

std::string json_text(const Value& value, JsonStyle style, int64_t indent) {
  std::string text;
  if (style == JsonStyle::plain) {
    dump(text, to_json(value), indent, 0, false);
    return text;
  }
  dump(text, sorted(to_json(value)), indent, 0, true);
  std::string safe;
  for (const char c : text) {
    if (c == '<') safe += "\\u003c";
    else if (c == '>') safe += "\\u003e";
    else if (c == '&') safe += "\\u0026";
    else if (c == '\'') safe += "\\u0027";
    else safe += c;
  }
  return safe;
}

bool apply_test(std::string_view name, const Value& value, const Arguments& arguments) {
  const Called called(name, arguments);
  const auto other = [&]() -> const Value& { return called.need(0); };
  const auto whole = [&] {
    if (value.integer() == nullptr) called.fail("needs a whole number, not " + std::string(value.type_name()));
    return *value.integer();
  };
  if (name == "defined") return !value.is<Undefined>();
  if (name == "undefined") return value.is<Undefined>();
  if (name == "none") return value.is<None>();
  if (name == "string") return value.string() != nullptr;
  if (name == "number") return value.is_number();
  if (name == "integer") return value.integer() != nullptr;
  if (name == "float") return value.is<double>();
  if (name == "boolean") return value.is<bool>();
  if (name == "true") return value.is<bool>() && value.truth();
  if (name == "false") return value.is<bool>() && !value.truth();
  if (name == "mapping") return value.is_dict();
  if (name == "sequence" || name == "iterable") return value.is_list() || value.is_dict() || value.string() != nullptr;
  if (name == "callable") return value.callable() != nullptr;
  if (name == "eq" || name == "equalto" || name == "sameas") return equal(value, other());
  if (name == "ne") return !equal(value, other());
  if (name == "lt" || name == "lessthan") return less(value, other());
  if (name == "gt" || name == "greaterthan") return less(other(), value);
  if (name == "le") return !less(other(), value);
  if (name == "ge") return !less(value, other());
  if (name == "in") return contains(other(), value);
  if (name == "odd") return whole() % 2 != 0;
  if (name == "even") return whole() % 2 == 0;
  if (name == "divisibleby") {
    const int64_t by = called.integer(0, "num", 0);
    if (by == 0) called.fail("needs a number that is not 0");
    return whole() % by == 0;
  }
  if (name == "lower") return value.string() != nullptr && lower(*value.string()) == *value.string();
  if (name == "upper") return value.string() != nullptr && upper(*value.string()) == *value.string();
  throw Error(ExitCode::data, "there is no test called " + std::string(name));
}

}  // namespace hone::jinja
