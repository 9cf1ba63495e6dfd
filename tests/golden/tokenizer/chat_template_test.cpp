/// Chat templates against what transformers rendered, encoded and marked as the assistant's: templates with generation marks, and the
/// same without, whose spans have to be derived.
#include "tokenizer/chat_template.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/files.h"
#include "base/lines.h"
#include "support/shared.h"

namespace hone::tokenizer {
namespace {

using Json = nlohmann::json;

std::vector<std::vector<ChatMessage>> conversations(const std::filesystem::path& file) {
  std::vector<std::vector<ChatMessage>> all;
  base::LineReader reader(file);
  while (const auto line = reader.next()) {
    std::vector<ChatMessage>& messages = all.emplace_back();
    const Json row = Json::parse(*line);
    for (const Json& message : row.at("messages")) {
      ChatMessage& said = messages.emplace_back();
      said.role = message.at("role").get<std::string>();
      said.content = message.at("content").get<std::string>();
    }
  }
  return all;
}

class GoldenChat : public testing::TestWithParam<std::tuple<const char*, const char*>> {};

TEST_P(GoldenChat, TextIdsAndAssistantMaskAreThoseOfTransformers) {
  const auto golden = test::golden();
  if (!golden) GTEST_SKIP() << "no golden chat templates: set HONE_GOLDEN";
  const auto& [name, ending] = GetParam();
  const std::filesystem::path folder = *golden / "chat";
  const Json expected = Json::parse(base::read_file(folder / (std::string(name) + ".expected.json")));
  const auto vocabulary = load_tokenizer(*golden / expected.at("tokenizer").get<std::string>());
  const ChatTemplate chat(base::read_file(folder / (std::string(name) + ending)), std::string(name) + ending, *vocabulary);
  EXPECT_FALSE(chat.terminator().empty());
  const auto all = conversations(folder / "conversations.jsonl");
  for (const Json& each : expected.at("cases")) {
    const auto& messages = all.at(each.at("conversation").get<size_t>());
    const bool prompt = each.at("add_generation_prompt");
    SCOPED_TRACE(each.at("text").get<std::string>());
    EXPECT_EQ(chat.render(messages, prompt), each.at("text").get<std::string>());
    const TokenizedChat tokens = chat.tokenize(messages, prompt);
    EXPECT_EQ(tokens.ids, each.at("ids").get<std::vector<int32_t>>());
    std::vector<int> mask;
    for (const int32_t message : tokens.message) mask.push_back(message >= 0 && messages[static_cast<size_t>(message)].role == "assistant" ? 1 : 0);
    EXPECT_EQ(mask, each.at("assistant_mask").get<std::vector<int>>());
  }
}

INSTANTIATE_TEST_SUITE_P(Templates, GoldenChat,
                         testing::Combine(testing::Values("llama3", "qwen2", "mistral", "alpaca"), testing::Values(".jinja", ".generation.jinja")),
                         [](const auto& parameter) {
                           return std::string(std::get<0>(parameter.param)) + (std::string(std::get<1>(parameter.param)) == ".jinja" ? "Plain" : "Marked");
                         });

}  // namespace
}  // namespace hone::tokenizer
