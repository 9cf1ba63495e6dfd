#include <nlohmann/json.hpp>

#include "report/look.h"
#include "report/page.h"
#include "tasks/gates.h"

namespace hone::report {

namespace {

using nlohmann::json;

constexpr Text kHeading{"Limits", "한계"};
constexpr Text kIntro{"What this report does not show, so that nobody reads more into it than is there.",
                      "이 보고서가 보여 주지 않는 것을 적어, 실제보다 많은 뜻으로 읽히지 않게 합니다."};
constexpr Text kPrediction{
    "It measures how well text like the organisation's documents is predicted. It does not measure whether "
    "what the model writes is "
    "true, safe or polite.",
    "조직의 문서와 비슷한 글을 얼마나 잘 예측하는지를 측정합니다. 모델이 쓰는 글이 사실인지, 안전한지, 예의 "
    "바른지는 측정하지 않습니다."};
constexpr Text kForgetting{
    "What the base model could do outside these documents may have become worse; that was not measured here.",
    "이 문서 밖에서 기반 모델이 하던 일을 더 못하게 되었을 수 있으나 여기서는 측정하지 않았습니다."};
constexpr Text kMemory{
    "The model may repeat passages of its training text word for word; whoever may use it should be someone "
    "who may "
    "read that text.",
    "모델이 학습한 글을 그대로 되풀이할 수 있습니다. 그 글을 읽어도 되는 사람만 모델을 쓰게 하십시오."};
constexpr Text kHeldOut{
    "Held-out documents come from the same sources as the training text. Text of another kind may be "
    "predicted less well.",
    "검증 문서는 학습한 글과 같은 출처에서 왔습니다. 다른 종류의 글은 이보다 잘 예측하지 못할 수 있습니다."};
constexpr Text kPretrained{
    "What the base model was trained on is not known here: had it seen the held-out documents, its figure "
    "before training would be too "
    "good, and the change shown here too small.",
    "기반 모델이 무엇을 학습했는지는 알 수 없습니다. 검증 문서를 이미 보았다면 학습 전 수치가 실제보다 좋게, "
    "변화는 실제보다 작게 "
    "나타납니다."};
constexpr Text kFewDocuments{"Only {0}: no gate is decided with fewer than {1}.",
                             "{0}뿐입니다. {1}건보다 적으면 조건을 판정하지 않습니다."};
constexpr Text kNgramCut{"The 5-gram counted the first {0} of {1} training tokens.",
                         "5-그램은 학습 토큰 {1}개 가운데 앞의 {0}개만 셌습니다."};

constexpr Text kSignHeading{"Sign-off", "승인"};
constexpr Text kSignIntro{
    "This page is evidence, not permission. Who decides signs here, or records it with `hone runs approve`.",
    "이 보고서는 근거이지 허가가 아닙니다. 결정하는 분이 여기에 서명하거나 `hone runs approve`로 "
    "기록합니다."};
constexpr Text kPurpose{"Purpose", "용도"};
constexpr Text kNotFor{"Not to be used for", "사용 금지 용도"};
constexpr Text kOwner{"Owner", "책임자"};
constexpr Text kPrivacy{"Privacy officer", "개인정보 보호책임자"};
constexpr Text kNotGiven{"not given in the recipe", "레시피에 적혀 있지 않음"};
constexpr Text kDecision{"Decision", "결정"};
constexpr Text kName{"Name", "이름"};
constexpr Text kDate{"Date", "날짜"};
constexpr Text kSignature{"Signature", "서명"};

void line(const Page& page, const Text& name) {
  page.out.open("div").element("dt", page.voice(name)).element("dd", "").close();
}

}  // namespace

void limits_section(const Page& page) {
  const Voice& voice = page.voice;
  page.out.open("section", {{"id", "limits"}}).element("h2", voice(kHeading)).element("p", voice(kIntro));
  page.out.open("ul", {{"class", "plain"}});
  page.out.element("li", voice(kPrediction)).element("li", voice(kMemory)).element("li", voice(kHeldOut));
  if (!truth(page.report, "/facts/evaluation/from_random_weights"))
    page.out.element("li", voice(kForgetting)).element("li", voice(kPretrained));
  const double held_out = number(page.report, "/facts/evaluation/held_out/documents");
  if (held_out < static_cast<double>(tasks::kFewestClusters))
    page.out.element("li", voice(kFewDocuments, {voice.held_out_documents(held_out),
                                                 voice.count(static_cast<double>(tasks::kFewestClusters))}));
  const double counted = number(page.report, "/facts/evaluation/ngram/tokens_counted");
  const double available = number(page.report, "/facts/evaluation/training/tokens");
  if (counted < 0.9 * available)
    page.out.element("li", voice(kNgramCut, {voice.count(counted), voice.count(available)}));
  page.out.close().close();
}

void sign_off_section(const Page& page) {
  const Voice& voice = page.voice;
  page.out.open("section", {{"id", "sign-off"}})
      .element("h2", voice(kSignHeading))
      .element("p", voice(kSignIntro));
  page.out.open("dl", {{"class", "terms"}});
  for (const auto& [name, key] : {std::pair{&kPurpose, "purpose"}, std::pair{&kNotFor, "not_for"},
                                  std::pair{&kOwner, "owner"}, std::pair{&kPrivacy, "privacy_officer"}}) {
    const std::string given = words(page.report, std::string("/facts/governance/") + key);
    page.out.element("dt", voice(*name)).element("dd", given.empty() ? voice(kNotGiven) : given);
  }
  page.out.close().open("dl", {{"class", "sign"}});
  for (const Text* name : {&kDecision, &kName, &kDate, &kSignature}) line(page, *name);
  page.out.close().close();
}

}  // namespace hone::report
