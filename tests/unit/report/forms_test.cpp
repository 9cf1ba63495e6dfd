#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "report/chart.h"
#include "report/html.h"
#include "report/look.h"
#include "report/report.h"
#include "report/svg.h"
#include "report/words.h"
#include "unit/report/made_reports.h"

namespace hone::report {
namespace {

using recipe::Language;

TEST(Escaping, LeavesNoWayOut) {
  EXPECT_EQ(escaped("<a href=\"x\">'&'</a>"), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;");
  EXPECT_EQ(escaped("한글 ok\n\t"), "한글 ok\n\t");
  EXPECT_EQ(escaped(std::string_view("a\0b\x1b", 4)), "a\ufffdb\ufffd");
  EXPECT_EQ(escaped("\xff\xc0\xaf tail"), "\ufffd\ufffd\ufffd tail");
  EXPECT_EQ(escaped("\xed\xa0\x80"), "\ufffd\ufffd\ufffd");  // a surrogate is not a character
}

TEST(JUnit, OneTestCaseForEachGate) {
  const std::string xml = report_junit(made_report("refused"));
  EXPECT_NE(xml.find("tests=\"4\" failures=\"1\" errors=\"0\" skipped=\"1\""), std::string::npos) << xml;
  EXPECT_NE(xml.find("<failure message=\"domain/source=board"), std::string::npos);
  EXPECT_NE(xml.find("value=\"REJECT\""), std::string::npos);
}

TEST(JUnit, HostileNamesStayText) {
  const std::string xml = report_junit(made_report("hostile"));
  EXPECT_EQ(xml.find("<script"), std::string::npos);
  EXPECT_EQ(xml.find('\a'), std::string::npos);
}

TEST(Summary, SaysTheVerdictFirstAndKeepsMarkupOut) {
  const std::string text = report_summary(made_report("good"), Language::en);
  EXPECT_EQ(text.rfind("# handbook: PROMOTE\n", 0), 0U) << text;
  EXPECT_NE(text.find("| domain/bits\\_per\\_byte |"), std::string::npos) << text;
  const std::string hostile = report_summary(made_report("hostile"), Language::en);
  for (size_t at = hostile.find('<'); at != std::string::npos; at = hostile.find('<', at + 1)) {
    ASSERT_GT(at, 0U);
    EXPECT_EQ(hostile[at - 1], '\\');
  }
}

TEST(ClosingLines, SayWhatCameOutWhetherItIsBetterAndWhereTheReportIs) {
  const artifact::RunDirectory run{"runs/handbook/5f0c2be91a77"};
  const auto lines = closing_lines(made_report("good"), run);
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_NE(lines[0].find("12,532,160 parameters"), std::string::npos) << lines[0];
  EXPECT_NE(lines[0].find("export/huggingface"), std::string::npos);
  EXPECT_NE(lines[1].find("PROMOTE"), std::string::npos);
  EXPECT_NE(lines[1].find("1.962 → 1.574"), std::string::npos) << lines[1];
  EXPECT_NE(lines[2].find("report/report.html"), std::string::npos);
  EXPECT_NE(closing_lines(made_report("tiny"), run)[1].find("as expected with so few"), std::string::npos);
}

TEST(ExitCodes, FollowTheVerdict) {
  EXPECT_EQ(exit_code_of(made_report("good")), ExitCode::done);
  EXPECT_EQ(exit_code_of(made_report("refused")), ExitCode::refused);
  EXPECT_EQ(exit_code_of(made_report("tiny")), ExitCode::inconclusive);
  EXPECT_THROW(exit_code_of(nlohmann::json::object()), Error);
}

TEST(Voice, WritesNumbersAsPeopleDo) {
  const Voice english(Language::en), korean(Language::ko);
  EXPECT_EQ(english.count(1234567), "1,234,567");
  EXPECT_EQ(english.decimal(12345.678, 2), "12,345.68");
  EXPECT_EQ(english.decimal(-0.0001, 2), "0.00");
  EXPECT_EQ(english.percent(0.1234), "12.3\u202f%");
  EXPECT_EQ(korean.percent(0.1234), "12.3%");
  EXPECT_EQ(english.signed_percent(-0.05), "\u22125.0\u202f%");
  EXPECT_EQ(english.signed_percent(0.05), "+5.0\u202f%");
  EXPECT_EQ(english.signed_percent(0.0001), "0.0\u202f%");
  EXPECT_EQ(english.decimal(std::numeric_limits<double>::quiet_NaN(), 3), "–");
  EXPECT_EQ(korean.duration(3725), "1시간 2분");
  EXPECT_EQ(korean.duration(75), "1분 15초");
}

TEST(Voice, FillsInAndLeavesOtherBracesAlone) {
  EXPECT_EQ(Voice(Language::en)(Text{"{1} of {0} {x} {7}", ""}, {"a", "b"}), "b of a {x} {7}");
}

TEST(Look, WhatIsNotThereIsNothing) {
  const nlohmann::json value = {{"a", {{"b", 2}}}, {"list", {1, 2}}};
  EXPECT_EQ(number(value, "/a/b"), 2);
  EXPECT_TRUE(std::isnan(number(value, "/a/c/d")));
  EXPECT_TRUE(std::isnan(number(value, "/list/7")));
  EXPECT_EQ(words(value, "/a/b"), "");
  EXPECT_TRUE(look(value, "/list/x").is_null());
}

TEST(Ticks, AreRoundAndCoverTheRange) {
  for (const auto& [low, high] :
       {std::pair{0.0, 7.3}, std::pair{2.31, 3.31}, std::pair{0.0, 708.0}, std::pair{1.0, 1.0}}) {
    const auto ticks = round_ticks(low, high, 5);
    ASSERT_GE(ticks.size(), 2U);
    EXPECT_LE(ticks.front(), low);
    EXPECT_GE(ticks.back(), high);
    EXPECT_LE(ticks.size(), 12U);
  }
}

TEST(Labels, TooLongOnesAreCutBetweenCharacters) {
  EXPECT_EQ(svg_fit("short", 200), "short");
  const std::string cut = svg_fit("아주아주아주아주아주긴이름", 60);
  EXPECT_EQ(cut.substr(cut.size() - 3), "…");
  EXPECT_EQ(escaped(cut).find("\ufffd"), std::string::npos);
}

}  // namespace
}  // namespace hone::report
