#include "corpus/rules/language.h"

#include <algorithm>

#include "corpus/unicode.h"

namespace hone::corpus {
namespace {

constexpr uint64_t kLeastCharacters = 100;
constexpr double kMainShare = 0.5;

/// "zh-Hant" is wanted by who wants "zh".
std::string_view base_code(std::string_view code) { return code.substr(0, code.find('-')); }

}  // namespace

Outcome LanguageFilter::judge(const DocumentView& document) const {
  Outcome outcome;
  outcome.findings = {{"share", document.language.share}};
  if (wanted_.empty() || document.language.code == "und" || document.language.share < kMainShare) return outcome;
  const bool wanted = std::any_of(wanted_.begin(), wanted_.end(), [&](const std::string& code) {
    return code == document.language.code || code == base_code(document.language.code);
  });
  if (wanted || count_code_points(document.text) < kLeastCharacters) return outcome;
  outcome.verdict = Verdict::drop;
  outcome.reason = document.language.code;
  return outcome;
}

}  // namespace hone::corpus
