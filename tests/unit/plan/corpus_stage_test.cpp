#include "plan/corpus_stage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>

#include "base/error.h"
#include "base/files.h"
#include "base/json_file.h"
#include "support/shared.h"

namespace hone::plan {
namespace {
namespace fs = std::filesystem;

/// A folder of documents that changes as people change theirs, and recipes that clean it.
class Documents {
 public:
  explicit Documents(uint32_t seed) : random_(seed) {
    fs::create_directories(folder_ / "docs/deep");
    for (int i = 0; i < 50; ++i) add();
  }

  void change() {
    for (size_t i = 0, count = 1 + random_() % 4; i < count; ++i) {
      switch (random_() % 6) {
        case 0:
        case 1: add(); break;
        case 2: fs::remove(any()); break;
        case 3: write(any(), text()); break;
        case 4: copy(); break;
        default: fs::last_write_time(any(), fs::file_time_type::clock::now()); break;  // touched, not changed
      }
    }
  }

  recipe::Recipe recipe() const {
    recipe::Recipe recipe;
    recipe.name = "test";
    recipe.corpus.sources.resize(2);
    recipe.corpus.sources[0].path = (folder_ / "docs/**/*.{md,txt,html}").string();
    recipe.corpus.sources[0].licence = "CC0-1.0";
    recipe.corpus.sources[1].path = (folder_ / "docs/**/*.jsonl").string();
    recipe.corpus.near_duplicates.max_removed_share = 1;
    return recipe;
  }
  fs::path path() const { return folder_.path(); }
  void add() {
    static const char* kEndings[] = {"md", "txt", "html", "jsonl"};
    const std::string ending = kEndings[random_() % 4];
    const fs::path file = folder_ / (random_() % 3 == 0 ? "docs/deep" : "docs") / (std::to_string(random_() % 1000) + "." + ending);
    if (ending == "jsonl") return write_rows(file);
    write(file, ending == "html" ? "<html><body><p>" + text() + "</p></body></html>" : text());
  }

 private:
  std::string text() {
    static const std::vector<std::string> kWords = {"the",    "report", "of",     "and",    "system", "holds",  "value",  "when",   "team",  "checks", "cluster",
                                                    "다음과", "같이",   "시스템", "문서를", "확인",   "설정한", "파일을", "저장한다", "보고서", "사용자는", "필요한"};
    std::string result;
    for (size_t i = 0, length = random_() % 20 == 0 ? 3 : 40 + random_() % 120; i < length; ++i) {
      result += kWords[random_() % kWords.size()];
      result += random_() % 40 == 0 ? "\xE2\x80\x8B " : random_() % 25 == 0 ? "  \n" : random_() % 9 == 0 ? ".\n\n\n\n" : " ";
    }
    return result + "\n";
  }
  static void write(const fs::path& file, const std::string& content) { std::ofstream(file, std::ios::binary) << content; }
  void write_rows(const fs::path& file) {
    std::string rows;
    for (size_t row = 0, count = 1 + random_() % 12; row < count; ++row) {
      nlohmann::json line = {{"text", random_() % 15 == 0 ? "" : text()}};
      if (random_() % 2 == 0) line["id"] = "row" + std::to_string(random_() % 40);  // ids of other rows, now and then
      if (random_() % 4 == 0) line["source"] = "named";
      rows += line.dump() + "\n";
    }
    write(file, rows);
  }
  fs::path any() {
    const std::vector<fs::path> files = base::list_files(folder_ / "docs");
    return files[random_() % files.size()];
  }
  void copy() {
    const fs::path from = any();
    std::string content = base::read_file(from);
    if (random_() % 2 == 0 && from.extension() != ".jsonl") content += "again\n";
    write(folder_ / "docs" / (std::to_string(random_() % 1000) + "-copy" + from.extension().string()), content);
  }

  test::TempDir folder_;
  std::mt19937 random_;
};

RunPlan clean(const recipe::Recipe& recipe, const fs::path& runs, int threads = 2, const std::vector<fs::path>& shards = {}) {
  RunPlan plan = make_plan(recipe, runs);
  PrepareOptions options;
  options.threads = threads;
  options.shards = shards;
  make_corpus(plan, plan.at(Stage::corpus), options);
  return plan;
}

std::string bytes_of(const RunPlan& plan) {
  std::string all;
  for (const char* name : {artifact::kDocuments, artifact::kLedger, artifact::kStatistics}) all += base::read_file(plan.run.corpus() / name);
  return all;
}

std::string bytes_from_nothing(const recipe::Recipe& recipe) {
  const test::TempDir fresh;
  return bytes_of(clean(recipe, fresh.path()));
}

TEST(CorpusStage, WhatIsCleanedAgainIsWhatWouldBeCleanedFromNothing) {
  for (const uint32_t seed : {1U, 2U, 3U}) {
    Documents documents(seed);
    const test::TempDir runs;
    for (int round = 0; round < 8; ++round) {
      recipe::Recipe recipe = documents.recipe();
      if (round == 3 || round == 4) recipe.corpus.quality.min_characters = 400;      // other thresholds, and back
      if (round == 5) recipe.corpus.sources[0].licence = "CC-BY-4.0";
      if (round == 6) recipe.corpus.near_duplicates.threshold = 0.7;
      if (seed == 2) recipe.corpus.rules = {"normalise", "exact_duplicates", "boilerplate", "quality", "personal_data", "near_duplicates"};  // three passes
      recipe.corpus.boilerplate.max_removed_share = 1;
      const int threads[] = {1, 2, 7};
      ASSERT_EQ(bytes_of(clean(recipe, runs.path(), threads[round % 3])), bytes_from_nothing(recipe)) << "seed " << seed << ", round " << round;
      documents.change();
    }
  }
}

TEST(CorpusStage, FilesThatHaveNotChangedAreNotEvenOpened) {
  Documents documents(4);
  const test::TempDir runs;
  recipe::Recipe recipe = documents.recipe();
  const std::string first = bytes_of(clean(recipe, runs.path()));
  recipe.corpus.quality.min_characters = 51;  // all rules speak again
  const std::string expected = bytes_from_nothing(recipe);
  const RunPlan plan = make_plan(recipe, runs.path());
  for (const InputHash& input : plan.inputs) std::ofstream(input.path) << "other";
  make_corpus(plan, plan.at(Stage::corpus), {});
  EXPECT_EQ(bytes_of(plan), expected);
}

TEST(CorpusStage, WhatIsRememberedStaysBounded) {
  Documents documents(5);
  const test::TempDir runs;
  const auto size = [&] {
    uint64_t bytes = 0;
    for (const fs::path& file : base::list_files(runs / ".memo/test")) bytes += fs::file_size(file);
    return bytes;
  };
  clean(documents.recipe(), runs.path());
  const uint64_t first = size();
  for (int round = 0; round < 25; ++round) {
    recipe::Recipe recipe = documents.recipe();
    recipe.corpus.quality.min_characters = 50 + round;  // all states are new each time
    clean(recipe, runs.path());
  }
  EXPECT_LT(size(), 3 * first);
}

TEST(CorpusStage, DamagedMemoriesCostTimeAndNothingElse) {
  Documents documents(6);
  const test::TempDir runs;
  recipe::Recipe recipe = documents.recipe();
  clean(recipe, runs.path());
  std::mt19937 random(7);
  for (int round = 0; round < 12; ++round) {
    const std::vector<fs::path> files = base::list_files(runs / ".memo/test");
    const fs::path victim = files[random() % files.size()];
    std::string content = base::read_file(victim);
    if (content.empty()) continue;
    if (round % 3 == 0) content.resize(content.size() / 2);
    else content[random() % content.size()] ^= static_cast<char>(1 + random() % 255);
    std::ofstream(victim, std::ios::binary) << content;
    recipe.corpus.quality.min_characters = 50 + round;
    ASSERT_EQ(bytes_of(clean(recipe, runs.path())), bytes_from_nothing(recipe)) << victim << " in round " << round;
  }
}

TEST(CorpusStage, ACorpusThatIsGoneIsWrittenAgain) {
  Documents documents(8);
  const test::TempDir runs;
  const std::string first = bytes_of(clean(documents.recipe(), runs.path()));
  fs::remove_all(make_plan(documents.recipe(), runs.path()).run.corpus());
  EXPECT_EQ(bytes_of(clean(documents.recipe(), runs.path())), first);
}

TEST(CorpusStage, ShardsPutTogetherAreTheWholeCorpus) {
  Documents documents(9);
  const test::TempDir runs;
  const recipe::Recipe recipe = documents.recipe();
  const std::string whole = bytes_from_nothing(recipe);
  const RunPlan plan = make_plan(recipe, runs.path());
  std::vector<fs::path> shards;
  for (uint64_t number = 1; number <= 3; ++number) shards.push_back(shard_folder(plan, {number, 3}));
  make_shard(plan, {1, 3}, {});
  EXPECT_THROW(clean(recipe, runs.path(), 2, shards), Error) << "two shards are missing";
  for (const uint64_t number : {3U, 2U}) make_shard(plan, {number, 3}, {});
  for (const InputHash& input : plan.inputs) std::ofstream(input.path) << "other";
  PrepareOptions options;
  options.shards = shards;
  make_corpus(plan, plan.at(Stage::corpus), options);
  EXPECT_EQ(bytes_of(plan), whole);
  EXPECT_THROW(parse_shard("4/3"), Error);
  EXPECT_THROW(parse_shard("3"), Error);
}

TEST(CorpusStage, AShardOfAnotherBuildOrOtherOptionsIsOfNoHarm) {
  Documents documents(10);
  const test::TempDir runs;
  recipe::Recipe recipe = documents.recipe();
  const RunPlan before = make_plan(recipe, runs.path());
  for (const uint64_t number : {1U, 2U}) make_shard(before, {number, 2}, {});
  recipe.corpus.quality.min_characters = 300;
  documents.change();
  EXPECT_EQ(bytes_of(clean(recipe, runs.path(), 2, {shard_folder(before, {1, 2}), shard_folder(before, {2, 2})})), bytes_from_nothing(recipe));
}

TEST(InputHashes, AFileThatChangedIsHashedAgainAndVerifyHashesAll) {
  Documents documents(11);
  const test::TempDir runs;
  const recipe::Recipe recipe = documents.recipe();
  for (const fs::path& file : base::list_files(documents.path())) fs::last_write_time(file, fs::file_time_type::clock::now() - std::chrono::hours(1));
  const RunPlan plan = clean(recipe, runs.path());
  for (const Inputs inputs : {Inputs::trust_unchanged, Inputs::verify}) {
    const RunPlan again = make_plan(recipe, runs.path(), inputs);
    ASSERT_EQ(again.inputs.size(), plan.inputs.size());
    for (size_t i = 0; i < again.inputs.size(); ++i) EXPECT_EQ(again.inputs[i].sha256, plan.inputs[i].sha256);
  }
  std::ofstream(plan.inputs[3].path, std::ios::app) << "x";
  EXPECT_NE(make_plan(recipe, runs.path()).inputs[3].sha256, plan.inputs[3].sha256);
  EXPECT_NE(make_plan(recipe, runs.path()).lineage, plan.lineage);
}

}  // namespace
}  // namespace hone::plan
