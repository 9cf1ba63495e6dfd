/// Chat templates of four model families against the texts that transformers rendered.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/files.h"
#include "base/lines.h"
#include "jinja/template.h"
#include "support/shared.h"

namespace hone::jinja {
namespace {

using Json = nlohmann::ordered_json;

std::vector<Json> conversations(const std::filesystem::path& folder) {
  std::vector<Json> all;
  base::LineReader reader(folder / "conversations.jsonl");
  while (const auto line = reader.next()) all.push_back(Json::parse(*line));
  return all;
}

TEST(ChatTemplates, RenderWhatTransformersRenders) {
  const auto golden = test::golden();
  if (!golden) GTEST_SKIP() << "no golden chat templates: set HONE_GOLDEN";
  const auto folder = *golden / "chat";
  const std::vector<Json> all = conversations(folder);
  for (const std::string name : {"llama3", "qwen2", "mistral", "alpaca"}) {
    const Json expected = Json::parse(base::read_file(folder / (name + ".expected.json")));
    const Template plain(base::read_file(folder / (name + ".jinja")), TemplateOptions::chat(), name);
    const Template marked(base::read_file(folder / (name + ".generation.jinja")), TemplateOptions::chat(), name);
    ASSERT_FALSE(expected.at("cases").empty());
    for (const Json& each : expected.at("cases")) {
      Dict context;
      context.put("messages", from_json(all.at(each.at("conversation").get<size_t>()).at("messages")));
      context.put("add_generation_prompt", each.at("add_generation_prompt").get<bool>());
      for (const char* token : {"bos_token", "eos_token"}) {
        if (!expected.at(token).is_null()) context.put(token, expected.at(token).get<std::string>());
      }
      EXPECT_EQ(plain.render(context).text, each.at("text").get<std::string>()) << name;
      EXPECT_EQ(marked.render(context).text, each.at("text").get<std::string>()) << name;
    }
  }
}

}  // namespace
}  // namespace hone::jinja
