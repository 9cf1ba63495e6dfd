#include "corpus/rules/secrets.h"

#include <map>

#include "corpus/key.h"
#include "corpus/secret/find.h"
#include "corpus/shadow.h"

namespace hone::corpus {

std::string Secrets::inputs() const { return key_.empty() ? std::string{} : key_identity(key_); }

Outcome Secrets::judge(const DocumentView& document) const {
  const Shadow shadow(document.text);
  Outcome outcome;
  std::map<std::string_view, int> counts;
  for (const secret::Match& match : secret::find_all(shadow.text())) {
    if (allow_.allows(shadow.text().substr(match.begin, match.end - match.begin))) continue;
    ++counts[match.kind];
    const auto [begin, end] = shadow.source_range(match.begin, match.end);
    auto& places = action_ == recipe::SecretAction::flag ? outcome.flags : outcome.edits;
    places.push_back({begin, end, action_ == recipe::SecretAction::flag ? "" : std::string{secret::kPlaceholder}, match.kind, {}});
  }
  for (const auto& [kind, count] : counts) outcome.findings.push_back({kind, static_cast<double>(count)});
  if (!outcome.edits.empty()) outcome.verdict = Verdict::edit;
  else if (!outcome.flags.empty()) outcome.reason = "flagged";
  return outcome;
}

}  // namespace hone::corpus
