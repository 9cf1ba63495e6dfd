#pragma once
/// What a template computes with: Python's values as far as templates use them.
///
/// Strings are UTF-8 and counted by code point. How deep values nest and how much they would print is bounded when they are made
/// (kMaxNesting, kMaxWeight), since a template can put a list into itself twice, sixty times over. Lists, dictionaries and namespaces are shared, as in Python; only a namespace
/// can be changed by a template. str() and repr() give the very characters Python 3 gives, because prompts are made of them.
#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace hone::jinja {

class Value;

/// A name or key that is not there; printing it gives nothing, or an error when templates are strict.
struct Undefined {
  std::string name;  ///< Empty: the missing else of an inline if, which prints as nothing even when templates are strict.
};
struct None {};

constexpr uint32_t kMaxNesting = 200;
constexpr uint64_t kMaxWeight = UINT64_C(64) << 20;

/// How deep a value goes, and about how many bytes it takes when all that it shares is counted as often as it is shared.
struct Extent {
  uint32_t depth = 0;
  uint64_t weight = 0;
};

struct List {
  std::vector<Value> items;
  bool tuple = false;  ///< Shown in round brackets.
  Extent extent = {};  ///< Set when it becomes a Value.
};

/// Keys in the order in which they came. Few enough that looking through them is quickest.
struct Dict {
  std::vector<std::pair<Value, Value>> items;
  Extent extent = {};  ///< Set when it becomes a Value.
  const Value* find(const Value& key) const;
  const Value* find(std::string_view key) const;
  void put(Value key, Value value);
};

/// namespace(): what `{% set ns.name = … %}` writes to.
struct Namespace {
  Dict values;
};

struct Arguments {
  std::vector<Value> positional;
  std::vector<std::pair<std::string, Value>> named;
};

struct Callable {
  std::string name;
  std::function<Value(const Arguments&)> call;
  Extent extent = {};  ///< Of the value whose method it is.
};

class Value {
 public:
  using Kind = std::variant<Undefined, None, bool, int64_t, double, std::string, std::shared_ptr<List>, std::shared_ptr<Dict>,
                            std::shared_ptr<Namespace>, std::shared_ptr<Callable>>;

  Value() : kind_(Undefined{}) {}
  Value(Undefined name) : kind_(std::move(name)) {}
  Value(None none) : kind_(none) {}
  Value(bool value) : kind_(value) {}
  Value(int64_t value) : kind_(value) {}
  Value(double value) : kind_(value) {}
  Value(std::string text) : kind_(std::move(text)) {}
  Value(std::string_view text) : kind_(std::string(text)) {}
  Value(const char* text) : kind_(std::string(text)) {}
  /// Both throw data past kMaxNesting or kMaxWeight.
  Value(List list);
  Value(Dict dict);
  Value(std::shared_ptr<Namespace> space) : kind_(std::move(space)) {}
  Value(std::shared_ptr<Callable> callable) : kind_(std::move(callable)) {}

  template <typename T>
  bool is() const { return std::holds_alternative<T>(kind_); }
  bool is_list() const { return is<std::shared_ptr<List>>(); }
  bool is_dict() const { return is<std::shared_ptr<Dict>>(); }
  bool is_number() const { return is<int64_t>() || is<double>() || is<bool>(); }

  const std::string* string() const { return std::get_if<std::string>(&kind_); }
  const List* list() const { return is_list() ? std::get<std::shared_ptr<List>>(kind_).get() : nullptr; }
  const Dict* dict() const { return is_dict() ? std::get<std::shared_ptr<Dict>>(kind_).get() : nullptr; }
  Namespace* space() const;
  const Callable* callable() const;
  /// Python's int(x) of a bool or int; nothing for other kinds.
  const int64_t* integer() const { return std::get_if<int64_t>(&kind_); }
  /// Of bool, int and float.
  double number() const;

  Extent extent() const;

  /// Python's truth: empty, zero, none and undefined are false.
  bool truth() const;
  /// "str", "list", "Undefined" … as error messages call it.
  std::string_view type_name() const;
  const Kind& kind() const { return kind_; }

 private:
  Kind kind_;
};

/// Python's ==. Numbers compare across kinds; undefined equals undefined only.
bool equal(const Value& a, const Value& b);
/// Python's a < b for numbers, strings (by code point) and lists; throws data when the two have no order.
bool less(const Value& a, const Value& b);

/// Python's str() and repr(). str() of undefined is empty.
std::string str(const Value& value);
std::string repr(const Value& value);
/// Python's float repr: shortest digits that read back, "1.0", "1e-05", "inf".
std::string float_repr(double value);

/// Objects keep their order when the JSON type does (nlohmann::ordered_json).
Value from_json(const nlohmann::ordered_json& json);
/// Undefined and callables have no JSON; throws data.
nlohmann::ordered_json to_json(const Value& value);

}  // namespace hone::jinja
