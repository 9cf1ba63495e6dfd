#include "recipe/load.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/files.h"
#include "recipe/show.h"
#include "recipe/yaml.h"
#include "support/shared.h"

namespace hone::recipe {
namespace {
namespace fs = std::filesystem;
using ::testing::HasSubstr;

constexpr const char* kMinimal = "corpus:\n  sources:\n    - path: docs\n";

class RecipeFile : public ::testing::Test {
 protected:
  LoadedRecipe load(const std::string& text, const std::vector<std::string>& sets = {}) {
    base::write_file(file_, text);
    return load_recipe(file_, sets);
  }
  std::string complaints(const std::string& text, const std::vector<std::string>& sets = {}) {
    std::string all;
    for (const Problem& problem : load(text, sets).problems) all += fs::path(to_string(problem.mark)).filename().string() + ": " + problem.message + "\n";
    return all;
  }
  test::TempDir folder_;
  fs::path file_ = folder_.path() / "r.yaml";
};

TEST_F(RecipeFile, ASourceIsAllThatHasToBeSaid) {
  const LoadedRecipe loaded = load(kMinimal);
  EXPECT_TRUE(loaded.problems.empty()) << loaded.problems[0].message;
  EXPECT_EQ(loaded.recipe.name, "r");
  EXPECT_EQ(loaded.recipe.corpus.sources[0].path, (folder_.path() / "docs").string()) << "relative to the recipe";
}

TEST_F(RecipeFile, AMisspeltKeyIsAnsweredWithPlaceAndNearestName) {
  EXPECT_EQ(complaints(std::string(kMinimal) + "training:\n  learning_rat: 1e-4\n"),
            "r.yaml:5:3: training.learning_rat is not an option of training; did you mean learning_rate?\n");
}

TEST_F(RecipeFile, AllMistakesAreReportedAtOnceInOrder) {
  const std::string all = complaints("seed: many\ncorpus:\n  sources: []\n  split: {validation: 2}\ntrainig:\n  x: 1\nmodel: {dtype: float64}\n");
  EXPECT_THAT(all, HasSubstr("r.yaml:1:7: seed must be a whole number, not many"));
  EXPECT_THAT(all, HasSubstr("corpus.sources is missing"));
  EXPECT_THAT(all, HasSubstr("r.yaml:4:23: corpus.split.validation must lie between 0 and 0.5, not 2"));
  EXPECT_THAT(all, HasSubstr("r.yaml:5:1: trainig is not a section of a recipe; did you mean training?"));
  EXPECT_THAT(all, HasSubstr("model.dtype must be one of float32, bfloat16, not float64"));
}

TEST_F(RecipeFile, DuplicateKeysAreRefused) {
  EXPECT_THAT(complaints(std::string(kMinimal) + "seed: 1\nseed: 2\n"), HasSubstr("r.yaml:5:1: the key seed is written twice; the first stands at line 4"));
}

TEST_F(RecipeFile, TwoSpellingsOfOneOptionAreRefused) {
  EXPECT_THAT(complaints(std::string(kMinimal) + "training: {sequence_len: 128, max_length: 64}\n"), HasSubstr("are the same option"));
}

TEST_F(RecipeFile, OtherToolkitsSpellingsWork) {
  const LoadedRecipe loaded = load(std::string(kMinimal) + "training: {cutoff_len: 128, per_device_train_batch_size: 3, lr: 1e-4}\n");
  EXPECT_TRUE(loaded.problems.empty());
  EXPECT_EQ(loaded.recipe.training.sequence_len, 128);
  EXPECT_EQ(loaded.recipe.training.micro_batch_size, 3);
  EXPECT_DOUBLE_EQ(loaded.recipe.training.learning_rate, 1e-4);
}

TEST_F(RecipeFile, NumbersAreNumbersHoweverTheyAreWritten) {
  for (const char* text : {"1e-4", "1.0e-4", "0.0001", "1E-4"})
    EXPECT_DOUBLE_EQ(load(std::string(kMinimal) + "training: {learning_rate: " + text + "}\n").recipe.training.learning_rate, 1e-4) << text;
  EXPECT_DOUBLE_EQ(load(std::string(kMinimal) + "training: {warmup_steps: 3%}\n").recipe.training.warmup_steps, 0.03);
  EXPECT_EQ(load(std::string(kMinimal) + "tokenizer: {train: {vocab_size: 32_000}}\n").recipe.tokenizer.train.vocab_size, 32000);
  EXPECT_THAT(complaints(std::string(kMinimal) + "training: {learning_rate: \"1e-4\"}\n"), HasSubstr("must be a number"));
}

TEST_F(RecipeFile, MergeKeysAreMergedAndTheOwnKeyWins) {
  const LoadedRecipe loaded = load(std::string("corpus:\n  sources:\n    - &first {path: a, licence: MIT, owner: me}\n    - {<<: *first, path: b}\n"));
  ASSERT_TRUE(loaded.problems.empty()) << loaded.problems[0].message;
  EXPECT_EQ(loaded.recipe.corpus.sources[1].licence, "MIT");
  EXPECT_EQ(fs::path(loaded.recipe.corpus.sources[1].path).filename(), "b");
}

TEST_F(RecipeFile, FragmentsAreOverlaidAndTheRecipeWins) {
  base::write_file(folder_.path() / "base.yaml", "training: {learning_rate: 1e-3, num_epochs: 9}\n");
  const LoadedRecipe loaded = load(std::string("extends: base.yaml\n") + kMinimal + "training: {num_epochs: 2}\n", {"training.micro_batch_size=5"});
  ASSERT_TRUE(loaded.problems.empty()) << loaded.problems[0].message;
  EXPECT_DOUBLE_EQ(loaded.recipe.training.learning_rate, 1e-3);
  EXPECT_EQ(loaded.recipe.training.num_epochs, 2);
  EXPECT_EQ(loaded.recipe.training.micro_batch_size, 5);
}

TEST_F(RecipeFile, FragmentsThatExtendEachOtherAreFound) {
  base::write_file(folder_.path() / "a.yaml", "extends: r.yaml\n");
  EXPECT_THAT(complaints(std::string("extends: a.yaml\n") + kMinimal), HasSubstr("goes round in a circle"));
}

TEST_F(RecipeFile, OverridesAreCheckedLikeTheRecipe) {
  EXPECT_THAT(complaints(kMinimal, {"training.learning_rat=1"}), HasSubstr("--set training.learning_rat=1: training.learning_rat is not an option"));
  EXPECT_THAT(complaints(kMinimal, {"training"}), HasSubstr("is written --set section.key=value"));
  EXPECT_EQ(load(kMinimal, {"corpus.sources.0.licence=MIT"}).recipe.corpus.sources[0].licence, "MIT");
  EXPECT_THAT(complaints(kMinimal, {"corpus.sources.4.licence=MIT"}), HasSubstr("this list has 1 elements"));
}

TEST_F(RecipeFile, SectionsThatContradictEachOtherAreNamed) {
  EXPECT_THAT(complaints(std::string(kMinimal) + "model: {path: base, shape: {hidden_size: 64}}\n"), HasSubstr("model.path and model.shape exclude each other"));
  EXPECT_THAT(complaints(std::string(kMinimal) + "tokenizer: {path: t.model, train: {vocab_size: 500}}\n"), HasSubstr("exclude each other"));
  EXPECT_THAT(complaints(std::string(kMinimal) + "model: {shape: {hidden_size: 65}}\n"), HasSubstr("must be a multiple of num_attention_heads"));
  EXPECT_THAT(complaints(std::string(kMinimal) + "training: {sequence_len: 4096}\n"), HasSubstr("longer than model.shape.max_position_embeddings"));
}

TEST_F(RecipeFile, AKeyWithoutEffectIsAWarning) {
  const LoadedRecipe loaded = load(std::string(kMinimal) + "training: {save: {steps: 5}}\n");
  ASSERT_EQ(loaded.warnings.size(), 1u);
  EXPECT_THAT(loaded.warnings[0].message, HasSubstr("training.save.steps has no effect"));
}

TEST_F(RecipeFile, TheResolvedRecipeLoadsBackToItself) {
  const LoadedRecipe loaded = load(std::string(kMinimal) + "name: \"yes: no\"\ngovernance: {purpose: \"a \\\"b\\\" # c\"}\nevaluation: {gates: [{metric: domain/loss, rule: below, value: 3}]}\n");
  ASSERT_TRUE(loaded.problems.empty()) << loaded.problems[0].message;
  const std::string once = resolved_yaml(loaded.recipe);
  base::write_file(folder_.path() / "again.yaml", once);
  const LoadedRecipe again = load_recipe(folder_.path() / "again.yaml", {});
  ASSERT_TRUE(again.problems.empty()) << again.problems[0].message << "\n" << once;
  EXPECT_EQ(resolved_yaml(again.recipe), once);
}

TEST_F(RecipeFile, HostileYamlIsRefusedNotExpanded) {
  std::string bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n";
  for (char c = 'b'; c < 'k'; ++c) bomb += std::string(1, c) + ": &" + c + " [" + [&] { std::string s; for (int i = 0; i < 10; ++i) s += std::string("*") + char(c - 1) + ","; return s; }() + "]\n";
  EXPECT_THAT(complaints(bomb), HasSubstr("not valid YAML"));
  EXPECT_THAT(complaints("corpus: " + std::string(100, '[') + std::string(100, ']')), HasSubstr("nested deeper"));
}

TEST(Options, EveryOptionHasHelpAndFitsItsOwnRange) {
  const nlohmann::json schema = json_schema();
  const std::function<void(const nlohmann::json&, const std::string&)> walk = [&](const nlohmann::json& node, const std::string& path) {
    for (const auto& [name, property] : node.at("properties").items()) {
      EXPECT_FALSE(property.value("description", "").empty()) << path << name;
      if (property.contains("default") && property.contains("minimum")) {
        EXPECT_GE(property["default"], property["minimum"]) << path << name;
      }
      if (property.contains("properties")) walk(property, path + name + ".");
      if (property.contains("items") && property["items"].contains("properties")) walk(property["items"], path + name + "[].");
    }
  };
  walk(schema, "");
}

TEST(Options, TheFingerprintLeavesOutPlacesAndWhatMayChange) {
  TrainingOptions a, b;
  b.threads = 9;
  b.save.keep = 1;
  EXPECT_EQ(fingerprint_values(a), fingerprint_values(b));
  b.num_epochs = 99;
  EXPECT_NE(fingerprint_values(a), fingerprint_values(b));
}

TEST(Options, TheManualsListIsTheProgramsList) {
  const auto file = test::source() / "docs" / "options.md";
  EXPECT_EQ(base::read_file(file), options_markdown()) << "run: hone schema --markdown > docs/options.md";
}

}  // namespace
}  // namespace hone::recipe
