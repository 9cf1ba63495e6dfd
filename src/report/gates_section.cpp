#include <nlohmann/json.hpp>

#include "report/look.h"
#include "report/names.h"
#include "report/page.h"
#include "report/verdict.h"

namespace hone::report {

namespace {

using nlohmann::json;

constexpr Text kHeading{"Gates", "조건"};
constexpr Text kIntro{
    "A gate is a condition set in the recipe before training. It passes only when the whole {0} interval "
    "satisfies it, so a lucky "
    "draw of documents does not pass. All gates must pass.",
    "조건은 학습 전에 레시피에 정해 둔 기준입니다. {0} 신뢰구간 전체가 기준을 만족해야 통과하므로, 우연히 "
    "유리한 문서가 뽑혀서 "
    "통과하는 일은 없습니다. 모든 조건을 통과해야 합니다."};
constexpr Text kCaption{"Every gate, what was asked and what was found", "조건별 기준과 결과"};
constexpr Text kMetric{"Figure", "지표"};
constexpr Text kRule{"Asked", "기준"};
constexpr Text kReference{"Compared with", "비교 대상"};
constexpr Text kCandidate{"New model", "새 모델"};
constexpr Text kFinding{"Found", "결과"};
constexpr Text kDetectable{"Smallest change this test could see: {0}",
                           "이 검정으로 볼 수 있는 가장 작은 변화: {0}"};
constexpr Text kOutcome{"Outcome", "판정"};
constexpr Text kMeaning{"What the three outcomes mean", "세 가지 결론의 뜻"};
constexpr Text kPromote{
    "Every gate passed beyond chance. The new model may take the old one's place. (exit code 0)",
    "모든 조건을 우연을 넘어서는 수준으로 통과했습니다. 새 모델로 바꾸어도 됩니다. (종료 코드 0)"};
constexpr Text kReject{
    "At least one gate failed beyond chance. Keep the old model. (exit code 10)",
    "통과하지 못했음이 분명한 조건이 하나 이상 있습니다. 기존 모델을 그대로 쓰십시오. (종료 코드 10)"};
constexpr Text kInconclusive{
    "No gate failed, but at least one could not be decided. This is not a failure of the model: it says that "
    "the held-out text "
    "is too little to tell. A scheduled job keeps the old model. (exit code 11)",
    "미통과한 조건은 없으나 판정할 수 없는 조건이 있습니다. 모델이 나쁘다는 뜻이 아니라 검증할 글이 "
    "부족하다는 뜻입니다. 정기 작업은 "
    "기존 모델을 유지합니다. (종료 코드 11)"};

/// A long name that may be broken after its slashes.
void breakable_code(Html& out, std::string_view name) {
  out.open("code");
  for (size_t slash = name.find('/'); slash != std::string_view::npos; slash = name.find('/')) {
    out.text(name.substr(0, slash + 1)).empty("wbr");
    name.remove_prefix(slash + 1);
  }
  out.text(name).close();
}

void gate_row(const Page& page, const json& gate) {
  const Voice& voice = page.voice;
  page.out.open("tr").open("th", {{"scope", "row"}}).text(metric_name(words(gate, "/metric"), voice));
  page.out.open("small");
  breakable_code(page.out, words(gate, "/metric"));
  page.out.close().close();
  page.out.element("td", gate_rule(gate, voice));
  figure_cell(page.out, voice.decimal(number(gate, "/reference"), 3));
  figure_cell(page.out, voice.decimal(number(gate, "/candidate/estimate"), 3));
  page.out.open("td").element("span", gate_sentence(gate, voice), {{"class", "reason"}});
  const double detectable = number(gate, "/change/detectable");
  if (words(gate, "/outcome") == "undecided" && detectable == detectable)
    page.out.element("small", voice(kDetectable, {voice.percent(detectable)}));
  page.out.close();
  const std::string outcome = words(gate, "/outcome");
  const std::string style = outcome == "pass" || outcome == "fail" ? outcome : "undecided";
  page.out.open("td")
      .element("span", outcome_word(gate, voice), {{"class", "pill " + style}})
      .close()
      .close();
}

}  // namespace

void gates_section(const Page& page) {
  const Voice& voice = page.voice;
  page.out.open("section", {{"id", "gates"}}).element("h2", voice(kHeading));
  page.out.element("p",
                   voice(kIntro, {voice.percent(number(page.report, "/facts/evaluation/confidence"), 0)}));
  const json& gates = look(page.report, "/facts/evaluation/gates");
  if (!gates.empty()) {
    open_table(page.out, voice(kCaption),
               {{voice(kMetric), Cell::words},
                {voice(kRule), Cell::words},
                {voice(kReference), Cell::figure},
                {voice(kCandidate), Cell::figure},
                {voice(kFinding), Cell::words},
                {voice(kOutcome), Cell::words}});
    for (const json& gate : gates) gate_row(page, gate);
    close_table(page.out);
  }
  page.out.element("h3", voice(kMeaning)).open("dl", {{"class", "terms"}});
  page.out.element("dt", "PROMOTE").element("dd", voice(kPromote));
  page.out.element("dt", "REJECT").element("dd", voice(kReject));
  page.out.element("dt", "INCONCLUSIVE").element("dd", voice(kInconclusive));
  page.out.close().close();
}

}  // namespace hone::report
