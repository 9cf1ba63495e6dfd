// Formats of sources and what training does with them go together, or the key that has to change is named.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "base/files.h"
#include "recipe/load.h"
#include "support/shared.h"

namespace hone::recipe {
namespace {

using testing::HasSubstr;
using testing::Not;

class InstructionChecks : public testing::Test {
 protected:
  /// All problems and warnings of a recipe with these sources and this training, one a line.
  std::string said(const std::string& sources, const std::string& training) const {
    const auto path = folder_.path() / "r.yaml";
    base::write_file(path, "name: t\ncorpus:\n  sources:\n" + sources + "model: {shape: {}}\ntraining: " + training + "\n");
    const LoadedRecipe loaded = load_recipe(path, {});
    std::string all;
    for (const auto* list : {&loaded.problems, &loaded.warnings})
      for (const Problem& problem : *list) all += std::to_string(problem.mark.line) + ": " + problem.message + "\n";
    return all;
  }
  hone::test::TempDir folder_{"hone-instructions"};
  const std::string text_ = "    - {path: a.txt, licence: MIT}\n", chat_ = "    - {path: a.jsonl, licence: MIT, format: messages}\n",
                    pairs_ = "    - {path: p.jsonl, licence: MIT, format: preference}\n";
};

TEST_F(InstructionChecks, ObjectivesAndFormatsThatGoTogetherAreAccepted) {
  EXPECT_EQ(said(text_, "{objective: pretrain}"), "");
  EXPECT_EQ(said(chat_ + text_, "{objective: sft}"), "");
  EXPECT_EQ(said(pairs_, "{objective: dpo}"), "");
  EXPECT_EQ(said(pairs_ + "    - {path: a.txt, licence: MIT, use: forgetting}\n", "{objective: dpo}"), "");
}

TEST_F(InstructionChecks, WhatDoesNotGoTogetherIsAnErrorAtItsKey) {
  EXPECT_THAT(said(chat_, "{objective: pretrain}"), HasSubstr("4: messages is instruction data, which training.objective pretrain does not read; set it to sft"));
  EXPECT_THAT(said(text_, "{objective: sft}"), HasSubstr("6: training.objective sft needs a source of instruction data"));
  EXPECT_THAT(said(pairs_ + chat_, "{objective: sft}"), HasSubstr("4: preferences are trained with training.objective dpo"));
  EXPECT_THAT(said(pairs_ + text_, "{objective: dpo}"), HasSubstr("5: training.objective dpo trains on preferences alone"));
  EXPECT_THAT(said(text_, "{objective: dpo}"), HasSubstr("needs a source with format: preference"));
  EXPECT_THAT(said(chat_, "{objective: sft, roles_to_train: [asistant]}"), HasSubstr("there is no role asistant; did you mean assistant?"));
  EXPECT_THAT(said(chat_, "{objective: sft, roles_to_train: []}"), HasSubstr("nothing would be trained"));
}

TEST_F(InstructionChecks, WhatHasNoEffectIsSaid) {
  EXPECT_THAT(said(text_, "{objective: pretrain, chat_template: chatml}"), HasSubstr("training.chat_template has no effect: training.objective is pretrain"));
  EXPECT_THAT(said(chat_, "{objective: sft, train_on_inputs: true, roles_to_train: [user]}"), HasSubstr("training.roles_to_train has no effect: train_on_inputs is true"));
  EXPECT_THAT(said(pairs_, "{objective: dpo, train_on_inputs: true}"), HasSubstr("training.train_on_inputs has no effect"));
  EXPECT_THAT(said("    - {path: a.jsonl, licence: MIT, format: alpaca, text_field: x, columns: {output: o, chosen: c}}\n", "{objective: sft}"),
              testing::AllOf(HasSubstr("text_field has no effect"), HasSubstr("columns.chosen has no effect: format is alpaca"), Not(HasSubstr("columns.output has"))));
}

TEST_F(InstructionChecks, ATemplateFileIsNamedFromTheRecipe) {
  const auto path = folder_.path() / "r.yaml";
  base::write_file(path, "name: t\ncorpus: {sources: [{path: a.jsonl, format: messages}]}\nmodel: {shape: {}}\ntraining: {objective: sft, chat_template: chat/mine.jinja}\n");
  EXPECT_EQ(load_recipe(path, {}).recipe.training.chat_template, (folder_.path() / "chat/mine.jinja").string());
  EXPECT_EQ(load_recipe(path, {"training.chat_template=chatml"}).recipe.training.chat_template, "chatml");
}

TEST(HouseRecipes, HaveNoMistakeAndSayNothingWithoutEffect) {
  for (const auto& entry : std::filesystem::directory_iterator(hone::test::source() / "recipes")) {
    if (entry.path().extension() != ".yaml") continue;
    const LoadedRecipe loaded = load_recipe(entry.path(), {});
    for (const auto* list : {&loaded.problems, &loaded.warnings})
      for (const Problem& problem : *list) ADD_FAILURE() << to_string(problem.mark) << ": " << problem.message;
  }
}

}  // namespace
}  // namespace hone::recipe
