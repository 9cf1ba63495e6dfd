#include "recipe/privacy_rules.h"

namespace hone::recipe {

void describe(Binder& bind, KindOptions& options) {
  bind("kr_rrn", options.kr_rrn, "Korean resident registration numbers");
  bind("kr_frn", options.kr_frn, "registration numbers of foreigners in Korea");
  bind("kr_brn", options.kr_brn, "Korean business registration numbers");
  bind("kr_driver", options.kr_driver, "Korean driver's licences");
  bind("passport", options.passport, "passport numbers with the word beside them");
  bind("us_ssn", options.us_ssn, "United States social security numbers");
  bind("card", options.card, "payment cards");
  bind("bank_account", options.bank_account, "bank accounts with a word for it beside them");
  bind("iban", options.iban, "international bank account numbers");
  bind("phone", options.phone, "telephone numbers");
  bind("email", options.email, "mail addresses");
  bind("ip", options.ip, "IP addresses of persons' machines");
  bind("address", options.address, "postal addresses; usual means off unless `addresses` is on");
  bind("person_name", options.person_name, "names of people; usual means off unless `names` is on");
}

void describe(Binder& bind, SecretOptions& options) {
  bind("action", options.action, "flag, or redact with a placeholder");
  bind("allow", options.allow, "values that are no secrets, or /patterns/ (RE2) that match a whole value");
}

void describe(Binder& bind, InjectionOptions& options) {
  bind("action", options.action, "flag, remove the passage, or drop the document");
}

void describe(Binder& bind, PersonalDataOptions& options) {
  bind("action", options.action, "flag, redact with a typed placeholder, or pseudonymise");
  bind.section("kinds", options.kinds, "what to do with one kind: usual (as `action` says), off, flag, redact or pseudonymise");
  bind("names", options.names, "look for names of people, by lists and by the words around; errs often");
  bind("addresses", options.addresses, "look for postal addresses");
  bind("allow", options.allow, "never personal: values, @domain for every address of a domain, or /patterns/ (RE2) that match a whole value");
  bind("key_file", options.key_file,
       "file with the key of keyed hashes, as hex digits; by default hone/key in the user's configuration folder, made when it is not there; "
       "HONE_KEY in the environment wins")
      .path();
}

}  // namespace hone::recipe
