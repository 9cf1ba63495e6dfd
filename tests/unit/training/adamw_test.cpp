#include "training/adamw.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <cstring>

#include "tensor/device.h"

namespace hone::training {
namespace {

bool same_bytes(const at::Tensor& a, const at::Tensor& b) {
  return a.nbytes() == b.nbytes() && std::memcmp(a.const_data_ptr(), b.const_data_ptr(), a.nbytes()) == 0;
}

/// Odd sizes, so that blocks and lanes end in the middle.
std::vector<TrainedParameter> some_parameters(at::ScalarType dtype, const at::Device& device = at::kCPU) {
  std::vector<TrainedParameter> parameters;
  at::manual_seed(3);
  for (const int64_t size : {1, 17, 4099, 40001}) {
    const at::Tensor weight = at::randn({size}).to(device);
    TrainedParameter p{.name = std::to_string(size), .weight = weight.to(dtype)};
    if (dtype != at::kFloat) p.master = p.weight.to(at::kFloat);
    p.gradient = at::randn({size}).to(device);
    p.first_moment = at::randn({size}).to(device) * 0.1;
    p.second_moment = at::rand({size}).to(device) * 0.01;
    p.decays = size != 17;
    parameters.push_back(p);
  }
  return parameters;
}

void expect_same_result(std::vector<TrainedParameter> ours, std::vector<TrainedParameter> plain) {
  const AdamWOptions options{.beta1 = 0.9, .beta2 = 0.99, .epsilon = 1e-8, .weight_decay = 0.1};
  for (int64_t step = 5; step < 8; ++step) {
    adamw_step(ours, options, step, 1e-2, 0.5);
    for (TrainedParameter& p : plain) adamw_reference(p, options, step, 1e-2, 0.5);
  }
  for (size_t i = 0; i < ours.size(); ++i) {
    const at::Tensor& a = ours[i].master.defined() ? ours[i].master : ours[i].weight;
    const at::Tensor& b = plain[i].master.defined() ? plain[i].master : plain[i].weight;
    // Three steps of 1e-2 whose float32 arithmetic is ordered otherwise.
    EXPECT_LT((a - b).abs().max().item<double>(), 1e-6) << ours[i].name;
    EXPECT_LT((ours[i].first_moment - plain[i].first_moment).abs().max().item<double>(), 1e-6);
    EXPECT_LT((ours[i].second_moment - plain[i].second_moment).abs().max().item<double>(), 1e-6);
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
  std::vector<TrainedParameter> parameters{{.name = "w", .weight = at::ones({64}, at::kBFloat16)}};
  TrainedParameter& p = parameters[0];
  p.master = at::ones({64});
  p.first_moment = at::zeros({64});
  p.second_moment = at::zeros({64});
  p.gradient = at::ones({64});
  for (int64_t step = 1; step <= 100; ++step) adamw_step(parameters, {.weight_decay = 0}, step, 1e-4, 1.0);
  EXPECT_NEAR(p.master[0].item<double>(), 1 - 100 * 1e-4, 1e-5);
  EXPECT_LT(p.weight[0].item<double>(), 1.0) << "each step alone is below half a unit of bfloat16 at 1";
}

TEST(AdamW, NoGradientCountsAsZero) {
  auto without = some_parameters(at::kFloat), with_zero = some_parameters(at::kFloat);
  for (TrainedParameter& p : without) p.gradient.reset();
  for (TrainedParameter& p : with_zero) p.gradient.zero_();
  adamw_step(without, {}, 1, 1e-3, 1.0);
  adamw_step(with_zero, {}, 1, 1e-3, 1.0);
  for (size_t i = 0; i < without.size(); ++i) EXPECT_TRUE(same_bytes(without[i].weight, with_zero[i].weight));
}

TEST(AdamW, UpdateAndNormAreTheSameBytesForAnyNumberOfThreads) {
  const int threads = at::get_num_threads();
  std::vector<std::vector<TrainedParameter>> results;
  std::vector<double> norms;
  for (const int count : {1, 2, 5}) {
    at::set_num_threads(count);
    auto parameters = some_parameters(at::kFloat);
    norms.push_back(gradient_norm(parameters));
    adamw_step(parameters, {}, 1, 1e-3, clip_scale(norms.back(), 1.0));
    results.push_back(parameters);
  }
  at::set_num_threads(threads);
  for (size_t other : {1, 2}) {
    EXPECT_EQ(norms[0], norms[other]);
    for (size_t i = 0; i < results[0].size(); ++i)
      EXPECT_TRUE(same_bytes(results[0][i].weight, results[other][i].weight));
  }
}

TEST(AdamW, NormIsTheRootOfTheSumOfSquares) {
  const auto parameters = some_parameters(at::kFloat);
  double expected = 0;
  for (const auto& p : parameters) expected += p.gradient.to(at::kDouble).square().sum().item<double>();
  EXPECT_NEAR(gradient_norm(parameters), std::sqrt(expected), 1e-6 * std::sqrt(expected));
}

TEST(AdamW, NormOfGradientsWithNaNOrInfIsNotFinite) {
  for (const double poison : {std::nan(""), HUGE_VAL, -HUGE_VAL}) {
    auto parameters = some_parameters(at::kFloat);
    parameters[2].gradient[4098] = poison;
    EXPECT_FALSE(std::isfinite(gradient_norm(parameters)));
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
