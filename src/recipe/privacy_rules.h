#pragma once
/// Options of the rules for what must not be learnt: personal data, secrets, instructions aimed at a model.
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "recipe/binder.h"

namespace hone::recipe {

/// What happens to a span of personal data or a secret. `redact`: a typed placeholder; `pseudonymise`: the same made-up
/// stand-in wherever the value returns (keyed hash).
enum class SpanAction { flag, redact, pseudonymise };
constexpr std::array<std::string_view, 3> names_of(SpanAction) { return {"flag", "redact", "pseudonymise"}; }

/// The same for one kind; `usual`: what `action` says. `off`: not looked for.
enum class KindAction { usual, off, flag, redact, pseudonymise };
constexpr std::array<std::string_view, 5> names_of(KindAction) { return {"usual", "off", "flag", "redact", "pseudonymise"}; }

/// One choice for each kind of personal data; ledgers spell kinds the same.
struct KindOptions {
  KindAction kr_rrn = KindAction::usual, kr_frn = KindAction::usual, kr_brn = KindAction::usual, kr_driver = KindAction::usual,
             passport = KindAction::usual, us_ssn = KindAction::usual, card = KindAction::usual, bank_account = KindAction::usual,
             iban = KindAction::usual, phone = KindAction::usual, email = KindAction::usual, ip = KindAction::usual,
             address = KindAction::usual, person_name = KindAction::usual;
};

enum class SecretAction { flag, redact };
constexpr std::array<std::string_view, 2> names_of(SecretAction) { return {"flag", "redact"}; }

struct SecretOptions {
  SecretAction action = SecretAction::redact;
  std::vector<std::string> allow;  ///< Values that are no secrets, or /patterns/ that match a whole value.
};

enum class InjectionAction { flag, remove, drop };
constexpr std::array<std::string_view, 3> names_of(InjectionAction) { return {"flag", "remove", "drop"}; }

struct InjectionOptions {
  InjectionAction action = InjectionAction::flag;
};

struct PersonalDataOptions {
  SpanAction action = SpanAction::redact;
  KindOptions kinds;
  bool names = false;      ///< Names of people, by lists and context: finds much, errs often.
  bool addresses = false;  ///< Postal addresses, likewise.
  std::vector<std::string> allow;       ///< Values, @domains, or /patterns/ that match a whole value: never personal.
  std::optional<std::string> key_file;  ///< Hex digits; by default hone/key in the user's configuration folder.
  std::string key;         ///< The key itself, as bytes. Set by the stage, never part of a recipe.
  SecretOptions secrets;
  InjectionOptions injection;
};

void describe(Binder& bind, KindOptions& options);
void describe(Binder& bind, SecretOptions& options);
void describe(Binder& bind, InjectionOptions& options);
void describe(Binder& bind, PersonalDataOptions& options);

}  // namespace hone::recipe
