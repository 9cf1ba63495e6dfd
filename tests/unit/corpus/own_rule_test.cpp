#include "corpus/rules/own_rule.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/error.h"
#include "corpus/rules.h"
#include "document/document.h"

namespace hone::corpus {
namespace {

Outcome judged(const recipe::OwnRuleOptions& options, const std::string& text, const char* source = "wiki", const char* language = "en") {
  document::Document document;
  document.source = source;
  Language spoken;
  spoken.code = language;
  return OwnRule(options).judge({text, text, document, spoken, 0});
}

std::string replaced(const recipe::OwnRuleOptions& options, const std::string& text) {
  std::string result;
  size_t at = 0;
  for (const Edit& edit : judged(options, text).edits) {
    EXPECT_LE(at, edit.begin);
    result += text.substr(at, edit.begin - at) + edit.replacement;
    at = edit.end;
  }
  return result + text.substr(at);
}

std::string problems(const recipe::OwnRuleOptions& options) {
  std::string all;
  for (const OwnRuleProblem& problem : check_own_rule(options)) all += problem.key + ": " + problem.message + "\n";
  return all;
}

TEST(OwnRule, DropsWhatAPatternMatches) {
  const recipe::OwnRuleOptions drafts{.name = "drafts", .drop = {"(?m)^DRAFT\\b", "not for release"}, .reason = "draft"};
  EXPECT_EQ(judged(drafts, "Title\nDRAFT of May").reason, "draft");
  EXPECT_EQ(judged(drafts, "this is not for release").verdict, Verdict::drop);
  EXPECT_EQ(judged(drafts, "a DRAFTsman").verdict, Verdict::keep);
}

TEST(OwnRule, ActsOnItsSourcesAndLanguagesAlone) {
  const recipe::OwnRuleOptions rule{.name = "r", .sources = {"mail"}, .languages = {"ko"}, .drop = {"x"}};
  EXPECT_EQ(judged(rule, "x", "mail", "ko").verdict, Verdict::drop);
  EXPECT_EQ(judged(rule, "x", "wiki", "ko").verdict, Verdict::keep);
  EXPECT_EQ(judged(rule, "x", "mail", "en").verdict, Verdict::keep);
}

TEST(OwnRule, KoreanKeywordsAreFoundWithParticles) {
  const recipe::OwnRuleOptions rule{.name = "r", .keywords = {"대외비", "계약", "API"}};
  for (const char* text : {"이 문서는 대외비입니다.", "대외비이므로 복사하지 마십시오", "대외비", "(대외비)", "계약에서는 달리 정한다", "그 계약들이", "API를 부른다", "문서의 api"}) {
    EXPECT_EQ(judged(rule, text).verdict, Verdict::drop) << text;
  }
  for (const char* text : {"계약서를 쓴다", "비대외비 문서", "임대계약 안내", "RAPID", "APIs", "계약직 사원"}) EXPECT_EQ(judged(rule, text).verdict, Verdict::keep) << text;
}

TEST(OwnRule, AsManyDifferentKeywordsAsAsked) {
  const recipe::OwnRuleOptions rule{.name = "r", .keywords = {"casino", "bonus code", "free spins"}, .at_least = 2};
  EXPECT_EQ(judged(rule, "casino casino casino").verdict, Verdict::keep);
  EXPECT_EQ(judged(rule, "Our Casino gives a bonus\n  code").verdict, Verdict::drop);
}

TEST(OwnRule, ConditionsHoldTogether) {
  const recipe::OwnRuleOptions rule{.name = "r", .keywords = {"invoice"}, .attribute = "words", .below = 5.0};
  EXPECT_EQ(judged(rule, "one invoice").verdict, Verdict::drop);
  EXPECT_EQ(judged(rule, "one invoice with a long story behind it").verdict, Verdict::keep);
  EXPECT_EQ(judged(rule, "one story").verdict, Verdict::keep);
  EXPECT_EQ(judged(rule, "one story").findings.at(0).name, "words");
}

TEST(OwnRule, ReplacesWhatPatternsMatchAndTheFirstPatternWins) {
  const recipe::OwnRuleOptions rule{.name = "projects", .replace = {"Project (\\w)\\w+", "(\\w)\\w+ Corp"}, .replacement = "\\1."};
  EXPECT_EQ(replaced(rule, "In Project Falcon Corp we met Acme Corp."), "In F. Corp we met A..");
  EXPECT_EQ(judged(rule, "nothing here").verdict, Verdict::keep);
  EXPECT_EQ(judged(rule, "Project Falcon").edits.at(0).kind, "projects");
}

TEST(OwnRule, ExamplesThatComeOutAreSilent) {
  recipe::OwnRuleOptions rule{.name = "r", .sources = {"mail"}, .languages = {"ko"}, .drop = {"DRAFT"}};
  rule.examples = {.keeps = {"final"}, .drops = {"DRAFT 1"}};
  EXPECT_EQ(problems(rule), "");
  recipe::OwnRuleOptions names{.name = "n", .replace = {"Falcon"}, .replacement = "[project]"};
  names.examples = {.keeps = {"Eagle"}, .replaces = {{"the Falcon", "the [project]"}}};
  EXPECT_EQ(problems(names), "");
}

TEST(OwnRule, ExamplesThatDoNotComeOutAreNamed) {
  recipe::OwnRuleOptions rule{.name = "r", .attribute = "words", .below = 3.0};
  rule.examples = {.keeps = {"one two three", "one"}, .drops = {"one two three four"}};
  EXPECT_EQ(problems(rule), "examples.keeps.1: \"one\" is dropped\nexamples.drops.0: \"one two three four\" is kept; its words is 4\n");
  recipe::OwnRuleOptions names{.name = "n", .replace = {"Falcon"}, .replacement = "x"};
  names.examples = {.keeps = {"Falcon"}, .replaces = {{"a Falcon", "a y"}}};
  EXPECT_EQ(problems(names), "examples.keeps.0: \"Falcon\" becomes \"x\"\nexamples.replaces.0: \"a Falcon\" becomes \"a x\", not \"a y\"\n");
}

TEST(OwnRule, MistakesAreAnsweredUnderTheirKey) {
  using recipe::OwnRuleOptions;
  EXPECT_NE(problems({.name = "r", .drop = {"ok", "a(b"}}).find("drop.1: a(b is not a pattern of RE2: missing )"), std::string::npos);
  EXPECT_NE(problems({.name = "r", .drop = {"x*"}}).find("drop.0: x* also matches where nothing stands"), std::string::npos);
  EXPECT_NE(problems({.name = "r", .replace = {"\\b"}}).find("replace.0"), std::string::npos);
  EXPECT_NE(problems({.name = "r", .replace = {"a"}, .replacement = "\\1"}).find("replacement: "), std::string::npos);
  EXPECT_NE(problems({.name = "r", .attribute = "top_2gram", .above = 1.0}).find("did you mean top_2_gram?"), std::string::npos);
  EXPECT_NE(problems({.name = "r", .attribute = "words"}).find("above: or below:"), std::string::npos);
  EXPECT_NE(problems({.name = "r", .drop = {"x"}, .replace = {"y"}}).find("not both"), std::string::npos);
  EXPECT_NE(problems({.name = "r", .drop = {"x"}, .family = "boilerplates"}).find("did you mean boilerplate?"), std::string::npos);
  EXPECT_NE(problems({.name = "r"}).find("does nothing"), std::string::npos);
  EXPECT_NE(problems({.name = "", .drop = {"x"}}).find("name: "), std::string::npos);
  EXPECT_NE(problems({.name = "r", .keywords = {"a"}, .at_least = 2}).find("there are 1"), std::string::npos);
}

TEST(OwnRule, RunsInItsPlaceElseBehindQuality) {
  recipe::CorpusOptions options;
  options.rules = {"first", "normalise", "quality", "exact_duplicates"};
  options.own_rules = {{.name = "first", .drop = {"x"}}, {.name = "unplaced", .drop = {"y"}}};
  std::vector<std::string> names;
  for (const auto& rule : make_rules(options)) names.emplace_back(rule->name());
  EXPECT_EQ(names, (std::vector<std::string>{"first", "normalise", "quality", "unplaced", "exact_duplicates"}));
  options.rules = {"normalise", "unplaces"};
  EXPECT_THROW(make_rules(options), Error);
}

TEST(OwnRule, ManyMatchesInALongLineTakeLinearTime) {
  const recipe::OwnRuleOptions rule{.name = "r", .replace = {"a+b", "b"}, .replacement = "c"};
  std::string text(1 << 20, 'a');
  for (size_t i = 0; i < text.size(); i += 3) text[i] = 'b';
  EXPECT_EQ(judged(rule, text).edits.size(), (text.size() + 2) / 3);
}

}  // namespace
}  // namespace hone::corpus
