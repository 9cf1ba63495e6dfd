#include "corpus/rules/page_furniture.h"

#include <gtest/gtest.h>

#include <string>

#include "document/document.h"

namespace hone::corpus {
namespace {

/// What the rule leaves of `text`; the edits have to be in order and not to overlap.
std::string cleaned(const std::string& text) {
  const document::Document document;
  const Language language;
  const Outcome outcome = PageFurniture{}.judge({text, text, document, language, 0});
  std::string result;
  size_t at = 0;
  for (const Edit& edit : outcome.edits) {
    EXPECT_LE(at, edit.begin);
    EXPECT_LT(edit.begin, edit.end);
    result += text.substr(at, edit.begin - at) + edit.replacement;
    at = edit.end;
  }
  return result + text.substr(at);
}

const std::string kPages =
    "Station Guide\n\nThe first page says that the operator\n\n- 7 -\n\f"
    "Station Guide\n\nhas to close the valve, and ends here.\n\n- 8 -\n\f"
    "Station Guide\n\nA new paragraph begins on the third.\n\n- 9 -\n";

TEST(PageFurnitureRule, HeadsFeetAndTheSpaceBetweenPagesGo) {
  EXPECT_EQ(cleaned(kPages),
            "The first page says that the operator\nhas to close the valve, and ends here.\n\nA new "
            "paragraph begins on the third.\n");
}

TEST(PageFurnitureRule, WhatItLeavesItLeavesAgain) { EXPECT_EQ(cleaned(cleaned(kPages)), cleaned(kPages)); }

TEST(PageFurnitureRule, KoreanSentencesGoOnOverPages) {
  const std::string head = "업무 편람 (나)\n\n";
  EXPECT_EQ(cleaned(head + "담당자는 매일 점검표에 따라 시설을\n\f" + head +
                    "점검하고 그 결과를 기록한다.\n\f" + head + "새 문단은 따로 선다.\n"),
            "담당자는 매일 점검표에 따라 시설을\n점검하고 그 결과를 기록한다.\n\n새 문단은 따로 선다.\n");
}

TEST(PageFurnitureRule, TextWithoutPagesIsNotTouched) {
  std::string text;
  for (int line = 0; line < 50; ++line) text += "Station Guide\n\n- " + std::to_string(line) + " -\n";
  EXPECT_EQ(cleaned(text), text);
}

TEST(PageFurnitureRule, PagesWithoutFurnitureAreNotTouched) {
  const std::string text = "One says this.\n\fAnother says that.\n\fThe third has more.\n";
  EXPECT_EQ(cleaned(text), text);
}

TEST(PageFurnitureRule, EmptyAndBarePagesDoNoHarm) {
  EXPECT_EQ(cleaned("\f\f\f\f"), "\f\f\f\f");
  EXPECT_EQ(cleaned("1\n\f2\n\f3\n\f4\n"), "1\n\f2\n\f3\n\f4\n");
}

}  // namespace
}  // namespace hone::corpus
