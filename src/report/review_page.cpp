#include "report/review_page.h"

#include <nlohmann/json.hpp>

#include "base/version.h"
#include "report/diff_view.h"
#include "report/frame.h"
#include "report/look.h"
#include "report/names.h"
#include "report/page.h"
#include "report/review_script.h"

namespace hone::report {

namespace {

using nlohmann::json;

constexpr Text kTitle{"Check by hand · {0} documents", "직접 확인 · 문서 {0}건"};
constexpr Text kEyebrow{"Check by hand, sample {0}", "직접 확인, 표본 {0}"};
constexpr Text kHeading{"{0} documents to look at", "확인할 문서 {0}건"};
constexpr Text kSkip{"Skip to the documents", "문서로 건너뛰기"};
constexpr Text kIntro{
    "Drawn at random from {0} documents that stay in the corpus. Read each to its end and say what is still in it. From your answers "
    "follows how much the whole corpus holds at most, with 95\u202f% confidence; so an honest look at each matters more than speed.",
    "말뭉치에 남은 문서 {0}건에서 무작위로 뽑았습니다. 하나씩 끝까지 읽고 무엇이 남아 있는지 답하십시오. 이 답에서 말뭉치 전체에 많아야 얼마나 "
    "남았는지가 95% 신뢰도로 계산되므로, 빨리 하는 것보다 하나하나 제대로 보는 것이 중요합니다."};
constexpr Text kKeys{
    "Keys: `p` personal data left · `s` a secret left · `b` boilerplate or garbage left · `o` nothing, next · `→` next · `←` back · `w` save. "
    "What is marked was replaced by a rule.",
    "키: `p` 개인정보 남음 · `s` 비밀 남음 · `b` 상용구나 쓰레기 남음 · `o` 없음, 다음 · `→` 다음 · `←` 앞으로 · `w` 저장. 표시된 곳은 규칙이 바꾼 "
    "것입니다."};
constexpr Text kPersonal{"Personal data left", "개인정보 남음"};
constexpr Text kSecret{"Secret left", "비밀 남음"};
constexpr Text kGarbage{"Boilerplate or garbage left", "상용구·쓰레기 남음"};
constexpr Text kFine{"Nothing left, next", "없음, 다음"};
constexpr Text kBack{"Back", "앞으로"};
constexpr Text kNext{"Next", "다음"};
constexpr Text kSave{"Save findings", "결과 저장"};
constexpr Text kProgress{"Document {0} of {1}, {2} answered", "{1}건 중 {0}번째, {2}건 답함"};
constexpr Text kAllDone{"All are answered: save the findings and give them to hone review with --findings and --by.",
                        "모두 답했습니다. 결과를 저장해 hone review의 --findings와 --by로 넘기십시오."};
constexpr Text kAnswered{"Answered: {0}", "답: {0}"};
constexpr Text kNothing{"nothing left", "남은 것 없음"};
constexpr Text kFrom{"{0}, {1}, source {2}", "{0}, {1}, 출처 {2}"};
constexpr Text kNoScript{"This page needs its script to take answers; the documents are all below.",
                         "답을 받으려면 스크립트가 필요합니다. 문서는 모두 아래에 있습니다."};
constexpr Text kFooter{"Written by Hone {0}. The page needs no network and sends nothing. It holds text of documents: treat it as you treat them.",
                       "Hone {0}이(가) 작성했습니다. 네트워크가 필요 없고 아무것도 보내지 않습니다. 문서의 글이 들어 있으니 문서와 똑같이 다루십시오."};

void button(Html& out, std::string_view id, std::string_view key, const std::string& label, bool toggles) {
  if (toggles) out.open("button", {{"type", "button"}, {"id", id}, {"aria-pressed", "false"}, {"aria-keyshortcuts", key}});
  else out.open("button", {{"type", "button"}, {"id", id}, {"aria-keyshortcuts", key}});
  out.text(label).text(" ").element("kbd", key == "ArrowRight" ? "→" : key == "ArrowLeft" ? "←" : key).close();
}

void controls(Html& out, const Voice& voice) {
  out.open("div", {{"class", "controls"}, {"id", "controls"}, {"hidden", ""}});
  out.element("p", "", {{"id", "progress"}, {"role", "status"}, {"aria-live", "polite"}});
  out.open("div", {{"class", "buttons"}});
  button(out, "personal_data", "p", voice(kPersonal), true);
  button(out, "secret", "s", voice(kSecret), true);
  button(out, "garbage", "b", voice(kGarbage), true);
  button(out, "fine", "o", voice(kFine), false);
  button(out, "back", "ArrowLeft", voice(kBack), false);
  button(out, "next", "ArrowRight", voice(kNext), false);
  button(out, "save", "w", voice(kSave), false);
  out.close().element("p", voice(kAllDone), {{"id", "done"}, {"class", "note"}, {"hidden", ""}}).close();
}

void write_document(Html& out, const json& document, const Voice& voice) {
  const std::string id = words(document, "/id"), path = words(document, "/path");
  out.open("article", {{"class", "sample"}, {"data-id", id}, {"tabindex", "-1"}}).element("h2", id);
  out.element("p", voice(kFrom, {path.empty() ? id : path, language_name(words(document, "/language"), voice), words(document, "/source")}),
              {{"class", "soft small"}});
  marked_text(out, diff_rows(look(document, "/pieces"), voice));
  out.element("p", "", {{"class", "answer small"}});
  out.close();
}

/// What the script has to know goes in as data, which cannot run.
void open_review(Html& out, const json& sample, const Voice& voice) {
  json head = json::object();
  for (const char* key : {"schema", "sample", "corpus", "seed", "size", "source", "language"}) head[key] = sample.value(key, json());
  out.open("div", {{"id", "review"},
                   {"data-head", head.dump(-1, ' ', false, json::error_handler_t::replace)},
                   {"data-sample", words(sample, "/sample")},
                   {"data-progress", voice(kProgress)},
                   {"data-answered", voice(kAnswered)},
                   {"data-nothing", voice(kNothing)},
                   {"data-personal_data", voice(kPersonal)},
                   {"data-secret", voice(kSecret)},
                   {"data-garbage", voice(kGarbage)}});
}

}  // namespace

std::string review_html(const json& sample, recipe::Language language) {
  const Voice voice(language);
  const json& documents = look(sample, "/documents");
  const std::string count = voice.count(static_cast<double>(documents.size()));
  Frame frame{.title = voice(kTitle, {count}),
              .eyebrow = voice(kEyebrow, {words(sample, "/sample")}),
              .heading = voice(kHeading, {count}),
              .skip = voice(kSkip)};
  const std::string style = std::string(text_style_sheet()) + std::string(review_style_sheet());
  frame.style = style;
  frame.script = review_script();
  Html out;
  open_frame(out, voice, frame);
  out.element("p", voice(kIntro, {voice.count(number(sample, "/population"))}));
  prose(out, "p", voice(kKeys));
  out.open("noscript").element("p", voice(kNoScript), {{"class", "note"}}).close();
  open_review(out, sample, voice);
  controls(out, voice);
  for (const json& document : documents) write_document(out, document, voice);
  out.close();
  return close_frame(out, frame, voice(kFooter, {base::kVersion}));
}

}  // namespace hone::report
