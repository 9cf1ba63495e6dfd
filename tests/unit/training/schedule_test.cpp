#include "training/schedule.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "base/json_file.h"
#include "tests/support/shared.h"
#include "training/plan.h"

namespace hone::training {
namespace {

TEST(Schedule, AgreesWithHuggingFaceOnEveryStep) {
  const auto folder = test::golden();
  if (!folder) GTEST_SKIP() << "no golden figures: set HONE_GOLDEN";
  int compared = 0;
  for (const auto& entry : base::read_json(*folder / "numbers" / "schedules.json")) {
    const std::string name = entry.at("lr_scheduler");
    recipe::TrainingOptions options;
    options.learning_rate = entry.at("learning_rate");
    options.warmup_steps = entry.at("warmup_steps").get<double>();
    options.lr_final_ratio = entry.at("options").value("min_lr_rate", 0.0);
    if (name == "constant") options.warmup_steps = 0;  // theirs of that name has no warmup
    if (name == "constant" || name == "constant_with_warmup")
      options.lr_scheduler = recipe::Schedule::constant;
    else if (name == "linear")
      options.lr_scheduler = recipe::Schedule::linear;
    else if (name == "cosine" || name == "cosine_with_min_lr")
      options.lr_scheduler = recipe::Schedule::cosine;
    else
      continue;  // inverse_sqrt and polynomial are not options here
    const Schedule schedule = make_schedule(options, entry.at("steps").get<int64_t>());
    const auto& rates = entry.at("rates_used_by_step");
    for (size_t step = 0; step < rates.size(); ++step) {
      const double expected = rates[step];
      EXPECT_NEAR(schedule.rate(static_cast<int64_t>(step)), expected, 1e-6 * expected)
          << name << " step " << step;
    }
    ++compared;
  }
  EXPECT_EQ(compared, 5);
}

TEST(Schedule, WarmupBelowOneIsAShareRoundedUp) {
  recipe::TrainingOptions options;
  options.warmup_steps = 0.03;
  EXPECT_EQ(make_schedule(options, 40).warmup_steps, 2);
  options.warmup_steps = 5;
  EXPECT_EQ(make_schedule(options, 40).warmup_steps, 5);
  EXPECT_EQ(make_schedule(options, 3).warmup_steps, 3) << "never more than all steps";
}

TEST(Schedule, WsdAgreesWithTransformersAfterWarmup) {
  const auto folder = test::fixtures();
  if (!folder) GTEST_SKIP() << "no fixtures";
  for (const auto& entry : base::read_json(*folder / "optimizers" / "schedules.json")) {
    recipe::TrainingOptions options;
    options.lr_scheduler = recipe::Schedule::wsd;
    options.learning_rate = 1.0;
    options.warmup_steps = entry.at("warmup_steps").get<double>();
    options.lr_decay_steps = entry.at("decay_steps").get<double>();
    options.lr_final_ratio = entry.at("final_ratio");
    const Schedule schedule = make_schedule(options, entry.at("steps").get<int64_t>());
    const auto& rates = entry.at("rates_used_by_step");
    // Theirs warms up from the final ratio where there is one; ours from 0 like every other shape.
    for (auto step = static_cast<int64_t>(options.warmup_steps); step < schedule.total_steps; ++step)
      EXPECT_NEAR(schedule.rate(step), rates[static_cast<size_t>(step)].get<double>(), 1e-12) << step;
  }
}

TEST(Schedule, PeaksRightAfterWarmupAndNeverLeavesItsBounds) {
  for (const auto shape : {recipe::Schedule::cosine, recipe::Schedule::linear, recipe::Schedule::constant}) {
    const Schedule schedule{shape, 1e-3, 7, 100, 0.1};
    double highest = 0;
    for (int64_t step = 0; step < 100; ++step) {
      const double rate = schedule.rate(step);
      highest = std::max(highest, rate);
      EXPECT_LE(rate, 1e-3);
      if (step < 7) continue;
      EXPECT_GE(rate, 1e-4 * (1 - 1e-12));
      EXPECT_GE(step == 7 ? 1.0 : schedule.rate(step - 1), rate);
    }
    EXPECT_DOUBLE_EQ(highest, schedule.rate(7));
  }
}

TEST(StepPlan, EveryStepOfEveryEpochComesOnceInOrder) {
  const StepPlan plan{.ends = {4, 8, 12}};
  TrainState state;
  std::set<std::pair<int64_t, int64_t>> seen;
  while (const auto step = plan.next(state)) {
    EXPECT_EQ(step->number, state.step);
    EXPECT_EQ(step->index, static_cast<int64_t>(seen.size()) % 4) << "in order within the epoch";
    EXPECT_TRUE(seen.emplace(step->epoch, step->index).second);
    ++state.step;
    EXPECT_EQ(plan.epoch_is_open_at_its_end(state), state.step % 4 == 0);
    if (plan.epoch_is_open_at_its_end(state)) ++state.epochs_closed;
  }
  EXPECT_EQ(seen.size(), 12u);
  EXPECT_EQ(state.epochs_closed, 3);
}

TEST(StepPlan, EpochsMayHaveDifferentNumbersOfSteps) {
  const StepPlan plan{.ends = {3, 4, 9}};
  TrainState state;
  std::vector<std::pair<int64_t, int64_t>> seen;
  for (; const auto step = plan.next(state); ++state.step) seen.emplace_back(step->epoch, step->index);
  const std::vector<std::pair<int64_t, int64_t>> expected = {{0, 0}, {0, 1}, {0, 2}, {1, 0}, {2, 0}, {2, 1}, {2, 2}, {2, 3}, {2, 4}};
  EXPECT_EQ(seen, expected);
  for (int64_t steps = 0; steps <= 9; ++steps) {
    const TrainState at{.step = steps, .epochs_closed = std::max<int64_t>(0, plan.epochs_done(steps) - 1)};
    EXPECT_EQ(plan.epoch_is_open_at_its_end(at), steps == 3 || steps == 4 || steps == 9) << steps;
  }
}

TEST(StepPlan, EndsEarlyAfterAsManyEpochsWithoutImprovementAsPatienceSays) {
  const StepPlan plan{.ends = {4, 8, 12}, .patience = 2};
  TrainState state{.step = 8, .epochs_closed = 2};
  state.epochs_without_improvement = 1;
  EXPECT_TRUE(plan.next(state));
  state.epochs_without_improvement = 2;
  EXPECT_FALSE(plan.next(state));
  EXPECT_TRUE(plan.ended_early(state));
}

}  // namespace
}  // namespace hone::training
