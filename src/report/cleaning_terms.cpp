#include <nlohmann/json.hpp>

#include "report/cleaning_page.h"
#include "report/look.h"

namespace hone::report {

namespace {

using nlohmann::json;

constexpr Text kHeading{"Sources and terms", "출처와 조건"};
constexpr Text kIntro{"What the recipe and the documents say of themselves, word for word. Hone adds nothing and checks nothing of it.",
                      "레시피와 문서에 적힌 말 그대로입니다. Hone은 덧붙이지도 확인하지도 않습니다."};
constexpr Text kCaption{"What the recipe says of its sources", "레시피에 적힌 출처"};
constexpr Text kSource{"Source", "출처"};
constexpr Text kLicence{"Licence", "라이선스"};
constexpr Text kAccess{"Access", "공개 범위"};
constexpr Text kOrigin{"Origin", "유래"};
constexpr Text kOwner{"Owner", "책임자"};
constexpr Text kBasis{"Legal basis", "법적 근거"};
constexpr Text kRetention{"Retention", "보관 기간"};
constexpr Text kDocuments{"Documents read", "읽은 문서"};
constexpr Text kLicences{"Licences of what stays", "남은 문서의 라이선스"};
constexpr Text kAccesses{"Access labels of what stays", "남은 문서의 공개 범위"};
constexpr Text kStay{"Documents", "문서"};
constexpr Text kCharacters{"Characters", "글자"};
constexpr Text kShare{"Share", "비율"};
constexpr Text kNotStated{"not stated", "명시되지 않음"};
constexpr Text kAndMore{"The files themselves name {0} sources of which the recipe says nothing; their documents have the terms of the source "
                        "they were read with, unless they state their own.",
                        "파일에는 레시피에 없는 출처 이름이 {0}개 적혀 있습니다. 그 문서에 따로 적힌 조건이 없으면 읽어 온 출처의 조건을 따릅니다."};

constexpr size_t kMostSources = 60;
constexpr const char* kTerms[] = {"/licence", "/access", "/origin", "/owner", "/legal_basis", "/retention"};

bool says_something(const json& source) {
  for (const char* key : kTerms)
    if (!words(source, key).empty()) return true;
  return false;
}

void word_cell(const Page& page, const json& source, const char* key) {
  const std::string given = words(source, key);
  page.out.element("td", given.empty() ? "–" : given);
}

void sources(const Page& page, const json& sources) {
  const Voice& voice = page.voice;
  open_table(page.out, voice(kCaption),
             {{voice(kSource), Cell::words}, {voice(kLicence), Cell::words}, {voice(kAccess), Cell::words}, {voice(kOrigin), Cell::words},
              {voice(kOwner), Cell::words}, {voice(kBasis), Cell::words}, {voice(kRetention), Cell::words}, {voice(kDocuments)}});
  size_t written = 0, silent = 0;
  for (const json& source : sources) {
    if (written >= kMostSources || (written > 0 && !says_something(source) && !truth(source, "/in_recipe"))) {
      ++silent;
      continue;
    }
    ++written;
    page.out.open("tr").element("th", words(source, "/name"), {{"scope", "row"}});
    for (const char* key : kTerms) word_cell(page, source, key);
    figure_cell(page.out, voice.count(number(source, "/documents")));
    page.out.close();
  }
  close_table(page.out);
  if (silent > 0) page.out.element("p", voice(kAndMore, {voice.count(static_cast<double>(silent))}));
}

void amounts(const Page& page, const Text& heading, const Text& column, const json& amounts) {
  const Voice& voice = page.voice;
  if (!amounts.is_object() || amounts.empty()) return;
  double all = 0;
  for (const auto& [name, amount] : amounts.items()) all += number(amount, "/documents");
  page.out.open("div");
  open_table(page.out, voice(heading), {{voice(column), Cell::words}, {voice(kStay)}, {voice(kCharacters)}, {voice(kShare)}});
  for (const auto& [name, amount] : amounts.items()) {
    page.out.open("tr").element("th", name.empty() ? voice(kNotStated) : name, {{"scope", "row"}});
    figure_cell(page.out, voice.count(number(amount, "/documents")));
    figure_cell(page.out, voice.count(number(amount, "/characters")));
    figure_cell(page.out, voice.percent(number(amount, "/documents") / all, 0));
    page.out.close();
  }
  close_table(page.out);
  page.out.close();
}

}  // namespace

void cleaning_terms(const Page& page) {
  page.out.open("section", {{"id", "terms"}}).element("h2", page.voice(kHeading)).element("p", page.voice(kIntro));
  sources(page, look(page.report, "/sources"));
  page.out.open("div", {{"class", "lists"}});
  amounts(page, kLicences, kLicence, look(page.report, "/statistics/licences"));
  amounts(page, kAccesses, kAccess, look(page.report, "/statistics/access"));
  page.out.close().close();
}

}  // namespace hone::report
