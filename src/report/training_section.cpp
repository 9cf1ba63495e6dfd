#include <cmath>
#include <nlohmann/json.hpp>

#include "report/chart.h"
#include "report/look.h"
#include "report/page.h"

namespace hone::report {

namespace {

using nlohmann::json;

constexpr Text kHeading{"Training", "학습"};
constexpr Text kSummary{
    "{0} parameters saw {1} tokens in {2} optimizer steps over {3}. The weights reported here are "
    "those of step {4}, which "
    "had the lowest validation loss.",
    "파라미터 {0}개가 {3}, {2}회의 갱신 동안 토큰 {1}개를 학습했습니다. 이 보고서의 가중치는 검증 "
    "손실이 가장 낮았던 {4}번째 "
    "갱신의 것입니다."};
constexpr Text kSummaryLast{
    "{0} parameters saw {1} tokens in {2} optimizer steps over {3}. The weights reported here are "
    "those of step {4}.",
    "파라미터 {0}개가 {3}, {2}회의 갱신 동안 토큰 {1}개를 학습했습니다. 이 보고서의 가중치는 {4}번째 "
    "갱신의 것입니다."};
constexpr Text kAdapter{
    "Trained was an adapter ({0}, rank {1}, alpha {2}) on {3}: {4} of {5} parameters ({6} %), beside the frozen base model.",
    "기반 모델은 그대로 두고 어댑터를 학습했습니다({0}, 랭크 {1}, 알파 {2}, 대상 {3}). 전체 파라미터 {5}개 가운데 {4}개({6}%)입니다."};
constexpr Text kWhole{"Trained whole beside it: {0}.", "이와 함께 전체를 학습한 층: {0}."};
constexpr Text kFrozen{"Of {1} parameters {0} were trained ({2} %); the others were frozen.",
                       "전체 파라미터 {1}개 가운데 {0}개({2}%)를 학습했고 나머지는 고정했습니다."};
constexpr Text kParity{
    "For the export the adapter was merged into the base. On {0} tokens of held-out text the exported model loses {1} nats a token, the "
    "trained one {2}.",
    "내보낼 때 어댑터를 기반 모델에 합쳤습니다. 따로 둔 토큰 {0}개에서 내보낸 모델의 손실은 토큰당 {1}내트, 학습한 모델의 손실은 {2}내트입니다."};
constexpr Text kChart{"Loss while training", "학습 중의 손실"};
constexpr Text kChartText{
    "Training loss from {0} to {1}; validation loss from {2} to {3}. Where validation rises while training "
    "falls, the model has begun "
    "to learn by heart.",
    "학습 손실은 {0}에서 {1}(으)로, 검증 손실은 {2}에서 {3}(으)로 변했습니다. 학습 손실이 내려가는데 검증 "
    "손실이 올라가면 모델이 글을 "
    "외우기 시작한 것입니다."};
constexpr Text kChartTrainOnly{"Training loss from {0} to {1}; no text was held out to validate on.",
                               "학습 손실은 {0}에서 {1}(으)로 변했습니다. 검증에 쓸 글은 남기지 않았습니다."};
constexpr Text kTrain{"training", "학습"};
constexpr Text kValidation{"validation", "검증"};
constexpr Text kSteps{"optimizer steps", "갱신 횟수"};
constexpr Text kNats{"nats a token", "토큰당 내트"};
constexpr Text kEpochsCaption{"Loss at the end of each epoch", "에포크가 끝날 때의 손실"};
constexpr Text kEpoch{"Epoch", "에포크"};
constexpr Text kStart{"start", "시작"};
constexpr Text kStep{"Step", "갱신"};
constexpr Text kLoss{"Validation loss", "검증 손실"};
constexpr Text kTrainLoss{"Training loss", "학습 손실"};
constexpr Text kChosen{"used", "사용"};
constexpr Text kSpikes{"The loss of {0} steps stood out from those before; metrics.jsonl names their documents.",
                      "손실이 앞선 갱신들보다 두드러지게 높았던 갱신이 {0}회 있었습니다. 그때 읽은 문서는 metrics.jsonl에 있습니다."};
constexpr Text kSpikesSkipped{
    "The loss of {0} steps stood out from those before; {1} of them were left out. metrics.jsonl names their documents.",
    "손실이 앞선 갱신들보다 두드러지게 높았던 갱신이 {0}회 있었고, 그 가운데 {1}회는 반영하지 않았습니다. 그때 읽은 문서는 metrics.jsonl에 있습니다."};
constexpr Text kGroupsCaption{"Parameters by peak learning rate and weight decay", "최고 학습률과 가중치 감쇠가 같은 파라미터"};
constexpr Text kGroupFirst{"From", "첫 파라미터"};
constexpr Text kGroupElements{"Parameters", "파라미터 수"};
constexpr Text kGroupRate{"Learning rate", "학습률"};
constexpr Text kGroupDecay{"Weight decay", "가중치 감쇠"};
constexpr Text kOptions{"How it was trained", "학습 설정"};
constexpr Text kOption{"Option", "설정"};
constexpr Text kValue{"Value", "값"};
constexpr Text kOptionsCaption{"The options that shape the result; the whole recipe stands under provenance",
                               "결과를 좌우하는 설정입니다. 레시피 전체는 출처와 이력에 있습니다"};

std::vector<std::pair<double, double>> points_of(const json& curve) {
  std::vector<std::pair<double, double>> points;
  for (const json& point : curve)
    if (point.is_array() && point.size() >= 2 && point[0].is_number() && point[1].is_number())
      points.emplace_back(point[0], point[1]);
  return points;
}

/// The training loss recorded last before `step`.
double nearest_train_loss(const std::vector<std::pair<double, double>>& train, double step) {
  double loss = NAN;
  for (const auto& [at, value] : train)
    if (at <= step) loss = value;
  return loss;
}

/// [step, loss, epoch] at the end of each epoch; without held-out text the losses are not known.
json epoch_ends(const json& training) {
  const json& validation = look(training, "/validation");
  if (!validation.empty()) return validation;
  json ends = json::array();
  const double epochs = number(training, "/epochs"), steps = number(training, "/steps");
  for (double epoch = 1; epoch <= epochs; ++epoch)
    ends.push_back({std::round(steps * epoch / epochs), nullptr, epoch});
  return ends;
}

void epochs_table(const Page& page, const std::vector<std::pair<double, double>>& train, double chosen) {
  const Voice& voice = page.voice;
  open_table(page.out, voice(kEpochsCaption),
             {{voice(kEpoch), Cell::words}, {voice(kStep)}, {voice(kTrainLoss)}, {voice(kLoss)}});
  for (const json& point : epoch_ends(look(page.report, "/facts/training"))) {
    const double step = number(point, "/0"), epoch = number(point, "/2");
    page.out.open("tr").element("th", epoch == 0 ? voice(kStart) : voice.count(epoch), {{"scope", "row"}});
    figure_cell(page.out, voice.count(step));
    figure_cell(page.out, voice.decimal(nearest_train_loss(train, step), 3));
    page.out.open("td", {{"class", "n"}}).text(voice.decimal(number(point, "/1"), 3));
    if (step == chosen) page.out.element("small", voice(kChosen));
    page.out.close().close();
  }
  close_table(page.out);
}

/// Steps that stood out, and what was done about them.
void spikes_words(const Page& page, const json& training) {
  const double spikes = number(training, "/spikes"), skipped = number(training, "/skipped_steps");
  if (!(spikes > 0)) return;
  page.out.element("p", page.voice(skipped > 0 ? kSpikesSkipped : kSpikes, {page.voice.count(spikes), page.voice.count(skipped)}));
}

/// Parameters of equal rate and decay, where there is more than one kind.
void groups_table(const Page& page, const json& groups) {
  const Voice& voice = page.voice;
  if (!groups.is_array() || groups.size() < 2) return;
  open_table(page.out, voice(kGroupsCaption),
             {{voice(kGroupFirst), Cell::words}, {voice(kGroupElements)}, {voice(kGroupRate)}, {voice(kGroupDecay)}}, Width::narrow);
  for (const json& group : groups) {
    page.out.open("tr").open("th", {{"scope", "row"}}).element("code", words(group, "/first")).close();
    figure_cell(page.out, voice.count(number(group, "/elements")));
    figure_cell(page.out, voice.scientific(number(group, "/learning_rate")));
    figure_cell(page.out, voice.scientific(number(group, "/weight_decay")));
    page.out.close();
  }
  close_table(page.out);
}

void options_table(const Page& page, const json& options) {
  const Voice& voice = page.voice;
  if (!options.is_object() || options.empty()) return;
  page.out.element("h3", voice(kOptions));
  open_table(page.out, voice(kOptionsCaption), {{voice(kOption), Cell::words}, {voice(kValue), Cell::words}},
             Width::narrow);
  for (const auto& [name, value] : options.items()) {
    page.out.open("tr").open("th", {{"scope", "row"}}).element("code", name).close();
    page.out
        .element("td", value.is_string()           ? value.get<std::string>()
                       : value.is_number_integer() ? voice.count(value)
                       : value.is_number()         ? voice.scientific(value)
                                                   : value.dump())
        .close();
  }
  close_table(page.out);
}

std::string listed(const json& names) {
  std::string text;
  if (names.is_array())
    for (const json& name : names)
      if (name.is_string()) text += (text.empty() ? "" : ", ") + name.get<std::string>();
  return text;
}

/// What was trained, where it was not everything.
void method_words(const Page& page, const json& training) {
  const Voice& voice = page.voice;
  const json& method = look(training, "/method");
  if (!method.is_object() || words(method, "/name") == "full") return;
  const std::string trained = voice.count(number(method, "/trained_parameters")), all = voice.count(number(method, "/parameters"));
  const std::string share = voice.decimal(100.0 * number(method, "/share"), 2);
  if (words(method, "/name") == "frozen") {
    page.out.element("p", voice(kFrozen, {trained, all, share}));
    return;
  }
  std::string name = words(method, "/name") == "qlora" ? "QLoRA" : "LoRA";
  if (truth(method, "/rslora")) name += ", rsLoRA";
  if (truth(method, "/dora")) name += ", DoRA";
  std::string text = voice(kAdapter, {name, voice.count(number(method, "/r")), voice.decimal(number(method, "/alpha"), 0),
                                      listed(look(method, "/targets")), trained, all, share});
  if (const std::string whole = listed(look(method, "/modules_to_save")); !whole.empty()) text += " " + voice(kWhole, {whole});
  page.out.element("p", text);
  const json& parity = look(training, "/parity");
  if (parity.is_object())
    page.out.element("p", voice(kParity, {voice.count(number(parity, "/tokens")), voice.decimal(number(parity, "/stored_nll"), 4),
                                          voice.decimal(number(parity, "/trained_nll"), 4)}));
}

}  // namespace

void training_section(const Page& page) {
  const Voice& voice = page.voice;
  const json& training = look(page.report, "/facts/training");
  if (!training.is_object()) return;
  page.out.open("section", {{"id", "training"}}).element("h2", voice(kHeading));
  const double chosen = number(training, "/chosen_step");
  page.out.element(
      "p", voice(truth(training, "/chosen_is_best") ? kSummary : kSummaryLast,
                 {voice.count(number(training, "/parameters")), voice.count(number(training, "/tokens")),
                  voice.count(number(training, "/steps")), voice.epochs(number(training, "/epochs")),
                  voice.count(chosen)}));
  method_words(page, training);
  const auto train = points_of(look(training, "/train")),
             validation = points_of(look(training, "/validation"));
  const auto end = [&](const std::vector<std::pair<double, double>>& points, bool first) {
    return points.empty() ? voice.decimal(NAN, 3)
                          : voice.decimal((first ? points.front() : points.back()).second, 3);
  };
  page.out.open("figure", {{"class", "beside"}});
  line_chart(page.out, voice,
             {"loss", voice(kChart),
              voice(validation.empty() ? kChartTrainOnly : kChartText,
                    {end(train, true), end(train, false), end(validation, true), end(validation, false)}),
              voice(kSteps), voice(kNats)},
             validation.empty() ? std::vector<Series>{{voice(kTrain), "train", train, false}}
                                : std::vector<Series>{{voice(kTrain), "train", train, false},
                                                      {voice(kValidation), "validation", validation, true}});
  epochs_table(page, train, chosen);
  page.out.close();
  spikes_words(page, training);
  options_table(page, look(training, "/options"));
  groups_table(page, look(training, "/groups"));
  page.out.close();
}

}  // namespace hone::report
