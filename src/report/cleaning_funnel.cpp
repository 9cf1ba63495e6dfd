#include <algorithm>
#include <nlohmann/json.hpp>

#include "report/chart.h"
#include "report/cleaning_page.h"
#include "report/look.h"
#include "report/names.h"
#include "report/rule_words.h"

namespace hone::report {

namespace {

using nlohmann::json;

constexpr Text kHeading{"Where the documents went", "문서의 흐름"};
constexpr Text kChart{"From what was read to what stays", "읽은 것에서 남은 것까지"};
constexpr Text kChartText{"Of {0} documents read, {1} stay.", "읽은 문서 {0}건 가운데 {1}건이 남았습니다."};
constexpr Text kCaption{"Documents read = stay as they were + stay, changed + taken out; − marks what took them out",
                        "읽은 문서 = 그대로 남음 + 고쳐서 남음 + 제외함. −는 제외한 규칙입니다"};
constexpr Text kStep{"Step", "단계"};
constexpr Text kDocuments{"Documents", "문서"};
constexpr Text kBytes{"Bytes", "바이트"};
constexpr Text kShare{"Share", "비율"};
constexpr Text kRead{"Read", "읽음"};
constexpr Text kUnreadable{"− not readable: {0}", "− 읽지 못함: {0}"};
constexpr Text kMinus{"− {0}", "− {0}"};
constexpr Text kEdited{"Stay, changed", "고쳐서 남음"};
constexpr Text kKept{"Stay as they were", "그대로 남음"};
constexpr Text kBySource{"By source", "출처별"};
constexpr Text kSourceChart{"Documents of each source", "출처별 문서"};
constexpr Text kSourceChartText{"For each source, documents that stay and documents taken out.", "출처마다 남은 문서와 제외한 문서."};
constexpr Text kStay{"stay", "남음"};
constexpr Text kOut{"taken out", "제외함"};
constexpr Text kSourceCaption{"The {0} largest of {1} sources", "출처 {1}개 가운데 큰 순서로 {0}개"};
constexpr Text kSource{"Source", "출처"};
constexpr Text kStays{"Stay", "남음"};
constexpr Text kMatrix{"By source and rule", "출처와 규칙별"};
constexpr Text kMatrixCaption{"Documents that each rule took out of each source; · means none", "각 규칙이 각 출처에서 제외한 문서. ·은 없음"};

constexpr size_t kMostSources = 12;

struct Step {
  std::string name;
  double documents = 0, bytes = 0;
};

std::vector<Step> losses(const Page& page, const json& statistics) {
  std::vector<Step> steps;
  for (const auto& [reason, amount] : look(statistics, "/rejections").items())
    steps.push_back({page.voice(kUnreadable, {rejection_name(reason, page.voice)}), number(amount, "/documents"), number(amount, "/bytes")});
  for (const json& rule : look(statistics, "/rules"))
    if (number(rule, "/dropped/documents") > 0)
      steps.push_back({page.voice(kMinus, {rule_name(words(rule, "/rule"), page.voice)}), number(rule, "/dropped/documents"),
                       number(rule, "/dropped/bytes")});
  return steps;
}

void draw(const Page& page, const json& statistics, const std::vector<Step>& steps) {
  const Voice& voice = page.voice;
  const double read = number(statistics, "/read/documents"), kept = number(statistics, "/kept/documents") / read,
               edited = number(statistics, "/edited/documents") / read;
  std::vector<FlowStep> bars = {{voice(kRead), "read", 0, 1, voice.count(read)}};
  double left = 1;
  for (const Step& step : steps) {
    const double share = step.documents / read;
    bars.push_back({step.name, "drop", left - share, left, voice.count(step.documents)});
    left -= share;
  }
  if (edited > 0) bars.push_back({voice(kEdited), "edit", kept, kept + edited, voice.count(edited * read)});
  bars.push_back({voice(kKept), "kept", 0, kept, voice.count(kept * read)});
  flow_chart(page.out, {"documents-flow", voice(kChart), voice(kChartText, {voice.count(read), voice.count(staying(statistics))}), "", ""}, bars);
}

void row(const Page& page, const Step& step, double read, bool total) {
  if (total) page.out.open("tr", {{"class", "total"}});
  else page.out.open("tr");
  page.out.element("th", step.name, {{"scope", "row"}});
  figure_cell(page.out, page.voice.count(step.documents));
  figure_cell(page.out, page.voice.count(step.bytes));
  figure_cell(page.out, page.voice.percent(step.documents / read));
  page.out.close();
}

void table(const Page& page, const json& statistics, const std::vector<Step>& steps) {
  const Voice& voice = page.voice;
  const double read = number(statistics, "/read/documents");
  const auto amount = [&](const Text& name, const std::string& key) {
    return Step{voice(name), number(statistics, key + "/documents"), number(statistics, key + "/bytes")};
  };
  open_table(page.out, voice(kCaption), {{voice(kStep), Cell::words}, {voice(kDocuments)}, {voice(kBytes)}, {voice(kShare)}});
  for (const Step& step : steps) row(page, step, read, false);
  row(page, amount(kEdited, "/edited"), read, false);
  row(page, amount(kKept, "/kept"), read, false);
  row(page, amount(kRead, "/read"), read, true);
  close_table(page.out);
}

using Sources = std::vector<std::pair<std::string, const json*>>;

void sources(const Page& page, const json& statistics, const Sources& largest) {
  const Voice& voice = page.voice;
  page.out.element("h3", voice(kBySource)).open("figure", {{"class", "beside"}});
  std::vector<BarGroup> groups;
  for (const auto& [name, flow] : largest) {
    const double stay = staying(*flow), out = number(*flow, "/read/documents") - stay;
    groups.push_back({name, {{"kept", stay, voice.count(stay), std::nullopt}, {"drop", out, voice.count(out), std::nullopt}}});
  }
  bar_chart(page.out, {"sources-chart", voice(kSourceChart), voice(kSourceChartText), "", ""}, groups,
            {{voice(kStay), "kept"}, {voice(kOut), "drop"}});
  page.out.open("div");
  open_table(page.out,
             voice(kSourceCaption, {voice.count(static_cast<double>(largest.size())),
                                    voice.count(static_cast<double>(look(statistics, "/sources").size()))}),
             {{voice(kSource), Cell::words}, {voice(kRead)}, {voice(kStays)}, {voice(kEdited)}, {voice(kShare)}});
  for (const auto& [name, flow] : largest) {
    const double read = number(*flow, "/read/documents");
    page.out.open("tr").element("th", name, {{"scope", "row"}});
    figure_cell(page.out, voice.count(read));
    figure_cell(page.out, voice.count(staying(*flow)));
    figure_cell(page.out, voice.count(number(*flow, "/edited/documents")));
    figure_cell(page.out, voice.percent(staying(*flow) / read, 0));
    page.out.close();
  }
  close_table(page.out);
  page.out.close().close();
}

void matrix(const Page& page, const json& statistics, const Sources& largest) {
  const Voice& voice = page.voice;
  std::vector<const json*> rules;
  for (const json& rule : look(statistics, "/rules"))
    if (number(rule, "/dropped/documents") > 0) rules.push_back(&rule);
  if (rules.empty()) return;
  std::vector<Column> columns = {{voice(kSource), Cell::words}};
  for (const json* rule : rules) columns.push_back({rule_name(words(*rule, "/rule"), voice)});
  page.out.element("h3", voice(kMatrix)).open("div", {{"class", "matrix"}});
  open_table(page.out, voice(kMatrixCaption), columns);
  for (const auto& [name, flow] : largest) {
    page.out.open("tr").element("th", name, {{"scope", "row"}});
    for (const json* rule : rules) {
      const json& by_source = look(*rule, "/sources");
      const double count = by_source.contains(name) ? number(by_source.at(name), "/dropped/documents") : 0;
      figure_cell(page.out, count > 0 ? voice.count(count) : "·");
    }
    page.out.close();
  }
  close_table(page.out);
  page.out.close();
}

}  // namespace

void cleaning_funnel(const Page& page) {
  const json& statistics = look(page.report, "/statistics");
  const std::vector<Step> steps = losses(page, statistics);
  page.out.open("section", {{"id", "funnel"}}).element("h2", page.voice(kHeading)).open("figure", {{"class", "beside"}});
  draw(page, statistics, steps);
  page.out.open("div");
  table(page, statistics, steps);
  page.out.close().close();
  const Sources largest = largest_sources(statistics, kMostSources);
  sources(page, statistics, largest);
  matrix(page, statistics, largest);
  page.out.close();
}

}  // namespace hone::report
