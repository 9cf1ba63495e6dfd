#include <cmath>
#include <nlohmann/json.hpp>

#include "artifact/names.h"
#include "report/chart.h"
#include "report/look.h"
#include "report/names.h"
#include "report/page.h"

namespace hone::report {

namespace {

using nlohmann::json;

constexpr Text kHeading{"What it learnt from", "무엇을 배웠습니까?"};
constexpr Text kSummary{
    "{0} documents ({1}) were read. {2} were dropped, {3} edited and {4} kept as they were. Every document "
    "and every edit is in the "
    "ledger; `hone explain` shows what happened to any one of them.",
    "문서 {0}건({1})을 읽었습니다. {2}건을 제외하고 {3}건을 고쳤으며 {4}건은 그대로 두었습니다. 모든 문서와 "
    "수정 내용은 원장에 있고, "
    "`hone explain`으로 문서 하나하나에 무슨 일이 있었는지 볼 수 있습니다."};
constexpr Text kMore{"The cleaning report", "정제 보고서"};
constexpr Text kMoreText{" tells more: each rule in plain words with specimens, what was looked for and what not, and what a check by hand found.",
                         "에 더 있습니다. 규칙마다 한 일과 보기, 무엇을 찾았고 찾지 않았는지, 직접 확인한 결과가 나옵니다."};
constexpr Text kChart{"Where the bytes went", "데이터의 흐름"};
constexpr Text kChartText{"Of {0} read, {1} remain to learn from or to be held out.",
                          "읽은 {0} 가운데 {1}이(가) 학습과 검증에 남았습니다."};
constexpr Text kFlowCaption{"Bytes read = kept + edited + dropped; − marks what a rule dropped",
                            "읽은 바이트 = 그대로 둠 + 고침 + 제외. −는 규칙이 제외한 것입니다"};
constexpr Text kStep{"Step", "단계"};
constexpr Text kDocuments{"Documents", "문서"};
constexpr Text kBytes{"Bytes", "바이트"};
constexpr Text kShare{"Share", "비율"};
constexpr Text kRead{"Read", "읽음"};
constexpr Text kEdited{"Edited", "고침"};
constexpr Text kKept{"Kept as it was", "그대로 둠"};
constexpr Text kDropped{"− {0}", "− {0}"};
constexpr Text kRules{"Rules", "규칙"};
constexpr Text kRulesCaption{"What each rule did, in the order in which they ran",
                             "규칙별 결과(적용 순서대로)"};
constexpr Text kRule{"Rule", "규칙"};
constexpr Text kDroppedDocuments{"Dropped", "제외한 문서"};
constexpr Text kEditedDocuments{"Edited", "고친 문서"};
constexpr Text kSpans{"Edits", "고친 곳"};
constexpr Text kCharactersRemoved{"Characters removed", "지운 글자"};
constexpr Text kCharactersInserted{"Characters inserted", "넣은 글자"};

constexpr Text kSources{"Sources", "출처"};
constexpr Text kSourcesCaption{"What each source gave, and on what terms", "출처별 분량과 이용 조건"};
constexpr Text kSource{"Source", "출처"};
constexpr Text kLicence{"Licence", "라이선스"};
constexpr Text kAccess{"Access", "공개 범위"};
constexpr Text kOrigin{"Origin, owner, legal basis, retention", "유래, 책임자, 법적 근거, 보관 기간"};
constexpr Text kNoLicence{"not stated", "명시되지 않음"};
constexpr Text kByDocument{"stated by each document", "문서마다 명시됨"};
constexpr Text kUnlicensed{
    "No licence is stated for: {0}. Whoever signs should know on what terms this text may be used.",
    "라이선스가 명시되지 않은 출처: {0}. 서명하는 분은 이 글을 어떤 조건으로 쓸 수 있는지 확인해야 합니다."};
constexpr Text kTokensHeading{"Tokens", "토큰"};
constexpr Text kTokensCaption{"Text after cleaning, as the model reads it", "정제 뒤 모델이 읽는 분량"};
constexpr Text kSide{"Side", "구분"};
constexpr Text kTrainSide{"learnt from", "학습"};
constexpr Text kHeldOut{"held out", "검증"};
constexpr Text kTokens{"Tokens", "토큰"};
constexpr Text kBytesPerToken{"Bytes a token", "토큰당 바이트"};
constexpr Text kAltered{"Not restored exactly", "원문 복원 안 됨"};

double bytes_of(const json& part) { return number(part, "/bytes"); }

std::string step_name(const Page& page, const json& step) {
  return page.voice(kDropped, {rule_name(words(step, "/rule"), page.voice)});
}

void draw_flow(const Page& page, const json& data) {
  const Voice& voice = page.voice;
  const double read = bytes_of(look(data, "/read"));
  std::vector<FlowStep> steps = {{voice(kRead), "read", 0, 1, voice.bytes(read)}};
  double left = 1;
  for (const json& dropped : look(data, "/dropped")) {
    const double share = bytes_of(dropped) / read;
    if (!(share > 0)) continue;
    steps.push_back({step_name(page, dropped), "drop", left - share, left, voice.bytes(bytes_of(dropped))});
    left -= share;
  }
  const double edited = bytes_of(look(data, "/edited")) / read, kept = bytes_of(look(data, "/kept")) / read;
  if (edited > 0) steps.push_back({voice(kEdited), "edit", kept, kept + edited, voice.bytes(edited * read)});
  steps.push_back({voice(kKept), "kept", 0, kept, voice.bytes(kept * read)});
  flow_chart(page.out,
             {"flow", voice(kChart),
              voice(kChartText, {voice.bytes(read), voice.bytes((kept + edited) * read)}), "", ""},
             steps);
}

void flow_row(const Page& page, const std::string& name, const json& part, double read, bool total) {
  if (total)
    page.out.open("tr", {{"class", "total"}});
  else
    page.out.open("tr");
  page.out.element("th", name, {{"scope", "row"}});
  figure_cell(page.out, page.voice.count(number(part, "/documents")));
  figure_cell(page.out, page.voice.count(bytes_of(part)));
  figure_cell(page.out, page.voice.percent(bytes_of(part) / read));
  page.out.close();
}

void flow_table(const Page& page, const json& data) {
  const Voice& voice = page.voice;
  const double read = bytes_of(look(data, "/read"));
  open_table(page.out, voice(kFlowCaption),
             {{voice(kStep), Cell::words}, {voice(kDocuments)}, {voice(kBytes)}, {voice(kShare)}});
  for (const json& dropped : look(data, "/dropped"))
    flow_row(page, step_name(page, dropped), dropped, read, false);
  flow_row(page, voice(kEdited), look(data, "/edited"), read, false);
  flow_row(page, voice(kKept), look(data, "/kept"), read, false);
  flow_row(page, voice(kRead), look(data, "/read"), read, true);
  close_table(page.out);
}

std::string governance(const json& source) {
  std::string text;
  for (const char* key : {"/origin", "/owner", "/legal_basis", "/retention"}) {
    const std::string given = words(source, key);
    if (!given.empty()) text += (text.empty() ? "" : " · ") + given;
  }
  return text.empty() ? "–" : text;
}

void rules_table(const Page& page, const json& rules) {
  const Voice& voice = page.voice;
  if (!rules.is_array() || rules.empty()) return;
  page.out.element("h3", voice(kRules));
  open_table(page.out, voice(kRulesCaption),
             {{voice(kRule), Cell::words},
              {voice(kDroppedDocuments)},
              {voice(kEditedDocuments)},
              {voice(kSpans)},
              {voice(kCharactersRemoved)},
              {voice(kCharactersInserted)}});
  for (const json& rule : rules) {
    page.out.open("tr").element("th", rule_name(words(rule, "/rule"), voice), {{"scope", "row"}});
    for (const char* key : {"/dropped", "/edited", "/spans", "/characters_removed", "/characters_inserted"})
      figure_cell(page.out, voice.count(number(rule, key)));
    page.out.close();
  }
  close_table(page.out);
}

void sources_table(const Page& page, const json& sources) {
  const Voice& voice = page.voice;
  if (!sources.is_array() || sources.empty()) return;
  page.out.element("h3", voice(kSources));
  std::string unlicensed;
  for (const json& source : sources)
    if (number(source, "/without_licence") > 0)
      unlicensed += (unlicensed.empty() ? "" : ", ") + words(source, "/name");
  if (!unlicensed.empty())
    page.out.open("div", {{"class", "note"}}).element("p", voice(kUnlicensed, {unlicensed})).close();
  open_table(page.out, voice(kSourcesCaption),
             {{voice(kSource), Cell::words},
              {voice(kLicence), Cell::words},
              {voice(kAccess), Cell::words},
              {voice(kOrigin), Cell::words},
              {voice(kDocuments)},
              {voice(kBytes)}});
  for (const json& source : sources) {
    const std::string licence = words(source, "/licence"), access = words(source, "/access");
    page.out.open("tr").element("th", words(source, "/name"), {{"scope", "row"}});
    page.out.element("td", !licence.empty()                         ? licence
                           : number(source, "/without_licence") > 0 ? voice(kNoLicence)
                                                                    : voice(kByDocument));
    page.out.element("td", access.empty() ? "–" : access);
    page.out.element("td", governance(source));
    figure_cell(page.out, voice.count(number(source, "/documents")));
    figure_cell(page.out, voice.bytes(number(source, "/bytes")));
    page.out.close();
  }
  close_table(page.out);
}

void tokens_table(const Page& page, const json& splits) {
  const Voice& voice = page.voice;
  if (!splits.is_object()) return;
  page.out.element("h3", voice(kTokensHeading));
  open_table(page.out, voice(kTokensCaption),
             {{voice(kSide), Cell::words},
              {voice(kDocuments)},
              {voice(kBytes)},
              {voice(kTokens)},
              {voice(kBytesPerToken)},
              {voice(kAltered)}});
  for (const auto& [key, name] : {std::pair{"train", &kTrainSide}, std::pair{"validation", &kHeldOut}}) {
    const json& side = look(splits, std::string("/") + key);
    if (!side.is_object()) continue;
    page.out.open("tr").element("th", voice(*name), {{"scope", "row"}});
    figure_cell(page.out, voice.count(number(side, "/documents")));
    figure_cell(page.out, voice.bytes(number(side, "/text_bytes")));
    figure_cell(page.out, voice.count(number(side, "/tokens")));
    figure_cell(page.out, voice.decimal(number(side, "/bytes_per_token"), 2));
    figure_cell(page.out, voice.count(number(side, "/altered_documents")));
    page.out.close();
  }
  close_table(page.out);
}

}  // namespace

void data_section(const Page& page) {
  const Voice& voice = page.voice;
  const json& data = look(page.report, "/facts/data");
  if (!data.is_object()) return;
  page.out.open("section", {{"id", "data"}}).element("h2", voice(kHeading));
  double dropped = 0;
  for (const json& step : look(data, "/dropped")) dropped += number(step, "/documents");
  prose(
      page.out, "p",
      voice(kSummary, {voice.count(number(data, "/read/documents")), voice.bytes(number(data, "/read/bytes")),
                       voice.count(dropped), voice.count(number(data, "/edited/documents")),
                       voice.count(number(data, "/kept/documents"))}));
  page.out.open("p").element("a", voice(kMore), {{"href", artifact::kCleaningHtml}}).text(voice(kMoreText)).close();
  page.out.open("figure", {{"class", "beside"}});
  draw_flow(page, data);
  page.out.open("div");
  flow_table(page, data);
  page.out.close().close();
  rules_table(page, look(data, "/rules"));
  sources_table(page, look(page.report, "/facts/sources"));
  tokens_table(page, look(page.report, "/facts/tokens/splits"));
  page.out.close();
}

}  // namespace hone::report
