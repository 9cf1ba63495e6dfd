#include "recipe/text_rules.h"

namespace hone::recipe {

void describe(Binder& bind, OwnRuleOptions& options) {
  bind("name", options.name, "what recipes and ledgers call it");
}

}  // namespace hone::recipe
