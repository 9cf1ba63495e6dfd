#include "training/trainer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "artifact/manifest.h"
#include "base/error.h"
#include "base/files.h"
#include "base/hash.h"
#include "base/json_file.h"
#include "tests/support/shared.h"
#include "tests/unit/training/tiny_world.h"
#include "training/passes.h"

namespace hone::training {
namespace {
namespace fs = std::filesystem;
using test::TinyRun;
using ::testing::HasSubstr;

/// The hash of every file of a checkpoint, MANIFEST.json (which names all the others) included.
std::string bytes_of(const fs::path& checkpoint) { return base::read_file(checkpoint / artifact::kManifest); }

template <typename Work>
Error error_of(const Work& work) {
  try {
    work();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "no error";
  return {ExitCode::done, ""};
}

std::vector<nlohmann::json> events_of(const fs::path& metrics, const std::string& kind) {
  std::istringstream lines(base::read_file(metrics));
  std::vector<nlohmann::json> events;
  for (std::string line; std::getline(lines, line);)
    if (auto event = nlohmann::json::parse(line); event.at("event") == kind) events.push_back(event);
  return events;
}

void flip_a_byte(const fs::path& file) {
  std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
  stream.seekg(-5, std::ios::end);
  const auto byte = static_cast<char>(stream.get() ^ 1);
  stream.seekp(-5, std::ios::end);
  stream.put(byte);
}

TEST(Training, LearnsAndLeavesAnAccountOfIt) {
  const test::TempDir folder;
  TinyRun run(folder.path());
  const TrainResult result = run.train();
  EXPECT_EQ(result.steps, run.training_data->steps_in(0) * 4);
  EXPECT_LT(*result.last_validation_loss, *result.first_validation_loss * 0.9);
  EXPECT_EQ(result.trained_tokens, run.training_data->conservation().trained * 4);
  EXPECT_TRUE(fs::exists(result.last / artifact::kModelConfig)) << "a checkpoint loads as a model";

  const auto steps = events_of(run.setup.run.metrics(), "step");
  ASSERT_EQ(static_cast<int64_t>(steps.size()), result.steps);
  EXPECT_EQ(events_of(run.setup.run.metrics(), "validation").size(), 5u)
      << "before, and after each of four epochs";
  EXPECT_EQ(events_of(run.setup.run.metrics(), "end").size(), 1u);
  EXPECT_FALSE(fs::is_empty(run.setup.run.tensorboard()));
}

TEST(Training, TwoRunsGiveTheSameBytes) {
  const test::TempDir one, two;
  EXPECT_EQ(bytes_of(TinyRun(one.path()).train().last), bytes_of(TinyRun(two.path()).train().last));
}

TEST(Training, KMicroBatchesAreOneBatchOfK) {
  const test::TempDir folder;
  TinyRun run(folder.path());
  model::set_trainable(run.model, true);
  const dataset::Step step = run.training_data->step(0, 0);
  ASSERT_GT(step.micro_batches.size(), 1u);
  const auto gradient_of = [&](const dataset::Step& from) {
    accumulate(run.model, from, {});
    at::Tensor all = at::zeros({0});
    model::visit_parameters(run.model, [&](const std::string&, at::Tensor& weight) {
      all = at::cat({all, weight.grad().flatten()});
      weight.mutable_grad().reset();
    });
    return all;
  };
  const at::Tensor in_parts = gradient_of(step);
  dataset::Step joined{.micro_batches = {{}}, .tokens = step.tokens, .trained = step.trained};
  for (const dataset::Batch& batch : step.micro_batches) dataset::append(joined.micro_batches[0], batch);
  const at::Tensor at_once = gradient_of(joined);
  // float32 sums in another order.
  EXPECT_LT((in_parts - at_once).norm().item<double>(), 1e-5 * at_once.norm().item<double>());
}

TEST(Training, TheRehearsalAndTheLongestBatchChangeNothing) {
  const test::TempDir folder;
  TinyRun untouched(folder.path()), run(folder.path());
  run.setup.stop_requested = [] { return true; };  // right before the first step
  EXPECT_EQ(error_of([&] { run.train(); }).code(), ExitCode::stopped);
  std::vector<at::Tensor> before;
  model::visit_parameters(untouched.model,
                          [&](const std::string&, at::Tensor& weight) { before.push_back(weight); });
  size_t i = 0;
  model::visit_parameters(run.model, [&](const std::string& name, at::Tensor& weight) {
    EXPECT_TRUE(at::equal(weight, before[i++])) << name;
    EXPECT_FALSE(weight.grad().defined()) << name;
  });
  EXPECT_TRUE(run.setup.run.checkpoint_steps().empty());
  EXPECT_TRUE(fs::is_empty(run.setup.run.checkpoints())) << "the rehearsal cleans up";
}

TEST(Training, DataWithoutATrainedTokenIsAnError) {
  const test::TempDir folder;
  // The loader drops documents whose every target is masked and refuses data that holds nothing else, before
  // any step.
  const Error error =
      error_of([&] { TinyRun(folder.path(), {.masked = true, .training = test::tiny_training()}).train(); });
  EXPECT_EQ(error.code(), ExitCode::data);
  EXPECT_THAT(error.what(), HasSubstr("nothing to train on"));
}

TEST(Training, NaNInTheBaseModelIsFoundBeforeTheFirstStep) {
  const test::TempDir folder;
  TinyRun run(folder.path());
  at::NoGradGuard no_grad;
  std::get<model::Dense>(run.model.layers[1].up.weight).weight[3][2] = std::nan("");
  const Error error = error_of([&] { run.train(); });
  EXPECT_EQ(error.code(), ExitCode::data);
  EXPECT_THAT(error.what(), HasSubstr("layers.1.mlp.up_proj.weight"));
}

TEST(Training, DivergenceNamesItsStepAndKeepsTheLastGoodCheckpoint) {
  const test::TempDir folder;
  TinyRun run(folder.path());
  const int64_t poisoned_after = run.training_data->steps_in(0) + 1;
  run.setup.on_step = [&](const StepRecord& record) {
    at::NoGradGuard no_grad;
    if (record.step == poisoned_after) run.model.norm[0] = std::nan("");
  };
  const Error error = error_of([&] { run.train(); });
  EXPECT_EQ(error.code(), ExitCode::diverged);
  EXPECT_THAT(error.what(), HasSubstr("step " + std::to_string(poisoned_after + 1)));
  EXPECT_THAT(error.what(), HasSubstr("train-")) << "documents of the batch";
  EXPECT_EQ(run.setup.run.checkpoint_steps(), std::vector<int64_t>{run.training_data->steps_in(0)});
  const model::Model kept =
      model::load_model(run.setup.run.checkpoint(run.training_data->steps_in(0)), {});
  EXPECT_TRUE(at::isfinite(kept.norm).all().item<bool>());
}

TEST(Training, BFloat16FollowsFloat32) {
  const test::TempDir one, two;
  const TrainResult exact = TinyRun(one.path()).train();
  const TrainResult halved =
      TinyRun(two.path(), {.dtype = at::kBFloat16, .training = test::tiny_training()}).train();
  // Activations carry 8 bits: 2 % of the loss is what tiny models show; a lost master weight shows as > 10 %.
  EXPECT_NEAR(*halved.last_validation_loss, *exact.last_validation_loss, 0.03 * *exact.last_validation_loss);
}

TEST(Training, RecomputedActivationsGiveTheSameBytes) {
  const test::TempDir one, two;
  TinyRun plain(one.path());
  TinyRun recomputed(two.path());
  recomputed.setup.options.gradient_checkpointing = true;
  EXPECT_EQ(base::sha256_file(plain.train().last / artifact::kModelWeights),
            base::sha256_file(recomputed.train().last / artifact::kModelWeights));
}

TEST(Training, EarlyStoppingEndsAfterEpochsWithoutImprovement) {
  const test::TempDir folder;
  TinyRun run(folder.path());
  run.setup.options.learning_rate = 0.0;  // nothing improves after the first epoch
  run.setup.options.early_stopping.patience = 2;
  const TrainResult result = run.train();
  EXPECT_TRUE(result.ended_early);
  EXPECT_EQ(result.epochs, 3);
}

TEST(Rotation, KeepsTheNewestAndTheBest) {
  const test::TempDir folder;
  TinyRun run(folder.path());
  const int64_t epoch = run.training_data->steps_in(0);
  run.setup.options.num_epochs = 6;
  run.setup.options.save.keep = 2;
  run.setup.on_step = [&](const StepRecord& record) {  // from the third epoch on the model gets worse
    at::NoGradGuard no_grad;
    if (record.step > 2 * epoch) run.model.norm.mul_(1.5);
  };
  const TrainResult result = run.train();
  EXPECT_EQ(result.chosen, run.setup.run.checkpoint(2 * epoch));
  EXPECT_EQ(run.setup.run.checkpoint_steps(), (std::vector<int64_t>{2 * epoch, 5 * epoch, 6 * epoch}));
}

// ---- going on ----

/// 40 optimizer steps, one run never stopped.
class Resume : public ::testing::Test {
 protected:
  static test::TinyOptions options(at::ScalarType dtype) {
    test::TinyOptions tiny{.documents = 90, .dtype = dtype, .training = test::tiny_training()};
    tiny.training.num_epochs = 2;
    tiny.training.save.strategy = recipe::SaveStrategy::steps;
    tiny.training.save.steps = 7;
    return tiny;
  }
};

TEST_F(Resume, ARunStoppedAnywhereEndsWithTheBytesOfOneNeverStopped) {
  for (const auto dtype : {at::kFloat, at::kBFloat16}) {
    const test::TempDir whole, parts;
    TinyRun never_stopped(whole.path(), options(dtype));
    const TrainResult expected = never_stopped.train();
    ASSERT_GE(expected.steps, 30);

    for (const int64_t steps : {1, 5, 8, 6, 7}) {  // the fourth ends in the validation of the first epoch
      TinyRun part(parts.path(), options(dtype));
      part.stop_after(steps);
      EXPECT_EQ(error_of([&] { part.train(); }).code(), ExitCode::stopped);
    }
    const TrainResult result = TinyRun(parts.path(), options(dtype)).train();
    EXPECT_EQ(result.steps, expected.steps);
    EXPECT_EQ(bytes_of(result.last), bytes_of(expected.last)) << at::toString(dtype);
    const auto steps = events_of(parts / "run" / artifact::kMetrics, "step");
    EXPECT_EQ(static_cast<int64_t>(steps.size()), expected.steps) << "no step is told twice";
  }
}

TEST_F(Resume, ARunKilledAnywhereEndsWithTheBytesOfOneNeverStopped) {
  const test::TempDir whole;
  TinyRun watched(whole.path(), options(at::kFloat));
  const fs::path snapshots = whole / "snapshots";
  watched.setup.on_step =
      [&](const StepRecord& record) {  // what a kill right after this step would leave behind
        if (record.step % 6 != 0) return;
        const fs::path snapshot = snapshots / std::to_string(record.step);
        fs::create_directories(snapshot);
        fs::copy(whole / "run", snapshot / "run", fs::copy_options::recursive);
      };
  const TrainResult expected = watched.train();
  for (const auto& snapshot : fs::directory_iterator(snapshots)) {
    fs::copy(whole / "tokens", snapshot.path() / "tokens", fs::copy_options::recursive);
    EXPECT_EQ(bytes_of(TinyRun(snapshot.path(), options(at::kFloat)).train().last), bytes_of(expected.last))
        << snapshot.path();
  }
}

TEST_F(Resume, AFinishedRunHasNothingToDo) {
  const test::TempDir folder;
  const TrainResult first = TinyRun(folder.path()).train();
  const auto bytes = bytes_of(first.last);
  TinyRun again(folder.path());
  const TrainResult second = again.train();
  EXPECT_TRUE(second.nothing_to_do);
  EXPECT_EQ(second.steps, first.steps);
  EXPECT_EQ(second.chosen, first.chosen);
  EXPECT_EQ(bytes_of(second.last), bytes);
}

TEST_F(Resume, TakesTheNewestCheckpointThatVerifiesAndNamesTheOthers) {
  const test::TempDir whole, broken;
  const TrainResult expected = TinyRun(whole.path(), options(at::kFloat)).train();
  TinyRun part(broken.path(), options(at::kFloat));
  part.stop_after(16);
  EXPECT_EQ(error_of([&] { part.train(); }).code(), ExitCode::stopped);
  const artifact::RunDirectory& run = part.setup.run;
  ASSERT_GE(run.checkpoint_steps().size(), 2u);
  flip_a_byte(run.checkpoint(run.checkpoint_steps().back()) / artifact::kOptimizer);
  fs::create_directories(run.checkpoints() / "step-000099.partial-1");  // a kill in the middle of saving

  ::testing::internal::CaptureStderr();
  const TrainResult result = TinyRun(broken.path(), options(at::kFloat)).train();
  const std::string talk = ::testing::internal::GetCapturedStderr();
  EXPECT_THAT(talk, HasSubstr("step-000016"));
  EXPECT_THAT(talk, HasSubstr("optimizer.safetensors"));
  EXPECT_EQ(bytes_of(result.last), bytes_of(expected.last));
}

TEST_F(Resume, ACheckpointMovedToAnotherStepIsRefused) {
  const test::TempDir folder;
  TinyRun part(folder.path());
  part.stop_after(2);
  EXPECT_EQ(error_of([&] { part.train(); }).code(), ExitCode::stopped);
  fs::rename(part.setup.run.checkpoint(2), part.setup.run.checkpoint(30));
  const Error error = error_of([&] { TinyRun(folder.path()).train(); });
  EXPECT_EQ(error.code(), ExitCode::data);
  EXPECT_THAT(error.what(), HasSubstr("says step 2"));
}

TEST_F(Resume, NeverBeginsAgainSilently) {
  const test::TempDir folder;
  TinyRun part(folder.path());
  part.stop_after(1);
  EXPECT_EQ(error_of([&] { part.train(); }).code(), ExitCode::stopped);
  flip_a_byte(part.setup.run.checkpoint(1) / artifact::kModelWeights);
  const Error error = error_of([&] { TinyRun(folder.path()).train(); });
  EXPECT_EQ(error.code(), ExitCode::data);
  EXPECT_THAT(error.what(), HasSubstr("model.safetensors"));
}

TEST_F(Resume, ChangedInputsAreRefusedWithADifferenceByField) {
  const test::TempDir folder;
  TinyRun part(folder.path());
  part.stop_after(1);
  EXPECT_EQ(error_of([&] { part.train(); }).code(), ExitCode::stopped);
  TinyRun changed(folder.path());
  changed.setup.inputs["training"]["learning_rate"] = 0.5;
  const Error error = error_of([&] { changed.train(); });
  EXPECT_EQ(error.code(), ExitCode::usage);
  EXPECT_THAT(error.what(), HasSubstr("training.learning_rate: 0.01 in the checkpoint, 0.5 now"));
}

TEST_F(Resume, UsesTheRecordedNumberOfThreads) {
  const test::TempDir whole, parts;
  const int threads = at::get_num_threads();
  const TrainResult expected = TinyRun(whole.path()).train();
  TinyRun part(parts.path());
  part.stop_after(2);
  EXPECT_EQ(error_of([&] { part.train(); }).code(), ExitCode::stopped);
  at::set_num_threads(threads + 1);
  const TrainResult result = TinyRun(parts.path()).train();
  EXPECT_EQ(at::get_num_threads(), threads);
  EXPECT_EQ(bytes_of(result.last), bytes_of(expected.last));
}

}  // namespace
}  // namespace hone::training
