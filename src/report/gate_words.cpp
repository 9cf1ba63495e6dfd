#include <cmath>
#include <nlohmann/json.hpp>

#include "report/look.h"
#include "report/verdict.h"

namespace hone::report {

namespace {

using nlohmann::json;

constexpr Text kImproves{"lower than {0}", "{0}보다 낮을 것"};
constexpr Text kImprovesBy{"at least {1} lower than {0}", "{0}보다 {1} 이상 낮을 것"};
constexpr Text kNotWorse{"at most {1} higher than {0}", "{0}보다 {1} 넘게 높지 않을 것"};
constexpr Text kBelow{"at most {0}", "{0} 이하일 것"};
constexpr Text kAbove{"at least {0}", "{0} 이상일 것"};
constexpr Text kOverBase{"before training", "학습 전"};
constexpr Text kOverNgram{"the 5-gram", "5-그램"};

constexpr Text kLower{"{0} lower than {3} ({1} to {2}).", "{3}보다 {0} 낮습니다({1} ~ {2})."};
constexpr Text kHigher{"{0} higher than {3} ({1} to {2}).", "{3}보다 {0} 높습니다({1} ~ {2})."};
constexpr Text kLowerBare{"{0} lower than {1}.", "{1}보다 {0} 낮습니다."};
constexpr Text kHigherBare{"{0} higher than {1}.", "{1}보다 {0} 높습니다."};
constexpr Text kIs{"It is {0} ({1} to {2}).", "{0}입니다({1} ~ {2})."};
constexpr Text kAcross{"The interval reaches across the line.", "신뢰구간이 경계에 걸쳐 있습니다."};
constexpr Text kFew{"Too few documents ({0}) to tell it from chance.",
                    "문서가 {0}건뿐이어서 우연과 구별할 수 없습니다."};
constexpr Text kNone{"No held-out text to measure it on.", "측정할 검증 문서가 없습니다."};

constexpr Text kPass{"Pass", "통과"};
constexpr Text kFail{"Fail", "미통과"};
constexpr Text kUndecided{"Undecided", "보류"};

bool compares(const json& gate) { return gate.contains("over"); }

std::string over_words(const json& gate, const Voice& voice) {
  return voice(words(gate, "/over") == "ngram" ? kOverNgram : kOverBase);
}

std::string observed(const json& gate, const Voice& voice) {
  const json& interval = look(gate, compares(gate) ? "/change" : "/candidate");
  const double estimate = number(interval, "/estimate"), low = number(interval, "/low"),
               high = number(interval, "/high");
  if (!compares(gate))
    return voice(kIs, {voice.decimal(estimate, 3), voice.decimal(low, 3), voice.decimal(high, 3)});
  const bool lower = estimate <= 0;
  const std::string size = voice.percent(std::abs(estimate)), over = over_words(gate, voice);
  if (!std::isfinite(low) || !std::isfinite(high))
    return voice(lower ? kLowerBare : kHigherBare, {size, over});
  return voice(lower ? kLower : kHigher,
               {size, voice.percent(lower ? -high : low), voice.percent(lower ? -low : high), over});
}

}  // namespace

std::string gate_rule(const json& gate, const Voice& voice) {
  const std::string rule = words(gate, "/rule");
  if (rule == "below") return voice(kBelow, {voice.scientific(number(gate, "/value"))});
  if (rule == "above") return voice(kAbove, {voice.scientific(number(gate, "/value"))});
  const std::string over = over_words(gate, voice);
  const double by = number(gate, "/by");
  if (rule == "improves" && by == 0) return voice(kImproves, {over});
  return voice(rule == "improves" ? kImprovesBy : kNotWorse, {over, voice.percent(by)});
}

std::string gate_sentence(const json& gate, const Voice& voice) {
  const std::string reason = words(gate, "/reason");
  if (reason == "not_measured") return voice(kNone);
  const std::string seen = observed(gate, voice);
  if (reason == "reaches_across") return seen + " " + voice(kAcross);
  if (reason == "too_few_documents")
    return seen + " " + voice(kFew, {voice.count(number(gate, "/candidate/documents"))});
  return seen;
}

std::string outcome_word(const json& gate, const Voice& voice) {
  const std::string outcome = words(gate, "/outcome");
  return voice(outcome == "pass" ? kPass : outcome == "fail" ? kFail : kUndecided);
}

}  // namespace hone::report
