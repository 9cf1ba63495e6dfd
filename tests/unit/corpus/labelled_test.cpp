#include <gtest/gtest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "base/json_file.h"
#include "unit/corpus/labelled.h"
#include "support/shared.h"

namespace hone::corpus {
namespace {

TEST(LabelledSet, ScoresReachTheGoalsOfTheClassesThatThereAreRulesFor) {
  const auto shared = hone::test::shared();
  if (!shared) GTEST_SKIP() << "no labelled documents: set HONE_SHARED";
  const auto labelled = *shared / "corpora" / "labelled";
  const auto documents = test::read_rows(labelled / "documents.jsonl.gz");
  const hone::test::TempDir folder("labelled");
  recipe::CorpusOptions options;
  options.languages = {"en", "ko"};
  const CleanSummary summary = clean(options, test::source_of(documents), folder.path());
  std::cout << summary.line() << "\n";
  const std::string command = "python3 " + (labelled / "score_cleaning.py").string() + " --set " + labelled.string() + " --run " +
                              folder.path().string() + " --json " + (folder / "scores.json").string() + " --show 5";
  ASSERT_EQ(std::system(command.c_str()), 0);
  const nlohmann::json scores = base::read_json(folder / "scores.json");
  const auto expect_at_least = [&](const std::string& name, double precision, double recall) {
    EXPECT_GE(scores.at(name).at("precision").get<double>(), precision) << name;
    EXPECT_GE(scores.at(name).at("recall").get<double>(), recall) << name;
  };
  expect_at_least("dedup exact", 1, 1);
  for (const char* name : {"dedup near 1%", "dedup near 2%", "dedup near 3%"}) expect_at_least(name, .99, .95);
  expect_at_least("dedup near 5%", .99, .90);
  EXPECT_LE(scores.at("template twins merged").at("value").get<double>(), 0.01);
  EXPECT_LE(scores.at("dedup drops of unrelated documents").at("value").get<int>(), 2);
  expect_at_least("hidden", 1, 1);
  expect_at_least("quality gibberish", .95, .90);
  expect_at_least("quality ocr_garbage", .95, .90);
  expect_at_least("quality too_short", .95, .95);
  expect_at_least("quality repetitive", .95, .95);
  EXPECT_LE(scores.at("collateral on protected documents").at("value").get<double>(), 0.002);
  EXPECT_EQ(scores.at("contract violations").at("value"), 0);
  EXPECT_EQ(scores.at("changed documents rebuilt from the ledger").at("value"), 1.0);
}

}  // namespace
}  // namespace hone::corpus
