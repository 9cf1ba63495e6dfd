/// Filters, with Jinja's arguments and defaults.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>

#include "base/error.h"
#include "jinja/builtins.h"
#include "jinja/text.h"

namespace hone::jinja {
namespace {

struct Filtering {
  const Value& value;
  const Called& called;
  const Arguments& arguments;
  const TemplateOptions& options;

  std::string text() const { return str(value); }
  std::vector<Value> items() const { return value.is<Undefined>() ? std::vector<Value>{} : items_of(value); }
};

using Filter = Value (*)(const Filtering&);

/// "a.b.0" of an item, as map(attribute=…) and sort(attribute=…) have it.
Value attribute_of(Value item, const std::string& path) {
  for (const std::string& name : split(path, &static_cast<const std::string&>(std::string(".")), -1, false)) {
    int64_t place = 0;
    const bool number = std::from_chars(name.data(), name.data() + name.size(), place).ptr == name.data() + name.size() && !name.empty();
    item = item_of(item, number ? Value(place) : Value(name));
  }
  return item;
}

Value length_of(const Filtering& call) {
  if (call.value.string() != nullptr) return length(*call.value.string());
  if (call.value.is<Undefined>()) return int64_t{0};
  return static_cast<int64_t>(items_of(call.value).size());
}

Value default_of(const Filtering& call) {
  const bool wanted = call.value.is<Undefined>() || (call.called.flag(1, "boolean", false) && !call.value.truth());
  if (!wanted) return call.value;
  const Value* given = call.called.find(0, "default_value");
  return given != nullptr ? *given : Value("");
}

Value join(const Filtering& call) {
  const std::string* separator = call.called.text_if_given(0, "d");
  const std::string* attribute = call.called.text_if_given(1, "attribute");
  std::string text;
  bool first = true;
  for (const Value& item : call.items()) {
    if (!first && separator != nullptr) text += *separator;
    first = false;
    text += str(attribute != nullptr ? attribute_of(item, *attribute) : item);
    check_text_size(text.size());
  }
  return text;
}

Value end_item(const Filtering& call, bool last) {
  const std::vector<Value> items = call.items();
  if (items.empty()) return Undefined{last ? "the last item of nothing" : "the first item of nothing"};
  return last ? items.back() : items.front();
}

Value to_integer(const Filtering& call) {
  const int64_t otherwise = call.called.integer(0, "default", 0);
  if (call.value.integer() != nullptr) return call.value;
  if (call.value.is_number()) {
    const double number = call.value.number();
    return std::abs(number) < 9e18 ? static_cast<int64_t>(number) : otherwise;
  }
  if (call.value.string() == nullptr) return otherwise;
  const std::string digits(strip(*call.value.string(), nullptr, true, true));
  int64_t result = 0;
  const char* begin = digits.data() + (digits.starts_with('+') ? 1 : 0);
  if (!digits.empty() && std::from_chars(begin, digits.data() + digits.size(), result).ptr == digits.data() + digits.size()) return result;
  double real = 0;
  if (!digits.empty() && std::from_chars(begin, digits.data() + digits.size(), real).ptr == digits.data() + digits.size() && std::abs(real) < 9e18)
    return static_cast<int64_t>(real);
  return otherwise;
}

Value to_float(const Filtering& call) {
  if (call.value.is_number()) return call.value.number();
  double result = 0;
  const std::string digits(strip(call.text(), nullptr, true, true));
  const char* begin = digits.data() + (digits.starts_with('+') ? 1 : 0);
  if (!digits.empty() && std::from_chars(begin, digits.data() + digits.size(), result).ptr == digits.data() + digits.size()) return result;
  const Value* otherwise = call.called.find(0, "default");
  return otherwise != nullptr ? *otherwise : Value(0.0);
}

Value rounded(const Filtering& call) {
  if (!call.value.is_number()) call.called.fail("needs a number, not " + std::string(call.value.type_name()));
  const std::string* method = call.called.text_if_given(1, "method");
  const double scale = std::pow(10.0, static_cast<double>(call.called.integer(0, "precision", 0)));
  const double scaled = call.value.number() * scale;
  const double whole = method == nullptr || *method == "common" ? std::nearbyint(scaled) : *method == "ceil" ? std::ceil(scaled) : std::floor(scaled);
  return whole / scale;
}

Value indented(const Filtering& call) {
  const Value* width = call.called.find(0, "width");
  const std::string indent = width != nullptr && width->string() != nullptr ? *width->string()
                                                                          : std::string(static_cast<size_t>(std::clamp<int64_t>(call.called.integer(0, "width", 4), 0, 1000)), ' ');
  const bool first = call.called.flag(1, "first", false), blank = call.called.flag(2, "blank", false);
  std::string text;
  bool at_start = true;
  const std::string lines = call.text();
  const std::string line_end = "\n";
  for (const std::string& line : split(lines, &line_end, -1, false)) {
    if (!at_start) text += '\n';
    if ((at_start ? first : true) && (blank || !line.empty())) text += indent;
    text += line;
    check_text_size(text.size());
    at_start = false;
  }
  return text;
}

Value reversed(const Filtering& call) {
  std::vector<Value> items = items_of(call.value);
  std::reverse(items.begin(), items.end());
  if (call.value.string() == nullptr) return List{.items = std::move(items)};
  std::string text;
  for (const Value& c : items) text += *c.string();
  return text;
}

/// Sorting and comparing without regard to case, as Jinja does unless told otherwise.
Value sort_key(const Value& item, const std::string* attribute, bool case_sensitive) {
  Value key = attribute != nullptr ? attribute_of(item, *attribute) : item;
  return key.string() != nullptr && !case_sensitive ? Value(lower(*key.string())) : key;
}

Value sorted(const Filtering& call) {
  const bool case_sensitive = call.called.flag(1, "case_sensitive", false);
  const std::string* attribute = call.called.text_if_given(2, "attribute");
  std::vector<std::pair<Value, Value>> keyed;
  for (Value& item : call.items()) {
    Value key = sort_key(item, attribute, case_sensitive);
    keyed.emplace_back(std::move(key), std::move(item));
  }
  const bool reverse = call.called.flag(0, "reverse", false);
  std::stable_sort(keyed.begin(), keyed.end(), [reverse](const auto& a, const auto& b) { return reverse ? less(b.first, a.first) : less(a.first, b.first); });
  List list;
  for (auto& [key, item] : keyed) list.items.push_back(std::move(item));
  return list;
}

Value unique(const Filtering& call) {
  const bool case_sensitive = call.called.flag(0, "case_sensitive", false);
  const std::string* attribute = call.called.text_if_given(1, "attribute");
  List list;
  std::vector<Value> seen;
  for (Value& item : call.items()) {
    const Value key = sort_key(item, attribute, case_sensitive);
    if (std::any_of(seen.begin(), seen.end(), [&](const Value& each) { return equal(each, key); })) continue;
    seen.push_back(key);
    list.items.push_back(std::move(item));
  }
  return list;
}

Value extreme(const Filtering& call, bool largest) {
  const bool case_sensitive = call.called.flag(0, "case_sensitive", false);
  const std::string* attribute = call.called.text_if_given(1, "attribute");
  const std::vector<Value> items = call.items();
  if (items.empty()) return Undefined{"the extreme of nothing"};
  size_t best = 0;
  for (size_t i = 1; i < items.size(); ++i) {
    const Value a = sort_key(items[i], attribute, case_sensitive), b = sort_key(items[best], attribute, case_sensitive);
    if (largest ? less(b, a) : less(a, b)) best = i;
  }
  return items[best];
}

Value sum(const Filtering& call) {
  const std::string* attribute = call.called.text_if_given(0, "attribute");
  double real = 0;
  int64_t whole = call.called.integer(1, "start", 0);
  bool is_real = false;
  for (const Value& item : call.items()) {
    const Value value = attribute != nullptr ? attribute_of(item, *attribute) : item;
    if (!value.is_number()) call.called.fail("needs numbers, found " + std::string(value.type_name()));
    is_real = is_real || value.is<double>();
    real += value.number();
    if (!value.is<double>() && __builtin_add_overflow(whole, static_cast<int64_t>(value.number()), &whole)) call.called.fail("the sum is too large");
  }
  return is_real ? Value(real + static_cast<double>(call.called.integer(1, "start", 0))) : Value(whole);
}

/// The arguments behind the first `count`.
Arguments behind(const Arguments& arguments, size_t count) {
  Arguments rest{.positional = {}, .named = arguments.named};
  for (size_t i = count; i < arguments.positional.size(); ++i) rest.positional.push_back(arguments.positional[i]);
  return rest;
}

Value map(const Filtering& call) {
  List list;
  const std::string* attribute = call.called.text_if_given(SIZE_MAX, "attribute");
  for (const Value& item : call.items()) {
    if (attribute == nullptr) {
      list.items.push_back(apply_filter(call.called.text(0), item, behind(call.arguments, 1), call.options));
      continue;
    }
    Value value = attribute_of(item, *attribute);
    const Value* otherwise = call.called.find(SIZE_MAX, "default");
    list.items.push_back(value.is<Undefined>() && otherwise != nullptr ? *otherwise : std::move(value));
  }
  return list;
}

/// select, reject, selectattr and rejectattr.
Value chosen(const Filtering& call, bool by_attribute, bool keep) {
  const size_t skip = by_attribute ? 1 : 0;
  List list;
  for (Value& item : call.items()) {
    const Value tested = by_attribute ? attribute_of(item, call.called.text(0)) : item;
    const bool holds = call.called.find(skip) == nullptr ? tested.truth() : apply_test(call.called.text(skip), tested, behind(call.arguments, skip + 1));
    if (holds == keep) list.items.push_back(std::move(item));
  }
  return list;
}

Value pairs(const Filtering& call, bool sorted_by_key) {
  if (call.value.is<Undefined>()) return List{};
  if (call.value.dict() == nullptr) call.called.fail("needs a dictionary, not " + std::string(call.value.type_name()));
  std::vector<std::pair<Value, Value>> items = call.value.dict()->items;
  if (sorted_by_key) {
    const std::string* by = call.called.text_if_given(1, "by");
    const bool by_value = by != nullptr && *by == "value", reverse = call.called.flag(2, "reverse", false);
    std::stable_sort(items.begin(), items.end(), [&](const auto& a, const auto& b) {
      const Value x = sort_key(by_value ? a.second : a.first, nullptr, false), y = sort_key(by_value ? b.second : b.first, nullptr, false);
      return reverse ? less(y, x) : less(x, y);
    });
  }
  List list;
  for (auto& [key, value] : items) list.items.emplace_back(List{.items = {key, value}, .tuple = true});
  return list;
}

std::string escaped(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    if (c == '&') safe += "&amp;";
    else if (c == '<') safe += "&lt;";
    else if (c == '>') safe += "&gt;";
    else if (c == '"') safe += "&#34;";
    else if (c == '\'') safe += "&#39;";
    else safe += c;
  }
  return safe;
}

/// Not str.title(): words begin behind blanks, hyphens and opening brackets only.
Value word_titles(const Filtering& call) {
  std::string result, word;
  const auto end_word = [&] {
    const std::vector<std::string> letters = characters(word);
    if (!letters.empty()) result += upper(letters.front()) + lower(std::string_view(word).substr(letters.front().size()));
    word.clear();
  };
  for (const std::string& c : characters(call.text())) {
    const bool parts = strip(c, nullptr, true, false).empty() || (c.size() == 1 && std::string_view("-({[<").find(c[0]) != std::string_view::npos);
    if (!parts) {
      word += c;
      continue;
    }
    end_word();
    result += c;
  }
  end_word();
  return result;
}

Value absolute(const Filtering& call) {
  if (call.value.integer() != nullptr && *call.value.integer() != INT64_MIN) return std::abs(*call.value.integer());
  if (!call.value.is_number()) call.called.fail("needs a number, not " + std::string(call.value.type_name()));
  return std::abs(call.value.number());
}

Value replace(const Filtering& call) {
  return replaced(call.text(), str(call.called.need(0, "old")), str(call.called.need(1, "new")), call.called.integer(2, "count", -1));
}

const std::map<std::string_view, Filter>& filters() {
  static const std::map<std::string_view, Filter> kFilters = {
      {"abs", absolute},
      {"capitalize", [](const Filtering& call) { return Value(capitalized(call.text())); }},
      {"count", length_of},
      {"d", default_of},
      {"default", default_of},
      {"dictsort", [](const Filtering& call) { return pairs(call, true); }},
      {"e", [](const Filtering& call) { return Value(escaped(call.text())); }},
      {"escape", [](const Filtering& call) { return Value(escaped(call.text())); }},
      {"first", [](const Filtering& call) { return end_item(call, false); }},
      {"float", to_float},
      {"indent", indented},
      {"int", to_integer},
      {"items", [](const Filtering& call) { return pairs(call, false); }},
      {"join", join},
      {"last", [](const Filtering& call) { return end_item(call, true); }},
      {"length", length_of},
      {"list", [](const Filtering& call) { return Value(List{.items = call.items()}); }},
      {"lower", [](const Filtering& call) { return Value(lower(call.text())); }},
      {"map", map},
      {"max", [](const Filtering& call) { return extreme(call, true); }},
      {"min", [](const Filtering& call) { return extreme(call, false); }},
      {"reject", [](const Filtering& call) { return chosen(call, false, false); }},
      {"rejectattr", [](const Filtering& call) { return chosen(call, true, false); }},
      {"replace", replace},
      {"reverse", reversed},
      {"round", rounded},
      {"safe", [](const Filtering& call) { return call.value; }},
      {"select", [](const Filtering& call) { return chosen(call, false, true); }},
      {"selectattr", [](const Filtering& call) { return chosen(call, true, true); }},
      {"sort", sorted},
      {"string", [](const Filtering& call) { return Value(call.text()); }},
      {"sum", sum},
      {"title", word_titles},
      {"tojson", [](const Filtering& call) { return Value(json_text(call.value, call.options.json, call.called.integer(0, "indent", -1))); }},
      {"trim", [](const Filtering& call) { return Value(strip(call.text(), call.called.text_if_given(0, "chars"), true, true)); }},
      {"unique", unique},
      {"upper", [](const Filtering& call) { return Value(upper(call.text())); }},
      {"wordcount", [](const Filtering& call) { return Value(static_cast<int64_t>(split(call.text(), nullptr, -1, false).size())); }},
  };
  return kFilters;
}

}  // namespace

Value apply_filter(std::string_view name, const Value& value, const Arguments& arguments, const TemplateOptions& options) {
  const auto found = filters().find(name);
  if (found == filters().end()) throw Error(ExitCode::data, "there is no filter called " + std::string(name));
  const Called called(name, arguments);
  return found->second({value, called, arguments, options});
}

}  // namespace hone::jinja
