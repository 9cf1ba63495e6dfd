#include <algorithm>
#include <nlohmann/json.hpp>

#include "report/look.h"
#include "report/page.h"

namespace hone::report {

namespace {

using nlohmann::json;

constexpr Text kHeading{"What it writes", "무엇을 씁니까?"};
constexpr Text kIntro{
    "Each model was given the beginning of a held-out document and wrote on, always taking its likeliest "
    "word. The documents were "
    "chosen evenly, not for how they read.",
    "검증 문서의 첫머리를 주고 이어서 쓰게 했습니다. 매번 가장 그럴듯한 낱말을 고르며, 문서는 결과와 "
    "무관하게 고르게 뽑았습니다."};
constexpr Text kAnswersIntro{
    "Each model was given a held-out conversation up to its last answer, as the chat template writes it, and answered, always taking "
    "its likeliest word. The conversations were chosen evenly, not for how they read.",
    "검증용 대화를 마지막 답변 앞까지 대화 서식대로 주고 답하게 했습니다. 매번 가장 그럴듯한 낱말을 고르며, 대화는 결과와 "
    "무관하게 고르게 뽑았습니다."};
constexpr Text kGiven{"Given", "주어진 글"};
constexpr Text kTruth{"How it really goes on", "실제로 이어지는 글"};
constexpr Text kBase{"Before training", "학습 전"};
constexpr Text kTuned{"After training", "학습 후"};
constexpr Text kSilent{"(nothing)", "(쓰지 않음)"};

/// lang of the text, when it is a plausible code: it decides how a screen reader speaks and where lines
/// break.
std::string language_of(const json& sample) {
  const std::string code = words(sample, "/language");
  const bool plausible = code.size() >= 2 && code.size() <= 3 &&
                         code.find_first_not_of("abcdefghijklmnopqrstuvwxyz") == std::string::npos;
  return plausible ? code : "und";
}

void passage(const Page& page, const Text& heading, std::string text, const std::string& language) {
  text.erase(0,
             std::min(text.find_first_not_of(' '), text.size()));  // the space after the prompt's last word
  page.out.open("div").element("h4", page.voice(heading));
  page.out
      .element("p", text.empty() ? page.voice(kSilent) : text,
               {{"class", "quote"}, {"lang", language}, {"dir", "auto"}})
      .close();
}

}  // namespace

void samples_section(const Page& page) {
  const json& samples = look(page.report, "/facts/samples");
  if (!samples.is_array() || samples.empty()) return;
  const bool with_base = !truth(page.report, "/facts/evaluation/from_random_weights");
  page.out.open("section", {{"id", "samples"}})
      .element("h2", page.voice(kHeading))
      .element("p", page.voice(truth(page.report, "/facts/evaluation/held_out/answers_only") ? kAnswersIntro : kIntro));
  for (const json& sample : samples) {
    const std::string language = language_of(sample);
    page.out.open("article", {{"class", "sample"}}).element("h3", words(sample, "/id"));
    page.out.open("div", {{"class", "prompt"}}).element("h4", page.voice(kGiven));
    page.out.element("p", words(sample, "/prompt"), {{"class", "quote"}, {"lang", language}, {"dir", "auto"}})
        .close();
    page.out.open("div", {{"class", "columns"}});
    passage(page, kTruth, words(sample, "/truth"), language);
    if (with_base) passage(page, kBase, words(sample, "/base"), language);
    passage(page, kTuned, words(sample, "/tuned"), language);
    page.out.close().close();
  }
  page.out.close();
}

}  // namespace hone::report
