#include "report/verdict.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "report/look.h"
#include "report/names.h"
#include "tasks/gates.h"

namespace hone::report {

namespace {

using nlohmann::json;

constexpr Text kPromote{"The new model may be used: every gate passed.",
                        "새 모델을 사용해도 됩니다. 모든 조건을 통과했습니다."};
constexpr Text kReject{"Do not use the new model: a gate failed.",
                       "새 모델을 사용하지 마십시오. 통과하지 못한 조건이 있습니다."};
constexpr Text kInconclusive{"Not decided: the evidence is not enough.",
                             "판단을 보류합니다. 근거가 충분하지 않습니다."};
constexpr Text kNoGates{"This recipe sets no gates, so nothing was asked of the model.",
                        "이 레시피에는 조건이 없어 모델에 요구한 것이 없습니다."};
constexpr Text kTiny{
    "This was to be expected: {0} cannot show a difference beyond chance, whatever the "
    "model. A few "
    "documents may suit or not suit a model by luck, and no calculation on the same few documents can tell "
    "luck from learning.",
    "예상된 결과입니다. {0}으로는 어떤 모델이든 우연을 넘어서는 차이를 보일 수 없습니다. 문서가 "
    "적으면 그 문서가 우연히 "
    "모델에 맞거나 맞지 않을 수 있으며, 같은 문서로 아무리 계산해도 우연과 학습을 구별할 수 없습니다."};
constexpr Text kNoneExpected{
    "This was to be expected: whether a model has learnt or only memorised can be told from text it has not "
    "seen, and so short a "
    "corpus leaves none.",
    "예상된 결과입니다. 모델이 배웠는지 외웠을 뿐인지는 처음 보는 글로만 알 수 있는데, 이렇게 짧은 글에서는 "
    "남길 것이 없습니다."};
constexpr Text kTinyAdvice{
    "At least {0} documents must be held out before a gate is decided, and 30 or more to see small changes: "
    "add documents, or "
    "raise corpus.split.validation.",
    "조건을 판정하려면 검증 문서가 {0}건 이상 필요하고, 작은 변화까지 보려면 30건 이상이 좋습니다. 문서를 "
    "추가하거나 "
    "corpus.split.validation 값을 높이십시오."};
constexpr Text kAcross{
    "The interval of a gate reaches across its line: the true figure may lie on either side. More held-out "
    "documents make "
    "intervals narrower.",
    "신뢰구간이 조건의 경계에 걸쳐 있어 참값이 어느 쪽에 있는지 알 수 없습니다. 검증 문서가 많을수록 "
    "신뢰구간이 좁아집니다."};
constexpr Text kFailed{"Failed: {0}. {1}", "미통과: {0}. {1}"};
constexpr Text kPassedAll{"{0} of {0} gates passed, each beyond chance.",
                          "조건 {0}개를 모두 우연을 넘어서는 수준으로 통과했습니다."};
constexpr Text kNotMeasured{"Not measured: {0}. No held-out text belongs to it.",
                            "측정하지 못함: {0}. 해당하는 검증 문서가 없습니다."};

constexpr Text kBetter{"Better: {0} → {1} bits per byte on {3} ({2}).",
                       "나아졌습니다: {3}에서 바이트당 {0} → {1}비트({2})."};
constexpr Text kWorse{"Worse: {0} → {1} bits per byte on {3} ({2}).",
                      "나빠졌습니다: {3}에서 바이트당 {0} → {1}비트({2})."};
constexpr Text kSame{"No clear change: {0} → {1} bits per byte on {3} ({2}).",
                     "뚜렷한 변화가 없습니다: {3}에서 바이트당 {0} → {1}비트({2})."};
constexpr Text kNothingHeldOut{"No document was held out, so nothing was measured.",
                               "검증에 쓸 문서를 남기지 않아 측정한 것이 없습니다."};
constexpr Text kNgramBelow{"It beats a 5-gram of the same text ({0}).",
                           "같은 글로 만든 5-그램({0})보다 낫습니다."};
constexpr Text kNgramAbove{"It does not yet beat a 5-gram of the same text ({0}).",
                           "같은 글로 만든 5-그램({0})에는 아직 미치지 못합니다."};

bool every_open_gate_is(const json& report, std::string_view reason) {
  bool any = false;
  for (const json& gate : look(report, "/facts/evaluation/gates")) {
    if (words(gate, "/outcome") == "pass") continue;
    if (words(gate, "/reason") != reason) return false;
    any = true;
  }
  return any;
}

std::vector<std::string> reasons(const json& report, const Voice& voice) {
  std::vector<std::string> sentences;
  bool across = false;
  for (const json& gate : look(report, "/facts/evaluation/gates")) {
    const std::string reason = words(gate, "/reason");
    if (reason == "rule_broken")
      sentences.push_back(
          voice(kFailed, {metric_name(words(gate, "/metric"), voice), gate_sentence(gate, voice)}));
    if (reason == "not_measured")
      sentences.push_back(voice(kNotMeasured, {metric_name(words(gate, "/metric"), voice)}));
    across = across || reason == "reaches_across";
  }
  if (across) sentences.push_back(voice(kAcross));
  return sentences;
}

}  // namespace

bool nothing_held_out(const json& report) {
  return number(report, "/facts/evaluation/held_out/documents") == 0;
}

bool too_few_documents(const json& report) {
  return nothing_held_out(report) || every_open_gate_is(report, "too_few_documents");
}

VerdictWords verdict_words(const json& report, const Voice& voice) {
  VerdictWords result;
  result.word = words(report, "/facts/evaluation/verdict");
  const tasks::Verdict verdict = tasks::verdict_of(result.word);
  result.style = verdict == tasks::Verdict::promote  ? "promote"
                 : verdict == tasks::Verdict::reject ? "reject"
                                                     : "inconclusive";
  result.headline = voice(verdict == tasks::Verdict::promote  ? kPromote
                          : verdict == tasks::Verdict::reject ? kReject
                                                              : kInconclusive);
  const json& gates = look(report, "/facts/evaluation/gates");
  result.sentences = {improvement_sentence(report, voice)};
  if (gates.empty()) {
    result.sentences.push_back(voice(kNoGates));
  } else if (verdict == tasks::Verdict::promote) {
    result.sentences.push_back(voice(kPassedAll, {voice.count(static_cast<double>(gates.size()))}));
  } else if (too_few_documents(report)) {
    result.sentences.push_back(nothing_held_out(report)
                                   ? voice(kNoneExpected)
                                   : voice(kTiny, {voice.held_out_documents(number(
                                                      report, "/facts/evaluation/held_out/documents"))}));
    result.sentences.push_back(
        voice(kTinyAdvice, {voice.count(static_cast<double>(tasks::kFewestClusters))}));
  } else {
    for (std::string& sentence : reasons(report, voice)) result.sentences.push_back(std::move(sentence));
  }
  return result;
}

std::string improvement_sentence(const json& report, const Voice& voice) {
  const json& all = look(report, "/facts/evaluation/domain/all");
  if (!(number(all, "/documents") > 0)) return voice(kNothingHeldOut);
  const double base = number(all, "/base/bits_per_byte"), tuned = number(all, "/tuned/bits_per_byte");
  const double ngram = number(all, "/ngram/bits_per_byte"), change = number(all, "/change/base/estimate");
  const bool visible = std::abs(change) >= 0.0005;  // what one decimal of a percentage can show
  const Text& text = !visible ? kSame : change < 0 ? kBetter : kWorse;
  const std::string first =
      voice(text, {voice.decimal(base, 3), voice.decimal(tuned, 3), voice.signed_percent(change),
                   voice.held_out_documents(number(all, "/documents"))});
  return first + " " + voice(tuned < ngram ? kNgramBelow : kNgramAbove, {voice.decimal(ngram, 3)});
}

}  // namespace hone::report
