#include <algorithm>
#include <nlohmann/json.hpp>

#include "report/cleaning_page.h"
#include "report/diff_view.h"
#include "report/look.h"
#include "report/names.h"
#include "report/rule_words.h"

namespace hone::report {

namespace {

using nlohmann::json;

constexpr Text kHeading{"Rules", "규칙"};
constexpr Text kIntro{
    "In the order in which they ran; each saw what the ones before had left. The specimens are the first few of their kind, shortened, with "
    "long numbers and addresses masked. Of personal data and secrets only the placeholder is shown.",
    "적용한 순서대로이며, 규칙마다 앞 규칙이 남긴 글을 보았습니다. 보기는 종류마다 처음 몇 개를 줄인 것이고, 긴 숫자와 주소는 가렸습니다. "
    "개인정보와 비밀은 바꾼 표시만 보입니다."};
constexpr Text kCaption{"What each rule did", "규칙별 결과"};
constexpr Text kRule{"Rule", "규칙"};
constexpr Text kDropped{"Taken out", "제외한 문서"};
constexpr Text kEdited{"Changed", "고친 문서"};
constexpr Text kFlagged{"Marked", "표시한 문서"};
constexpr Text kSpans{"Places", "고친 곳"};
constexpr Text kRemoved{"Characters removed", "지운 글자"};
constexpr Text kInserted{"Characters inserted", "넣은 글자"};
constexpr Text kTook{"Took out {0} of {1} documents: {2}.", "문서 {1}건 가운데 {0}건을 제외했습니다: {2}."};
constexpr Text kChangedText{"Changed {0} in {1}: {2}.", "{1}에서 {0}을 고쳤습니다: {2}."};
constexpr Text kMarked{"Marked {0} without changing it: {1}.", "{0}을 고치지 않고 표시했습니다: {1}."};
constexpr Text kPlaces{"{0} places", "{0}곳"};
constexpr Text kOnePlace{"1 place", "1곳"};
constexpr Text kFoundNothing{"It found nothing in any document. That is good news or a rule in the wrong place; it is worth knowing which.",
                             "어느 문서에서도 아무것도 찾지 못했습니다. 좋은 소식이거나 규칙이 맞지 않는 것이니 어느 쪽인지 확인할 만합니다."};
constexpr Text kSpecimens{"Specimens", "보기"};
constexpr Text kWhere{"{0} · {1}", "{0} · {1}"};
constexpr Text kNotShown{"(not shown)", "(표시하지 않음)"};

constexpr Text kRejections{"Not readable", "읽지 못한 파일"};
constexpr Text kRejectionCaption{"Files and rows that never became text, and what to do", "글이 되지 못한 파일과 행, 그리고 할 일"};
constexpr Text kReason{"Reason", "이유"};
constexpr Text kDocuments{"Documents", "문서"};
constexpr Text kBytes{"Bytes", "바이트"};
constexpr Text kAdvice{"What to do", "할 일"};
constexpr Text kFirst{"First", "처음"};

/// "too short 12, repeats itself 3", most first.
std::string counted(const json& counts, const Voice& voice, std::string (*name)(const std::string&, const Voice&)) {
  std::vector<std::pair<std::string, double>> entries;
  for (const auto& [key, value] : counts.items()) entries.emplace_back(key, value.is_number() ? value.get<double>() : 0);
  std::stable_sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  std::string text;
  for (const auto& [key, value] : entries)
    text += (text.empty() ? "" : ", ") + (key.empty() ? std::string("–") : name(key, voice)) + " " + voice.count(value);
  return text;
}

std::string language_of(const std::string& code, const Voice& voice) { return language_name(code, voice); }

void overview(const Page& page, const json& rules) {
  const Voice& voice = page.voice;
  open_table(page.out, voice(kCaption),
             {{voice(kRule), Cell::words}, {voice(kDropped)}, {voice(kEdited)}, {voice(kFlagged)}, {voice(kSpans)}, {voice(kRemoved)}, {voice(kInserted)}});
  for (const json& rule : rules) {
    page.out.open("tr").element("th", rule_name(words(rule, "/rule"), voice), {{"scope", "row"}});
    for (const char* key : {"/dropped/documents", "/edited/documents", "/flagged/documents", "/spans", "/characters_removed", "/characters_inserted"})
      figure_cell(page.out, voice.count(number(rule, key)));
    page.out.close();
  }
  close_table(page.out);
}

/// One specimen: what a text began with that was taken out, or a place as it was and as it is.
void specimen(const Page& page, const json& example, bool says_language) {
  const std::string reason = words(example, "/reason"), excerpt = words(example, "/excerpt");
  const std::string removed = words(example, "/removed"), inserted = words(example, "/inserted");
  const bool edit = number(example, "/removed_characters") > 0 || !inserted.empty();
  page.out.open("p", {{"class", "specimen"}, {"dir", "auto"}});
  if (edit) {
    page.out.text(words(example, "/before"));
    if (!removed.empty()) page.out.element("del", shown(removed));
    else if (number(example, "/removed_characters") > 0) page.out.element("del", page.voice(kNotShown), {{"class", "veiled"}});
    if (!inserted.empty()) page.out.element("ins", shown(inserted));
    page.out.text(words(example, "/after"));
  } else if (excerpt.empty()) {
    page.out.element("del", page.voice(kNotShown), {{"class", "veiled"}});
  } else {
    page.out.element("del", excerpt);
  }
  page.out.close();
  const std::string name = edit ? kind_name(reason, page.voice) : says_language ? language_name(reason, page.voice) : reason_name(reason, page.voice);
  page.out.element("p", page.voice(kWhere, {name, words(example, "/id")}), {{"class", "soft"}});
}

void one_rule(const Page& page, const json& rule, double read) {
  const Voice& voice = page.voice;
  const std::string key = words(rule, "/rule"), name = rule_name(key, voice);
  const double dropped = number(rule, "/dropped/documents"), edited = number(rule, "/edited/documents"), flagged = number(rule, "/flagged/documents"),
               spans = number(rule, "/spans");
  page.out.open("div", {{"class", "rule"}}).open("h3").text(name);
  if (name != key) page.out.text(" ").element("code", key);
  page.out.close();
  page.out.element("p", rule_explanation(key, voice));
  const std::string reasons = counted(look(rule, "/reasons"), voice, key == "language" ? language_of : reason_name);
  if (dropped > 0)
    page.out.element("p", voice(kTook, {voice.count(dropped), voice.count(read), reasons}), {{"class", "counts"}});
  if (edited > 0)
    page.out.element("p",
                     voice(kChangedText, {spans == 1 ? voice(kOnePlace) : voice(kPlaces, {voice.count(spans)}), voice.documents(edited),
                                          counted(look(rule, "/kinds"), voice, kind_name)}),
                     {{"class", "counts"}});
  if (flagged > 0) {
    const std::string marks = counted(look(rule, "/marks"), voice, kind_name);
    page.out.element("p", voice(kMarked, {voice.documents(flagged), marks.empty() ? reasons : marks}), {{"class", "counts"}});
  }
  if (dropped + edited + flagged == 0) page.out.element("p", voice(kFoundNothing), {{"class", "soft"}});
  if (const json& examples = look(rule, "/examples"); examples.is_array() && !examples.empty()) {
    page.out.open("details").element("summary", voice(kSpecimens) + ": " + name);
    for (const json& example : examples) specimen(page, example, key == "language");
    page.out.close();
  }
  page.out.close();
}

}  // namespace

void cleaning_rules(const Page& page) {
  const json& rules = look(page.report, "/statistics/rules");
  page.out.open("section", {{"id", "rules"}}).element("h2", page.voice(kHeading)).element("p", page.voice(kIntro));
  overview(page, rules);
  const double read = number(page.report, "/statistics/read/documents");
  for (const json& rule : rules) one_rule(page, rule, read);
  page.out.close();
}

void cleaning_rejections(const Page& page) {
  const Voice& voice = page.voice;
  const json& rejections = look(page.report, "/statistics/rejections");
  if (!rejections.is_object() || rejections.empty()) return;
  page.out.open("section", {{"id", "rejections"}}).element("h2", voice(kRejections));
  open_table(page.out, voice(kRejectionCaption),
             {{voice(kReason), Cell::words}, {voice(kDocuments)}, {voice(kBytes)}, {voice(kAdvice), Cell::words}, {voice(kFirst), Cell::words}});
  for (const auto& [reason, amount] : rejections.items()) {
    page.out.open("tr").element("th", rejection_name(reason, voice), {{"scope", "row"}});
    figure_cell(page.out, voice.count(number(amount, "/documents")));
    figure_cell(page.out, voice.bytes(number(amount, "/bytes")));
    page.out.open("td").open("span", {{"class", "reason"}}).text(rejection_advice(reason, voice)).close().close();
    page.out.open("td");
    const json& examples = look(page.report, "/statistics/rejected_examples");
    if (examples.is_object() && examples.contains(reason))
      for (const json& example : examples.at(reason)) page.out.element("span", words(example, "/id"), {{"class", "reason"}});
    page.out.close().close();
  }
  close_table(page.out);
  page.out.close();
}

}  // namespace hone::report
