#include "training/weight_average.h"

#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include "tests/unit/training/rule_world.h"

namespace hone::training {
namespace {

using test::list_of;
using test::Parameters;
using test::same_bytes;
using test::some_parameters;

/// A training of its own: weights that move by known amounts.
void move(Parameters& parameters, int64_t step) {
  at::NoGradGuard no_grad;
  for (TrainedParameter& p : parameters) {
    at::Tensor exact = p.exact();
    exact.add_(0.01 * static_cast<double>(step));
    if (p.master.defined()) p.weight.copy_(exact);
  }
}

TEST(WeightAverage, FollowsItsFormulaAndGivesTheTrainedWeightsBack) {
  for (const auto dtype : {at::kFloat, at::kBFloat16}) {
    auto parameters = some_parameters(dtype);
    std::vector<at::Tensor> expected;
    for (const auto& p : parameters) expected.push_back(p.exact().to(at::kDouble));
    WeightAverage average(list_of(parameters), 0.5);
    for (int64_t step = 1; step <= 20; ++step) {
      move(parameters, step);
      average.update(step);
      const double decay = std::min(0.5, (1.0 + static_cast<double>(step)) / (10.0 + static_cast<double>(step)));
      for (size_t i = 0; i < parameters.size(); ++i)
        expected[i] = decay * expected[i] + (1 - decay) * parameters[i].exact().to(at::kDouble);
    }
    std::vector<at::Tensor> trained;
    for (const auto& p : parameters) trained.push_back(p.weight.clone());
    {
      const ShownAverage shown(average);
      for (size_t i = 0; i < parameters.size(); ++i) {
        // float32 additions over 20 steps, then one rounding to bfloat16 at values of about 5
        const double tolerance = dtype == at::kFloat ? 1e-5 : 2e-2;
        EXPECT_LT((parameters[i].weight.to(at::kDouble) - expected[i]).abs().max().item<double>(), tolerance);
      }
    }
    for (size_t i = 0; i < parameters.size(); ++i) EXPECT_TRUE(same_bytes(parameters[i].weight, trained[i]));
  }
}

TEST(WeightAverage, IsRestoredFromWhatIsSavedWhileShown) {
  for (const auto dtype : {at::kFloat, at::kBFloat16}) {
    auto whole = some_parameters(dtype), resumed = some_parameters(dtype);
    WeightAverage one(list_of(whole), 0.9), other(list_of(resumed), 0.9);
    for (int64_t step = 1; step <= 3; ++step) {
      move(whole, step);
      one.update(step);
    }
    one.show();
    other.show();
    for (size_t i = 0; i < whole.size(); ++i) {  // what a checkpoint carries
      resumed[i].weight.copy_(whole[i].weight);
      if (whole[i].master.defined()) resumed[i].master.copy_(whole[i].master);
      at::Tensor(other.state()[i].second).copy_(one.state()[i].second);
    }
    one.hide();
    other.hide();
    for (int64_t step = 4; step <= 6; ++step) {
      move(whole, step);
      one.update(step);
      move(resumed, step);
      other.update(step);
    }
    const ShownAverage both(one), too(other);
    for (size_t i = 0; i < whole.size(); ++i) {
      EXPECT_TRUE(same_bytes(whole[i].weight, resumed[i].weight));
      EXPECT_TRUE(same_bytes(one.state()[i].second, other.state()[i].second));
    }
  }
}

TEST(WeightAverage, TheSameBytesForAnyNumberOfThreads) {
  const int threads = at::get_num_threads();
  std::vector<Parameters> results;
  for (const int count : {1, 2, 5}) {
    at::set_num_threads(count);
    results.push_back(some_parameters(at::kFloat));
    WeightAverage average(list_of(results.back()), 0.9);
    for (int64_t step = 1; step <= 3; ++step) {
      move(results.back(), step);
      average.update(step);
    }
    average.show();
  }
  at::set_num_threads(threads);
  for (size_t other : {1, 2})
    for (size_t i = 0; i < results[0].size(); ++i)
      EXPECT_TRUE(same_bytes(results[0][i].weight, results[other][i].weight));
}

TEST(WeightAverage, OffItChangesAndKeepsNothing) {
  auto parameters = some_parameters(at::kFloat);
  const at::Tensor before = parameters[2].weight.clone();
  WeightAverage average(list_of(parameters), 0.0);
  average.update(1);
  const ShownAverage shown(average);
  EXPECT_TRUE(average.state().empty());
  EXPECT_TRUE(same_bytes(parameters[2].weight, before));
}

}  // namespace
}  // namespace hone::training
