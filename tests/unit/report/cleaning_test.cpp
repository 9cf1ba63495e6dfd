#include "report/cleaning.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "support/shared.h"

namespace hone::report {
namespace {

using nlohmann::json;
using recipe::Language;

json amount(int documents, int bytes) { return {{"documents", documents}, {"bytes", bytes}, {"characters", bytes / 2}}; }

json flow(int kept, int edited, int dropped, int rejected) {
  const int read = kept + edited + dropped + rejected;
  return {{"read", amount(read, read * 100)},
          {"kept", amount(kept, kept * 100)},
          {"edited", amount(edited, edited * 100)},
          {"dropped", amount(dropped, dropped * 100)},
          {"rejected", amount(rejected, rejected * 100)}};
}

json rule(const std::string& name, int dropped, int edited) {
  return {{"rule", name},
          {"family", "quality"},
          {"dropped", amount(dropped, dropped * 100)},
          {"edited", amount(edited, edited * 100)},
          {"flagged", amount(0, 0)},
          {"spans", edited},
          {"characters_removed", edited * 3},
          {"characters_inserted", 0},
          {"reasons", dropped > 0 ? json{{"too_short", dropped}} : json::object()},
          {"kinds", edited > 0 ? json{{"white_space", edited}} : json::object()},
          {"marks", json::object()},
          {"sources", json::object()},
          {"examples", json::array({{{"id", "d1"}, {"reason", "white_space"}, {"before", "one"}, {"removed", "  "}, {"inserted", " "}, {"after", "two <b>"}, {"removed_characters", 2}}})}};
}

json made_cleaning() {
  json statistics = flow(60, 20, 15, 5);
  statistics["characters_after"] = 3900;
  statistics["sources"] = {{"wiki", flow(50, 15, 4, 1)}, {"mail", flow(10, 4, 12, 4)}};
  statistics["languages"] = {{"en", flow(40, 10, 10, 0)}, {"ko", flow(20, 10, 5, 0)}};
  statistics["rejections"] = {{"encrypted", amount(5, 500)}};
  statistics["rejected_examples"] = {{"encrypted", json::array({{{"id", "a.pdf"}, {"excerpt", "asks for a password"}}})}};
  statistics["rules"] = json::array({rule("normalise", 0, 20), rule("quality", 15, 0), rule("secrets", 0, 0)});
  statistics["rules_that_never_fired"] = {"secrets"};
  statistics["without_licence"] = {{"mail", 15}};
  statistics["licences"] = {{"", amount(15, 1500)}, {"CC-BY-4.0", amount(65, 6500)}};
  statistics["access"] = {{"internal", amount(80, 8000)}};
  statistics["lengths"] = {{"below", {50, 100, 200}}, {"read", {5, 20, 60, 10}}, {"after", {0, 20, 55, 5}}};
  statistics["privacy"] = {{"looked_for", json::array({{{"kind", "password"}, {"family", "secret"}, {"action", "redact"}}})},
                           {"not_looked_for", {"email", "health"}}};
  return {{"schema", 1},
          {"name", "handbook"},
          {"version", "1"},
          {"corpus", {{"fingerprint", "0123456789abcdef"}, {"documents_sha256", "ff"}}},
          {"statistics", statistics},
          {"sources", json::array({{{"name", "wiki"}, {"licence", "CC-BY-4.0"}, {"in_recipe", true}, {"owner", "docs team"}, {"documents", 70}}})},
          {"tokens", nullptr},
          {"reviews", json::array()}};
}

void expect_says(const std::string& text, const std::vector<std::string>& parts) {
  for (const std::string& part : parts) EXPECT_NE(text.find(part), std::string::npos) << part;
}

TEST(CleaningReport, SaysWhatWasTakenWhatWasNotLookedForAndWhatNeverFired) {
  const std::string html = cleaning_html(made_cleaning(), Language::en);
  expect_says(html, {"80 of 100 documents stay", "Nobody has checked a sample by hand yet", "No rule looked for personal data",
                     "No licence is stated for documents of mail", "5 documents could not be read", "found nothing in any document: secrets",
                     "Source mail lost 16 of its 30 documents", "protected by a password or rights", "Ask its owner for a copy",
                     "password: replaced by a placeholder", "health", "docs team", "50 to 100", "two &lt;b&gt;", "Took out 15 of 100 documents: too short 15."});
  expect_says(cleaning_html(made_cleaning(), Language::ko), {"문서 100건 가운데 80건이 남았습니다", "너무 짧음 15", "건강", "이메일 주소"});
}

TEST(CleaningReport, AReviewGivesTheBoundWithInspectorAndDate) {
  json cleaning = made_cleaning();
  const json none = {{"documents", 0}, {"upper_share", 0.0148670}, {"upper_per_1000", 14.867}};
  const json two = {{"documents", 2}, {"upper_share", 0.0311}, {"upper_per_1000", 31.1}};
  cleaning["reviews"] = json::array({{{"documents", 200}, {"confidence", 0.95}, {"inspector", "Kim <Q>"}, {"date", "2026-11-22T08:00:00Z"},
                                      {"source", "wiki"}, {"found", {{"personal_data", two}, {"secret", none}, {"garbage", none}}}}});
  const std::string html = cleaning_html(cleaning, Language::en);
  expect_says(html, {"Kim &lt;Q&gt; found personal data in 2 of 200 documents checked by hand", "3.11\u202f%", "1.49\u202f%", "14.9", "2026-11-22",
                     "personal data, source wiki"});
  EXPECT_EQ(html.find("Nobody has checked"), std::string::npos);
}

TEST(CleaningReport, TokensOfASyllableAreShownOnceThereAreTokens) {
  json cleaning = made_cleaning();
  EXPECT_NE(cleaning_html(cleaning, Language::en).find("hone tokenize"), std::string::npos);
  cleaning["tokens"]["splits"]["train"]["by_language"]["ko"] = {{"tokens", 900}, {"bytes_per_token", 4.1}, {"tokens_per_hangul_syllable", 0.87}, {"byte_tokens", 9}};
  expect_says(cleaning_html(cleaning, Language::en), {"0.87", "1.00\u202f%"});
}

TEST(CleaningReport, StandsWhateverIsMissing) {
  for (const char* text : {"{}", R"({"statistics": {}})", R"({"statistics": {"rules": [{}], "lengths": {"below": ["x"]}, "sources": {"a": 3}}, "reviews": [{}]})"})
    for (const Language language : {Language::en, Language::ko}) EXPECT_NO_THROW(cleaning_html(json::parse(text), language)) << text;
}

TEST(CleaningReport, HostileNamesStayText) {
  json cleaning = made_cleaning();
  const std::string evil = "</title><script>alert(1)</script>";
  cleaning["name"] = evil;
  cleaning["statistics"]["sources"][evil] = flow(20, 0, 30, 0);
  cleaning["statistics"]["licences"][evil] = amount(1, 1);
  cleaning["statistics"]["rules"].push_back(rule(evil, 3, 1));
  const std::string html = cleaning_html(cleaning, Language::en);
  EXPECT_EQ(html.find("<script"), std::string::npos);
  EXPECT_EQ(html, cleaning_html(cleaning, Language::en));
}

TEST(CleaningReport, NothingIsReportedOfARunWithoutACorpus) {
  const hone::test::TempDir folder("cleaning");
  EXPECT_THROW(build_cleaning_json({folder.path()}, {}), Error);
}

}  // namespace
}  // namespace hone::report
