#include "training/adamw.h"

#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include "tensor/device.h"
#include "tests/unit/training/rule_world.h"
#include "training/clipping.h"

namespace hone::training {
namespace {

using test::list_of;
using test::Parameters;
using test::same_bytes;
using test::some_parameters;

void expect_same_result(Parameters ours, Parameters plain) {
  const AdamWOptions options{.beta1 = 0.9, .beta2 = 0.99, .epsilon = 1e-8};
  const auto rule = make_adamw(list_of(ours), options);
  test::fill_state(*rule);
  const auto state = rule->state();
  std::vector<at::Tensor> moments;
  for (const auto& [name, tensor] : state) moments.push_back(tensor.clone());
  for (int64_t number = 5; number < 8; ++number) {
    const RuleStep how{.number = number, .rate_factor = 0.5, .gradient_scale = 0.5};
    rule->step(how);
    for (size_t i = 0; i < plain.size(); ++i)
      adamw_reference(plain[i], moments[2 * i], moments[2 * i + 1], options, how);
  }
  for (size_t i = 0; i < ours.size(); ++i) {
    // Three steps of 1e-2 whose float32 arithmetic is ordered otherwise.
    EXPECT_LT((ours[i].exact() - plain[i].exact()).abs().max().item<double>(), 1e-6) << ours[i].name;
    for (size_t m : {2 * i, 2 * i + 1})
      EXPECT_LT((state[m].second - moments[m]).abs().max().item<double>(), 1e-6) << state[m].first;
    if (ours[i].master.defined()) {
      EXPECT_TRUE(at::equal(ours[i].weight, ours[i].master.to(ours[i].weight.scalar_type())));
    }
  }
}

TEST(AdamW, OnePassEqualsThePlainForm) {
  expect_same_result(some_parameters(at::kFloat), some_parameters(at::kFloat));
}

TEST(AdamW, BFloat16WeightsFollowTheirFloat32Masters) {
  expect_same_result(some_parameters(at::kBFloat16), some_parameters(at::kBFloat16));
}

TEST(AdamW, SmallUpdatesAreNotLostInBFloat16) {
  Parameters parameters{{.name = "w", .weight = at::ones({64}, at::kBFloat16), .learning_rate = 1e-4}};
  TrainedParameter& p = parameters[0];
  p.master = at::ones({64});
  p.gradient = at::ones({64});
  const auto rule = make_adamw(list_of(parameters), {});
  for (int64_t step = 1; step <= 100; ++step) rule->step({.number = step});
  EXPECT_NEAR(p.master[0].item<double>(), 1 - 100 * 1e-4, 1e-5);
  EXPECT_LT(p.weight[0].item<double>(), 1.0) << "each step alone is below half a unit of bfloat16 at 1";
}

TEST(AdamW, NoGradientCountsAsZero) {
  auto without = some_parameters(at::kFloat), with_zero = some_parameters(at::kFloat);
  for (TrainedParameter& p : without) p.gradient.reset();
  for (TrainedParameter& p : with_zero) p.gradient.zero_();
  make_adamw(list_of(without), {})->step({});
  make_adamw(list_of(with_zero), {})->step({});
  for (size_t i = 0; i < without.size(); ++i) EXPECT_TRUE(same_bytes(without[i].weight, with_zero[i].weight));
}

TEST(AdamW, UpdateAndNormAreTheSameBytesForAnyNumberOfThreads) {
  const int threads = at::get_num_threads();
  std::vector<Parameters> results;
  std::vector<double> norms;
  for (const int count : {1, 2, 5}) {
    at::set_num_threads(count);
    auto parameters = some_parameters(at::kFloat);
    norms.push_back(gradient_norm(list_of(parameters)));
    make_adamw(list_of(parameters), {})->step({.gradient_scale = clip_scale(norms.back(), 1.0)});
    results.push_back(parameters);
  }
  at::set_num_threads(threads);
  for (size_t other : {1, 2}) {
    EXPECT_EQ(norms[0], norms[other]);
    for (size_t i = 0; i < results[0].size(); ++i)
      EXPECT_TRUE(same_bytes(results[0][i].weight, results[other][i].weight));
  }
}

TEST(Clipping, NormIsTheRootOfTheSumOfSquares) {
  auto parameters = some_parameters(at::kFloat);
  double expected = 0;
  for (const auto& p : parameters) expected += p.gradient.to(at::kDouble).square().sum().item<double>();
  EXPECT_NEAR(gradient_norm(list_of(parameters)), std::sqrt(expected), 1e-6 * std::sqrt(expected));
}

TEST(Clipping, NormOfGradientsWithNaNOrInfIsNotFinite) {
  for (const double poison : {std::nan(""), HUGE_VAL, -HUGE_VAL}) {
    auto parameters = some_parameters(at::kFloat);
    parameters[2].gradient[4098] = poison;
    EXPECT_FALSE(std::isfinite(gradient_norm(list_of(parameters))));
  }
}

TEST(Clipping, ScalesOnlyWhatIsAboveTheLimit) {
  EXPECT_EQ(clip_scale(0.5, 1.0), 1.0);
  EXPECT_NEAR(clip_scale(4.0, 1.0), 0.25, 1e-6);
  EXPECT_EQ(clip_scale(4.0, 0.0), 1.0) << "0 is off";
}

TEST(AdamW, CudaEqualsThePlainForm) {
  const at::Device device = tensor::choose_device("auto");
  if (!device.is_cuda()) GTEST_SKIP() << "[CUDA] skipped: no device";
  expect_same_result(some_parameters(at::kFloat, device), some_parameters(at::kFloat, device));
  expect_same_result(some_parameters(at::kBFloat16, device), some_parameters(at::kBFloat16, device));
}

}  // namespace
}  // namespace hone::training
