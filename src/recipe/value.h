#pragma once
/// A YAML document as a tree that remembers where each piece stood, so that every complaint can point at file:line:column.
/// Keys keep their order and are unique. Aliases are resolved; merge keys (`<<`) are merged with the document's own keys winning.
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"

namespace hone::recipe {

/// Where something stands: lines and columns from 1. `file` is the path as given, or "--set" for the command line.
struct Mark {
  std::string file;
  int line = 0;
  int column = 0;
};

/// "recipes/a.yaml:23:7"; "--set" has no line.
std::string to_string(const Mark& mark);

struct Value {
  enum class Kind { null, scalar, sequence, mapping };

  struct Entry;

  Kind kind = Kind::null;
  Mark mark;
  std::string scalar;    ///< Text of a scalar, without quotes.
  bool quoted = false;   ///< Quoted scalars are text, never numbers or booleans.
  std::vector<Value> items;
  std::vector<Entry> entries;

  /// The entry's value, or nullptr. Mappings only.
  const Value* find(const std::string& key) const;
};

struct Value::Entry {
  std::string key;
  Mark mark;  ///< Of the key.
  Value value;
};

/// One mistake, answered like a compiler would.
struct Problem {
  Mark mark;
  std::string message;
  ExitCode code = ExitCode::usage;  ///< data: the recipe is sound, what it points at is not.
};

/// Overlays `over` on `base`: mappings key by key, everything else replaced whole.
void overlay(Value& base, const Value& over);

}  // namespace hone::recipe
