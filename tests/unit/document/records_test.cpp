/// Rows of instruction data: each format's turns, columns of other names, and rows that are not so.
#include "document/records.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/files.h"
#include "reading.h"
#include "support/shared.h"

namespace hone::document {
namespace {

using nlohmann::json;
using recipe::SourceFormat;
using testing::ElementsAre;
using testing::HasSubstr;

Input as(SourceFormat format, recipe::ColumnOptions columns = {}) {
  Input input;
  input.records = {format, std::move(columns)};
  return input;
}

/// "role: text" of each part, "-" in front of those that are not trained on their own.
std::vector<std::string> turns(const Document& document) {
  std::vector<std::string> all;
  uint64_t behind = 0;
  for (const Part& part : document.parts) {
    EXPECT_GE(part.begin, behind);
    behind = part.end;
    all.push_back((part.trained ? "" : "-") + part.role + ": " + document.text.substr(part.begin, part.end - part.begin));
  }
  return all;
}

/// `row` may be written over several lines here.
std::vector<std::string> turns_of(std::string row, SourceFormat format, recipe::ColumnOptions columns = {}) {
  std::erase(row, '\n');
  return turns(one_document(row, "a.jsonl", as(format, std::move(columns))));
}

std::string reason_of(const std::string& row, SourceFormat format) { return one_rejection(row, "a.jsonl", as(format)).reason; }

TEST(Records, MessagesAreTurns) {
  const std::string row =
      R"({"id": 7, "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "연차는?"}, {"role": "assistant", "content": "15일"}]})";
  const Document document = one_document(row, "a.jsonl", as(SourceFormat::messages));
  EXPECT_EQ(document.text, "Be brief.\n\n연차는?\n\n15일");
  EXPECT_EQ(document.id, "7");
  EXPECT_EQ(document.record, "messages");
  EXPECT_THAT(turns(document), ElementsAre("system: Be brief.", "user: 연차는?", "assistant: 15일"));
}

TEST(Records, ARowsOwnSourceDoesNotBecomeTheSource) {
  EXPECT_EQ(one_document(R"({"source": "x/y.md", "prompt": "a", "completion": "b"})", "a.jsonl", as(SourceFormat::prompt_completion)).source, "");
}

TEST(Records, ShareGptsNamesAreRoles) {
  EXPECT_THAT(turns_of(R"({"system": "S", "conversations": [{"from": "human", "value": "a"}, {"from": "gpt", "value": "b"}, {"from": "observation", "value": "c"},
                          {"from": "GPT", "value": "d"}]})",
                       SourceFormat::sharegpt),
              ElementsAre("-system: S", "user: a", "assistant: b", "tool: c", "assistant: d"));
}

TEST(Records, AlpacaKeepsItsInputApart) {
  EXPECT_THAT(turns_of(R"({"instruction": "Add.", "input": "1, 2", "output": "3", "history": [["hi", "hello"]], "system": "Be brief."})", SourceFormat::alpaca),
              ElementsAre("-system: Be brief.", "user: hi", "assistant: hello", "user: Add.", "-input: 1, 2", "assistant: 3"));
  EXPECT_THAT(turns_of(R"({"instruction": "Say hi.", "input": "", "output": "hi", "system": null})", SourceFormat::alpaca), ElementsAre("user: Say hi.", "assistant: hi"));
}

TEST(Records, OfPromptAndCompletionTheCompletionIsTrained) {
  EXPECT_THAT(turns_of(R"({"prompt": "a ", "completion": "b"})", SourceFormat::prompt_completion), ElementsAre("-prompt: a ", "completion: b"));
  EXPECT_THAT(turns_of(R"({"prompt": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}, {"role": "user", "content": "c"}],
                          "completion": [{"role": "assistant", "content": "d"}]})",
                       SourceFormat::prompt_completion),
              ElementsAre("-user: a", "-assistant: b", "-user: c", "assistant: d"));
}

TEST(Records, PreferencesComeWithAPromptOrWithoutOne) {
  EXPECT_THAT(turns_of(R"({"prompt": "q", "chosen": "good", "rejected": "bad"})", SourceFormat::preference), ElementsAre("-prompt: q", "chosen: good", "rejected: bad"));
  const std::string conversation = R"({"chosen": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "good"}],
                                       "rejected": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "bad"}]})";
  EXPECT_THAT(turns_of(conversation, SourceFormat::preference), ElementsAre("-user: q", "chosen: good", "rejected: bad"));
  json with_prompt = json::parse(conversation);
  with_prompt["prompt"] = "q";  // and the conversation all the same, as UltraFeedback has it
  EXPECT_THAT(turns_of(with_prompt.dump(), SourceFormat::preference), ElementsAre("-user: q", "chosen: good", "rejected: bad"));
  EXPECT_THAT(turns_of(R"({"chosen": "The sky is blue.", "rejected": "The sky is green."})", SourceFormat::preference),
              ElementsAre("-prompt: The sky is", "chosen:  blue.", "rejected:  green."));
}

TEST(Records, ColumnsHaveOtherNamesAndLieDeeper) {
  recipe::ColumnOptions columns;
  columns.messages = "data.turns";
  columns.role = "who";
  columns.content = "what";
  EXPECT_THAT(turns_of(R"({"data": {"turns": [{"who": "customer", "what": "a"}, {"who": "bot", "what": "b"}]}})", SourceFormat::messages, columns),
              ElementsAre("user: a", "assistant: b"));
}

TEST(Records, SingleAnswersAreTakenOutOfTraining) {
  EXPECT_THAT(turns_of(R"({"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b", "weight": 0},
                          {"role": "user", "content": "c"}, {"role": "assistant", "content": "d", "train": true}]})",
                       SourceFormat::messages),
              ElementsAre("user: a", "-assistant: b", "user: c", "assistant: d"));
}

TEST(Records, RowsThatAreNotSoAreRejectedWithAReason) {
  using enum SourceFormat;
  EXPECT_EQ(reason_of(R"({"text": "a"})", messages), reason::kNotARecord);
  EXPECT_EQ(reason_of(R"({"messages": "hello"})", messages), reason::kNotARecord);
  EXPECT_EQ(reason_of(R"({"messages": [1]})", messages), reason::kNotARecord);
  EXPECT_EQ(reason_of(R"({"messages": [{"content": "a"}]})", messages), reason::kNotARecord);
  EXPECT_EQ(reason_of(R"({"messages": []})", messages), reason::kNoAnswer);
  EXPECT_EQ(reason_of(R"({"messages": [{"role": "user", "content": "a"}]})", messages), reason::kNoAnswer);
  EXPECT_EQ(reason_of(R"({"messages": [{"role": "narrator", "content": "a"}]})", messages), reason::kUnknownRole);
  EXPECT_EQ(reason_of(R"({"messages": [{"role": "user", "content": " "}, {"role": "assistant", "content": "a"}]})", messages), reason::kEmptyTurn);
  EXPECT_EQ(reason_of(R"({"messages": [{"role": "user", "content": [{"type": "image_url"}]}, {"role": "assistant", "content": "a"}]})", messages), reason::kUnsupported);
  EXPECT_EQ(reason_of(R"({"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": null, "tool_calls": [{}]}]})", messages), reason::kUnsupported);
  EXPECT_EQ(reason_of(R"({"instruction": "a", "output": ""})", alpaca), reason::kNoAnswer);
  EXPECT_EQ(reason_of(R"({"instruction": {}, "output": "b"})", alpaca), reason::kNotARecord);
  EXPECT_EQ(reason_of(R"({"prompt": "a", "chosen": "b", "rejected": "b"})", preference), reason::kEqualAnswers);
  EXPECT_EQ(reason_of(R"({"prompt": "a", "chosen": "b", "rejected": [{"role": "assistant", "content": "c"}]})", preference), reason::kNotARecord);
  EXPECT_THAT(one_rejection(R"({"question": "a"})", "a.jsonl", as(alpaca)).message, testing::AllOf(HasSubstr("line 1"), HasSubstr("`instruction`"), HasSubstr("columns.instruction")));
}

TEST(Records, AnArrayOverManyLinesIsReadElementByElement) {
  const std::string text = R"([
    {"prompt": "a [{\"", "completion": "b"},
    {"prompt": "broken", },
    {"prompt": "c",
     "completion": "d ]"} ]
  )";
  const auto items = read_here(text, "a.json", as(SourceFormat::prompt_completion));
  ASSERT_EQ(items.size(), 3u);
  EXPECT_THAT(turns(std::get<Document>(items[0])), ElementsAre("-prompt: a [{\"", "completion: b"));
  EXPECT_EQ(std::get<Rejection>(items[1]).reason, reason::kDamaged);
  EXPECT_EQ(std::get<Document>(items[2]).row, 3u);
  EXPECT_THAT(turns(std::get<Document>(items[2])), ElementsAre("-prompt: c", "completion: d ]"));
}

TEST(Records, AnArrayThatIsCutKeepsWhatIsWhole) {
  const auto items = read_here(R"([{"text": "one"}, {"text": "tw)", "a.json");
  ASSERT_EQ(items.size(), 3u);
  EXPECT_EQ(std::get<Document>(items[0]).text, "one");
  EXPECT_EQ(std::get<Rejection>(items[1]).reason, reason::kDamaged);
  EXPECT_EQ(std::get<Rejection>(items[2]).reason, reason::kDamaged);
}

TEST(Records, AnElementThatIsTooLongCostsItselfAlone) {
  Input input = as(SourceFormat::prompt_completion);
  input.limits.max_row_bytes = 2 << 20;
  const std::string text = "[{\"prompt\": \"a\", \"completion\": \"b\"}, {\"prompt\": \"" + std::string(5 << 20, 'x') + "\", \"completion\": \"b\"}, {\"prompt\": \"c\", \"completion\": \"d\"}]";
  const auto items = read_here(text, "a.json", input);
  ASSERT_EQ(items.size(), 3u);
  EXPECT_EQ(std::get<Rejection>(items[1]).reason, reason::kTooLarge);
  EXPECT_THAT(turns(std::get<Document>(items[2])), ElementsAre("-prompt: c", "completion: d"));
}

TEST(Records, TablesHoldListsAsJson) {
  const auto items = read_here("id,instruction,output\n1,\"Add, please.\",3\n2,,4\n", "a.csv", as(SourceFormat::alpaca));
  ASSERT_EQ(items.size(), 2u);
  EXPECT_THAT(turns(std::get<Document>(items[0])), ElementsAre("user: Add, please.", "assistant: 3"));
  EXPECT_EQ(std::get<Rejection>(items[1]).reason, reason::kEmptyTurn);
  const auto messages = read_here("messages\n\"[{\"\"role\"\": \"\"user\"\", \"\"content\"\": \"\"a\"\"}, {\"\"role\"\": \"\"assistant\"\", \"\"content\"\": \"\"b\"\"}]\"\n", "a.csv",
                                  as(SourceFormat::messages));
  EXPECT_THAT(turns(std::get<Document>(messages.at(0))), ElementsAre("user: a", "assistant: b"));
}

TEST(Records, OtherFilesHoldNoRows) {
  EXPECT_EQ(one_rejection("Just text.", "a.txt", as(SourceFormat::messages)).reason, reason::kUnreadableFormat);
  EXPECT_THAT(turns(one_document(R"({"prompt": "a", "completion": "b"})", "rows", as(SourceFormat::prompt_completion))), ElementsAre("-prompt: a", "completion: b"));
}

TEST(Records, CrossTheProcessBorderWhole) {
  SourceSpec source;
  source.name = "chat";
  source.pattern = (hone::test::source() / "recipes" / "data" / "chat.jsonl").string();
  source.records = {SourceFormat::messages, {}};
  const auto here = read_here(base::read_file(source.pattern), "chat.jsonl", as(SourceFormat::messages)), there = read_stream({source});
  ASSERT_EQ(there.size(), 36u);
  ASSERT_EQ(here.size(), there.size());
  for (size_t i = 0; i < here.size(); ++i) {
    const auto &a = std::get<Document>(here[i]), &b = std::get<Document>(there[i]);
    EXPECT_EQ(a.text, b.text);
    EXPECT_EQ(a.parts, b.parts);
    EXPECT_EQ(b.record, "messages");
    EXPECT_EQ(b.source, "chat");
  }
}

}  // namespace
}  // namespace hone::document
