// The loss of a pair: its slopes by finite differences, its known values, and what it does at the edges.
#include "training/dpo_loss.h"

#include <gtest/gtest.h>

#include <cmath>

namespace hone::training {
namespace {

struct Form {
  recipe::DpoOptions options;
  ScoredAnswer chosen{.log_probability = -11.0, .reference = -12.5, .tokens = 7}, rejected{-9.0, -8.25, 3};
};

class PairLossForms : public ::testing::TestWithParam<Form> {};

TEST_P(PairLossForms, SlopesAreThoseOfTheLoss) {
  const Form& form = GetParam();
  const PairLoss at = pair_loss(form.options, form.chosen, form.rejected);
  constexpr double kStep = 1e-6;
  const auto moved = [&](double chosen, double rejected) {
    ScoredAnswer c = form.chosen, r = form.rejected;
    c.log_probability += chosen;
    r.log_probability += rejected;
    return pair_loss(form.options, c, r).loss;
  };
  // Central differences in double: step² and 1e-16 / step.
  EXPECT_NEAR(at.chosen_slope, (moved(kStep, 0) - moved(-kStep, 0)) / (2 * kStep), 1e-8);
  EXPECT_NEAR(at.rejected_slope, (moved(0, kStep) - moved(0, -kStep)) / (2 * kStep), 1e-8);
  EXPECT_DOUBLE_EQ(at.chosen_reward, form.options.beta * 1.5);
  EXPECT_DOUBLE_EQ(at.rejected_reward, form.options.beta * -0.75);
}

INSTANTIATE_TEST_SUITE_P(All, PairLossForms,
                         ::testing::Values(Form{{.beta = 0.1}}, Form{{.beta = 2.0, .label_smoothing = 0.3}},
                                           Form{{.loss = recipe::DpoLoss::ipo, .beta = 0.1}},
                                           Form{{.loss = recipe::DpoLoss::ipo, .beta = 0.9}}));

TEST(PairLoss, IsTheLogarithmOfTwoBeforeAnythingIsLearnt) {
  const PairLoss pair = pair_loss({}, {-5, -5, 2}, {-7, -7, 2});
  EXPECT_DOUBLE_EQ(pair.loss, std::log(2.0));
  EXPECT_LT(pair.chosen_slope, 0.0) << "the chosen answer is to become likelier";
  EXPECT_DOUBLE_EQ(pair.chosen_slope, -pair.rejected_slope);
}

TEST(PairLoss, StaysFiniteWhereTheExponentialWouldNot) {
  for (const double far : {-1e5, 1e5}) {
    const PairLoss pair = pair_loss({.beta = 1.0, .label_smoothing = 0.1}, {far, 0, 2}, {0, 0, 2});
    EXPECT_TRUE(std::isfinite(pair.loss) && std::isfinite(pair.chosen_slope)) << far;
  }
}

TEST(PairLoss, AnswersOfNoTrainedTokenDoNotDivideByNothing) {
  EXPECT_TRUE(std::isfinite(pair_loss({.loss = recipe::DpoLoss::ipo}, {0, 0, 0}, {0, 0, 0}).loss));
}

}  // namespace
}  // namespace hone::training
