#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "plan/check_inputs.h"
#include "support/shared.h"

namespace hone::plan {
namespace {

/// What `hone validate` says of a recipe with these rules, the file named r.yaml.
std::string said_of(const std::string& rules, const std::string& list = "[normalise, quality]") {
  const test::TempDir folder("own");
  std::ofstream(folder / "a.txt") << "A text that is long enough to be read by somebody.\n";
  std::ofstream(folder / "r.yaml") << "corpus:\n  sources: [{path: a.txt}]\n  rules: " + list + "\n  own_rules:\n" + rules;
  const recipe::LoadedRecipe loaded = recipe::load_recipe(folder / "r.yaml", {});
  std::string all;
  for (const auto& problem : loaded.problems) all += problem.message + "\n";
  for (const auto& problem : check_inputs(loaded))
    all += std::filesystem::path(to_string(problem.mark)).filename().string() + ": " + problem.message + "\n";
  return all;
}

TEST(OwnRules, ExamplesThatComeOutAreSilent) {
  EXPECT_EQ(said_of("    - name: drafts\n"
                    "      drop: \"(?i)draft\"\n"
                    "      examples:\n"
                    "        keeps: [a final text]\n"
                    "        drops: [the DRAFT of May]\n"), "");
}

TEST(OwnRules, AFailingExampleIsPointedAt) {
  EXPECT_EQ(said_of("    - name: drafts\n"
                    "      drop: [draft]\n"
                    "      examples:\n"
                    "        drops:\n"
                    "          - a draft\n"
                    "          - a sketch\n"),
            "r.yaml:10:13: corpus.own_rules.0.examples.drops.1: \"a sketch\" is kept\n");
  EXPECT_EQ(said_of("    - name: names\n"
                    "      replace: Falcon\n"
                    "      replacement: X\n"
                    "      examples:\n"
                    "        replaces:\n"
                    "          - {from: the Falcon, to: the Y}\n"),
            "r.yaml:10:13: corpus.own_rules.0.examples.replaces.0: \"the Falcon\" becomes \"the X\", not \"the Y\"\n");
}

TEST(OwnRules, AnAttributeThatDoesNotExistIsAnErrorWithTheNearestName) {
  EXPECT_EQ(said_of("    - name: thin\n      attribute: word\n      below: 5\n"),
            "r.yaml:6:7: corpus.own_rules.0.attribute: word is not an attribute; did you mean words?\n");
}

TEST(OwnRules, ABadPatternIsAnsweredWithTheWordsOfRe2) {
  EXPECT_EQ(said_of("    - name: bad\n      drop: [fine, \"a(b\"]\n"),
            "r.yaml:6:20: corpus.own_rules.0.drop.1: a(b is not a pattern of RE2: missing ): a(b\n");
}

TEST(OwnRules, NamesAreFree) {
  EXPECT_NE(said_of("    - {name: quality, drop: x}\n").find("r.yaml:5:8: corpus.own_rules.0.name: quality is the name of another rule"), std::string::npos)
      << said_of("    - {name: quality, drop: x}\n");
  EXPECT_NE(said_of("    - {name: a, drop: x}\n    - {name: a, drop: y}\n").find("own_rules.1.name"), std::string::npos);
}

TEST(OwnRules, AListMayPlaceThem) {
  EXPECT_EQ(said_of("    - {name: first, drop: x}\n", "[first, normalise]"), "");
  EXPECT_NE(said_of("    - {name: first, drop: x}\n", "[furst, normalise]").find("did you mean first?"), std::string::npos);
}

}  // namespace
}  // namespace hone::plan
