#pragma once
/// Options of the rules that judge a text by its measures, and of the rules an organisation writes itself.
#include <string>
#include <vector>

#include "recipe/binder.h"

namespace hone::recipe {

/// A rule of the organisation's own. `examples` are run by `hone validate`.
struct OwnRuleOptions {
  std::string name;
};

void describe(Binder& bind, OwnRuleOptions& options);

}  // namespace hone::recipe
