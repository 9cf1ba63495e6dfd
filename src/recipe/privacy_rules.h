#pragma once
/// Options of the rules for what must not be learnt: personal data, secrets, instructions aimed at a model.
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "recipe/binder.h"

namespace hone::recipe {

/// What happens to a span of personal data or a secret. `redact`: a typed placeholder; `pseudonymise`: the same made-up
/// stand-in wherever the value returns (keyed hash).
enum class SpanAction { flag, redact, pseudonymise };
constexpr std::array<std::string_view, 3> names_of(SpanAction) { return {"flag", "redact", "pseudonymise"}; }

struct PersonalDataOptions {
  SpanAction action = SpanAction::redact;
};

void describe(Binder& bind, PersonalDataOptions& options);

}  // namespace hone::recipe
