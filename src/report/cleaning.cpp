#include "report/cleaning.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "report/cleaning_page.h"
#include "report/frame.h"
#include "report/look.h"

namespace hone::report {

namespace {

using nlohmann::json;

constexpr Text kTitle{"{0} · cleaning report", "{0} · 정제 보고서"};
constexpr Text kEyebrow{"Cleaning report of a corpus", "말뭉치의 정제 보고서"};
constexpr Text kSkip{"Skip to the summary", "요약으로 건너뛰기"};
constexpr Text kContents{"Contents", "차례"};
constexpr Text kEntries[] = {{"Where the documents went", "문서의 흐름"}, {"Rules", "규칙"},
                             {"Not readable", "읽지 못한 파일"},          {"Lengths and languages", "길이와 언어"},
                             {"Sources and terms", "출처와 조건"},        {"Personal data", "개인정보"},
                             {"Check by hand", "직접 확인"}};
constexpr Text kFooter{
    "Written by Hone {0} from cleaning.json of the same run, which holds every figure shown here. This page needs no network and runs no "
    "script. Corpus {1}.",
    "Hone {0}이(가) 같은 실행의 cleaning.json으로 작성했으며, 여기 나온 모든 수치가 그 안에 있습니다. 이 문서는 네트워크가 필요 없고 "
    "스크립트를 실행하지 않습니다. 말뭉치 {1}."};

void contents(const Page& page) {
  constexpr std::string_view kAnchors[] = {"#funnel", "#rules", "#rejections", "#shape", "#terms", "#privacy", "#review"};
  const bool rejections = !look(page.report, "/statistics/rejections").empty();
  page.out.open("nav", {{"aria-label", page.voice(kContents)}}).open("ul");
  for (size_t i = 0; i < std::size(kAnchors); ++i)
    if (kAnchors[i] != "#rejections" || rejections)
      page.out.open("li").element("a", page.voice(kEntries[i]), {{"href", kAnchors[i]}}).close();
  page.out.close().close();
}

}  // namespace

double staying(const json& flow) { return number(flow, "/kept/documents") + number(flow, "/edited/documents"); }

std::vector<std::pair<std::string, const json*>> largest_sources(const json& statistics, size_t most) {
  std::vector<std::pair<std::string, const json*>> sources;
  for (const auto& [name, flow] : look(statistics, "/sources").items()) sources.emplace_back(name, &flow);
  std::stable_sort(sources.begin(), sources.end(), [](const auto& a, const auto& b) {
    return number(*a.second, "/read/documents") > number(*b.second, "/read/documents");
  });
  if (sources.size() > most) sources.resize(most);
  return sources;
}

std::string cleaning_html(const json& cleaning, recipe::Language language) {
  const Voice voice(language);
  Html out;
  const Page page{cleaning, voice, out};
  const std::string name = words(cleaning, "/name");
  const std::string style = std::string(text_style_sheet()) + std::string(cleaning_style_sheet());
  Frame frame{.title = voice(kTitle, {name}), .eyebrow = voice(kEyebrow), .heading = name, .skip = voice(kSkip)};
  frame.style = style;
  open_frame(out, voice, frame);
  contents(page);
  cleaning_summary(page);
  cleaning_funnel(page);
  cleaning_rules(page);
  cleaning_rejections(page);
  cleaning_shape(page);
  cleaning_terms(page);
  cleaning_privacy(page);
  cleaning_review(page);
  return close_frame(out, frame, voice(kFooter, {words(cleaning, "/version"), words(cleaning, "/corpus/fingerprint").substr(0, 12)}));
}

std::string_view cleaning_style_sheet() {
  return R"css(
.verdict.plain { --tone: var(--accent); --tone-paper: var(--panel); }
.verdict ul { margin: 0.6rem 0 0; padding-left: 1.2rem; } .verdict li { margin: 0.25rem 0; }
.rule { margin: 2.2rem 0 0; padding: 1.4rem 0 0; border-top: 1px solid var(--line); }
.rule h3 { margin: 0; } .rule h3 small { margin-left: 0.5rem; color: var(--soft); font-weight: 400; }
.counts { margin: 0.4rem 0; font-variant-numeric: tabular-nums; }
.specimen { margin: 0.5rem 0; padding: 0.6rem 0.9rem; border-radius: 0.5rem; background: var(--panel); font-size: 0.93rem; line-height: 1.6; white-space: pre-wrap; overflow-wrap: anywhere; word-break: normal; }
.specimen + p.soft { margin: -0.2rem 0 0.8rem; font-size: 0.83rem; }
.matrix td, .matrix th { white-space: nowrap; }
.lists { display: grid; grid-template-columns: repeat(auto-fit, minmax(16rem, 1fr)); gap: 0.5rem 2.5rem; }
)css";
}

}  // namespace hone::report
