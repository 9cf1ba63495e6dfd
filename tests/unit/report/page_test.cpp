#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <regex>
#include <set>

#include "base/files.h"
#include "report/report.h"
#include "unit/report/made_reports.h"

namespace hone::report {
namespace {

using recipe::Language;

/// Text of all elements, tags cut out.
std::string text_of(const std::string& html) { return std::regex_replace(html, std::regex("<[^>]*>"), "\n"); }

/// Number of times a tag is opened.
int count(const std::string& html, const std::string& opening) {
  int found = 0;
  for (size_t at = html.find(opening); at != std::string::npos; at = html.find(opening, at + 1)) ++found;
  return found;
}

TEST(Page, OneHeadingOfTheFirstOrderAndNoLevelLeftOut) {
  for (const char* name : {"good", "refused", "tiny", "hostile"}) {
    const std::string html = report_html(made_report(name), Language::en);
    EXPECT_EQ(count(html, "<h1"), 1) << name;
    const std::regex heading("<h([1-6])");
    int last = 0;
    for (auto it = std::sregex_iterator(html.begin(), html.end(), heading); it != std::sregex_iterator();
         ++it) {
      const int level = std::stoi((*it)[1]);
      EXPECT_LE(level, last + 1) << name;
      last = level;
    }
  }
}

TEST(Page, HostileTextNeverBecomesMarkup) {
  const nlohmann::json report = made_report("hostile");
  for (const Language language : {Language::en, Language::ko}) {
    const std::string html = report_html(report, language);
    EXPECT_EQ(count(html, "<script"), 0);
    EXPECT_EQ(count(html, "<img"), 0);
    EXPECT_EQ(count(html, "</title>"), 1 + count(html, "<svg"));  // the page's own and one a chart
    EXPECT_EQ(count(html, "</style>"), 1);
    EXPECT_EQ(html.find('\a'), std::string::npos);
    EXPECT_GT(count(html, "&lt;script&gt;"), 10);  // it is shown, as text
  }
}

TEST(Page, AsksForNothingAndRunsNothing) {
  const std::string html = report_html(made_report("good"), Language::en);
  EXPECT_NE(html.find("default-src &#39;none&#39;"), std::string::npos);
  for (const char* what :
       {"src=", "<link", "@import", "url(", "http:", "https:", "onclick", "onload", "javascript:"})
    EXPECT_EQ(html.find(what), std::string::npos) << what;
}

TEST(Page, EveryChartIsAnImageWithTitleDescriptionAndATableBesideIt) {
  const std::string html = report_html(made_report("good"), Language::en);
  const std::regex figure("<figure[^>]*>([\\s\\S]*?)</figure>");
  int charts = 0;
  for (auto it = std::sregex_iterator(html.begin(), html.end(), figure); it != std::sregex_iterator(); ++it) {
    const std::string inside = (*it)[1];
    EXPECT_EQ(count(inside, "<svg role=\"img\""), 1);
    EXPECT_EQ(count(inside, "<title id="), 1);
    EXPECT_EQ(count(inside, "<desc id="), 1);
    EXPECT_GE(count(inside, "<table"), 1);
    ++charts;
  }
  EXPECT_EQ(charts, 3);
  EXPECT_EQ(count(html, "<svg"), charts);
}

TEST(Page, KoreanPageHasNoEnglishSentences) {
  nlohmann::json report = made_report("good");
  report["facts"]["samples"] = nlohmann::json::array();
  report["facts"]["governance"] = nlohmann::json::object();
  report["facts"]["recipe"] = "";
  for (nlohmann::json& source : report["facts"]["sources"])
    for (const char* key : {"origin", "owner", "legal_basis", "retention"}) source[key] = "";
  const std::string text =
      text_of(report_html(report, Language::ko).substr(report_html(report, Language::ko).find("<body")));
  EXPECT_NE(text.find("바이트당 비트"), std::string::npos);
  const std::string prose = std::regex_replace(text, std::regex("hone runs approve"), "");  // a command
  // Three English words in a row are a sentence that was not translated; names, options and hashes have none.
  std::smatch found;
  EXPECT_FALSE(std::regex_search(prose, found, std::regex("[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}")))
      << found.str();
}

TEST(Page, NumbersThatAreNotKnownAreDashesAndNotWords) {
  nlohmann::json report = made_report("tiny");
  report["facts"]["training"] = nullptr;
  report["facts"]["data"] = nullptr;
  report["facts"]["tokens"] = nullptr;
  report["facts"]["evaluation"]["domain"]["all"] = {{"documents", 0}, {"bytes", 0}, {"tokens", 0}};
  report["facts"]["evaluation"]["gates"] = nlohmann::json::array();
  report["facts"]["evaluation"]["held_out"]["documents"] = 0;
  const std::string html = report_html(report, Language::en);
  EXPECT_FALSE(std::regex_search(text_of(html), std::regex("\\b-?(nan|inf)\\b")));
  EXPECT_NE(html.find("No document was held out"), std::string::npos);
}

TEST(Page, TinyCorpusIsToldThatInconclusiveIsExpectedAndWhy) {
  EXPECT_NE(
      report_html(made_report("tiny"), Language::en).find("This was to be expected: 3 held-out document"),
      std::string::npos);
  EXPECT_NE(report_html(made_report("tiny"), Language::ko).find("예상된 결과입니다"), std::string::npos);
  EXPECT_EQ(report_html(made_report("good"), Language::en).find("This was to be expected"),
            std::string::npos);
}

TEST(Page, WithoutHeldOutTextThereIsNoFigureThatCouldBeMisread) {
  nlohmann::json report = made_report("tiny");
  report["facts"]["evaluation"]["held_out"]["documents"] = 0;
  report["facts"]["evaluation"]["domain"]["all"] = {{"documents", 0}, {"bytes", 0}, {"tokens", 0}};
  for (nlohmann::json& gate : report["facts"]["evaluation"]["gates"]) gate["reason"] = "not_measured";
  report["facts"]["training"]["validation"] = nlohmann::json::array();
  const std::string html = report_html(report, Language::en);
  EXPECT_NE(html.find("This was to be expected"), std::string::npos);
  EXPECT_EQ(html.find("id=\"quality\""), std::string::npos);
  EXPECT_EQ(html.find("href=\"#quality\""), std::string::npos);
  EXPECT_EQ(html.find("class=\"facts\""), std::string::npos);
}

TEST(Page, SourcesWithoutALicenceAreNamed) {
  const std::string html = report_html(made_report("good"), Language::en);
  EXPECT_NE(html.find("No licence is stated for: wiki."), std::string::npos);
}

TEST(Page, SameReportGivesTheSameBytes) {
  EXPECT_EQ(report_html(made_report("good"), Language::ko), report_html(made_report("good"), Language::ko));
}

TEST(Page, StaysSmallWithManySourcesAndSteps) {
  nlohmann::json report = made_report("good");
  nlohmann::json& sources = report["facts"]["evaluation"]["domain"]["by_source"];
  const nlohmann::json one = sources[0];
  for (int i = 0; i < 500; ++i) {
    sources.push_back(one);
    sources.back()["name"] = "source-" + std::to_string(i);
  }
  EXPECT_LT(report_html(report, Language::en).size(), 2'000'000U);
}

// Not a check: writes pages for tests/system/report_in_browser.py, which opens them.
TEST(Page, PagesForTheBrowser) {
  const char* folder = std::getenv("HONE_PAGES");
  if (folder == nullptr) GTEST_SKIP() << "only when HONE_PAGES names a folder";
  for (const char* name : {"good", "refused", "tiny", "hostile"})
    for (const auto& [code, language] : {std::pair{"en", Language::en}, std::pair{"ko", Language::ko}})
      base::write_file(std::filesystem::path(folder) / (std::string(name) + "." + code + ".html"),
                       report_html(made_report(name), language));
}

}  // namespace
}  // namespace hone::report
