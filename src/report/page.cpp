#include "report/page.h"

#include <nlohmann/json.hpp>

#include "report/look.h"
#include "report/report.h"
#include "report/style.h"
#include "report/verdict.h"

namespace hone::report {

namespace {

constexpr Text kTitle{"{0} · validation report", "{0} · 검증 보고서"};
constexpr Text kEyebrow{"Validation report of a fine-tuned language model",
                        "미세 조정한 언어 모델의 검증 보고서"};
constexpr Text kSkip{"Skip to the verdict", "결론으로 건너뛰기"};
constexpr Text kContents{"Contents", "차례"};
constexpr Text kGates{"Gates", "조건"};
constexpr Text kQuality{"Is it better?", "나아졌습니까?"};
constexpr Text kTraining{"Training", "학습"};
constexpr Text kData{"What it learnt from", "무엇을 배웠습니까?"};
constexpr Text kSamples{"What it writes", "무엇을 씁니까?"};
constexpr Text kProvenance{"Provenance", "출처와 이력"};
constexpr Text kLimits{"Limits", "한계"};
constexpr Text kSignOff{"Sign-off", "승인"};
constexpr Text kFooter{
    "Written by Hone {0} from report.json of the same run, which holds every figure shown here. This page "
    "needs no network and runs no "
    "script.",
    "Hone {0}이(가) 같은 실행의 report.json으로 작성했으며, 여기 나온 모든 수치가 그 안에 있습니다. 이 "
    "문서는 네트워크가 필요 없고 "
    "스크립트를 실행하지 않습니다."};

void head(const Page& page, const std::string& name) {
  page.out.open("head");
  page.out.empty("meta", {{"charset", "utf-8"}});
  // Nothing is fetched, run or sent, whatever text got into the page.
  page.out.empty("meta", {{"http-equiv", "Content-Security-Policy"},
                          {"content",
                           "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
                           "form-action 'none'"}});
  page.out.empty("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
  page.out.empty("meta", {{"name", "color-scheme"}, {"content", "light dark"}});
  page.out.element("title", page.voice(kTitle, {name}));
  page.out.style(style_sheet()).close();
}

/// Links only to sections that are there.
void contents(const Page& page) {
  struct Entry {
    const Text& name;
    std::string_view anchor;
    bool there;
  };
  const auto has = [&](const char* pointer) { return !look(page.report, pointer).empty(); };
  const Entry entries[] = {
      {kGates, "#gates", true},
      {kQuality, "#quality", has("/facts/evaluation/domain") && !nothing_held_out(page.report)},
      {kTraining, "#training", has("/facts/training")},
      {kData, "#data", has("/facts/data")},
      {kSamples, "#samples", has("/facts/samples")},
      {kProvenance, "#provenance", true},
      {kLimits, "#limits", true},
      {kSignOff, "#sign-off", true}};
  page.out.open("nav", {{"aria-label", page.voice(kContents)}}).open("ul");
  for (const Entry& entry : entries)
    if (entry.there)
      page.out.open("li").element("a", page.voice(entry.name), {{"href", entry.anchor}}).close();
  page.out.close().close();
}

}  // namespace

std::string report_html(const nlohmann::json& report, recipe::Language language) {
  const Voice voice(language);
  Html out;
  const Page page{report, voice, out};
  const std::string name = words(report, "/name");
  out.open("html", {{"lang", voice.code()}});
  head(page, name);
  out.open("body").element("a", voice(kSkip), {{"class", "skip"}, {"href", "#verdict"}});
  out.open("header").element("p", voice(kEyebrow), {{"class", "eyebrow"}}).element("h1", name);
  contents(page);
  out.close().open("main");
  verdict_section(page);
  gates_section(page);
  quality_section(page);
  training_section(page);
  data_section(page);
  samples_section(page);
  provenance_section(page);
  limits_section(page);
  sign_off_section(page);
  out.close()
      .open("footer")
      .element("p", voice(kFooter, {words(report, "/version")}))
      .close()
      .close()
      .close();
  return "<!doctype html>" + out.take();
}

}  // namespace hone::report
