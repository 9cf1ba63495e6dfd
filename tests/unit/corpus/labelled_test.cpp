#include <gtest/gtest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "base/files.h"
#include "base/json_file.h"
#include "corpus/key.h"
#include "unit/corpus/labelled.h"
#include "support/shared.h"

namespace hone::corpus {
namespace {

struct Goal {
  const char* name;
  double precision, recall;
};

/// The goals that the scorer prints, class by class.
constexpr Goal kGoals[] = {
    {"dedup exact", 1, 1},          {"dedup near 1%", .99, .95},     {"dedup near 2%", .99, .95},        {"dedup near 3%", .99, .95},
    {"dedup near 5%", .99, .90},    {"page_furniture", .98, .95},    {"pii checksummed", .99, .99},      {"pii email phone", .98, .99},
    {"pii all", .98, .98},          {"secret", .95, .95},            {"encoding", .98, .95},             {"language", .98, .97},
    {"quality gibberish", .95, .9}, {"quality ocr_garbage", .95, .9}, {"quality too_short", .95, .95},   {"quality repetitive", .95, .95},
    {"hidden", 1, 1},               {"injection", .90, .80},         {"eval verbatim", 0, .99},          {"eval respaced", 0, .95},
    {"eval one_word", 0, .80},
};

TEST(LabelledSet, TheDefaultRulesReachTheGoalOfEveryClass) {
  const auto shared = hone::test::shared();
  if (!shared) GTEST_SKIP() << "no labelled documents: set HONE_SHARED";
  const auto labelled = *shared / "corpora" / "labelled";
  const auto documents = test::read_rows(labelled / "documents.jsonl.gz");
  const hone::test::TempDir folder("labelled");
  const std::string key(64, '5');
  recipe::CorpusOptions options;
  options.languages = {"en", "ko"};
  options.decontamination.files = {(labelled / "eval_items.jsonl").string()};
  CleanSettings settings;
  base::write_file(folder / "key", key + "\n");
  std::filesystem::permissions(folder / "key", std::filesystem::perms::owner_read);
  settings.ledger_key = options.personal_data.key = load_key((folder / "key").string());
  const CleanSummary summary = clean(options, test::source_of(documents), folder.path(), settings);
  std::cout << summary.line() << "\n";
  const std::string command = "python3 " + (labelled / "score_cleaning.py").string() + " --set " + labelled.string() + " --run " +
                              folder.path().string() + " --key " + key + " --json " + (folder / "scores.json").string() + " --show 5";
  ASSERT_EQ(std::system(command.c_str()), 0);
  const nlohmann::json scores = base::read_json(folder / "scores.json");
  for (const Goal& goal : kGoals) {
    EXPECT_GE(scores.at(goal.name).at("precision").get<double>(), goal.precision) << goal.name;
    EXPECT_GE(scores.at(goal.name).at("recall").get<double>(), goal.recall) << goal.name;
  }
  EXPECT_GE(scores.at("boilerplate").at("f1").get<double>(), 0.92);
  EXPECT_LE(scores.at("template twins merged").at("value").get<double>(), 0.01);
  EXPECT_LE(scores.at("dedup drops of unrelated documents").at("value").get<int>(), 2);
  EXPECT_EQ(scores.at("planted values left in the output").at("value"), 0);
  EXPECT_LE(scores.at("collateral on protected documents").at("value").get<double>(), 0.002);
  EXPECT_LE(scores.at("collateral beside planted spans").at("value").get<double>(), 0.002);
  EXPECT_EQ(scores.at("contract violations").at("value"), 0);
  EXPECT_EQ(scores.at("changed documents rebuilt from the ledger").at("value"), 1.0);
}

}  // namespace
}  // namespace hone::corpus
