// Samples as readers see them: who speaks, what is trained, and of which documents.
#include "dataset/show.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/dataset/made_shards.h"

namespace hone::dataset {
namespace {

using testing::HasSubstr;

Sample chat() {
  Sample sample{.id = "faq#1", .source = "faq", .language = "en", .tokens = 6, .trained = 2, .has_roles = true};
  sample.shown = {{1, "<s>", "", false}, {2, "Who", "user", false}, {3, " are", "user", false}, {4, "\n", "", false}, {5, "Hone", "assistant", true}, {6, "</s>", "assistant", true}};
  return sample;
}

TEST(Show, TurnsHaveTheirRoleAboveThem) {
  EXPECT_EQ(render(chat(), false),
            "── faq#1 · faq · en · 6 tokens, 2 trained\n"
            "(template):\n⟦<s>⟧\nuser:\n⟦Who│ are⟧\n(template):\n⟦\n⟧\nassistant:\nHone│</s>│\n");
}

TEST(Show, ColoursTellTrainedTokensFromOthers) {
  const std::string text = render(chat(), true);
  EXPECT_THAT(text, HasSubstr("\x1b[1massistant:\x1b[0m\n\x1b[48;5;24mHone\x1b[0m\x1b[48;5;53m</s>\x1b[0m"));
  EXPECT_THAT(text, HasSubstr("\x1b[2mWho\x1b[0m"));
  EXPECT_EQ(text.find("⟦"), text.npos);
}

TEST(Show, RunningTextHasNoHeadings) {
  Sample sample = chat();
  sample.has_roles = false;
  for (ShownToken& token : sample.shown) token.role.clear();
  sample.tokens = 9;
  const std::string text = render(sample, false);
  EXPECT_EQ(text.find("template"), text.npos);
  EXPECT_THAT(text, HasSubstr("⟦<s>│Who│ are│\n⟧Hone│</s>│ …"));
}

}  // namespace
}  // namespace hone::dataset
