/// Chat templates: whose each character and token is, for shapes of templates as models have them, with generation marks and without.
#include "tokenizer/chat_template.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>

#include "base/files.h"
#include "jinja/text.h"
#include "support/shared.h"
#include "tokenizer/chat_template_files.h"

namespace hone::tokenizer {
namespace {

using hone::test::TempDir;
using testing::HasSubstr;

struct Shape {
  const char* name;
  const char* text;  ///< With generation marks.
  const char* terminator;
  bool system;  ///< Whether it takes a system message.
};

/// Written for this test in the manner of models' templates; each says something that others do not.
const Shape kShapes[] = {
    {"gemma",
     "{{ bos_token }}{% if messages[0]['role'] == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}"
     "{% for message in messages %}{% set role = 'model' if message['role'] == 'assistant' else message['role'] %}"
     "{{ '<start_of_turn>' + role + '\\n' }}{% if role == 'model' %}{% generation %}{{ message['content'] | trim + '<end_of_turn>' }}{% endgeneration %}"
     "{% else %}{{ message['content'] | trim + '<end_of_turn>' }}{% endif %}{{ '\\n' }}{% endfor %}"
     "{% if add_generation_prompt %}{{'<start_of_turn>model\\n'}}{% endif %}",
     "<end_of_turn>", false},
    {"zephyr",
     "{% for message in messages %}{% if message['role'] == 'user' %}{{ '<|user|>\\n' + message['content'] + eos_token }}\n"
     "{% elif message['role'] == 'system' %}{{ '<|system|>\\n' + message['content'] + eos_token }}\n"
     "{% elif message['role'] == 'assistant' %}{{ '<|assistant|>\\n' }}{% generation %}{{ message['content'] + eos_token }}{% endgeneration %}{{ '\\n' }}{% endif %}"
     "{% if loop.last and add_generation_prompt %}{{ '<|assistant|>' }}\n{% endif %}{% endfor %}",
     "</s>", true},
    {"phi",
     "{% for message in messages %}{% if message['role'] == 'assistant' %}{{ '<|assistant|>\\n' }}{% generation %}{{ message['content'] + '<|end|>' }}"
     "{% endgeneration %}{{ '\\n' }}{% else %}{{ '<|' + message['role'] + '|>\\n' + message['content'] + '<|end|>\\n' }}{% endif %}{% endfor %}"
     "{% if add_generation_prompt %}{{ '<|assistant|>\\n' }}{% else %}{{ eos_token }}{% endif %}",
     "<|end|>", true},
    {"vicuna",
     "{{ bos_token }}{% if messages[0]['role'] == 'system' %}{% set rest = messages[1:] %}{{ messages[0]['content'] + ' ' }}{% else %}{% set rest = messages %}"
     "{{ 'A chat between a curious user and an assistant. ' }}{% endif %}{% for message in rest %}{% if message['role'] == 'user' %}"
     "{{ 'USER: ' + message['content'] | trim + ' ' }}{% else %}{{ 'ASSISTANT:' }}{% generation %}{{ ' ' + message['content'] | trim + eos_token }}{% endgeneration %}"
     "{% endif %}{% endfor %}{% if add_generation_prompt %}{{ 'ASSISTANT:' }}{% endif %}",
     "</s>", true},
    {"deepseek",
     "{{ bos_token }}{% for message in messages %}{% if message['role'] == 'user' %}{{ 'User: ' + message['content'] + '\\n\\n' }}"
     "{% elif message['role'] == 'assistant' %}{{ 'Assistant:' }}{% generation %}{{ ' ' + message['content'] + eos_token }}{% endgeneration %}"
     "{% else %}{{ message['content'] + '\\n\\n' }}{% endif %}{% endfor %}{% if add_generation_prompt %}{{ 'Assistant:' }}{% endif %}",
     "</s>", true},
    {"llama2",
     "{% if messages[0]['role'] == 'system' %}{% set rest = messages[1:] %}{% set system = messages[0]['content'] %}{% else %}{% set rest = messages %}"
     "{% set system = false %}{% endif %}{% for message in rest %}{% if loop.index0 == 0 and system != false %}"
     "{% set content = '<<SYS>>\\n' + system + '\\n<</SYS>>\\n\\n' + message['content'] %}{% else %}{% set content = message['content'] %}{% endif %}"
     "{% if message['role'] == 'user' %}{{ bos_token + '[INST] ' + content.strip() + ' [/INST]' }}{% else %}{% generation %}{{ ' ' + content.strip() + ' ' + eos_token }}"
     "{% endgeneration %}{% endif %}{% endfor %}",
     "</s>", true},
    {"chatml without a prompt",
     "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\\n'}}{% if message['role'] == 'assistant' %}{% generation %}"
     "{{message['content'] + '<|im_end|>'}}{% endgeneration %}{% else %}{{message['content'] + '<|im_end|>'}}{% endif %}{{'\\n'}}{% endfor %}",
     "<|im_end|>", true},
    {"a mark of plain text",
     "{% for message in messages %}{{ '### ' + message['role'] + ':\\n' }}{% if message['role'] == 'assistant' %}{% generation %}{{ message['content'] + '\\n### end' }}"
     "{% endgeneration %}{% else %}{{ message['content'] }}{% endif %}{{ '\\n\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '### assistant:\\n' }}{% endif %}",
     "### end", true},
    {"thinking",
     "{% set ns = namespace(last=0) %}{% for message in messages %}{% if message['role'] == 'user' %}{% set ns.last = loop.index0 %}{% endif %}{% endfor %}"
     "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' }}{% if message['role'] == 'assistant' %}{% set content = message['content'] %}"
     "{% set thought = '' %}{% if '</think>' in content %}{% set thought = content.split('</think>')[0].rstrip('\\n').split('<think>')[-1].lstrip('\\n') %}"
     "{% set content = content.split('</think>')[-1].lstrip('\\n') %}{% endif %}{% generation %}{% if loop.index0 > ns.last %}"
     "{{ '<think>\\n' + thought.strip('\\n') + '\\n</think>\\n\\n' + content.lstrip('\\n') }}{% else %}{{ content }}{% endif %}{{ '<|im_end|>' }}{% endgeneration %}"
     "{% else %}{{ message['content'] + '<|im_end|>' }}{% endif %}{{ '\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}",
     "<|im_end|>", true},
};

std::string without_marks(std::string text) {
  for (const char* mark : {"{% generation %}", "{% endgeneration %}"})
    for (size_t at = text.find(mark); at != std::string::npos; at = text.find(mark)) text.erase(at, std::string_view(mark).size());
  return text;
}

/// A vocabulary with the control tokens of all shapes behind it.
class Chat : public testing::Test {
 protected:
  void SetUp() override {
    const auto fixtures = hone::test::source() / "tests" / "fixtures" / "tokenizer";
    base::write_file(folder_.path() / "tokenizer.model", base::read_file(fixtures / "bpe.model"));
    const int32_t first = load_tokenizer(folder_.path())->vocabulary_size();
    nlohmann::json added = nlohmann::json::object();
    int32_t id = first;
    for (const char* token : {"<start_of_turn>", "<end_of_turn>", "<|user|>", "<|system|>", "<|assistant|>", "<|end|>", "<|im_start|>", "<|im_end|>"})
      added[std::to_string(id++)] = {{"content", token}, {"special", true}};
    base::write_file(folder_.path() / "tokenizer_config.json", nlohmann::json({{"added_tokens_decoder", added}, {"legacy", false}}).dump());
    vocabulary_ = load_tokenizer(folder_.path());
  }

  ChatTemplate plain(const Shape& shape) const { return ChatTemplate(without_marks(shape.text), std::string(shape.name) + " without marks", *vocabulary_); }
  ChatTemplate marked(const Shape& shape) const { return ChatTemplate(shape.text, shape.name, *vocabulary_); }

  TempDir folder_;
  std::unique_ptr<Tokenizer> vocabulary_;
};

/// Words that are easily taken for something else: what templates write, white space, Korean, code.
std::string words(std::mt19937& random) {
  static const std::vector<std::string> kWords = {"연차는", "며칠인가요?", "Hello", "ASSISTANT:", "### end", "user", "[/INST]", "\n\n", "  ", "<b>bold</b>", "a\tb", "model\n",
                                                  "x + 1", "User:", "\u00A0", "👍", "{{ eos }}", "<<SYS>>"};
  std::string text;
  for (size_t n = 1 + random() % 6; n > 0; --n) (text += kWords[random() % kWords.size()]) += random() % 3 == 0 ? "" : " ";
  return text + "어";
}

std::vector<ChatMessage> conversation(std::mt19937& random, bool system) {
  std::vector<ChatMessage> messages;
  if (system && random() % 2 == 0) messages.push_back({"system", words(random), ""});
  for (size_t turns = 1 + random() % 3; turns > 0; --turns) {
    messages.push_back({"user", words(random), ""});
    messages.push_back({"assistant", words(random), ""});
  }
  if (random() % 4 == 0) messages.push_back({"user", words(random), ""});
  return messages;
}

std::string stripped(std::string_view text) { return std::string(jinja::strip(text, nullptr, true, true)); }

TEST_F(Chat, TheEndOfAnAnswerIsKnownForEveryShape) {
  for (const Shape& shape : kShapes) {
    SCOPED_TRACE(shape.name);
    EXPECT_EQ(plain(shape).terminator(), shape.terminator);
    EXPECT_EQ(marked(shape).terminator(), shape.terminator);
  }
}

TEST_F(Chat, WhatIsDerivedIsWhatMarksSay) {
  std::mt19937 random(5);
  for (const Shape& shape : kShapes) {
    const ChatTemplate derived = plain(shape), told = marked(shape);
    for (int round = 0; round < 150; ++round) {
      const auto messages = conversation(random, shape.system);
      SCOPED_TRACE(std::string(shape.name) + ": " + told.render(messages, false));
      const RenderedChat a = derived.render_spans(messages), b = told.render_spans(messages);
      ASSERT_EQ(a.text, b.text);
      ASSERT_EQ(a.spans.size(), b.spans.size());
      for (size_t i = 0; i < a.spans.size(); ++i) {
        EXPECT_EQ(a.spans[i].message, b.spans[i].message);
        EXPECT_EQ(a.spans[i].begin, b.spans[i].begin);
        EXPECT_EQ(a.spans[i].end, b.spans[i].end);
      }
    }
  }
}

TEST_F(Chat, SpansHoldWhatTheirMessageSaysAndItsTerminatorAndNothingElse) {
  std::mt19937 random(6);
  for (const Shape& shape : kShapes) {
    if (std::string_view(shape.name) == "thinking") continue;  // adds empty thoughts
    const ChatTemplate chat = plain(shape);
    for (int round = 0; round < 150; ++round) {
      const auto messages = conversation(random, shape.system);
      const RenderedChat rendered = chat.render_spans(messages, round % 2 == 0);
      SCOPED_TRACE(std::string(shape.name) + ": " + rendered.text);
      size_t behind = 0;
      std::vector<bool> seen(messages.size());
      for (const ChatSpan& span : rendered.spans) {
        ASSERT_GE(span.begin, behind);
        behind = span.end;
        seen[span.message] = true;
        const ChatMessage& message = messages[span.message];
        std::string said = stripped(std::string_view(rendered.text).substr(span.begin, span.end - span.begin));
        const bool ended = said.ends_with(shape.terminator) && !stripped(message.content).ends_with(shape.terminator);
        if (message.role == "assistant") {
          EXPECT_TRUE(ended);
        }
        if (ended) said = stripped(std::string_view(said).substr(0, said.size() - std::string_view(shape.terminator).size()));
        EXPECT_EQ(said, stripped(message.content));
      }
      EXPECT_EQ(std::count(seen.begin(), seen.end(), true), static_cast<ptrdiff_t>(messages.size()));
    }
  }
}

TEST_F(Chat, TokensOfTheAssistantAreItsTurnsAndTheTerminatorIsAmongThem) {
  std::mt19937 random(7);
  for (const Shape& shape : kShapes) {
    const ChatTemplate chat = plain(shape);
    const std::vector<int32_t> end = vocabulary_->encode_markup(shape.terminator);
    for (int round = 0; round < 40; ++round) {
      const auto messages = conversation(random, shape.system);
      const TokenizedChat tokens = chat.tokenize(messages);
      SCOPED_TRACE(std::string(shape.name) + ": " + tokens.text);
      EXPECT_EQ(tokens.ids, vocabulary_->encode_markup(tokens.text));
      for (size_t i = 0; i < messages.size(); ++i) {
        if (messages[i].role != "assistant") continue;
        size_t last = tokens.ids.size();
        for (size_t t = 0; t < tokens.ids.size(); ++t)
          if (tokens.message[t] == static_cast<int32_t>(i)) last = t;
        ASSERT_LT(last, tokens.ids.size());
        EXPECT_EQ(tokens.ids[last], end.back());
      }
    }
  }
}

TEST_F(Chat, ThoughtsInAnAnswerAreFoundWhereTheTemplatePutsThem) {
  const Shape& thinking = kShapes[std::size(kShapes) - 1];
  const std::vector<ChatMessage> messages = {{"user", "2+2?", ""}, {"assistant", "<think>\neasy\n</think>\n\n4", ""}, {"user", "and 3+3?", ""},
                                             {"assistant", "<think>\nalso easy\n</think>\n\n6", ""}};
  for (const ChatTemplate& chat : {plain(thinking), marked(thinking)}) {
    const RenderedChat rendered = chat.render_spans(messages);
    std::vector<std::string> said;
    for (const ChatSpan& span : rendered.spans)
      if (messages[span.message].role == "assistant") said.push_back(rendered.text.substr(span.begin, span.end - span.begin));
    EXPECT_THAT(said, testing::ElementsAre("4<|im_end|>", "<think>\nalso easy\n</think>\n\n6<|im_end|>"));
  }
}

TEST_F(Chat, EmptyAnswersStillEnd) {
  for (const Shape& shape : kShapes) {
    SCOPED_TRACE(shape.name);
    const RenderedChat rendered = plain(shape).render_spans({{"user", "Say nothing.", ""}, {"assistant", "", ""}, {"user", "Thanks.", ""}});
    const auto answer = std::find_if(rendered.spans.begin(), rendered.spans.end(), [](const ChatSpan& span) { return span.message == 1; });
    ASSERT_NE(answer, rendered.spans.end());
    EXPECT_THAT(rendered.text.substr(answer->begin, answer->end - answer->begin), testing::EndsWith(shape.terminator));
  }
}

TEST_F(Chat, ATemplateWhoseAnswersNeverEndIsRefused) {
  const ChatTemplate endless("{% for message in messages %}{{ '<|' + message['role'] + '|>' + message['content'] }}{% endfor %}", "endless.jinja", *vocabulary_);
  try {
    endless.terminator();
    FAIL() << "an answer without an end was accepted";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), testing::AllOf(HasSubstr("endless.jinja"), HasSubstr("never stop"), HasSubstr("{% generation %}")));
  }
}

TEST_F(Chat, MarksThatLeaveOutTheEndAreRefused) {
  const ChatTemplate cut("{% for message in messages %}{% if message['role'] == 'assistant' %}{% generation %}{{ message['content'] }}{% endgeneration %}{{ '<|im_end|>' }}"
                         "{% else %}{{ message['content'] + '<|im_end|>' }}{% endif %}{% endfor %}",
                         "cut.jinja", *vocabulary_);
  try {
    cut.terminator();
    FAIL() << "marks without the terminator were accepted";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), testing::AllOf(HasSubstr("cut.jinja"), HasSubstr("<|im_end|>"), HasSubstr("endgeneration")));
  }
}

TEST_F(Chat, WhatCannotBeToldAsksForMarks) {
  const ChatTemplate shouting("{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] | upper + '<|im_end|>' }}{% endfor %}",
                              "shouting.jinja", *vocabulary_);
  try {
    shouting.render_spans({{"user", "hello", ""}, {"assistant", "hello", ""}});
    FAIL() << "spans of changed words were guessed";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), testing::AllOf(HasSubstr("shouting.jinja"), HasSubstr("{% generation %}")));
  }
}

TEST_F(Chat, RefusalsOfATemplateAreTold) {
  EXPECT_THROW(plain(kShapes[0]).render_spans({{"system", "Be brief.", ""}, {"user", "hi", ""}, {"assistant", "hi", ""}}), ChatRefused);
}

TEST_F(Chat, OwnTemplatesEndTheirAnswersAndWriteAlpacasInputApart) {
  for (const std::string& name : own_chat_templates()) {
    const auto text = find_chat_template(name, {});
    ASSERT_TRUE(text);
    const ChatTemplate chat(text->text, text->where, *vocabulary_);
    EXPECT_TRUE(chat.marked());
    EXPECT_FALSE(chat.terminator().empty()) << name;
  }
  const auto text = find_chat_template("alpaca", {});
  const ChatTemplate chat(text->text, text->where, *vocabulary_);
  EXPECT_EQ(chat.render({{"user", "Add.", "1, 2"}, {"assistant", "3", ""}}, false),
            "<s>Below is an instruction that describes a task, paired with an input that provides further context. Write a response that appropriately completes "
            "the request.\n\n### Instruction:\nAdd.\n\n### Input:\n1, 2\n\n### Response:\n3</s>");
  EXPECT_EQ(chat.render({{"user", "Say hello.", ""}}, true),
            "<s>Below is an instruction that describes a task. Write a response that appropriately completes the request.\n\n### Instruction:\nSay hello.\n\n"
            "### Response:\n");
}

TEST_F(Chat, TheModelsTemplateIsFoundAndAFileBesideItComesFirst) {
  EXPECT_FALSE(model_chat_template(folder_.path()));
  const nlohmann::json named = {{{"name", "tool_use"}, {"template", "tools"}}, {{"name", "default"}, {"template", "talk"}}};
  base::write_file(folder_.path() / "tokenizer_config.json", nlohmann::json({{"chat_template", named}}).dump());
  EXPECT_EQ(model_chat_template(folder_.path())->text, "talk");
  base::write_file(folder_.path() / "chat_template.jinja", "beside");
  EXPECT_EQ(model_chat_template(folder_.path() / "tokenizer.model")->text, "beside");
  EXPECT_FALSE(find_chat_template("none", folder_.path()));
  try {
    find_chat_template("lama3", {});
    FAIL() << "a template that there is not was found";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::usage);
    EXPECT_THAT(error.what(), HasSubstr("did you mean llama3?"));
  }
}

}  // namespace
}  // namespace hone::tokenizer
