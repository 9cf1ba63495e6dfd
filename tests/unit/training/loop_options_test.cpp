// What each option of the loop does to a run, and that a run which is stopped and continued does it as one never stopped.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "artifact/manifest.h"
#include "base/error.h"
#include "base/files.h"
#include "base/json_file.h"
#include "checkpoint/checkpoint.h"
#include "tests/support/shared.h"
#include "tests/unit/training/rule_world.h"
#include "tests/unit/training/tiny_world.h"
#include "training/learning_rate_finder.h"
#include "training/passes.h"
#include "training/trainer.h"

namespace hone::training {
namespace {
namespace fs = std::filesystem;
using test::TinyRun;
using ::testing::HasSubstr;

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

std::map<std::string, at::Tensor> weights_of(const model::Model& model) {
  std::map<std::string, at::Tensor> weights;
  model::visit_parameters(model, [&](const std::string& name, const at::Tensor& w) { weights[name] = w.detach().clone(); });
  return weights;
}

/// Everything at once that keeps a state of its own.
recipe::TrainingOptions all_of_it(recipe::OptimizerKind kind, double ema_decay, recipe::SpikeAction action) {
  recipe::TrainingOptions options = test::tiny_training();
  options.num_epochs = 2;
  options.optimizer = kind;
  options.muon.learning_rate = 2e-2;
  options.learning_rate = kind == recipe::OptimizerKind::lion ? 2e-3 : 1e-2;
  options.lr_scheduler = recipe::Schedule::wsd;
  options.ema_decay = ema_decay;
  options.neftune_noise_alpha = 0.5;
  options.z_loss = 1e-3;
  options.loss_spike = {.deviations = 6.0, .window = 5, .action = action};
  options.save.strategy = recipe::SaveStrategy::steps;
  options.save.steps = 7;
  return options;
}

using StateCase = std::tuple<recipe::OptimizerKind, double, at::ScalarType>;
class ResumeStates : public ::testing::TestWithParam<StateCase> {};

TEST_P(ResumeStates, ARunStoppedAnywhereEndsWithTheBytesOfOneNeverStopped) {
  const auto [kind, ema_decay, dtype] = GetParam();
  test::TinyOptions options{.documents = 60, .dtype = dtype, .training = all_of_it(kind, ema_decay, recipe::SpikeAction::skip)};
  options.training.learning_rate = options.training.muon.learning_rate = 1e-4;  // the loss hardly falls, so its noise makes spikes
  options.training.loss_spike.deviations = 0.2;
  const test::TempDir whole, parts;
  TinyRun never_stopped(whole.path(), options);
  const TrainResult expected = never_stopped.train();
  EXPECT_GT(expected.facts["skipped_steps"].get<int>(), 0) << "or the test would not see their state";
  for (const int64_t steps : {1, 4, 6, 8}) {
    TinyRun part(parts.path(), options);
    part.stop_after(steps);
    EXPECT_EQ(error_of([&] { part.train(); }).code(), ExitCode::stopped);
  }
  const TrainResult result = TinyRun(parts.path(), options).train();
  EXPECT_EQ(bytes_of(result.last), bytes_of(expected.last));
  EXPECT_EQ(result.facts, expected.facts);
  const auto spikes = [](const test::TempDir& place) { return events_of(place / "run" / artifact::kMetrics, "spike"); };
  EXPECT_EQ(spikes(parts).size(), spikes(whole).size()) << "no spike is told twice";
}

INSTANTIATE_TEST_SUITE_P(
    Optimizers, ResumeStates,
    ::testing::Combine(::testing::Values(recipe::OptimizerKind::adamw, recipe::OptimizerKind::adamw_8bit,
                                         recipe::OptimizerKind::lion, recipe::OptimizerKind::muon),
                       ::testing::Values(0.0, 0.9), ::testing::Values(at::kFloat, at::kBFloat16)),
    [](const auto& tested) {
      const auto kind = std::get<0>(tested.param);
      return std::string(names_of(kind)[static_cast<size_t>(kind)]) + (std::get<1>(tested.param) > 0 ? "_ema" : "") +
             (std::get<2>(tested.param) == at::kFloat ? "_float32" : "_bfloat16");
    });

class EveryOptimizer : public ::testing::TestWithParam<recipe::OptimizerKind> {};

TEST_P(EveryOptimizer, Learns) {
  const test::TempDir folder;
  recipe::TrainingOptions options = all_of_it(GetParam(), 0.0, recipe::SpikeAction::report);
  options.num_epochs = 4;
  const TrainResult result = TinyRun(folder.path(), {.training = options}).train();
  EXPECT_LT(*result.last_validation_loss, *result.first_validation_loss * 0.9);
  EXPECT_EQ(result.facts["optimizer"], names_of(GetParam())[static_cast<size_t>(GetParam())]);
}

TEST_P(EveryOptimizer, IsNotContinuedByAnother) {
  const test::TempDir folder;
  TinyRun part(folder.path(), {.training = all_of_it(GetParam(), 0.0, recipe::SpikeAction::report)});
  part.stop_after(2);
  EXPECT_EQ(error_of([&] { part.train(); }).code(), ExitCode::stopped);
  const auto other = GetParam() == recipe::OptimizerKind::lion ? recipe::OptimizerKind::adamw : recipe::OptimizerKind::lion;
  TinyRun changed(folder.path(), {.training = all_of_it(other, 0.0, recipe::SpikeAction::report)});
  changed.setup.inputs = part.setup.inputs;  // even where no option gives it away
  const Error error = error_of([&] { changed.train(); });
  EXPECT_EQ(error.code(), ExitCode::data);
  EXPECT_THAT(error.what(), HasSubstr("optimizer.safetensors"));
}

INSTANTIATE_TEST_SUITE_P(Kinds, EveryOptimizer,
                         ::testing::Values(recipe::OptimizerKind::adamw, recipe::OptimizerKind::adamw_8bit,
                                           recipe::OptimizerKind::lion, recipe::OptimizerKind::muon),
                         [](const auto& tested) { return std::string(names_of(tested.param)[static_cast<size_t>(tested.param)]); });

// ---- accumulation ----

TEST(Accumulation, KMicroBatchesAreOneBatchOfKWithNoiseAndZLoss) {
  const test::TempDir folder;
  TinyRun run(folder.path());
  model::set_trainable(run.model, true);
  const dataset::Step step = run.training_data->step(0, 0);
  ASSERT_GT(step.micro_batches.size(), 1u);
  const model::ForwardOptions forward{.noise = model::NoiseKey{.seed = 3, .step = 9}, .neftune_alpha = 5, .z_loss = 0.01};
  const auto gradient_of = [&](const dataset::Step& from) {
    accumulate(run.model, from, forward);
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
  // float32 sums in another order; noise that followed the micro batch would differ in the first digit.
  EXPECT_LT((in_parts - gradient_of(joined)).norm().item<double>(), 1e-5 * in_parts.norm().item<double>());
}

TEST(Noise, IsInTrainingAndNeverInValidation) {
  const test::TempDir folder;
  TinyRun run(folder.path());
  const dataset::Step step = run.training_data->step(0, 0);
  model::set_trainable(run.model, true);
  model::ForwardOptions forward{.noise = model::NoiseKey{.seed = 3, .step = 9}};
  const double plain = accumulate(run.model, step, forward).mean;
  forward.neftune_alpha = 20;
  EXPECT_NE(accumulate(run.model, step, forward).mean, plain);
  recipe::TrainingOptions options = test::tiny_training();
  options.neftune_noise_alpha = 20;
  const test::TempDir noisy;
  TinyRun with_noise(noisy.path(), {.training = options});
  const test::TempDir quiet;
  EXPECT_EQ(*with_noise.train().first_validation_loss, *TinyRun(quiet.path()).train().first_validation_loss);
}

TEST(ZLoss, IsSaidApartFromTheLoss) {
  const test::TempDir folder;
  TinyRun run(folder.path());
  const dataset::Step step = run.training_data->step(0, 0);
  model::set_trainable(run.model, true);
  const Loss plain = accumulate(run.model, step, {}), with = accumulate(run.model, step, {.z_loss = 0.5});
  EXPECT_EQ(plain.mean, with.mean);
  EXPECT_TRUE(plain.metrics.empty());
  ASSERT_EQ(with.metrics.size(), 1u);
  EXPECT_EQ(with.metrics[0].name, "z_loss");
  EXPECT_GT(with.metrics[0].value, 0.1) << "half the square of about log 32";
  const test::TempDir another;
  TinyRun trained(another.path());
  trained.setup.options.z_loss = 0.5;
  trained.train();
  EXPECT_TRUE(events_of(trained.setup.run.metrics(), "step").at(0).contains("z_loss"));
  EXPECT_FALSE(events_of(trained.setup.run.metrics(), "validation").at(0).contains("z_loss"));
}

// ---- moving average ----

TEST(MovingAverage, IsWhatIsValidatedAndSavedWhileTrainingGoesOnWithoutIt) {
  const test::TempDir plain_folder, averaged_folder;
  recipe::TrainingOptions options = test::tiny_training();
  TinyRun plain(plain_folder.path(), {.training = options});
  plain.train();
  options.ema_decay = 0.9;
  TinyRun averaged(averaged_folder.path(), {.training = options});
  const TrainResult result = averaged.train();
  const auto trained = weights_of(plain.model), still_trained = weights_of(averaged.model);
  for (const auto& [name, weight] : trained) EXPECT_TRUE(at::equal(weight, still_trained.at(name))) << name;
  const model::Model saved = model::load_model(result.last, {});
  EXPECT_FALSE(at::equal(saved.norm, averaged.model.norm));
  const auto loss = validate(saved, *averaged.validation_data, [](int64_t, int64_t) { return true; });
  EXPECT_EQ(loss->mean, *result.last_validation_loss) << "the figure is that of the weights in the checkpoint";
}

// ---- early stopping ----

TEST(EarlyStopping, MinDeltaSaysWhatCountsAsBetter) {
  const test::TempDir folder;
  TinyRun run(folder.path());
  run.setup.options.early_stopping = {.patience = 2, .min_delta = 100.0};  // nothing is ever that much better
  const TrainResult result = run.train();
  EXPECT_TRUE(result.ended_early);
  EXPECT_EQ(result.epochs, 3);
  EXPECT_EQ(result.chosen, run.setup.run.checkpoint(3 * run.training_data->steps_per_epoch())) << "the best is the best all the same";
}

// ---- spikes ----

/// A run whose step after `good_steps` reads a model gone mad, for that step alone.
struct SpikedRun {
  explicit SpikedRun(const fs::path& folder, recipe::SpikeAction action)
      : run(folder, {.documents = 90, .training = options(action)}) {
    run.setup.on_step = [this](const StepRecord& record) {
      const at::NoGradGuard no_grad;
      if (record.step == kGoodSteps) {
        kept = run.model.norm.detach().clone();
        run.model.norm.mul_(40.0);
      }
      if (record.step == kGoodSteps + 1) run.model.norm.copy_(kept);
    };
  }
  static recipe::TrainingOptions options(recipe::SpikeAction action) {
    recipe::TrainingOptions options = test::tiny_training();
    options.loss_spike = {.deviations = 6.0, .window = 6, .action = action};
    options.num_epochs = 1;
    options.save.strategy = recipe::SaveStrategy::steps;
    options.save.steps = 5;
    return options;
  }
  static constexpr int64_t kGoodSteps = 8;
  TinyRun run;
  at::Tensor kept;
};

TEST(LossSpikes, AreReportedWithTheDocumentsOfTheBatch) {
  const test::TempDir folder;
  SpikedRun spiked(folder.path(), recipe::SpikeAction::report);
  ::testing::internal::CaptureStderr();
  const TrainResult result = spiked.run.train();
  const std::string talk = ::testing::internal::GetCapturedStderr();
  EXPECT_THAT(talk, HasSubstr("step 9: loss"));
  EXPECT_THAT(talk, HasSubstr("train-"));
  const auto events = events_of(spiked.run.setup.run.metrics(), "spike");
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0]["step"], 9);
  EXPECT_EQ(events[0]["action"], "report");
  const auto documents = spiked.run.training_data->documents_of(0, 8);
  ASSERT_EQ(events[0]["documents"].size(), documents.size());
  EXPECT_EQ(events[0]["documents"][0], spiked.run.training_data->shards().document(documents[0]).id);
  EXPECT_EQ(result.facts["spikes"], 1);
  EXPECT_EQ(result.facts["skipped_steps"], 0);
}

TEST(LossSpikes, SkipLeavesTheUpdateOutAndCountsTheStep) {
  const test::TempDir folder;
  SpikedRun spiked(folder.path(), recipe::SpikeAction::skip);
  std::map<std::string, at::Tensor> before;
  const auto inner = spiked.run.setup.on_step;
  spiked.run.setup.on_step = [&](const StepRecord& record) {
    if (record.step == SpikedRun::kGoodSteps) before = weights_of(spiked.run.model);
    inner(record);
    if (record.step != SpikedRun::kGoodSteps + 1) return;
    for (const auto& [name, weight] : weights_of(spiked.run.model)) EXPECT_TRUE(at::equal(weight, before.at(name))) << name;
  };
  const TrainResult result = spiked.run.train();
  EXPECT_EQ(result.facts["skipped_steps"], 1);
  EXPECT_EQ(result.steps, spiked.run.training_data->steps_per_epoch()) << "the plan goes on as it was";
}

TEST(LossSpikes, StopEndsTheRunWithTheLastGoodCheckpoint) {
  const test::TempDir folder;
  SpikedRun spiked(folder.path(), recipe::SpikeAction::stop);
  const Error error = error_of([&] { spiked.run.train(); });
  EXPECT_EQ(error.code(), ExitCode::diverged);
  EXPECT_THAT(error.what(), HasSubstr("step 9: loss"));
  EXPECT_THAT(error.what(), HasSubstr("step-000005"));
  EXPECT_EQ(spiked.run.setup.run.checkpoint_steps(), std::vector<int64_t>{5});
}

// ---- micro_batch_size: auto ----

test::TinyOptions automatic() {
  test::TinyOptions options{.documents = 60, .training = test::tiny_training()};
  options.training.micro_batch_size = 0;
  options.training.gradient_accumulation_steps = 6;
  options.training.neftune_noise_alpha = 5;
  options.training.num_epochs = 2;
  return options;
}

TEST(AutomaticMicroBatch, KeepsTheRowsOfAStepAndChangesRoundingOnly) {
  const test::TempDir fixed_folder, found_folder;
  test::TinyOptions fixed = automatic();
  fixed.training.micro_batch_size = 2;
  fixed.training.gradient_accumulation_steps = 3;
  TinyRun by_hand(fixed_folder.path(), fixed), found(found_folder.path(), automatic());
  const TrainResult expected = by_hand.train(), result = found.train();
  EXPECT_EQ(result.steps, expected.steps);
  EXPECT_EQ(result.trained_tokens, expected.trained_tokens);
  const int64_t rows = result.facts["micro_batch_size"];
  EXPECT_GE(rows, 1);
  EXPECT_LE(rows, 6);
  // Twenty steps of AdamW amplify another order of float32 sums a little.
  EXPECT_NEAR(*result.last_validation_loss, *expected.last_validation_loss, 1e-3 * *expected.last_validation_loss);
}

TEST(AutomaticMicroBatch, IsKeptWhenTheRunGoesOn) {
  const test::TempDir folder;
  TinyRun part(folder.path(), automatic());
  part.stop_after(3);
  EXPECT_EQ(error_of([&] { part.train(); }).code(), ExitCode::stopped);
  const fs::path saved = part.setup.run.checkpoint(3);
  const int64_t rows = checkpoint::read_state(saved).at("state").at("micro_batch_size");
  const TrainResult result = TinyRun(folder.path(), automatic()).train();
  EXPECT_EQ(result.facts["micro_batch_size"], rows);
}

// ---- learning rate finder ----

TEST(LearningRateFinder, SuggestsATenthOfTheRateOfTheLeastLoss) {
  // Falls around 1e-3, is least at 1e-2, then rises without bound.
  const auto loss_at = [](int64_t, double rate) { return 3.0 - 2.0 / (1.0 + 1e-3 / rate) + std::pow(rate / 0.03, 3.0); };
  const FinderCurve curve = raise_rate({.steps = 200}, loss_at);
  ASSERT_TRUE(curve.of_least && curve.of_steepest);
  EXPECT_TRUE(curve.diverged);
  EXPECT_LT(curve.points.size(), 200u);
  EXPECT_GT(*curve.of_least, 5e-4);
  EXPECT_LT(*curve.of_least, 4e-3);
  EXPECT_GT(*curve.of_steepest, 5e-4);
  EXPECT_LT(*curve.of_steepest, 5e-3);
  EXPECT_NEAR(curve.points[0].rate, 1e-7, 1e-20);
  EXPECT_EQ(curve.points[0].smoothed, curve.points[0].loss);
}

TEST(LearningRateFinder, SuggestsNothingWhereTheLossNeverFalls) {
  const FinderCurve curve = raise_rate({.steps = 50}, [](int64_t step, double) { return 1.0 + 0.001 * static_cast<double>(step); });
  EXPECT_FALSE(curve.of_least);
  EXPECT_FALSE(curve.of_steepest);
  EXPECT_THAT(to_json(curve).dump(), HasSubstr("\"suggested\":null"));
}

TEST(LearningRateFinder, EndsAtALossThatIsNotFinite) {
  const FinderCurve curve = raise_rate({.steps = 50}, [](int64_t step, double) { return step < 20 ? 2.0 : std::nan(""); });
  EXPECT_TRUE(curve.diverged);
  EXPECT_EQ(curve.points.size(), 20u);
}

TEST(LearningRateFinder, LeavesWeightsAndTheRunAsTheyWere) {
  for (const auto kind : {recipe::OptimizerKind::adamw, recipe::OptimizerKind::muon}) {
    const test::TempDir folder;
    recipe::TrainingOptions options = test::tiny_training();
    options.optimizer = kind;
    TinyRun run(folder.path(), {.training = options});
    const auto before = weights_of(run.model);
    const FinderCurve curve = find_learning_rate(run.setup, run.model, *run.training_data, {.steps = 60});
    for (const auto& [name, weight] : weights_of(run.model)) EXPECT_TRUE(test::same_bytes(weight, before.at(name))) << name;
    model::visit_parameters(run.model, [](const std::string& name, at::Tensor& w) { EXPECT_FALSE(w.grad().defined()) << name; });
    EXPECT_FALSE(fs::exists(run.setup.run.root)) << "nothing is written";
    ASSERT_TRUE(curve.of_least);
    EXPECT_GT(*curve.of_least, 1e-5);
    EXPECT_LT(*curve.of_least, 0.1);
    const std::string svg = to_svg(curve);
    EXPECT_THAT(svg, HasSubstr("<svg xmlns="));
    EXPECT_THAT(svg, HasSubstr("</svg>"));
    EXPECT_EQ(svg, to_svg(curve));
  }
}

}  // namespace
}  // namespace hone::training
