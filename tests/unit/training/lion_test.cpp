#include "training/lion.h"

#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include "tensor/device.h"
#include "tests/unit/training/rule_world.h"

namespace hone::training {
namespace {

using test::list_of;
using test::Parameters;
using test::same_bytes;
using test::some_parameters;

void expect_same_result(Parameters ours, Parameters plain) {
  const recipe::LionOptions options{.beta1 = 0.9, .beta2 = 0.95};
  const auto rule = make_lion(list_of(ours), options);
  test::fill_state(*rule);
  const auto state = rule->state();
  std::vector<at::Tensor> momenta;
  for (const auto& [name, tensor] : state) momenta.push_back(tensor.clone());
  for (int64_t number = 1; number < 4; ++number) {
    const RuleStep how{.number = number, .rate_factor = 0.5, .gradient_scale = 0.5};
    rule->step(how);
    for (size_t i = 0; i < plain.size(); ++i) lion_reference(plain[i], momenta[i], options, how);
  }
  for (size_t i = 0; i < ours.size(); ++i) {
    // A direction within rounding of 0 may have another sign; none of these 44 thousand is.
    EXPECT_LT((ours[i].exact() - plain[i].exact()).abs().max().item<double>(), 1e-6) << ours[i].name;
    EXPECT_LT((state[i].second - momenta[i]).abs().max().item<double>(), 1e-6);
    if (ours[i].master.defined()) {
      EXPECT_TRUE(at::equal(ours[i].weight, ours[i].master.to(ours[i].weight.scalar_type())));
    }
  }
}

TEST(Lion, OnePassEqualsThePlainForm) {
  expect_same_result(some_parameters(at::kFloat), some_parameters(at::kFloat));
  expect_same_result(some_parameters(at::kBFloat16), some_parameters(at::kBFloat16));
}

TEST(Lion, FollowsThePaperByHand) {
  Parameters parameters{{.name = "w", .weight = at::full({3}, 2.0), .learning_rate = 0.1, .weight_decay = 0.5}};
  parameters[0].gradient = at::tensor({1.0f, -3.0f, 0.0f});
  const auto rule = make_lion(list_of(parameters), {.beta1 = 0.9, .beta2 = 0.99});
  rule->step({.number = 1});
  // w = 2 · (1 − 0.1 · 0.5) − 0.1 · sign(0.1 g); m = 0.01 g
  const float expected[] = {1.8f, 2.0f, 1.9f}, momentum[] = {0.01f, -0.03f, 0.0f};
  const at::Tensor kept = rule->state().at(0).second;
  for (int64_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(parameters[0].weight[i].item<float>(), expected[i], 1e-6);
    EXPECT_NEAR(kept[i].item<float>(), momentum[i], 1e-7);
  }
  parameters[0].gradient = at::tensor({-0.05f, 0.0f, 0.0f});
  rule->step({.number = 2});
  // sign(0.9 · 0.01 − 0.1 · 0.05) is positive: the momentum outweighs a small gradient against it.
  EXPECT_NEAR(parameters[0].weight[0].item<float>(), 1.8f * 0.95f - 0.1f, 1e-6);
}

TEST(Lion, TheSameBytesForAnyNumberOfThreads) {
  const int threads = at::get_num_threads();
  std::vector<Parameters> results;
  for (const int count : {1, 2, 5}) {
    at::set_num_threads(count);
    results.push_back(some_parameters(at::kFloat));
    make_lion(list_of(results.back()), {})->step({});
  }
  at::set_num_threads(threads);
  for (size_t other : {1, 2})
    for (size_t i = 0; i < results[0].size(); ++i)
      EXPECT_TRUE(same_bytes(results[0][i].weight, results[other][i].weight));
}

TEST(Lion, CudaEqualsThePlainForm) {
  const at::Device device = tensor::choose_device("auto");
  if (!device.is_cuda()) GTEST_SKIP() << "[CUDA] skipped: no device";
  expect_same_result(some_parameters(at::kBFloat16, device), some_parameters(at::kBFloat16, device));
}

}  // namespace
}  // namespace hone::training
