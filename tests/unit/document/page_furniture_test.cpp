#include "document/page_furniture.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace hone::document {
namespace {

using Texts = std::vector<std::vector<std::string>>;

/// Page by page the lines that stay, '|' between them.
std::vector<std::string> kept(const Texts& texts, bool set_off = true) {
  std::vector<PageLines> pages;
  for (const auto& lines : texts) {
    pages.emplace_back();
    for (const std::string& line : lines) pages.back().push_back({line, true, set_off});
  }
  const auto gone = find_page_furniture(pages);
  std::vector<std::string> result;
  for (size_t page = 0; page < texts.size(); ++page) {
    std::string lines;
    for (size_t i = 0; i < texts[page].size(); ++i)
      if (!gone[page][i]) lines += (lines.empty() ? "" : "|") + texts[page][i];
    result.push_back(lines);
  }
  return result;
}

std::string body(size_t page) {
  return "What page " + std::string(1, static_cast<char>('a' + page * 7 % 26)) + "x says of its own";
}

/// `pages` pages with `head` and `foot` (where not empty) around two lines of text.
template <typename Head, typename Foot>
std::pair<Texts, std::vector<std::string>> with(size_t pages, Head head, Foot foot) {
  Texts texts;
  std::vector<std::string> bodies;
  for (size_t page = 0; page < pages; ++page) {
    std::vector<std::string> lines;
    if (const std::string line = head(page); !line.empty()) lines.push_back(line);
    lines.push_back(body(page));
    lines.push_back("and the second line of " + body(page));
    if (const std::string line = foot(page); !line.empty()) lines.push_back(line);
    texts.push_back(lines);
    bodies.push_back(body(page) + "|and the second line of " + body(page));
  }
  return {texts, bodies};
}

std::string none(size_t) { return {}; }

TEST(PageFurniture, AHeadOnEveryPageGoes) {
  const auto [texts, bodies] = with(
      5, [](size_t) { return "Handbook of the Registry"; }, none);
  EXPECT_EQ(kept(texts), bodies);
}

TEST(PageFurniture, PageNumbersInEveryDressGo) {
  const std::vector<std::function<std::string(int)>> dresses = {
      [](int n) { return "- " + std::to_string(n) + " -"; },
      [](int n) { return "Page " + std::to_string(n) + " of 90"; },
      [](int n) { return std::to_string(n) + " / 90쪽"; },
      [](int n) { return "[" + std::to_string(n) + "]"; },
      [](int n) { return "— " + std::to_string(n) + " —"; },
      [](int n) { return std::to_string(n) + "페이지"; },
      [](int n) { return "Guide | " + std::to_string(n); },
      [](int n) { return "－ " + std::to_string(n) + " －"; },
      [](int n) { return "２０２１ 편람  " + std::to_string(n); },
      [](int n) { return std::to_string(n); },
      [](int n) { return "Printed 2021-03-04 10:22   " + std::to_string(n) + "/90"; }};
  for (const auto& dress : dresses) {
    const auto [texts, bodies] =
        with(4, none, [&](size_t page) { return dress(static_cast<int>(page) + 31); });
    EXPECT_EQ(kept(texts), bodies) << dress(31);
  }
}

TEST(PageFurniture, RomanNumbersThatCountGo) {
  const std::vector<std::string> numbers = {"iii", "iv", "v", "vi", "vii"};
  const auto [texts, bodies] = with(5, none, [&](size_t page) { return numbers[page]; });
  EXPECT_EQ(kept(texts), bodies);
}

TEST(PageFurniture, HeadsOfLeftAndRightPagesGo) {
  const auto [texts, bodies] = with(
      4, [](size_t page) { return page % 2 ? "Station Guide" : "Second Part"; }, none);
  EXPECT_EQ(kept(texts), bodies);
}

TEST(PageFurniture, HeadsThatChangeWithTheChapterGo) {
  const auto [texts, bodies] = with(
      9,
      [](size_t page) { return page < 4   ? "Valves and pumps"
                               : page < 7 ? "Electric parts"
                                          : "Spare parts"; },
      none);
  EXPECT_EQ(kept(texts), bodies);
}

TEST(PageFurniture, ASectionsNameBesideThePageNumberGoesWithIt) {
  const std::vector<std::string> names = {"4.1. Valves", "4.2. Pumps", "4.4. Rules", "5. Money", "5.1. Fees"};
  const auto [texts, bodies] =
      with(5, none, [&](size_t page) { return names[page] + "   " + std::to_string(page + 20); });
  EXPECT_EQ(kept(texts), bodies);
}

TEST(PageFurniture, TwoLinesOfHeadGo) {
  auto [texts, bodies] = with(
      4, [](size_t) { return "Second line, draft"; }, none);
  for (auto& lines : texts) lines.insert(lines.begin(), "First line of the head");
  EXPECT_EQ(kept(texts), bodies);
}

TEST(PageFurniture, ATitlePageNeedsNoHead) {
  auto [texts, bodies] = with(
      3, [](size_t page) { return page == 0 ? "" : "Handbook of the Registry"; }, none);
  EXPECT_EQ(kept(texts), bodies);
}

TEST(PageFurniture, TwoPagesProveNothing) {
  const auto [texts, bodies] = with(
      2, [](size_t) { return "Handbook of the Registry"; }, none);
  EXPECT_EQ(kept(texts)[0].substr(0, 8), "Handbook");
}

TEST(PageFurniture, TheHeadOfATableThatGoesOnStays) {
  Texts texts;
  for (int page = 0; page < 4; ++page)
    texts.push_back({"Name   Unit   Limit",
                     "pump" + std::string(1, static_cast<char>('a' + page)) + "   bar   7", "valve   bar   9",
                     "end of " + body(static_cast<size_t>(page))});
  for (const std::string& page : kept(texts, false)) EXPECT_EQ(page.substr(0, 4), "Name");
}

TEST(PageFurniture, ASentenceThatSomePagesBeginWithStays) {
  Texts texts;
  for (size_t page = 0; page < 8; ++page)
    texts.push_back({page % 2 ? "This form is filled in by the operator." : body(page), "text " + body(page),
                     "last " + body(page)});
  EXPECT_EQ(kept(texts)[1].substr(0, 4), "This");
}

TEST(PageFurniture, ANoticeOnEveryPageGoes) {
  const auto [texts, bodies] =
      with(6, none, [](size_t) { return "This document is the property of the company."; });
  EXPECT_EQ(kept(texts), bodies);
}

TEST(PageFurniture, NumbersThatDoNotCountWithThePagesStay) {
  const std::vector<std::string> totals = {"412", "17", "9034", "55", "2"};
  const auto [texts, bodies] = with(5, none, [&](size_t page) { return totals[page]; });
  EXPECT_NE(kept(texts), bodies);
}

TEST(PageFurniture, HeadingsThatNumberChaptersStay) {
  Texts texts;
  for (int page = 0; page < 5; ++page)
    texts.push_back({"Chapter " + std::to_string(page + 1), "text " + body(static_cast<size_t>(page)),
                     "more " + body(static_cast<size_t>(page))});
  EXPECT_EQ(kept(texts)[2].substr(0, 9), "Chapter 3");
  for (auto& lines : texts) lines[0] = "제" + lines[0].substr(8) + "장";
  EXPECT_EQ(kept(texts)[2].substr(0, 3), "제");
}

TEST(PageFurniture, PageNumbersAreToldFromText) {
  for (const char* line : {"- 3 -", "Page 3 of 9", "3 / 9쪽", "iv", "12", "p. 7", "총 9쪽 중 3쪽", "[ 5 ]"})
    EXPECT_TRUE(is_page_number(line)) << line;
  for (const char* line : {"Chapter 3", "3 apples", "제3조", "", "see page 3", "Table 4"})
    EXPECT_FALSE(is_page_number(line)) << line;
  EXPECT_TRUE(ends_in_page_number("대외비 - 1 -", 1));
  EXPECT_FALSE(ends_in_page_number("대외비 - 1 -", 2));
  EXPECT_FALSE(ends_in_page_number("he took 1", 1));
}

TEST(PageFurniture, ManyPagesOfOneLineTakeNoTime) {
  Texts texts(20000, {"x"});
  EXPECT_EQ(kept(texts)[0], "");
}

}  // namespace
}  // namespace hone::document
