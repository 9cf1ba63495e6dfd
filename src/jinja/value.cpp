#include "jinja/value.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "jinja/text.h"

namespace hone::jinja {
namespace {

template <typename... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
template <typename... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

std::string joined_repr(const std::vector<Value>& items) {
  std::string text;
  for (const Value& item : items) text += (text.empty() ? "" : ", ") + repr(item);
  return text;
}

std::string list_repr(const List& list) {
  if (!list.tuple) return "[" + joined_repr(list.items) + "]";
  return "(" + joined_repr(list.items) + (list.items.size() == 1 ? ",)" : ")");
}

std::string dict_repr(const Dict& dict) {
  std::string text;
  for (const auto& [key, value] : dict.items) text += (text.empty() ? "" : ", ") + repr(key) + ": " + repr(value);
  return "{" + text + "}";
}

/// Takes a part into the whole.
void grow(Extent& whole, const Extent& part) {
  whole.depth = std::max(whole.depth, part.depth + 1);
  whole.weight += part.weight;
  if (whole.depth > kMaxNesting) throw Error(ExitCode::data, "values are nested more than " + std::to_string(kMaxNesting) + " levels deep");
  if (whole.weight > kMaxWeight) throw Error(ExitCode::data, "a value becomes larger than " + std::to_string(kMaxWeight >> 20) + " MiB");
}

List measured(List list) {
  list.extent = {0, sizeof(Value)};
  for (const Value& item : list.items) grow(list.extent, item.extent());
  return list;
}

Dict measured(Dict dict) {
  dict.extent = {0, sizeof(Value)};
  for (const auto& [key, value] : dict.items) {
    grow(dict.extent, key.extent());
    grow(dict.extent, value.extent());
  }
  return dict;
}

bool equal_items(const std::vector<Value>& a, const std::vector<Value>& b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (!equal(a[i], b[i])) return false;
  }
  return true;
}

bool equal_dicts(const Dict& a, const Dict& b) {
  if (a.items.size() != b.items.size()) return false;
  for (const auto& [key, value] : a.items) {
    const Value* other = b.find(key);
    if (other == nullptr || !equal(value, *other)) return false;
  }
  return true;
}

}  // namespace

const Value* Dict::find(const Value& key) const {
  for (const auto& [name, value] : items) {
    if (equal(name, key)) return &value;
  }
  return nullptr;
}

const Value* Dict::find(std::string_view key) const {
  for (const auto& [name, value] : items) {
    if (name.string() != nullptr && *name.string() == key) return &value;
  }
  return nullptr;
}

void Dict::put(Value key, Value value) {
  for (auto& [name, present] : items) {
    if (equal(name, key)) {
      present = std::move(value);
      return;
    }
  }
  items.emplace_back(std::move(key), std::move(value));
}

Value::Value(List list) : kind_(std::make_shared<List>(measured(std::move(list)))) {}
Value::Value(Dict dict) : kind_(std::make_shared<Dict>(measured(std::move(dict)))) {}

Extent Value::extent() const {
  if (list() != nullptr) return list()->extent;
  if (dict() != nullptr) return dict()->extent;
  if (callable() != nullptr) return callable()->extent;
  return {0, sizeof(Value) + (string() != nullptr ? string()->size() : 0)};
}

Namespace* Value::space() const {
  const auto* held = std::get_if<std::shared_ptr<Namespace>>(&kind_);
  return held == nullptr ? nullptr : held->get();
}

const Callable* Value::callable() const {
  const auto* held = std::get_if<std::shared_ptr<Callable>>(&kind_);
  return held == nullptr ? nullptr : held->get();
}

double Value::number() const {
  if (const auto* value = std::get_if<double>(&kind_)) return *value;
  if (const auto* value = std::get_if<bool>(&kind_)) return *value ? 1 : 0;
  if (const auto* value = integer()) return static_cast<double>(*value);
  HONE_ASSERT(false);
}

bool Value::truth() const {
  return std::visit(Overloaded{[](const Undefined&) { return false; }, [](None) { return false; }, [](bool value) { return value; },
                               [](int64_t value) { return value != 0; }, [](double value) { return value != 0; },
                               [](const std::string& text) { return !text.empty(); },
                               [](const std::shared_ptr<List>& list) { return !list->items.empty(); },
                               [](const std::shared_ptr<Dict>& dict) { return !dict->items.empty(); }, [](const auto&) { return true; }},
                    kind_);
}

std::string_view Value::type_name() const {
  static constexpr std::string_view kNames[] = {"Undefined", "None", "bool", "int", "float", "str", "list", "dict", "namespace", "function"};
  return kNames[kind_.index()];
}

bool equal(const Value& a, const Value& b) {
  if (a.integer() != nullptr && b.integer() != nullptr) return *a.integer() == *b.integer();
  if (a.is_number() && b.is_number()) return a.number() == b.number();
  if (a.kind().index() != b.kind().index()) return false;
  if (a.string() != nullptr) return *a.string() == *b.string();
  if (a.list() != nullptr) return a.list()->tuple == b.list()->tuple && equal_items(a.list()->items, b.list()->items);
  if (a.dict() != nullptr) return equal_dicts(*a.dict(), *b.dict());
  if (a.space() != nullptr) return a.space() == b.space();
  if (a.callable() != nullptr) return a.callable() == b.callable();
  return true;  // none or undefined, both
}

bool less(const Value& a, const Value& b) {
  if (a.integer() != nullptr && b.integer() != nullptr) return *a.integer() < *b.integer();
  if (a.is_number() && b.is_number()) return a.number() < b.number();
  if (a.string() != nullptr && b.string() != nullptr) return *a.string() < *b.string();  // UTF-8 sorts by code point
  if (a.list() != nullptr && b.list() != nullptr) {
    const auto &left = a.list()->items, &right = b.list()->items;
    for (size_t i = 0; i < std::min(left.size(), right.size()); ++i) {
      if (!equal(left[i], right[i])) return less(left[i], right[i]);
    }
    return left.size() < right.size();
  }
  throw Error(ExitCode::data, "'<' is not there between " + std::string(a.type_name()) + " and " + std::string(b.type_name()));
}

std::string float_repr(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  char buffer[64];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific).ptr;
  std::string text(buffer, end);
  const size_t mark = text.find('e');
  const int exponent = std::stoi(text.substr(mark + 1));
  if (exponent < -4 || exponent >= 16) {  // Python writes at least two digits of exponent, as to_chars does
    return text;
  }
  const auto fixed_end = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed).ptr;
  text.assign(buffer, fixed_end);
  return text.find('.') == std::string::npos ? text + ".0" : text;
}

std::string str(const Value& value) {
  if (value.is<Undefined>()) return "";
  if (value.string() != nullptr) return *value.string();
  return repr(value);
}

std::string repr(const Value& value) {
  return std::visit(Overloaded{[](const Undefined&) { return std::string("Undefined"); }, [](None) { return std::string("None"); },
                               [](bool flag) { return std::string(flag ? "True" : "False"); },
                               [](int64_t number) { return std::to_string(number); }, [](double number) { return float_repr(number); },
                               [](const std::string& text) { return quoted_text(text); },
                               [](const std::shared_ptr<List>& list) { return list_repr(*list); },
                               [](const std::shared_ptr<Dict>& dict) { return dict_repr(*dict); },
                               [](const std::shared_ptr<Namespace>&) { return std::string("<Namespace>"); },
                               [](const std::shared_ptr<Callable>& callable) { return "<function " + callable->name + ">"; }},
                    value.kind());
}

Value from_json(const nlohmann::ordered_json& json) {
  switch (json.type()) {
    case nlohmann::ordered_json::value_t::null: return None{};
    case nlohmann::ordered_json::value_t::boolean: return json.get<bool>();
    case nlohmann::ordered_json::value_t::number_integer: return json.get<int64_t>();
    case nlohmann::ordered_json::value_t::number_unsigned:
      if (json.get<uint64_t>() > INT64_MAX) return json.get<double>();
      return json.get<int64_t>();
    case nlohmann::ordered_json::value_t::number_float: return json.get<double>();
    case nlohmann::ordered_json::value_t::string: return json.get_ref<const std::string&>();
    case nlohmann::ordered_json::value_t::array: {
      List list;
      for (const auto& item : json) list.items.push_back(from_json(item));
      return list;
    }
    case nlohmann::ordered_json::value_t::object: {
      Dict dict;
      for (const auto& [key, item] : json.items()) dict.items.emplace_back(key, from_json(item));
      return dict;
    }
    default: throw Error(ExitCode::data, "a template was given JSON that is neither text, number, list nor object");
  }
}

nlohmann::ordered_json to_json(const Value& value) {
  using Json = nlohmann::ordered_json;
  if (value.is<None>()) return nullptr;
  if (const auto* flag = std::get_if<bool>(&value.kind())) return *flag;
  if (value.integer() != nullptr) return *value.integer();
  if (value.is<double>()) return value.number();
  if (value.string() != nullptr) return *value.string();
  if (value.list() != nullptr) {
    Json array = Json::array();
    for (const Value& item : value.list()->items) array.push_back(to_json(item));
    return array;
  }
  if (value.dict() != nullptr) {
    Json object = Json::object();
    for (const auto& [key, item] : value.dict()->items) object[str(key)] = to_json(item);
    return object;
  }
  throw Error(ExitCode::data, "a value of type " + std::string(value.type_name()) + " cannot be written as JSON");
}

}  // namespace hone::jinja
