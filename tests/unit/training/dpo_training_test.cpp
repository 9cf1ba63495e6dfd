// Preference training from the first step to the last: it learns which answer is the better one, computes its reference
// once, and ends with the same bytes whatever happened in between.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>

#include "artifact/manifest.h"
#include "base/error.h"
#include "base/files.h"
#include "base/random.h"
#include "dataset/shard_writer.h"
#include "tests/support/shared.h"
#include "tests/unit/training/tiny_world.h"
#include "training/reference.h"

namespace hone::training {
namespace {
namespace fs = std::filesystem;
using ::testing::HasSubstr;

/// To a prompt of a few numbers, the chosen answer counts up and the rejected one down.
void write_pairs(const fs::path& folder, const std::string& split, int pairs) {
  fs::create_directories(folder);
  dataset::ShardWriter writer(folder, split, {.vocabulary_size = test::kTinyVocabulary, .tokenizer_sha256 = std::string(64, '0'), .pairs = true});
  for (int pair = 0; pair < pairs; ++pair)
    for (const int stride : {1, -1}) {
      base::RandomStream random(3, split, 0, static_cast<uint64_t>(pair));
      dataset::TokenizedDocument document{.id = split + std::to_string(pair), .source = "pairs", .language = "en"};
      const auto prompt = 2 + random.below(5), length = prompt + 3 + random.below(4);
      auto token = static_cast<int32_t>(random.below(test::kTinyVocabulary));
      for (uint64_t i = 0; i < length; ++i) {
        document.tokens.push_back(token);
        token = (token + (i + 1 < prompt ? 2 : stride) + test::kTinyVocabulary) % test::kTinyVocabulary;
        document.mask.push_back(i < prompt ? 0 : 1);
      }
      document.text_bytes = document.text_characters = length;
      writer.add(document);
    }
  writer.close();
}

test::TinyRun pair_run(const fs::path& folder, recipe::DpoOptions dpo = {.beta = 0.5}) {
  if (!fs::exists(folder / "tokens")) {
    write_pairs(folder / "tokens", "train", 24);
    write_pairs(folder / "tokens", "validation", 8);
  }
  test::TinyOptions options{.training = test::tiny_training()};
  options.training.objective = recipe::Objective::dpo;
  options.training.dpo = dpo;
  return test::TinyRun(folder, options);
}

std::vector<nlohmann::json> events_of(const fs::path& metrics, const std::string& kind) {
  std::istringstream lines(base::read_file(metrics));
  std::vector<nlohmann::json> events;
  for (std::string line; std::getline(lines, line);)
    if (auto event = nlohmann::json::parse(line); event.at("event") == kind) events.push_back(event);
  return events;
}

std::string bytes_of(const fs::path& folder) { return base::read_file(folder / artifact::kManifest); }

TEST(DpoTraining, LearnsWhichAnswerIsTheBetterOne) {
  const test::TempDir folder;
  test::TinyRun run = pair_run(folder.path());
  const TrainResult result = run.train();
  EXPECT_NEAR(*result.first_validation_loss, std::log(2.0), 1e-6) << "nothing is learnt yet: model and reference are the same";
  EXPECT_LT(*result.last_validation_loss, 0.5);
  const auto validations = events_of(run.setup.run.metrics(), "validation");
  EXPECT_EQ(validations.front().at("reward_margin"), 0.0);
  EXPECT_GT(validations.back().at("preference_accuracy"), 0.8);
  EXPECT_GT(validations.back().at("reward_margin"), 0.5);
  EXPECT_FALSE(validations.back().contains("perplexity")) << "the loss of a pair has none";
  for (const char* name : {"preference_accuracy", "reward_margin", "chosen_reward", "rejected_reward"})
    EXPECT_TRUE(events_of(run.setup.run.metrics(), "step").back().contains(name)) << name;
  EXPECT_TRUE(artifact::read_manifest(run.setup.run.root / "reference"));
}

TEST(DpoTraining, StoppedAndContinuedEndsWithTheSameBytes) {
  const test::TempDir whole, parts;
  const TrainResult expected = pair_run(whole.path()).train();
  test::TinyRun first = pair_run(parts.path());
  first.stop_after(2);
  EXPECT_THROW(first.train(), Error);
  const std::string reference = bytes_of(parts.path() / "run" / "reference");
  const TrainResult result = pair_run(parts.path()).train();
  EXPECT_EQ(bytes_of(result.last), bytes_of(expected.last));
  EXPECT_EQ(bytes_of(parts.path() / "run" / "reference"), reference) << "computed once";
}

TEST(DpoTraining, ADamagedReferenceIsComputedAgainFromTheModelTrainingStartedFrom) {
  const test::TempDir whole, parts;
  const TrainResult expected = pair_run(whole.path()).train();
  test::TinyRun first = pair_run(parts.path());
  first.stop_after(2);
  EXPECT_THROW(first.train(), Error);
  const fs::path file = parts.path() / "run" / "reference" / "log_probabilities.safetensors";
  const std::string before = base::read_file(file);
  std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
  stream.seekp(-5, std::ios::end);
  stream.put('x');
  stream.close();
  const TrainResult result = pair_run(parts.path()).train();
  EXPECT_EQ(base::read_file(file), before);
  EXPECT_EQ(bytes_of(result.last), bytes_of(expected.last));
}

TEST(DpoTraining, SingleTextsAreRefused) {
  const test::TempDir folder;
  test::TinyOptions options{.training = test::tiny_training()};
  options.training.objective = recipe::Objective::dpo;
  test::TinyRun run(folder.path(), options);
  try {
    run.train();
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::data);
    EXPECT_THAT(error.what(), HasSubstr("format: preference"));
  }
}

TEST(ReferenceStore, KeysAreOfContentAndFiguresOfOneModel) {
  const std::vector<int32_t> ids = {1, 2, 3}, targets = {-100, 3, 4}, others = {-100, 3, 5};
  EXPECT_EQ(key_of(ids, targets), key_of(ids, targets));
  EXPECT_NE(key_of(ids, targets), key_of(ids, others));
  const test::TempDir folder;
  ReferenceStore store(folder.path() / "reference", {{"base", "a"}});
  store.add(key_of(ids, targets), -4.5);
  store.save();
  EXPECT_EQ(ReferenceStore(folder.path() / "reference", {{"base", "a"}}).at(key_of(ids, targets)), -4.5);
  EXPECT_EQ(ReferenceStore(folder.path() / "reference", {{"base", "b"}}).size(), 0u) << "another model's";
}

}  // namespace
}  // namespace hone::training
