#include <cmath>
#include <nlohmann/json.hpp>

#include "report/cleaning_page.h"
#include "report/look.h"
#include "report/names.h"

namespace hone::report {

namespace {

using nlohmann::json;

constexpr Text kWord{"CLEANED", "정제됨"};
constexpr Text kHeadline{"{0} of {1} documents stay", "문서 {1}건 가운데 {0}건이 남았습니다"};
constexpr Text kSentence{
    "{0} were read. Of {1} characters, {2} stay. Every document and every change is in the ledger; `hone explain` tells what happened to "
    "any one of them.",
    "{0}을(를) 읽었습니다. 글자 {1}개 가운데 {2}개가 남았습니다. 모든 문서와 수정 내용은 원장에 있고, `hone explain`이 문서 하나하나에 무슨 일이 "
    "있었는지 알려 줍니다."};
constexpr Text kAttention{"Worth a look before you sign:", "서명하기 전에 볼 것:"};
constexpr Text kNothing{"Nothing stands out. Read the lists of what was looked for, all the same.",
                        "눈에 띄는 것은 없습니다. 그래도 무엇을 찾았는지는 읽어 보십시오."};

constexpr Text kNotChecked{"Nobody has checked a sample by hand yet (`hone review`), so nothing can be said about what slipped through.",
                           "아직 표본을 직접 확인한 사람이 없어(`hone review`) 무엇이 빠져나갔는지 말할 수 없습니다."};
constexpr Text kFoundByHand{"{0} found personal data in {1} of {2} documents checked by hand.",
                            "{0} 님이 직접 확인한 문서 {2}건 가운데 {1}건에서 개인정보를 찾았습니다."};
constexpr Text kNotLooked{"No rule looked for personal data.", "개인정보를 찾는 규칙이 실행되지 않았습니다."};
constexpr Text kNoSecrets{"No rule looked for keys and passwords.", "키와 비밀번호를 찾는 규칙이 실행되지 않았습니다."};
constexpr Text kUnlicensed{"No licence is stated for documents of {0}.", "라이선스가 명시되지 않은 출처가 있습니다: {0}."};
constexpr Text kAndMore{"{0} and {1} more", "{0} 외 {1}개"};
constexpr Text kLostHalf{"Source {0} lost {1} of its {2} documents.", "출처 {0}에서 문서 {2}건 가운데 {1}건이 빠졌습니다."};
constexpr Text kRejected{"{0} could not be read; what to do stands below.", "{0}을 읽지 못했습니다. 할 일은 아래에 있습니다."};
constexpr Text kFlagged{"{1} marked {0} for attention and left the text as it is.", "‘{1}’ 규칙이 {0}에 확인 표시를 하고 글은 그대로 두었습니다."};
constexpr Text kNeverFired{"These rules found nothing in any document: {0}.", "어느 문서에서도 아무것도 찾지 못한 규칙: {0}."};

constexpr Text kRead{"Read", "읽음"};
constexpr Text kUnchanged{"Stay as they were", "그대로 남음"};
constexpr Text kChanged{"Stay, changed", "고쳐서 남음"};
constexpr Text kTaken{"Taken out", "제외함"};

constexpr size_t kMostNamed = 5;

std::string unlicensed_sources(const Page& page) {
  const json& sources = look(page.report, "/statistics/without_licence");
  std::string names;
  size_t count = 0;
  for (const auto& [name, documents] : sources.items())
    if (count++ < kMostNamed) names += (names.empty() ? "" : ", ") + name;
  return count > kMostNamed ? page.voice(kAndMore, {names, page.voice.count(static_cast<double>(count - kMostNamed))}) : names;
}

bool has_rule(const json& statistics, std::string_view name) {
  for (const json& rule : look(statistics, "/rules"))
    if (words(rule, "/rule") == name) return true;
  return false;
}

std::vector<std::string> about_rules(const Page& page, const json& statistics) {
  std::vector<std::string> points;
  std::string never;
  for (const json& rule : look(statistics, "/rules"))
    if (const double flagged = number(rule, "/flagged/documents"); flagged > 0)
      points.push_back(page.voice(kFlagged, {page.voice.documents(flagged), rule_name(words(rule, "/rule"), page.voice)}));
  for (const json& name : look(statistics, "/rules_that_never_fired"))
    if (name.is_string()) never += (never.empty() ? "" : ", ") + rule_name(name.get<std::string>(), page.voice);
  if (!never.empty()) points.push_back(page.voice(kNeverFired, {never}));
  return points;
}

/// What somebody who signs should know, most serious first.
std::vector<std::string> points_of(const Page& page) {
  const Voice& voice = page.voice;
  const json& statistics = look(page.report, "/statistics");
  std::vector<std::string> points;
  const json& reviews = look(page.report, "/reviews");
  if (reviews.empty()) points.push_back(voice(kNotChecked));
  for (const json& review : reviews)
    if (const double found = number(review, "/found/personal_data/documents"); found > 0)
      points.push_back(voice(kFoundByHand, {words(review, "/inspector"), voice.count(found), voice.count(number(review, "/documents"))}));
  if (!has_rule(statistics, "personal_data")) points.push_back(voice(kNotLooked));
  if (!has_rule(statistics, "secrets")) points.push_back(voice(kNoSecrets));
  if (const std::string names = unlicensed_sources(page); !names.empty()) points.push_back(voice(kUnlicensed, {names}));
  for (const auto& [name, flow] : largest_sources(statistics, SIZE_MAX)) {
    const double read = number(*flow, "/read/documents"), lost = read - staying(*flow);
    if (read >= 10 && lost > read / 2 && points.size() < 12) points.push_back(voice(kLostHalf, {name, voice.count(lost), voice.count(read)}));
  }
  if (const double rejected = number(statistics, "/rejected/documents"); rejected > 0)
    points.push_back(voice(kRejected, {voice.documents(rejected)}));
  for (std::string& point : about_rules(page, statistics)) points.push_back(std::move(point));
  return points;
}

void fact(const Page& page, const Text& name, double documents, double read, double bytes) {
  page.out.open("div").element("dt", page.voice(name)).open("dd").text(page.voice.count(documents));
  page.out.element("small", page.voice.percent(documents / read) + " · " + page.voice.bytes(bytes)).close().close();
}

}  // namespace

void cleaning_summary(const Page& page) {
  const Voice& voice = page.voice;
  const json& statistics = look(page.report, "/statistics");
  const double read = number(statistics, "/read/documents");
  page.out.open("div", {{"class", "verdict plain"}}).element("p", voice(kWord), {{"class", "word"}});
  page.out.element("h2", voice(kHeadline, {voice.count(staying(statistics)), voice.count(read)}));
  prose(page.out, "p",
        voice(kSentence, {voice.bytes(number(statistics, "/read/bytes")), voice.count(number(statistics, "/read/characters")),
                          voice.count(number(statistics, "/characters_after"))}));
  const std::vector<std::string> points = points_of(page);
  page.out.element("p", voice(points.empty() ? kNothing : kAttention));
  if (!points.empty()) {
    page.out.open("ul");
    for (const std::string& point : points) prose(page.out, "li", point);
    page.out.close();
  }
  page.out.close();
  const double out_documents = number(statistics, "/dropped/documents") + number(statistics, "/rejected/documents");
  const double out_bytes = number(statistics, "/dropped/bytes") + number(statistics, "/rejected/bytes");
  page.out.open("dl", {{"class", "facts"}});
  fact(page, kRead, read, read, number(statistics, "/read/bytes"));
  fact(page, kUnchanged, number(statistics, "/kept/documents"), read, number(statistics, "/kept/bytes"));
  fact(page, kChanged, number(statistics, "/edited/documents"), read, number(statistics, "/edited/bytes"));
  fact(page, kTaken, out_documents, read, out_bytes);
  page.out.close();
}

}  // namespace hone::report
