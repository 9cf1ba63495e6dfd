/// Records of instruction data through the rules: their turns stay whole, and what empties one costs the record.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <random>

#include "corpus/documents.h"
#include "corpus/parts.h"
#include "corpus/rules.h"
#include "document/records.h"
#include "support/shared.h"
#include "unit/corpus/labelled.h"

namespace hone::corpus {
namespace {

using document::Turn;
using nlohmann::json;
using testing::ElementsAre;

document::Document record(std::string id, const std::vector<Turn>& turns) {
  document::Document made;
  made.id = std::move(id);
  made.source = "faq";
  document::set_turns(made, {recipe::SourceFormat::messages, {}}, turns);
  made.bytes = made.text.size();
  return made;
}

recipe::CorpusOptions options(std::vector<std::string> rules) {
  recipe::CorpusOptions made;
  made.sources.resize(1);
  made.sources[0].name = "faq";
  made.sources[0].format = recipe::SourceFormat::messages;
  made.rules = std::move(rules);
  made.split.validation = 0;
  return made;
}

std::vector<std::string> turns_of(const CleanDocument& document) {
  std::vector<std::string> turns;
  for (const document::Part& part : document.parts) turns.push_back(part.role + ": " + document.text.substr(part.begin, part.end - part.begin));
  return turns;
}

std::map<std::string, CleanDocument> cleaned(const recipe::CorpusOptions& options, const std::vector<document::Document>& documents, const std::filesystem::path& folder) {
  clean(options, test::source_of(documents), folder);
  std::map<std::string, CleanDocument> kept;
  DocumentReader reader(folder);
  while (auto document = reader.next()) kept[document->id] = *document;
  return kept;
}

std::string reason_of(const std::filesystem::path& folder, const std::string& id) {
  for (const std::string& line : test::lines_of(folder / "ledger.jsonl.zst")) {
    const json entry = json::parse(line);
    if (entry["id"] == id && entry["action"] == "drop") return entry["rule"].get<std::string>() + ": " + entry.value("reason", "");
  }
  return "";
}

TEST(CleanRecords, TurnsFollowEveryEdit) {
  const hone::test::TempDir folder("clean");
  const auto kept = cleaned(options({"normalise", "personal_data"}),
                            {record("a", {{"system", "Be\xC2\xA0 brief."}, {"user", "\n\n제 번호는 010-1234-5678 입니다.\n\n\n\n\n감사합니다. "}, {"assistant", "Write to kim.minsu@example-corp.co.kr\n"}}),
                             record("b", {{"user", "x\u200By"}, {"assistant", "z", false}})},
                            folder.path());
  ASSERT_EQ(kept.size(), 2u);
  const std::vector<std::string> turns = turns_of(kept.at("a"));
  ASSERT_EQ(turns.size(), 3u);
  EXPECT_EQ(turns[0].substr(0, 7), "system:");
  EXPECT_THAT(turns[1], testing::AllOf(testing::HasSubstr("[PHONE]"), testing::HasSubstr("감사합니다."), testing::Not(testing::HasSubstr("5678"))));
  EXPECT_THAT(turns[2], testing::AllOf(testing::StartsWith("assistant: Write to [EMAIL]"), testing::Not(testing::HasSubstr("kim"))));
  EXPECT_THAT(turns_of(kept.at("b")), ElementsAre("user: xy", "assistant: z"));
  EXPECT_FALSE(kept.at("b").parts[1].trained);
  EXPECT_EQ(kept.at("b").record, "messages");
}

TEST(CleanRecords, ATurnThatIsEmptiedCostsItsRecord) {
  const hone::test::TempDir folder("clean");
  const auto kept = cleaned(options({"normalise"}), {record("a", {{"user", "q"}, {"assistant", "\u200B\u200B"}}), record("b", {{"user", "q"}, {"assistant", "a"}})}, folder.path());
  EXPECT_FALSE(kept.contains("a"));
  EXPECT_TRUE(kept.contains("b"));
  EXPECT_EQ(reason_of(folder.path(), "a"), "turns: empty_turn");
}

TEST(CleanRecords, OneQuestionWithTwoAnswersStaysAndTheSameTwiceDoesNot) {
  const hone::test::TempDir folder("clean");
  const std::string question = "What is the name of the documentation of the cluster that we all work with every day of the week?";
  const auto kept = cleaned(options({"normalise", "exact_duplicates", "boilerplate", "quality", "near_duplicates"}),
                            {record("a", {{"user", question}, {"assistant", "Yes."}}), record("b", {{"user", question}, {"assistant", "No."}}),
                             record("c", {{"user", question}, {"assistant", "Yes."}}), record("d", {{"user", question + "\n\nYes."}, {"assistant", "ok"}}),
                             record("e", {{"user", question}, {"assistant", "Yes."}, {"user", "ok"}})},
                            folder.path());
  EXPECT_TRUE(kept.contains("a") && kept.contains("b") && kept.contains("d") && kept.contains("e"));
  EXPECT_EQ(reason_of(folder.path(), "c"), "exact_duplicates: exact_duplicate");
}

TEST(CleanRecords, RulesThatMeasureProseHaveNoSay) {
  for (const char* rule : {"quality", "boilerplate", "page_furniture", "near_duplicates", "gopher_quality", "gopher_repetition", "c4", "fineweb", "language", "foreign_paragraphs"})
    EXPECT_FALSE(judges_records(rule)) << rule;
  for (const char* rule : {"encoding", "normalise", "secrets", "personal_data", "injection", "exact_duplicates", "decontamination", "turns", "a_rule_of_my_own"})
    EXPECT_TRUE(judges_records(rule)) << rule;
}

TEST(CleanRecords, WordsStayInTheirTurnWhateverTheEdits) {
  std::mt19937 random(11);
  for (int round = 0; round < 300; ++round) {
    std::vector<Turn> turns;
    for (size_t n = 1 + random() % 5; n > 0; --n) {
      std::string text;
      for (size_t words = 1 + random() % 6; words > 0; --words) {
        text += static_cast<char>('a' + turns.size());  // each turn has a letter of its own
        text += random() % 3 == 0 ? "\n\n\n" : random() % 3 == 0 ? "#" : " ";
      }
      turns.push_back({turns.size() % 2 == 0 ? "user" : "assistant", text});
    }
    const document::Document read = record("r", turns);
    TextMap map(read.text);
    for (uint16_t rule = 0; rule < 3; ++rule) {
      std::vector<Edit> edits;
      for (size_t at = 0; at < map.text().size();) {
        const size_t begin = map.text().find_first_of("\n# ", at);
        if (begin == std::string::npos) break;
        const size_t end = std::min(map.text().find_first_not_of("\n# ", begin), map.text().size());
        if (random() % 2 == 0) edits.push_back({.begin = begin, .end = end, .replacement = random() % 2 == 0 ? "" : random() % 2 == 0 ? "\n\n" : "[X]", .kind = "test", .family = {}});
        at = std::max(end, begin + 1);
      }
      map.apply(edits, rule, Family::normalise);
    }
    const auto parts = parts_now(map, read.parts);
    size_t behind = 0;
    for (size_t i = 0; i < parts.size(); ++i) {
      ASSERT_GE(parts[i].begin, behind);
      ASSERT_LE(parts[i].begin, parts[i].end);
      ASSERT_LE(parts[i].end, map.text().size());
      behind = parts[i].end;
      std::string letters = map.text().substr(parts[i].begin, parts[i].end - parts[i].begin), own = turns[i].text;
      std::erase_if(letters, [](char c) { return c < 'a' || c > 'e'; });
      std::erase_if(own, [](char c) { return c < 'a' || c > 'e'; });
      EXPECT_EQ(letters, own) << map.text();
    }
  }
}

}  // namespace
}  // namespace hone::corpus
