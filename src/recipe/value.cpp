#include "recipe/value.h"

#include <algorithm>

namespace hone::recipe {

std::string to_string(const Mark& mark) {
  if (mark.line <= 0) return mark.file;
  return mark.file + ":" + std::to_string(mark.line) + ":" + std::to_string(mark.column);
}

const Value* Value::find(const std::string& key) const {
  for (const Entry& entry : entries)
    if (entry.key == key) return &entry.value;
  return nullptr;
}

void overlay(Value& base, const Value& over) {
  if (base.kind != Value::Kind::mapping || over.kind != Value::Kind::mapping) {
    base = over;
    return;
  }
  for (const Value::Entry& entry : over.entries) {
    const auto same = [&](const Value::Entry& own) { return own.key == entry.key; };
    const auto own = std::find_if(base.entries.begin(), base.entries.end(), same);
    if (own == base.entries.end()) {
      base.entries.push_back(entry);
    } else {
      own->mark = entry.mark;
      overlay(own->value, entry.value);
    }
  }
}

}  // namespace hone::recipe
