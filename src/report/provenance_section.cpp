#include <cmath>
#include <nlohmann/json.hpp>

#include "report/look.h"
#include "report/page.h"

namespace hone::report {

namespace {

using nlohmann::json;

constexpr Text kHeading{"Provenance", "출처와 이력"};
constexpr Text kIntro{
    "Everything that went in and came out, by SHA-256. Two reports with the same hashes speak of the same "
    "model.",
    "들어간 것과 나온 것을 모두 SHA-256으로 적었습니다. 해시가 같은 두 보고서는 같은 모델에 대한 것입니다."};
constexpr Text kThings{"Versions and identities", "버전과 식별"};
constexpr Text kThing{"What", "항목"};
constexpr Text kValue{"Value", "값"};
constexpr Text kRun{"Run", "실행"};
constexpr Text kHone{"Hone", "Hone"};
constexpr Text kStart{"Started from", "출발점"};
constexpr Text kRandomWeights{"random weights", "무작위 가중치"};
constexpr Text kShape{"Shape", "구조"};
constexpr Text kShapeValue{"{0}, {1} layers, hidden {2}, vocabulary {3}",
                           "{0}, 층 {1}개, 은닉 {2}, 어휘 {3}"};
constexpr Text kSeed{"Seed", "난수 시드"};
constexpr Text kMachine{"Trained on", "학습 장비"};
constexpr Text kTime{"Time", "시간"};
constexpr Text kTimeValue{"training {0}, evaluation {1}", "학습 {0}, 평가 {1}"};
constexpr Text kCreated{"Written", "작성 시각"};
constexpr Text kArtefacts{"Artefacts", "산출물"};
constexpr Text kArtefactsCaption{"Fingerprint: hash of everything that went in",
                                 "지문: 들어간 모든 것의 해시"};
constexpr Text kArtefact{"Artefact", "산출물"};
constexpr Text kFingerprint{"Fingerprint", "지문"};
constexpr Text kFiles{"Files", "파일"};
constexpr Text kSize{"Size", "크기"};
constexpr Text kWeights{"Files of the model", "모델 파일"};
constexpr Text kWeightsCaption{"SHA-256 of the very files that were evaluated and exported",
                               "평가하고 내보낸 바로 그 파일의 SHA-256"};
constexpr Text kFile{"File", "파일"};
constexpr Text kRecipe{"The whole recipe, every default written out", "레시피 전체(기본값 포함)"};

void row(const Page& page, const Text& name, const std::string& value) {
  if (value.empty()) return;
  page.out.open("tr").element("th", page.voice(name), {{"scope", "row"}}).element("td", value).close();
}

std::string machine_of(const json& machine) {
  std::string text = words(machine, "/device");
  const std::string set = words(machine, "/instruction_set"), torch = words(machine, "/libtorch");
  if (!set.empty()) text += " · " + set;
  if (!torch.empty()) text += " · LibTorch " + torch;
  return text;
}

void identities(const Page& page) {
  const Voice& voice = page.voice;
  const json& report = page.report;
  open_table(page.out, voice(kThings), {{voice(kThing), Cell::words}, {voice(kValue), Cell::words}});
  row(page, kRun, words(report, "/name") + " / " + words(report, "/lineage"));
  row(page, kHone, words(report, "/version"));
  const std::string base = words(report, "/facts/model/base");
  row(page, kStart, base.empty() ? voice(kRandomWeights) : base);
  const json& shape = look(report, "/facts/model/shape");
  if (shape.is_object())
    row(page, kShape,
        voice(kShapeValue,
              {words(shape, "/family"), voice.count(number(shape, "/layers")),
               voice.count(number(shape, "/hidden_size")), voice.count(number(shape, "/vocabulary_size"))}));
  if (look(report, "/facts/seed").is_number())
    row(page, kSeed, voice.scientific(number(report, "/facts/seed")));
  row(page, kMachine, machine_of(look(report, "/measured/machine")));
  const double training = number(report, "/measured/training_seconds"),
               evaluation = number(report, "/measured/evaluation/seconds");
  if (std::isfinite(training))
    row(page, kTime, voice(kTimeValue, {voice.duration(training), voice.duration(evaluation)}));
  row(page, kCreated, words(report, "/measured/created"));
  close_table(page.out);
}

void artefacts(const Page& page, const json& list) {
  const Voice& voice = page.voice;
  if (!list.is_array() || list.empty()) return;
  page.out.element("h3", voice(kArtefacts));
  open_table(
      page.out, voice(kArtefactsCaption),
      {{voice(kArtefact), Cell::words}, {voice(kFingerprint), Cell::words}, {voice(kFiles)}, {voice(kSize)}});
  for (const json& artefact : list) {
    page.out.open("tr").element("th", words(artefact, "/name"), {{"scope", "row"}});
    page.out.open("td").element("code", words(artefact, "/fingerprint")).close();
    figure_cell(page.out, voice.count(number(artefact, "/files")));
    figure_cell(page.out, voice.bytes(number(artefact, "/bytes")));
    page.out.close();
  }
  close_table(page.out);
}

void model_files(const Page& page, const json& files) {
  const Voice& voice = page.voice;
  if (!files.is_array() || files.empty()) return;
  page.out.element("h3", voice(kWeights));
  open_table(page.out, voice(kWeightsCaption),
             {{voice(kFile), Cell::words}, {"SHA-256", Cell::words}, {voice(kSize)}});
  for (const json& file : files) {
    page.out.open("tr").element("th", words(file, "/name"), {{"scope", "row"}});
    page.out.open("td").element("code", words(file, "/sha256")).close();
    figure_cell(page.out, voice.bytes(number(file, "/bytes")));
    page.out.close();
  }
  close_table(page.out);
}

}  // namespace

void provenance_section(const Page& page) {
  page.out.open("section", {{"id", "provenance"}})
      .element("h2", page.voice(kHeading))
      .element("p", page.voice(kIntro));
  identities(page);
  artefacts(page, look(page.report, "/facts/artefacts"));
  model_files(page, look(page.report, "/facts/model_files"));
  const std::string recipe = words(page.report, "/facts/recipe");
  if (!recipe.empty())
    page.out.open("details")
        .element("summary", page.voice(kRecipe))
        .element("pre", recipe, {{"tabindex", "0"}})
        .close();
  page.out.close();
}

}  // namespace hone::report
