#include "recipe/privacy_rules.h"

namespace hone::recipe {

void describe(Binder& bind, PersonalDataOptions& options) {
  bind("action", options.action, "flag, redact with a typed placeholder, or pseudonymise");
}

}  // namespace hone::recipe
