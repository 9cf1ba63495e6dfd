#include "checkpoint/checkpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "artifact/names.h"
#include "base/error.h"
#include "base/files.h"
#include "checkpoint/history.h"
#include "model/load.h"
#include "tests/support/shared.h"

namespace hone::checkpoint {
namespace {
namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::HasSubstr;

formats::ModelConfig small_shape() {
  formats::ModelConfig config;
  config.vocabulary_size = 24;
  config.hidden_size = 8;
  config.intermediate_size = 12;
  config.layers = 1;
  config.heads = config.kv_heads = 2;
  config.head_dim = 4;
  config.tied_embeddings = true;
  return config;
}

model::Model some_model(uint64_t seed, at::ScalarType dtype = at::kFloat) {
  return model::random_model(small_shape(), seed, {.dtype = dtype});
}

tensor::NamedTensors some_moments(double value) {
  return {{"first_moment.a", at::full({3, 4}, value)}, {"second_moment.a", at::full({3, 4}, value * 2)}};
}

std::string message_of(const std::function<void()>& work, ExitCode code) {
  try {
    work();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code) << error.what();
    return error.what();
  }
  ADD_FAILURE() << "no error";
  return "";
}

TEST(Checkpoint, WhatWasSavedIsWhatIsLoaded) {
  for (const auto dtype : {at::kFloat, at::kBFloat16}) {
    const test::TempDir folder;
    const fs::path target = folder / "step-000003";
    const model::Model saved = some_model(1, dtype);
    save(target, saved, some_moments(0.5), {{"step", 3}}, {{"seed", 7}}, {{"step", 3}});
    EXPECT_EQ(first_difference(target, saved, some_moments(0.5)), std::nullopt);

    model::Model other = some_model(2, dtype);
    const tensor::NamedTensors moments = some_moments(9);
    EXPECT_TRUE(first_difference(target, other, moments));
    load_into(target, other, moments);
    EXPECT_EQ(first_difference(target, other, moments), std::nullopt);
    EXPECT_EQ(read_state(target).at("step"), 3);
    EXPECT_EQ(model::load_model(target, {.dtype = dtype}).config.hidden_size, 8)
        << "any tool can load it as a model";
  }
}

TEST(Checkpoint, EqualStatesAreEqualBytes) {
  const test::TempDir folder;
  for (const char* name : {"step-000001", "step-000002"})
    save(folder / name, some_model(1), some_moments(0.5), {{"step", 1}}, {{"seed", 7}}, {{"step", 1}});
  EXPECT_EQ(base::read_file(folder / "step-000001" / artifact::kManifest),
            base::read_file(folder / "step-000002" / artifact::kManifest));
}

TEST(Checkpoint, TensorsThatDoNotFitAreNamedAndNothingIsTaken) {
  const test::TempDir folder;
  const fs::path target = folder / "step-000001";
  save(target, some_model(1), some_moments(0.5), {{"step", 1}}, json::object(), json::object());
  model::Model model = some_model(2);
  const auto into = [&](const tensor::NamedTensors& tensors) {
    return message_of([&] { load_into(target, model, tensors); }, ExitCode::data);
  };
  EXPECT_THAT(into({{"first_moment.a", at::zeros({4, 3})}, {"second_moment.a", at::zeros({3, 4})}}),
              HasSubstr("first_moment.a is Float [3, 4] where the training has Float [4, 3]"));
  EXPECT_THAT(into({{"first_moment.a", at::zeros({3, 4})}}),
              HasSubstr("second_moment.a is not part of this training"));
  EXPECT_THAT(into({{"first_moment.a", at::zeros({3, 4})},
                    {"second_moment.a", at::zeros({3, 4})},
                    {"master.a", at::zeros({3, 4})}}),
              HasSubstr("master.a is missing"));
  EXPECT_TRUE(at::equal(model.embedding, some_model(2).embedding));
  model::Model halved = some_model(2, at::kBFloat16);
  EXPECT_THAT(message_of([&] { load_into(target, halved, some_moments(0)); }, ExitCode::data),
              HasSubstr("model.embed_tokens.weight"));
}

class History : public ::testing::Test {
 protected:
  History() {
    for (const int64_t step : {5, 10, 15, 20})
      save(run.checkpoint(step), some_model(1), some_moments(0.5), {{"step", step}}, json::object(),
           json::object());
  }
  test::TempDir folder;
  artifact::RunDirectory run{folder.path()};
};

TEST_F(History, TheNewestIsByStepNeverByTime) {
  fs::last_write_time(run.checkpoint(5), fs::file_time_type::clock::now() + std::chrono::hours(9));
  EXPECT_EQ(newest_verified(run).newest, run.checkpoint(20));
}

TEST_F(History, EveryByteOfEveryFileIsLookedAt) {
  int spoilt = 0;
  for (const fs::path& file : base::list_files(run.checkpoint(20))) {
    if (file.filename() == artifact::kManifest) continue;
    const std::string content = base::read_file(file);
    for (const size_t at : {size_t{0}, content.size() / 2, content.size() - 1}) {
      std::string other = content;
      other[at] = static_cast<char>(other[at] ^ 0x20);
      base::write_file(file, other);
      const Search search = newest_verified(run);
      EXPECT_EQ(search.newest, run.checkpoint(15)) << file << " byte " << at;
      ASSERT_EQ(search.skipped.size(), 1u);
      EXPECT_THAT(search.skipped[0].reason, HasSubstr(file.filename().string()));
      ++spoilt;
    }
    base::write_file(file, content);
  }
  EXPECT_GE(spoilt, 12);
  EXPECT_EQ(newest_verified(run).newest, run.checkpoint(20));
}

TEST_F(History, AFolderThatIsNoCheckpointIsSkippedWithTheReason) {
  fs::create_directories(run.checkpoint(25));
  fs::copy(run.checkpoint(20), run.checkpoint(30), fs::copy_options::recursive);
  base::write_file(run.checkpoint(30) / artifact::kManifest, std::string(100000, '['));
  const Search search = newest_verified(run);
  EXPECT_EQ(search.newest, run.checkpoint(20));
  EXPECT_EQ(search.skipped.size(), 2u);
}

TEST_F(History, RotationKeepsTheNewestAndTheBest) {
  EXPECT_EQ(rotate(run, 0, std::nullopt), std::vector<int64_t>{}) << "0 keeps all";
  EXPECT_EQ(rotate(run, 2, 5), std::vector<int64_t>{10});
  EXPECT_EQ(run.checkpoint_steps(), (std::vector<int64_t>{5, 15, 20}));
  EXPECT_EQ(rotate(run, 1, 20), (std::vector<int64_t>{5, 15}));
  EXPECT_EQ(newest_verified(run).newest, run.checkpoint(20));
}

TEST_F(History, AnEmptyRunHasNeitherNewestNorSkipped) {
  const test::TempDir empty;
  const Search search = newest_verified({empty.path()});
  EXPECT_FALSE(search.newest);
  EXPECT_TRUE(search.skipped.empty());
}

}  // namespace
}  // namespace hone::checkpoint
