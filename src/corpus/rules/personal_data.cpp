#include "corpus/rules/personal_data.h"

#include <map>

#include "corpus/key.h"
#include "corpus/personal/scan.h"
#include "corpus/personal/stand_in.h"
#include "corpus/shadow.h"

namespace hone::corpus {
namespace {

using personal::Kind;
using recipe::KindAction;
using recipe::SpanAction;

std::array<KindAction, personal::kKinds> choices(const recipe::KindOptions& o) {
  return {o.kr_rrn, o.kr_frn,       o.kr_brn, o.kr_driver, o.passport, o.us_ssn,  o.card,
          o.bank_account, o.iban, o.phone,  o.email,     o.ip,       o.address, o.person_name};
}

}  // namespace

personal::Kinds kinds_of(const recipe::PersonalDataOptions& options) {
  personal::Kinds kinds = personal::numbered_kinds();
  kinds.set(static_cast<size_t>(Kind::address), options.addresses);
  kinds.set(static_cast<size_t>(Kind::person_name), options.names);
  const auto chosen = choices(options.kinds);
  for (size_t i = 0; i < personal::kKinds; ++i) {
    if (chosen[i] != KindAction::usual) kinds.set(i, chosen[i] != KindAction::off);
  }
  return kinds;
}

std::array<SpanAction, personal::kKinds> actions_of(const recipe::PersonalDataOptions& options) {
  std::array<SpanAction, personal::kKinds> actions{};
  const auto chosen = choices(options.kinds);
  for (size_t i = 0; i < personal::kKinds; ++i) {
    switch (chosen[i]) {
      case KindAction::flag: actions[i] = SpanAction::flag; break;
      case KindAction::redact: actions[i] = SpanAction::redact; break;
      case KindAction::pseudonymise: actions[i] = SpanAction::pseudonymise; break;
      default: actions[i] = options.action;
    }
  }
  return actions;
}

PersonalData::PersonalData(const recipe::PersonalDataOptions& options)
    : kinds_(kinds_of(options)), actions_(actions_of(options)), allow_(options.allow, "corpus.personal_data.allow"), key_(options.key) {
  for (size_t i = 0; i < personal::kKinds; ++i) changes_ |= kinds_.test(i) && actions_[i] != SpanAction::flag;
}

std::string PersonalData::inputs() const { return key_.empty() ? std::string{} : key_identity(key_); }

Outcome PersonalData::judge(const DocumentView& document) const {
  const Shadow shadow(document.text);
  Outcome outcome;
  std::map<Kind, int> counts;
  for (const personal::Match& match : personal::find_all(shadow.text(), kinds_)) {
    const std::string_view value = shadow.text().substr(match.begin, match.end - match.begin);
    if (allow_.allows(value)) continue;
    ++counts[match.kind];
    const auto [begin, end] = shadow.source_range(match.begin, match.end);
    const SpanAction action = actions_[static_cast<size_t>(match.kind)];
    if (action == SpanAction::flag) {
      outcome.flags.push_back({begin, end, "", name_of(match.kind), {}});
    } else {
      std::string put = action == SpanAction::redact ? std::string{placeholder_of(match.kind)} : personal::stand_in(match.kind, value, key_);
      outcome.edits.push_back({begin, end, std::move(put), name_of(match.kind), {}});
    }
  }
  for (const auto& [kind, count] : counts) outcome.findings.push_back({name_of(kind), static_cast<double>(count)});
  if (!outcome.edits.empty()) outcome.verdict = Verdict::edit;
  else if (!outcome.flags.empty()) outcome.reason = "flagged";
  return outcome;
}

}  // namespace hone::corpus
