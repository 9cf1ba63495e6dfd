#include "corpus/rules/decontamination.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/error.h"
#include "corpus/unicode.h"
#include "document/document.h"
#include "recipe/load.h"
#include "support/shared.h"

namespace hone::corpus {
namespace {

const EvalItem kLong = {.id = "q1", .stem = "A pump fills a tank of nine hundred litres in forty minutes. How many litres does it move in a quarter of an hour?", .sides = {}};
const EvalItem kChoices = {.id = "q2",
                           .stem = "Which of these is a noble gas?",
                           .sides = {"Nitrogen, the larger part of the air we breathe", "Argon, which glows in lamps and welders use", "Chlorine, with which pools are kept clean"}};
const EvalItem kKorean = {.id = "q3", .stem = "다음 중 조선 시대에 한글을 창제한 임금과 그 해를 바르게 짝지은 것은 무엇인지 고르시오.", .sides = {"세종", "태종"}};
const EvalItem kShort = {.id = "q4", .stem = "In which year did Columbus reach America?", .sides = {}};

const std::string kBefore = "The first paragraph talks about the weather and the harvest of the year.";
const std::string kAfter = "The last paragraph is about trains, which are late again this winter.";

Outcome judged(const std::string& text, std::vector<EvalItem> items, recipe::DecontaminationOptions options = {}) {
  const document::Document document;
  const Language language;
  return Decontamination(options, std::move(items)).judge({text, text, document, language, 0});
}

std::string left(const std::string& text, const Outcome& outcome) {
  std::string result;
  size_t copied = 0;
  for (const Edit& edit : outcome.edits) {
    result.append(text, copied, edit.begin - copied);
    copied = edit.end;
  }
  return result.append(text, copied);
}

std::string around(const std::string& passage) { return kBefore + "\n\n" + passage + "\n\n" + kAfter; }

void expect_removed(const std::string& passage, const EvalItem& item) {
  const std::string text = around(passage);
  const Outcome outcome = judged(text, {item});
  ASSERT_EQ(outcome.verdict, Verdict::edit) << passage;
  EXPECT_EQ(left(text, outcome), kBefore + "\n\n" + kAfter);
  EXPECT_EQ(outcome.reason, item.id);
}

void expect_kept(const std::string& text, std::vector<EvalItem> items) { EXPECT_EQ(judged(text, std::move(items)).verdict, Verdict::keep) << text; }

std::string with_choices(const EvalItem& item) {
  std::string text = item.stem;
  char label = 'A';
  for (const std::string& side : item.sides) text += std::string("\n") + label++ + ". " + side;
  return text;
}

TEST(Decontamination, AVerbatimItemGoesWithItsParagraph) {
  expect_removed(kLong.stem, kLong);
  expect_removed(with_choices(kChoices), kChoices);
  expect_removed(with_choices(kKorean), kKorean);
  expect_removed(kShort.stem, kShort);
}

TEST(Decontamination, SpacingDoesNotHideIt) {
  for (const EvalItem& item : {kLong, kChoices, kKorean}) {
    std::string joined, spaced;
    for (const char c : with_choices(item)) {
      if (c != ' ') joined += c;
      spaced += c == ' ' ? std::string{" \t "} : std::string(1, c);
    }
    expect_removed(joined, item);
    expect_removed(spaced, item);
  }
}

TEST(Decontamination, CaseAndPunctuationDoNotHideIt) {
  expect_removed("A PUMP FILLS A TANK (of nine hundred litres) in forty minutes! How many litres - does it move - in a quarter of an hour", kLong);
}

TEST(Decontamination, OneWordEditedDoesNotHideIt) {
  expect_removed("A pump fills a tank of nine hundred litres in twenty minutes. How many litres does it move in a quarter of an hour?", kLong);
  expect_removed("다음 중 조선 시대에 훈민정음을 창제한 임금과 그 해를 바르게 짝지은 것은 무엇인지 고르시오.\nA. 세종\nB. 태종", kKorean);
}

TEST(Decontamination, InsideALongerParagraphOnlyTheSentencesGo) {
  std::string longer;
  for (int i = 0; i < 8; ++i) longer += "Here is sentence number " + std::to_string(i) + " about something else altogether. ";
  const std::string text = longer + kLong.stem + " And so it goes on with other matters, day after day.";
  const Outcome outcome = judged(text, {kLong});
  ASSERT_EQ(outcome.verdict, Verdict::edit);
  const std::string rest = left(text, outcome);
  EXPECT_EQ(rest.find("pump"), std::string::npos);
  EXPECT_NE(rest.find("sentence number 7 about something else altogether."), std::string::npos);
  EXPECT_NE(rest.find("And so it goes on"), std::string::npos);
}

TEST(Decontamination, EveryPlaceOfAnItemGoes) {
  const std::string text = around(kLong.stem) + "\n\n" + kBefore + "\n\n" + kLong.stem + "\n\n" + kAfter;
  const std::string rest = left(text, judged(text, {kLong, kShort}));
  EXPECT_EQ(rest.find("pump"), std::string::npos) << rest;
  EXPECT_EQ(judged(rest, {kLong, kShort}).verdict, Verdict::keep);
}

TEST(Decontamination, OtherQuestionsAndTheAnswersTextStay) {
  expect_kept(around("Which of these is a noble gas? Ask your teacher, who will know."), {kChoices});
  expect_kept(around("Argon, which glows in lamps and welders use, is the third of the gases of the air."), {kChoices});
  expect_kept(around("A pump fills a tank in forty minutes, they say, but nobody has ever asked how many litres that may be."), {kLong});
  expect_kept(around("In which year did Columbus set out for the west?"), {kShort});
  expect_kept("", {kLong});
  expect_kept(around("text"), {});
}

TEST(Decontamination, AnItemThatIsACommonPhraseIsNotLookedFor) { expect_kept(around("What is a pod?"), {{.id = "q", .stem = "What is a pod?", .sides = {}}}); }

TEST(Decontamination, WordsThatAllItemsShareAreNoEvidence) {
  std::vector<EvalItem> items;
  for (int i = 0; i < 40; ++i)
    items.push_back({.id = std::to_string(i), .stem = "Which of the following statements about the old town hall is correct " + std::to_string(i * 7919) + " " + std::string(5, static_cast<char>('a' + i % 26)), .sides = {}});
  expect_kept(around("Which of the following statements about the old town hall is correct? Nobody knows."), items);
}

TEST(Decontamination, TheDocumentGoesOrIsFlaggedByOption) {
  recipe::DecontaminationOptions options;
  options.action = recipe::LeakAction::document;
  EXPECT_EQ(judged(around(kLong.stem), {kLong}, options).verdict, Verdict::drop);
  options.action = recipe::LeakAction::flag;
  const Outcome flagged = judged(around(kLong.stem), {kLong}, options);
  EXPECT_EQ(flagged.verdict, Verdict::keep);
  ASSERT_EQ(flagged.flags.size(), 1U);
  EXPECT_TRUE(flagged.edits.empty());
}

TEST(Decontamination, EditsLieOnCharactersWhateverTheTextIs) {
  std::string text;
  for (int i = 0; i < 30; ++i) text += with_choices(i % 2 == 0 ? kKorean : kLong) + (i % 3 == 0 ? "\n\n" : " ") + "그리고 é “”";
  size_t end = 0;
  for (const Edit& edit : judged(text, {kKorean, kLong, kChoices}).edits) {
    EXPECT_GE(edit.begin, end);
    EXPECT_GT(edit.end, edit.begin);
    end = edit.end;
    EXPECT_TRUE(is_valid_utf8(text.substr(edit.begin, edit.end - edit.begin)));
  }
  EXPECT_GT(end, 0U);
}

TEST(EvalItems, FormsThatPeopleUseAreRead) {
  const hone::test::TempDir folder("items");
  std::ofstream(folder / "a.jsonl") << R"({"id": "x", "question": "Who built the bridge?", "choices": {"text": ["The Romans", "Nobody"], "label": ["A", "B"]}, "answerKey": "A"})"
                                    << "\n"
                                    << R"({"doc_id": 7, "doc": {"ctx": "A man opens the door and", "endings": ["leaves.", "sings."], "source_id": "zz"}, "target": "leaves."})"
                                    << "\n\n";
  std::ofstream(folder / "b.txt") << "One item a line\nAnother item\r\n";
  std::ofstream(folder / "c.json") << R"([{"text": "from an array"}, "a bare text"])";
  std::vector<EvalItem> items;
  for (const char* name : {"a.jsonl", "b.txt", "c.json"}) read_eval_items(folder / name, items);
  ASSERT_EQ(items.size(), 6U);
  EXPECT_EQ(items[0].id, "x");
  EXPECT_EQ(items[0].stem, "Who built the bridge?");
  EXPECT_EQ(items[0].sides, (std::vector<std::string>{"The Romans", "Nobody"}));
  EXPECT_EQ(items[1].stem, "A man opens the door and");
  EXPECT_EQ(items[1].sides.size(), 3U);
  EXPECT_EQ(items[2].stem, "One item a line");
  EXPECT_EQ(items[3].stem, "Another item");
  EXPECT_EQ(items[4].stem, "from an array");
  EXPECT_EQ(items[5].stem, "a bare text");
}

TEST(EvalItems, ABrokenLineIsNamed) {
  const hone::test::TempDir folder("items");
  std::ofstream(folder / "a.jsonl") << "{\"question\": \"x\"}\n{\"question\": \n";
  std::vector<EvalItem> items;
  try {
    read_eval_items(folder / "a.jsonl", items);
    FAIL() << "it was read";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::data);
    EXPECT_NE(std::string{error.what()}.find("a.jsonl:2"), std::string::npos) << error.what();
  }
}

TEST(Decontamination, AMissingFileIsAMistakeOfTheRecipe) {
  recipe::DecontaminationOptions options;
  options.files = {"nowhere/items.jsonl"};
  try {
    const Decontamination rule(options);
    FAIL() << "it was made";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::usage);
    EXPECT_NE(std::string{error.what()}.find("corpus.decontamination.files"), std::string::npos) << error.what();
  }
}

TEST(Decontamination, FilesStandBesideTheRecipeAndTheirContentCounts) {
  const hone::test::TempDir folder("items");
  std::ofstream(folder / "items.txt") << kLong.stem << "\n";
  std::ofstream(folder / "recipe.yaml") << "corpus:\n  sources:\n    - path: x.txt\n  decontamination:\n    files: [items.txt]\n";
  const recipe::LoadedRecipe loaded = recipe::load_recipe(folder / "recipe.yaml", {});
  ASSERT_EQ(loaded.recipe.corpus.decontamination.files, std::vector<std::string>{(folder / "items.txt").string()});
  const std::string before = Decontamination(loaded.recipe.corpus.decontamination).inputs();
  EXPECT_EQ(Decontamination(loaded.recipe.corpus.decontamination).items(), 1U);
  std::ofstream(folder / "items.txt", std::ios::app) << kShort.stem << "\n";
  EXPECT_NE(Decontamination(loaded.recipe.corpus.decontamination).inputs(), before);
}

}  // namespace
}  // namespace hone::corpus
