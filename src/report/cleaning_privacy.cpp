#include <cmath>
#include <nlohmann/json.hpp>

#include "report/cleaning_page.h"
#include "report/look.h"
#include "report/names.h"
#include "report/rule_words.h"

namespace hone::report {

namespace {

using nlohmann::json;

constexpr Text kHeading{"Personal data and secrets", "개인정보와 비밀"};
constexpr Text kLooked{"Looked for", "찾은 종류"};
constexpr Text kNotLooked{"Not looked for", "찾지 않은 종류"};
constexpr Text kNothing{"Nothing: no rule for personal data or secrets ran. Whatever was in the documents is still in them.",
                        "없습니다. 개인정보나 비밀을 찾는 규칙이 실행되지 않았으므로 문서에 있던 것은 그대로 있습니다."};
constexpr Text kIntro{
    "A rule finds what has a form: numbers, addresses, known words around them. What a person would recognise by understanding, no rule "
    "here looks for. Both lists are complete.",
    "규칙은 형태가 있는 것, 곧 숫자와 주소와 그 곁의 정해진 낱말을 찾습니다. 뜻을 알아야 알아볼 수 있는 것은 어떤 규칙도 찾지 않습니다. 두 "
    "목록이 전부입니다."};
constexpr Text kCaption{"{0}: what was replaced, by kind", "{0}: 바꾼 것(종류별)"};
constexpr Text kKind{"Kind", "종류"};
constexpr Text kPlaces{"Places", "곳"};

/// What no rule of Hone looks for: the special categories of the GDPR (article 9) and of Korea's PIPA (article 23), and what has no form.
constexpr Text kNever[] = {{"health", "건강"},
                           {"belief and religion", "사상과 종교"},
                           {"political opinions", "정치적 견해"},
                           {"membership of a union or party", "노동조합·정당 가입"},
                           {"sex life and orientation", "성생활과 성적 지향"},
                           {"genetic and biometric data", "유전정보와 생체정보"},
                           {"criminal records", "범죄경력"},
                           {"racial or ethnic origin", "인종과 민족"},
                           {"people described without a name or number", "이름이나 번호 없이 묘사된 사람"},
                           {"pictures", "사진과 그림"}};

constexpr Text kWithAction{"{0}: {1}", "{0}: {1}"};
constexpr std::pair<const char*, Text> kActions[] = {{"flag", {"pointed out", "표시만 함"}},
                                                     {"redact", {"replaced by a placeholder", "표시로 바꿈"}},
                                                     {"pseudonymise", {"replaced by a stand-in", "가명으로 바꿈"}},
                                                     {"remove", {"removed", "지움"}},
                                                     {"drop", {"document dropped", "문서를 제외함"}}};

constexpr Text kReview{"Check by hand", "직접 확인"};
constexpr Text kNoReview{
    "Nobody has checked a sample yet. `hone review` draws documents at random and turns what an inspector finds into an upper bound for "
    "the whole corpus.",
    "아직 아무도 표본을 확인하지 않았습니다. `hone review`가 문서를 무작위로 뽑고, 확인한 사람이 찾은 것에서 말뭉치 전체의 상한을 계산합니다."};
constexpr Text kReviewText{
    "Documents were drawn at random from what stays, and a person read each. The bound is the exact one of Clopper and Pearson, one-sided: "
    "if more documents than that still had something in them, so few would have been found less than once in twenty times.",
    "남은 문서에서 무작위로 뽑아 사람이 하나씩 읽었습니다. 상한은 클로퍼-피어슨의 정확한 단측 상한입니다. 그보다 많은 문서에 남아 있다면 이만큼 적게 "
    "찾을 일은 스무 번에 한 번도 안 됩니다."};
constexpr Text kReviewCaption{"With {0} confidence, at most this share of documents still has something in it",
                              "{0} 신뢰도로, 아직 남아 있는 문서는 많아야 이만큼입니다"};
constexpr Text kWhat{"Left in the text", "글에 남은 것"};
constexpr Text kFound{"Found", "찾은 문서"};
constexpr Text kOf{"Checked", "확인한 문서"};
constexpr Text kShare{"At most", "많아야"};
constexpr Text kPerThousand{"Of 1,000 documents", "문서 1,000건당"};
constexpr Text kInspector{"Inspector, date", "확인한 사람, 날짜"};
constexpr Text kPart{"{0}, source {1}", "{0}, 출처 {1}"};
constexpr Text kPartLanguage{"{0}, in {1}", "{0}, {1}"};

constexpr std::pair<const char*, Text> kWords[] = {{"personal_data", {"personal data", "개인정보"}},
                                                   {"secret", {"secrets", "비밀"}},
                                                   {"garbage", {"boilerplate or garbage", "상용구나 쓰레기"}}};

const json* rule_of(const json& statistics, std::string_view name) {
  for (const json& rule : look(statistics, "/rules"))
    if (words(rule, "/rule") == name) return &rule;
  return nullptr;
}

void list(const Page& page, const Text& heading, const std::vector<std::string>& entries) {
  page.out.open("div").element("h3", page.voice(heading));
  if (entries.empty()) {
    page.out.element("p", page.voice(kNothing)).close();
    return;
  }
  page.out.open("ul", {{"class", "plain"}});
  for (const std::string& entry : entries) page.out.element("li", entry);
  page.out.close().close();
}

std::string action_words(const std::string& action, const Voice& voice) {
  for (const auto& [word, text] : kActions)
    if (action == word) return voice(text);
  return action;
}

/// "e-mail address: replaced by a placeholder". Of the families asked for; a mere word belongs to any.
std::vector<std::string> kinds(const json& list, const Voice& voice) {
  std::vector<std::string> result;
  for (const json& entry : list) {
    if (entry.is_string()) result.push_back(kind_name(entry.get<std::string>(), voice));
    else if (entry.is_object()) result.push_back(voice(kWithAction, {kind_name(words(entry, "/kind"), voice), action_words(words(entry, "/action"), voice)}));
  }
  return result;
}

void found_by_kind(const Page& page, const json& rule) {
  const json& counts = look(rule, "/kinds");
  if (!counts.is_object() || counts.empty()) return;
  open_table(page.out, page.voice(kCaption, {rule_name(words(rule, "/rule"), page.voice)}), {{page.voice(kKind), Cell::words}, {page.voice(kPlaces)}}, Width::narrow);
  for (const auto& [kind, count] : counts.items()) {
    page.out.open("tr").element("th", kind_name(kind, page.voice), {{"scope", "row"}});
    figure_cell(page.out, page.voice.count(count.is_number() ? count.get<double>() : 0));
    page.out.close();
  }
  close_table(page.out);
}

void review_rows(const Page& page, const json& review) {
  const Voice& voice = page.voice;
  for (const auto& [word, name] : kWords) {
    const json& found = look(review, std::string("/found/") + word);
    std::string what = voice(name);
    if (const std::string source = words(review, "/source"); !source.empty()) what = voice(kPart, {what, source});
    if (const std::string language = words(review, "/language"); !language.empty()) what = voice(kPartLanguage, {what, language_name(language, voice)});
    page.out.open("tr").element("th", what, {{"scope", "row"}});
    figure_cell(page.out, voice.count(number(found, "/documents")));
    figure_cell(page.out, voice.count(number(review, "/documents")));
    figure_cell(page.out, voice.percent(number(found, "/upper_share"), 2));
    figure_cell(page.out, voice.decimal(number(found, "/upper_per_1000"), 1));
    page.out.element("td", words(review, "/inspector") + ", " + words(review, "/date").substr(0, 10)).close();
  }
}

}  // namespace

void cleaning_privacy(const Page& page) {
  const json& statistics = look(page.report, "/statistics");
  std::vector<std::string> looked = kinds(look(statistics, "/privacy/looked_for"), page.voice);
  std::vector<std::string> not_looked = kinds(look(statistics, "/privacy/not_looked_for"), page.voice);
  if (not_looked.empty())  // of a version that did not say
    for (const Text& never : kNever) not_looked.push_back(page.voice(never));
  page.out.open("section", {{"id", "privacy"}}).element("h2", page.voice(kHeading)).element("p", page.voice(kIntro));
  page.out.open("div", {{"class", "lists"}});
  list(page, kLooked, looked);
  list(page, kNotLooked, not_looked);
  page.out.close();
  for (const char* name : {"personal_data", "secrets"})
    if (const json* rule = rule_of(statistics, name)) found_by_kind(page, *rule);
  page.out.close();
}

void cleaning_review(const Page& page) {
  const Voice& voice = page.voice;
  const json& reviews = look(page.report, "/reviews");
  page.out.open("section", {{"id", "review"}}).element("h2", voice(kReview));
  if (!reviews.is_array() || reviews.empty()) {
    prose(page.out, "p", voice(kNoReview));
    page.out.close();
    return;
  }
  page.out.element("p", voice(kReviewText));
  open_table(page.out, voice(kReviewCaption, {voice.percent(number(reviews.back(), "/confidence"), 0)}),
             {{voice(kWhat), Cell::words}, {voice(kFound)}, {voice(kOf)}, {voice(kShare)}, {voice(kPerThousand)}, {voice(kInspector), Cell::words}});
  for (const json& review : reviews) review_rows(page, review);
  close_table(page.out);
  page.out.close();
}

}  // namespace hone::report
