#include "recipe/loop_checks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace hone::recipe {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct Said {
  std::map<std::string, std::string> wrong, idle;

  explicit Said(const TrainingOptions& training) {
    check_loop(
        training, [&](const std::string& key, std::string message) { wrong[key] = std::move(message); },
        [&](const std::string& key, const std::string& why) { idle[key] = why; });
  }
  bool is_idle(const std::string& key) const { return idle.count(key) > 0; }
};

TEST(LoopChecks, ConstantsOfOtherOptimizersHaveNoEffect) {
  TrainingOptions training;
  EXPECT_TRUE(Said(training).is_idle("training.lion.beta1") && Said(training).is_idle("training.muon.momentum"));
  EXPECT_FALSE(Said(training).is_idle("training.adam_beta1"));
  training.optimizer = OptimizerKind::lion;
  EXPECT_TRUE(Said(training).is_idle("training.adam_beta1"));
  EXPECT_FALSE(Said(training).is_idle("training.lion.beta1"));
  training.optimizer = OptimizerKind::muon;
  EXPECT_FALSE(Said(training).is_idle("training.adam_beta1")) << "AdamW trains what Muon does not";
  EXPECT_FALSE(Said(training).is_idle("training.muon.momentum"));
}

TEST(LoopChecks, AGroupNeedsAPatternAndSomethingToSet) {
  TrainingOptions training;
  training.parameter_groups = {{.match = "*norm*", .learning_rate = 1e-3, .weight_decay = {}},
                               {.match = "", .learning_rate = 1e-3, .weight_decay = {}},
                               {.match = "*", .learning_rate = {}, .weight_decay = {}}};
  const Said said(training);
  EXPECT_EQ(said.wrong.size(), 2u);
  EXPECT_THAT(said.wrong.at("training.parameter_groups.1"), HasSubstr("needs `match:`"));
  EXPECT_THAT(said.wrong.at("training.parameter_groups.2"), HasSubstr("sets nothing"));
}

TEST(LoopChecks, TheDecayOfWsdIsWholeStepsOrAShareThatWarmupLeaves) {
  TrainingOptions training;
  EXPECT_TRUE(Said(training).is_idle("training.lr_decay_steps"));
  training.lr_scheduler = Schedule::wsd;
  EXPECT_FALSE(Said(training).is_idle("training.lr_decay_steps"));
  EXPECT_THAT(Said(training).wrong, IsEmpty());
  training.lr_decay_steps = 2.5;
  EXPECT_THAT(Said(training).wrong.at("training.lr_decay_steps"), HasSubstr("whole number"));
  training.lr_decay_steps = 0.8;
  training.warmup_steps = 0.3;
  EXPECT_THAT(Said(training).wrong.at("training.lr_decay_steps"), HasSubstr("must not pass 1"));
}

TEST(LoopChecks, WhatHangsOnAnotherOptionSaysWhich) {
  TrainingOptions training;
  EXPECT_TRUE(Said(training).is_idle("training.early_stopping.min_delta"));
  training.loss_spike.deviations = 0;
  EXPECT_TRUE(Said(training).is_idle("training.loss_spike.action"));
  training.objective = Objective::dpo;
  EXPECT_TRUE(Said(training).is_idle("training.z_loss"));
  training.micro_batch_size = 0;
  EXPECT_THAT(Said(training).idle.at("training.micro_batch_size"), HasSubstr("gradient_accumulation_steps"));
  training.gradient_accumulation_steps = 8;
  EXPECT_FALSE(Said(training).is_idle("training.micro_batch_size"));
}

}  // namespace
}  // namespace hone::recipe
