#include "report/document_page.h"

#include <nlohmann/json.hpp>

#include "base/version.h"
#include "report/diff_view.h"
#include "report/frame.h"
#include "report/look.h"
#include "report/page.h"

namespace hone::report {

namespace {

using nlohmann::json;

constexpr Text kTitle{"{0} · one document", "{0} · 문서 하나"};
constexpr Text kEyebrow{"What happened to one document", "문서 하나에 일어난 일"};
constexpr Text kSkip{"Skip to the story", "이야기로 건너뛰기"};
constexpr Text kStays{"IN THE CORPUS", "말뭉치에 있음"};
constexpr Text kGone{"NOT IN THE CORPUS", "말뭉치에 없음"};
constexpr Text kOutcome{"The document {0}", "이 문서는 {0}"};
constexpr Text kStory{"Step by step", "차례대로"};
constexpr Text kChanges{"What was changed", "바뀐 곳"};
constexpr Text kUntouched{"No rule changed the text.", "글을 고친 규칙이 없습니다."};
constexpr Text kNoText{"The text of a dropped document is not stored in the run; the file it was read from is where it was.",
                       "제외한 문서의 글은 실행에 보관하지 않습니다. 읽은 파일은 제자리에 있습니다."};
constexpr Text kLegend{
    "Struck out: removed. Underlined: put there by a rule. In a dashed frame: what the ledger does not keep, because it was personal, "
    "secret or long. Pointing at a mark names the rule.",
    "취소선은 지운 것, 밑줄은 규칙이 넣은 것입니다. 점선 테두리는 개인정보나 비밀이거나 길어서 원장에 보관하지 않은 것입니다. 표시에 "
    "마우스를 올리면 규칙이 나옵니다."};
constexpr Text kTogether{"One text", "한 글로"};
constexpr Text kBeside{"Side by side", "나란히"};
constexpr Text kFullText{"The whole text as it is now", "지금의 글 전체"};
constexpr Text kFooter{"Written by Hone {0} from the ledger of the run. This page needs no network and runs no script.",
                       "Hone {0}이(가) 실행의 원장으로 작성했습니다. 이 문서는 네트워크가 필요 없고 스크립트를 실행하지 않습니다."};

std::string_view class_of(Tone tone) {
  switch (tone) {
    case Tone::edited: return "edited";
    case Tone::flagged: return "flagged";
    case Tone::dropped: return "dropped";
    case Tone::placed: return "placed";
    case Tone::told: break;
  }
  return "told";
}

void write_story(Html& out, const Story& story, const Voice& voice) {
  out.open("section", {{"id", "story"}}).element("h2", voice(kStory)).open("ol", {{"class", "story"}});
  for (const Chapter& chapter : story.chapters) {
    out.open("li", {{"class", class_of(chapter.tone)}}).element("h3", chapter.heading);
    prose(out, "p", chapter.text);
    for (const std::string& detail : chapter.details) out.element("p", detail, {{"class", "soft"}});
    out.close();
  }
  out.close().close();
}

void write_changes(Html& out, const json& explained, const Voice& voice) {
  out.open("section", {{"id", "changes"}}).element("h2", voice(kChanges));
  const json& pieces = look(explained, "/pieces");
  if (!pieces.is_array()) {
    out.element("p", voice(kNoText)).close();
    return;
  }
  const std::vector<DiffRow> rows = diff_rows(pieces, voice);
  bool changed = false;
  for (const DiffRow& row : rows) changed = changed || row.changed;
  if (!changed) {
    out.element("p", voice(kUntouched));
  } else {
    out.element("p", voice(kLegend), {{"class", "soft"}}).open("div", {{"class", "looks"}});
    out.empty("input", {{"type", "radio"}, {"name", "look"}, {"id", "look-one"}, {"checked", ""}});
    out.element("label", voice(kTogether), {{"for", "look-one"}});
    out.empty("input", {{"type", "radio"}, {"name", "look"}, {"id", "look-two"}});
    out.element("label", voice(kBeside), {{"for", "look-two"}});
    out.open("div", {{"class", "one"}});
    diff_table(out, rows, DiffLook::together, voice);
    out.close().open("div", {{"class", "two"}});
    diff_table(out, rows, DiffLook::side_by_side, voice);
    out.close().close();
  }
  out.open("details").element("summary", voice(kFullText));
  marked_text(out, rows);
  out.close().close();
}

}  // namespace

std::string document_html(const json& explained, const ShardPlace& place, recipe::Language language) {
  const Voice voice(language);
  const Story story = tell(explained, place, voice);
  Frame frame{.title = voice(kTitle, {story.title}), .eyebrow = voice(kEyebrow), .heading = story.title, .skip = voice(kSkip)};
  frame.style = text_style_sheet();
  Html out;
  open_frame(out, voice, frame);
  out.open("div", {{"class", story.stays ? "verdict promote" : "verdict reject"}});
  out.element("p", voice(story.stays ? kStays : kGone), {{"class", "word"}});
  out.element("p", voice(kOutcome, {story.ending}) + ".").close();
  write_story(out, story, voice);
  write_changes(out, explained, voice);
  return close_frame(out, frame, voice(kFooter, {base::kVersion}));
}

}  // namespace hone::report
