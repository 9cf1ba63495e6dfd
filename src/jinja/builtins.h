#pragma once
/// What templates can call by name: filters (`x | name`), tests (`x is name`) and methods of strings, lists and dictionaries.
/// Each throws data when the name is not known or the arguments do not fit; the interpreter adds where.
#include <string>
#include <string_view>

#include "jinja/template.h"
#include "jinja/value.h"

namespace hone::jinja {

/// Arguments of one call, by place or by name.
class Called {
 public:
  Called(std::string_view what, const Arguments& arguments) : what_(what), arguments_(arguments) {}

  /// The argument at `place` or called `name`; null when it was not given.
  const Value* find(size_t place, std::string_view name = {}) const;
  const Value& need(size_t place, std::string_view name = {}) const;
  const std::string& text(size_t place, std::string_view name = {}) const;
  const std::string* text_if_given(size_t place, std::string_view name = {}) const;
  int64_t integer(size_t place, std::string_view name, int64_t otherwise) const;
  bool flag(size_t place, std::string_view name, bool otherwise) const;
  /// Throws when there are more arguments than `most`.
  void at_most(size_t most) const;
  [[noreturn]] void fail(const std::string& why) const;

 private:
  std::string_view what_;
  const Arguments& arguments_;
};

Value apply_filter(std::string_view name, const Value& value, const Arguments& arguments, const TemplateOptions& options);
bool apply_test(std::string_view name, const Value& value, const Arguments& arguments);
/// Calls value.name(…). Nothing happens to `value`; methods that would change it are not there.
Value call_method(const Value& value, std::string_view name, const Arguments& arguments);
bool has_method(const Value& value, std::string_view name);

/// The items a loop goes through: a list's, a dictionary's keys, a string's characters. Throws for other kinds.
std::vector<Value> items_of(const Value& value);
/// a[b], a.b for values; undefined when it is not there.
Value item_of(const Value& value, const Value& key);
/// Whether Python's `in` holds.
bool contains(const Value& container, const Value& item);
/// json.dumps as `style` has it; `indent` below 0 for one line.
std::string json_text(const Value& value, JsonStyle style, int64_t indent);

}  // namespace hone::jinja
