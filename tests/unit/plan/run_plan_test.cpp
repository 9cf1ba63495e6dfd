#include "plan/run_plan.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "artifact/commit.h"
#include "base/error.h"
#include "base/files.h"
#include "plan/estimate.h"
#include "plan/prepare.h"
#include "support/shared.h"

namespace hone::plan {
namespace {
namespace fs = std::filesystem;

class Plan : public ::testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(folder_ / "docs");
    base::write_file(folder_ / "docs/a.md", "first");
    base::write_file(folder_ / "docs/b.md", "second");
    recipe_.name = "test";
    recipe_.corpus.sources.resize(1);
    recipe_.corpus.sources[0].path = (folder_ / "docs/*.md").string();
  }
  RunPlan plan() const { return make_plan(recipe_, folder_ / "runs"); }
  std::string fingerprint(Stage stage) const { return plan().at(stage).fingerprint; }

  test::TempDir folder_;
  recipe::Recipe recipe_;
};

TEST_F(Plan, TheSameRecipeAndInputsGiveTheSameLineage) { EXPECT_EQ(plan().lineage, plan().lineage); }

TEST_F(Plan, AChangedDocumentStartsANewRunAndAnUntouchedOneDoesNot) {
  const std::string before = plan().lineage;
  base::write_file(folder_ / "docs/a.md", "first");
  EXPECT_EQ(plan().lineage, before) << "time stamps do not count";
  base::write_file(folder_ / "docs/a.md", "First");
  EXPECT_NE(plan().lineage, before);
}

TEST_F(Plan, MovingTheDocumentsDoesNotChangeTheLineage) {
  const std::string before = plan().lineage;
  fs::rename(folder_ / "docs", folder_ / "elsewhere");
  recipe_.corpus.sources[0].path = (folder_ / "elsewhere/*.md").string();
  EXPECT_EQ(plan().lineage, before);
}

TEST_F(Plan, ALearningRateLeavesCorpusAndTokensAlone) {
  const RunPlan before = plan();
  recipe_.training.learning_rate = 0.5;
  const RunPlan after = plan();
  EXPECT_EQ(after.at(Stage::corpus).fingerprint, before.at(Stage::corpus).fingerprint);
  EXPECT_EQ(after.at(Stage::tokens).fingerprint, before.at(Stage::tokens).fingerprint);
  EXPECT_NE(after.at(Stage::training).fingerprint, before.at(Stage::training).fingerprint);
}

TEST_F(Plan, TheReportsLanguageLeavesTheModelAlone) {
  const RunPlan before = plan();
  recipe_.report.language = recipe::Language::ko;
  const RunPlan after = plan();
  EXPECT_EQ(after.lineage, before.lineage);
  EXPECT_EQ(after.at(Stage::evaluation).fingerprint, before.at(Stage::evaluation).fingerprint);
  EXPECT_NE(after.at(Stage::report).fingerprint, before.at(Stage::report).fingerprint);
}

TEST_F(Plan, WhatMayChangeWhileARunGoesOnKeepsItsRun) {
  const std::string before = plan().lineage;
  recipe_.training.save.keep = 9;
  recipe_.training.threads = 3;
  recipe_.name = "other";
  EXPECT_EQ(plan().lineage, before);
}

TEST_F(Plan, APatternThatMatchesNothingIsNamed) {
  recipe_.corpus.sources[0].path = (folder_ / "docs/*.pdf").string();
  try {
    plan();
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::data);
    EXPECT_NE(std::string(error.what()).find("*.pdf matches no file"), std::string::npos);
  }
}

TEST_F(Plan, AStageCountsAsUpToDateOnlyWithAllBeforeIt) {
  const RunPlan first = plan();
  artifact::Commit(first.at(Stage::tokens).directory, "tokens", first.at(Stage::tokens).inputs).finish({});
  EXPECT_FALSE(plan().at(Stage::tokens).up_to_date) << "its corpus is not there";
  artifact::Commit(first.at(Stage::corpus).directory, "corpus", first.at(Stage::corpus).inputs).finish({});
  artifact::Commit(first.at(Stage::vocabulary).directory, "tokenizer", first.at(Stage::vocabulary).inputs).finish({});
  EXPECT_TRUE(plan().at(Stage::tokens).up_to_date);
  EXPECT_FALSE(plan().at(Stage::training).up_to_date);
}

TEST_F(Plan, AnArtefactOfASiblingRunIsTakenOverWhenItVerifies) {
  const RunPlan first = plan();
  {
    artifact::Commit commit(first.at(Stage::corpus).directory, "corpus", first.at(Stage::corpus).inputs);
    base::write_file(commit.directory() / "documents", "cleaned");
    commit.finish({});
  }
  recipe_.training.learning_rate = 0.5;
  const RunPlan second = plan();
  ASSERT_NE(second.run.root, first.run.root);
  EXPECT_TRUE(adopt_from_siblings(second, second.at(Stage::corpus)));
  EXPECT_EQ(base::read_file(second.run.corpus() / "documents"), "cleaned");
  EXPECT_FALSE(adopt_from_siblings(second, second.at(Stage::tokens)));
}

TEST_F(Plan, ADamagedArtefactOfASiblingIsNotTakenOver) {
  const RunPlan first = plan();
  {
    artifact::Commit commit(first.at(Stage::corpus).directory, "corpus", first.at(Stage::corpus).inputs);
    base::write_file(commit.directory() / "documents", "cleaned");
    commit.finish({});
  }
  base::write_file(first.run.corpus() / "documents", "cleanet");
  recipe_.training.learning_rate = 0.5;
  const RunPlan second = plan();
  EXPECT_FALSE(adopt_from_siblings(second, second.at(Stage::corpus)));
}

TEST_F(Plan, TheEstimateCountsTheParametersOfTheShape) {
  // embedding 8000·256 (tied), 6 layers of 4·256² + 3·256·688 + 2·256, last norm 256
  EXPECT_EQ(estimate(plan()).parameters, 8000 * 256 + 6 * (4 * 256 * 256 + 3 * 256 * 688 + 2 * 256) + 256);
}

}  // namespace
}  // namespace hone::plan
