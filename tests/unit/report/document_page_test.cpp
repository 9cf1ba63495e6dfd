#include "report/document_page.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "report/diff_view.h"
#include "report/frame.h"
#include "report/review_page.h"
#include "report/review_script.h"
#include "report/story.h"

namespace hone::report {
namespace {

using nlohmann::json;
using recipe::Language;

json edited_document() {
  return json::parse(R"json({
    "id": "guide/설치.md", "duplicates": [{"id": "old/설치.md", "rule": "near_duplicates"}],
    "ledger": [
      {"id": "guide/설치.md", "action": "keep", "rule": "read", "family": "normalise", "source": "handbook", "path": "guide/설치.md",
       "licence": "CC-BY-4.0", "encoding": "cp949", "language": "ko", "bytes": 900, "characters": 1204},
      {"id": "guide/설치.md", "action": "edit", "rule": "normalise", "family": "normalise", "spans": []},
      {"id": "guide/설치.md", "action": "edit", "rule": "normalise", "family": "hidden",
       "spans": [{"start": 4, "end": 5, "kind": "zero_width", "original": "\u200b", "replacement": ""}]},
      {"id": "guide/설치.md", "action": "keep", "rule": "injection", "family": "injection", "reason": "speaks_to_a_model"},
      {"id": "guide/설치.md", "action": "edit", "rule": "personal_data", "family": "pii",
       "spans": [{"start": 20, "end": 33, "kind": "phone", "original_hmac": "00", "replacement": "[PHONE]"}]},
      {"id": "guide/설치.md", "action": "keep", "rule": "split", "family": "dedup", "split": "train", "characters": 1190}],
    "text": "…", "pieces": [
      {"text": "설치를 "}, {"text": "", "rule": "normalise", "kind": "zero_width", "removed_characters": 1, "removed": "\u200b"},
      {"text": "시작합니다.\n문의: "},
      {"text": "[PHONE]", "rule": "personal_data", "kind": "phone", "removed_characters": 13, "sensitive": true},
      {"text": " <script>alert(1)</script>\n"},
      {"text": "\n", "rule": "normalise", "kind": "blank_lines", "removed_characters": 3, "removed": "\n\n\n"},
      {"text": "a\nb\nc\nd\ne\nf\ng\nh"},
      {"text": "", "rule": "boilerplate", "kind": "footer", "removed_characters": 340}]})json");
}

json dropped_document() {
  return json::parse(R"json({"id": "b", "duplicates": [], "text": null, "pieces": null, "ledger": [
      {"id": "b", "action": "keep", "rule": "read", "source": "s", "path": "b.md", "language": "en", "characters": 7},
      {"id": "b", "action": "drop", "rule": "near_duplicates", "family": "dedup", "reason": "near_duplicate", "duplicate_of": "a",
       "excerpt": "It was", "findings": {"similarity": 0.931}}]})json");
}

std::string joined(const Story& story) {
  std::string text = story.ending;
  for (const Chapter& chapter : story.chapters) {
    text += "\n" + chapter.heading + ": " + chapter.text;
    for (const std::string& detail : chapter.details) text += "\n" + detail;
  }
  return text;
}

void expect_says(const std::string& text, const std::vector<std::string>& parts) {
  for (const std::string& part : parts) EXPECT_NE(text.find(part), std::string::npos) << part << "\nin\n" << text;
}

TEST(Story, TellsWhereADocumentCameFromWhatWasDoneAndWhereItWent) {
  const Story story = tell(edited_document(), {.known = true, .split = "train", .document = 2, .tokens = 312}, Voice(Language::en));
  EXPECT_TRUE(story.stays);
  expect_says(joined(story), {"Read from guide/설치.md, source handbook: 1,204 characters, Korean.", "The file was in EUC-KR (CP949).",
                              "Licence CC-BY-4.0, access not stated.", "Changed 1 place: zero-width characters.",
                              "Marked for attention: speaks to a model.", "Changed 1 place: telephone number.", "Goes to train",
                              "1,190 characters stay.", "document 2 of train, with 312 tokens", "Repeated by: old/설치.md."});
  EXPECT_EQ(story.chapters.size(), 5U) << "the two lines of normalise are one chapter";
}

TEST(Story, NamesWhatADroppedDocumentRepeatsAndHowMuch) {
  const Story story = tell(dropped_document(), {}, Voice(Language::en));
  EXPECT_FALSE(story.stays);
  EXPECT_EQ(story.ending, "dropped by near duplicates");
  expect_says(joined(story), {"Dropped as a near copy (93\u202f%) of a.", "It began: “It was”", "similarity 0.931"});
  expect_says(joined(tell(dropped_document(), {}, Voice(Language::ko))), {"a과(와) 93% 같아 제외했습니다."});
}

TEST(Story, AFileThatCouldNotBeReadSaysWhatToDo) {
  const json rejected = json::parse(R"({"id": "x.doc", "duplicates": [], "ledger": [{"id": "x.doc", "action": "drop", "rule": "read",
      "reason": "encrypted", "source": "s", "path": "x.doc", "message": "it asks for a password"}]})");
  const Story story = tell(rejected, {}, Voice(Language::en));
  EXPECT_EQ(story.ending, "could not be read");
  expect_says(joined(story), {"protected by a password or rights", "it asks for a password", "without protection"});
}

TEST(Story, AnythingInTheLedgerIsTold) {
  for (const char* text : {"{}", R"({"ledger": []})", R"({"ledger": [{}, {"rule": 3}, {"rule": "read", "characters": "x"}]})",
                           R"({"ledger": [{"rule": "q", "action": "edit", "spans": [{"kind": 1}, 7]}], "duplicates": [{}]})"})
    EXPECT_NO_THROW(tell(json::parse(text), {}, Voice(Language::en))) << text;
}

TEST(DiffView, WithoutColoursMarksAreWritten) {
  const std::string lines = diff_lines(diff_rows(edited_document()["pieces"], Voice(Language::en)), Voice(Language::en), false, 20);
  expect_says(lines, {"1: 설치를 [-U+200B-]시작합니다.", "2: 문의: [-[not shown: telephone number, 13 characters]-]{+[PHONE]+}", "[-⏎⏎⏎-]{+⏎+}",
                      "[-[340 characters, not kept]-]"});
  EXPECT_EQ(lines.find('\x1b'), std::string::npos);
  expect_says(diff_lines(diff_rows(edited_document()["pieces"], Voice(Language::en)), Voice(Language::en), false, 1), {"and 3 more changed lines"});
}

TEST(DiffView, NothingADocumentHoldsReachesTheTerminalUnnamed) {
  const json pieces = json::array({{{"text", "a\x1b[2Jb\x07"}}, {{"text", "\x1b]0;x"}, {"rule", "r"}, {"kind", "k"}, {"removed_characters", 1}, {"removed", "\x1b"}}});
  const auto rows = diff_rows(pieces, Voice(Language::en));
  for (const std::string& text : {diff_lines(rows, Voice(Language::en), false, 9), marked_lines(rows, false)})
    EXPECT_EQ(text.find_first_of("\x1b\x07"), std::string::npos);
}

TEST(DiffView, MarkedTextIsTheTextThatCameOut) {
  EXPECT_EQ(marked_lines(diff_rows(edited_document()["pieces"], Voice(Language::en)), false),
            "설치를 시작합니다.\n문의: {+[PHONE]+} <script>alert(1)</script>\n\na\nb\nc\nd\ne\nf\ng\nh\n");
}

TEST(DocumentPage, ShowsTheStoryAndTheChangesAndRunsNothing) {
  for (const Language language : {Language::en, Language::ko}) {
    const std::string html = document_html(edited_document(), {}, language);
    EXPECT_EQ(html.find("<script"), std::string::npos);
    EXPECT_NE(html.find("&lt;script&gt;"), std::string::npos);
    EXPECT_NE(html.find("<ins"), std::string::npos);
    EXPECT_NE(html.find("class=\"veiled\""), std::string::npos);
    EXPECT_EQ(html, document_html(edited_document(), {}, language));
  }
  expect_says(document_html(dropped_document(), {}, Language::en), {"NOT IN THE CORPUS", "not stored in the run"});
}

TEST(ReviewPage, AllowsItsOwnScriptByDigestAndNoOther) {
  json sample = {{"schema", 1}, {"sample", "ab"}, {"corpus", "cd"}, {"seed", 1}, {"size", 2}, {"source", ""}, {"language", ""}, {"population", 10}};
  sample["documents"] = json::array({{{"id", "\"><script>x()</script>"}, {"language", "ko"}, {"pieces", edited_document()["pieces"]}}});
  const std::string html = review_html(sample, Language::ko);
  EXPECT_NE(html.find("script-src &#39;sha256-"), std::string::npos);
  size_t scripts = 0;
  for (size_t at = html.find("<script"); at != std::string::npos; at = html.find("<script", at + 1)) ++scripts;
  EXPECT_EQ(scripts, 1U);
  expect_says(html, {"<mark title=\"phone\">[PHONE]</mark>", "data-id=\"&quot;&gt;&lt;script&gt;x()", "&quot;seed&quot;:1"});
}

TEST(Frame, ScriptsAreAllowedByTheirSha256InBase64) {
  EXPECT_EQ(script_source(""), "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='");
  EXPECT_EQ(script_source("abc"), "'sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0='");
}

}  // namespace
}  // namespace hone::report
