#include "corpus/rules/injection.h"

#include "corpus/injection/find.h"
#include "corpus/shadow.h"

namespace hone::corpus {

Outcome Injection::judge(const DocumentView& document) const {
  const Shadow shadow(document.text);
  const std::vector<injection::Passage> passages = injection::find_all(shadow.text());
  if (passages.empty()) return Outcome::keep();
  constexpr std::string_view kWhat = "instruction_to_model";
  Outcome outcome;
  int points = 0;
  for (const injection::Passage& passage : passages) {
    const auto [begin, end] = shadow.source_range(passage.begin, passage.end);
    auto& places = action_ == recipe::InjectionAction::remove ? outcome.edits : outcome.flags;
    places.push_back({begin, end, "", kWhat, {}});
    points = std::max(points, passage.points);
  }
  outcome.findings = {{"passages", static_cast<double>(passages.size())}, {"points", static_cast<double>(points)}};
  outcome.reason = kWhat;
  if (action_ == recipe::InjectionAction::drop) outcome.verdict = Verdict::drop;
  if (action_ == recipe::InjectionAction::remove) outcome.verdict = Verdict::edit;
  return outcome;
}

}  // namespace hone::corpus
