#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "report/chart.h"
#include "report/look.h"
#include "report/names.h"
#include "report/page.h"
#include "report/verdict.h"

namespace hone::report {

namespace {

using nlohmann::json;

constexpr size_t kMostGroupsDrawn = 8;

constexpr Text kHeading{"Is it better?", "나아졌습니까?"};
constexpr Text kIntro{
    "Bits per byte says how many bits the model needs for each byte of text it has never seen: 8 is knowing "
    "nothing, and lower is "
    "better. It does not depend on the vocabulary, so models can be compared by it.",
    "바이트당 비트는 처음 보는 글 1바이트를 예측하는 데 모델이 몇 비트를 필요로 하는지를 나타냅니다. 8이면 "
    "아무것도 모르는 것이고 "
    "낮을수록 좋습니다. 어휘와 무관하므로 모델끼리 비교할 수 있습니다."};
constexpr Text kRandom{
    "Training started from random weights, which anything beats. The honest bar is the 5-gram, which only "
    "counts word sequences in "
    "the same training text.",
    "무작위 가중치에서 학습을 시작했으므로 학습 전보다 나아지는 것은 당연합니다. 올바른 기준은 같은 학습 "
    "글에서 낱말의 이어짐만 "
    "세는 5-그램입니다."};
constexpr Text kAnswers{
    "The documents are conversations: only the answers count, every byte of them and their ends. Questions and what the "
    "chat template writes are read, not scored.",
    "문서가 대화이므로 답변만 셉니다. 답변의 글과 그 끝만 평가하고, 질문과 대화 서식은 읽기만 합니다."};
constexpr Text kPreference{"Does it prefer the better answers?", "더 나은 답변을 고릅니까?"};
constexpr Text kPreferenceIntro{
    "{0} held-out pairs of answers to the same question. A pair is right when the chosen answer is the likelier one; the margin is "
    "how much likelier, in nats. The reward is what training itself has changed: likelihood after training over likelihood before.",
    "같은 질문에 대한 검증용 답변 쌍 {0}개입니다. 선택된 답변의 확률이 더 높으면 맞힌 것이고, 차이는 그 정도를 내트로 "
    "나타냅니다. 보상은 학습이 바꾼 부분, 곧 학습 전 대비 학습 후의 확률입니다."};
constexpr Text kPreferenceCaption{"Held-out pairs", "검증용 답변 쌍"};
constexpr Text kAccuracy{"Pairs that are right", "맞힌 쌍의 비율"};
constexpr Text kMargin{"Mean margin (nats)", "평균 차이(내트)"};
constexpr Text kReward{"Reward", "보상"};
constexpr Text kBefore{"Before training", "학습 전"};
constexpr Text kAfter{"After training", "학습 후"};
constexpr Text kNgram{"5-gram", "5-그램"};
constexpr Text kAll{"All held-out text", "검증 문서 전체"};
constexpr Text kChart{"Bits per byte before training, after training and of the 5-gram",
                      "학습 전, 학습 후, 5-그램의 바이트당 비트"};
constexpr Text kChartText{
    "On all held-out text: {0} before training, {1} after training, {2} by the 5-gram. Lower is better. The "
    "thin line on the bar after training is its interval.",
    "검증 문서 전체에서 학습 전 {0}, 학습 후 {1}, 5-그램 {2}. 낮을수록 좋습니다. 학습 후 막대의 가는 선은 "
    "신뢰구간입니다."};
constexpr Text kFiguresCaption{"All held-out text ↻", "검증 문서 전체 ↻"};
constexpr Text kAgain{
    "↻ Can be computed again from the exported files and the held-out documents with public tools, within "
    "0.1 %.",
    "↻ 내보낸 파일과 검증 문서로 공개 도구를 써서 다시 계산할 수 있습니다(오차 0.1% 이내)."};
constexpr Text kFigure{"Figure", "지표"};
constexpr Text kBitsPerByte{"Bits per byte", "바이트당 비트"};
constexpr Text kLoss{"Loss (nats a token)", "손실(토큰당 내트)"};
constexpr Text kPerplexity{"Perplexity (per token)", "혼란도(토큰 기준)"};
constexpr Text kBySource{"By source", "출처별"};
constexpr Text kForgetting{"Other text, never trained on", "학습하지 않은 다른 글"};
constexpr Text kForgettingIntro{
    "Sources that the recipe names only to measure. Figures that rise here say what the model lost by "
    "learning.",
    "레시피가 측정만 하려고 적은 출처입니다. 여기서 값이 오르면 새로 배우면서 잃은 것이 있다는 뜻입니다."};
constexpr Text kByLanguage{"By language", "언어별"};
constexpr Text kGroupCaption{
    "Bits per byte; the change is from before to after training, with its {0} interval",
    "바이트당 비트. 변화는 학습 전후의 차이이며 {0} 신뢰구간을 함께 적었습니다"};
constexpr Text kName{"Name", "이름"};
constexpr Text kDocuments{"Documents", "문서"};
constexpr Text kText{"Text", "분량"};
constexpr Text kChange{"Change", "변화"};
constexpr Text kFewNote{"With fewer than 10 documents a change is only an indication.",
                        "문서가 10건보다 적으면 변화는 참고용입니다."};

BarGroup bar_group(const Page& page, const std::string& name, const json& group) {
  const double low = number(group, "/interval/low"), high = number(group, "/interval/high");
  BarGroup bars{name, {}};
  for (const char* model : {"base", "tuned", "ngram"}) {
    const double value = number(group, std::string("/") + model + "/bits_per_byte");
    if (!std::isfinite(value)) continue;
    Bar bar{model, value, page.voice.decimal(value, 2), std::nullopt};
    if (std::string_view(model) == "tuned" && std::isfinite(low) && std::isfinite(high))
      bar.interval = {low, high};
    bars.bars.push_back(bar);
  }
  return bars;
}

/// Groups with most text first.
std::vector<const json*> by_size(const json& groups) {
  std::vector<const json*> sorted;
  for (const json& group : groups) sorted.push_back(&group);
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const json* a, const json* b) { return number(*a, "/bytes") > number(*b, "/bytes"); });
  return sorted;
}

enum class Naming { as_given, language };

std::string name_of(const Page& page, const json& group, Naming naming) {
  const std::string name = words(group, "/name");
  return naming == Naming::language ? language_name(name, page.voice) : name;
}

void draw(const Page& page, const json& domain) {
  const Voice& voice = page.voice;
  std::vector<BarGroup> groups = {bar_group(page, voice(kAll), domain["all"])};
  for (const auto& [part, naming] :
       {std::pair{"/by_language", Naming::language}, std::pair{"/by_source", Naming::as_given}}) {
    const auto sorted = by_size(look(domain, part));
    if (sorted.size() < 2) continue;  // the same as all
    for (const json* group : sorted)
      if (groups.size() <= kMostGroupsDrawn)
        groups.push_back(bar_group(page, name_of(page, *group, naming), *group));
  }
  const auto figure = [&](const char* pointer) { return voice.decimal(number(domain, pointer), 3); };
  bar_chart(page.out,
            {"quality", voice(kChart),
             voice(kChartText, {figure("/all/base/bits_per_byte"), figure("/all/tuned/bits_per_byte"),
                                figure("/all/ngram/bits_per_byte")}),
             "", ""},
            groups, {{voice(kBefore), "base"}, {voice(kAfter), "tuned"}, {voice(kNgram), "ngram"}});
}

/// The perplexity of random weights has no use for decimals.
std::string figure_of(const Voice& voice, double value, int places) {
  return voice.decimal(value, value < 10'000 ? places : 0);
}

void figures_table(const Page& page, const json& all) {
  const Voice& voice = page.voice;
  open_table(page.out, voice(kFiguresCaption),
             {{voice(kFigure), Cell::words}, {voice(kBefore)}, {voice(kAfter)}, {voice(kNgram)}});
  struct Row {
    const Text& name;
    const char* key;
    int places;
  };
  for (const Row& row :
       {Row{kBitsPerByte, "/bits_per_byte", 3}, Row{kLoss, "/loss", 3}, Row{kPerplexity, "/perplexity", 1}}) {
    page.out.open("tr").element("th", voice(row.name), {{"scope", "row"}});
    for (const char* model : {"/base", "/tuned", "/ngram"})
      figure_cell(page.out, figure_of(voice, number(all, std::string(model) + row.key), row.places));
    page.out.close();
  }
  close_table(page.out);
}

void groups_table(const Page& page, const json& groups, Naming naming) {
  const Voice& voice = page.voice;
  const std::string confidence = voice.percent(number(page.report, "/facts/evaluation/confidence"), 0);
  open_table(page.out, voice(kGroupCaption, {confidence}),
             {{voice(kName), Cell::words},
              {voice(kDocuments)},
              {voice(kText)},
              {voice(kBefore)},
              {voice(kAfter)},
              {voice(kNgram)},
              {voice(kChange)}});
  bool few = false;
  for (const json* group : by_size(groups)) {
    page.out.open("tr").element("th", name_of(page, *group, naming), {{"scope", "row"}});
    few = few || number(*group, "/documents") < 10;
    figure_cell(page.out, voice.count(number(*group, "/documents")));
    figure_cell(page.out, voice.bytes(number(*group, "/bytes")));
    for (const char* model : {"/base", "/tuned", "/ngram"})
      figure_cell(page.out, voice.decimal(number(*group, std::string(model) + "/bits_per_byte"), 3));
    change_cell(page, look(*group, "/change/base"));
    page.out.close();
  }
  close_table(page.out);
  if (few) page.out.element("p", voice(kFewNote), {{"class", "soft small"}});
}

void preference_table(const Page& page, const json& preference) {
  const Voice& voice = page.voice;
  page.out.element("h3", voice(kPreference)).element("p", voice(kPreferenceIntro, {voice.count(number(preference, "/pairs"))}));
  open_table(page.out, voice(kPreferenceCaption), {{voice(kFigure), Cell::words}, {voice(kBefore)}, {voice(kAfter)}, {voice(kReward)}});
  page.out.open("tr").element("th", voice(kAccuracy), {{"scope", "row"}});
  for (const char* part : {"/base/accuracy", "/tuned/accuracy", "/reward/accuracy"}) figure_cell(page.out, voice.percent(number(preference, part), 1));
  page.out.close().open("tr").element("th", voice(kMargin), {{"scope", "row"}});
  for (const char* part : {"/base/margin", "/tuned/margin", "/reward/margin"}) figure_cell(page.out, voice.decimal(number(preference, part), 2));
  page.out.close();
  close_table(page.out);
}

}  // namespace

void quality_section(const Page& page) {
  const json& domain = look(page.report, "/facts/evaluation/domain");
  if (!domain.is_object() || nothing_held_out(page.report)) return;
  page.out.open("section", {{"id", "quality"}}).element("h2", page.voice(kHeading));
  page.out.element("p", page.voice(kIntro));
  if (truth(page.report, "/facts/evaluation/held_out/answers_only")) page.out.element("p", page.voice(kAnswers));
  if (truth(page.report, "/facts/evaluation/from_random_weights")) page.out.element("p", page.voice(kRandom));
  page.out.open("figure", {{"class", "beside"}});
  draw(page, domain);
  page.out.open("div");
  figures_table(page, look(domain, "/all"));
  page.out.element("p", page.voice(kAgain), {{"class", "soft small"}}).close().close();
  for (const auto& [heading, part, naming] : {std::tuple{kByLanguage, "/by_language", Naming::language},
                                              std::tuple{kBySource, "/by_source", Naming::as_given}}) {
    if (look(domain, part).size() < 2) continue;  // the same as all
    page.out.element("h3", page.voice(heading));
    groups_table(page, look(domain, part), naming);
  }
  if (const json& preference = look(page.report, "/facts/evaluation/preference"); preference.is_object())
    preference_table(page, preference);
  const json& forgetting = look(page.report, "/facts/evaluation/forgetting");
  if (forgetting.is_object()) {
    page.out.element("h3", page.voice(kForgetting)).element("p", page.voice(kForgettingIntro));
    groups_table(page, look(forgetting, "/by_source"), Naming::as_given);
  }
  page.out.close();
}

}  // namespace hone::report
