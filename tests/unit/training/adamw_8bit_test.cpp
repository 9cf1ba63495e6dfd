#include "training/adamw_8bit.h"

#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include "tensor/files.h"
#include "tests/support/shared.h"
#include "tests/unit/training/rule_world.h"

namespace hone::training {
namespace {

using test::list_of;
using test::Parameters;
using test::same_bytes;
using test::some_parameters;

std::map<std::string, at::Tensor> state_of(const UpdateRule& rule) {
  std::map<std::string, at::Tensor> state;
  for (const auto& [name, tensor] : rule.state()) state[name] = tensor;
  return state;
}

/// Weights after `steps` steps down Σ curvature · (w - goal)² / 2 with noise, from zero.
at::Tensor descend(bool eight_bit, int64_t steps, at::ScalarType dtype) {
  at::manual_seed(11);
  const at::Tensor goal = at::randn({6000}), curvature = at::exp(at::randn({6000}));
  Parameters parameters{{.name = "w", .weight = at::zeros({6000}, dtype), .learning_rate = 5e-2}};
  TrainedParameter& p = parameters[0];
  if (dtype != at::kFloat) p.master = at::zeros({6000});
  const AdamWOptions options{.beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-8};
  const auto rule = eight_bit ? make_adamw_8bit(list_of(parameters), options) : make_adamw(list_of(parameters), options);
  for (int64_t step = 1; step <= steps; ++step) {
    p.gradient = curvature * (p.exact() - goal) + 0.1 * at::randn({6000});
    rule->step({.number = step, .rate_factor = 1.0 - static_cast<double>(step) / static_cast<double>(steps + 1)});
  }
  return (p.exact() - goal).clone();
}

TEST(AdamW8bit, TwoHundredStepsEndWhereExactMomentsEnd) {
  for (const at::ScalarType dtype : {at::kFloat, at::kBFloat16}) {
    const at::Tensor exact = descend(false, 200, dtype), coded = descend(true, 200, dtype);
    const double far = at::randn({6000}).norm().item<double>();  // where they began
    EXPECT_LT(exact.norm().item<double>(), 0.05 * far);
    EXPECT_LT(coded.norm().item<double>(), 1.1 * exact.norm().item<double>()) << "1.04 times as far from the goal when this was written";
  }
}

TEST(AdamW8bit, OnePassEqualsThePlainForm) {
  for (const at::ScalarType dtype : {at::kFloat, at::kBFloat16}) {
    auto ours = some_parameters(dtype), plain = some_parameters(dtype);
    const AdamWOptions options{.beta1 = 0.9, .beta2 = 0.99, .epsilon = 1e-8};
    const auto rule = make_adamw_8bit(list_of(ours), options);
    const auto state = state_of(*rule);
    const TrainedParameter& last = plain.back();  // 40001 elements: the last block has 65
    EightBitMoment first{at::zeros(last.weight.sizes(), at::kByte), at::zeros({157})};
    EightBitMoment second{first.codes.clone(), first.absmax.clone()};
    for (int64_t number = 1; number <= 3; ++number) {
      const RuleStep how{.number = number, .rate_factor = 0.5, .gradient_scale = 0.5};
      rule->step(how);
      adamw_8bit_reference(plain.back(), first, second, options, how);
      for (TrainedParameter* p : {&ours.back(), &plain.back()}) p->gradient = at::roll(p->gradient, 7);
    }
    // Arithmetic in another order moves a moment over a midpoint now and then: one code, and what the next step makes of it.
    for (const auto& [name, codes] : {std::pair{"first_moment.", first.codes}, {"second_moment.", second.codes}}) {
      const at::Tensor apart = (state.at(name + last.name).to(at::kInt) - codes.to(at::kInt)).abs();
      EXPECT_LE(apart.max().item<int>(), 1) << name;
      EXPECT_LT(apart.sum().item<int64_t>(), 40) << name;
    }
    const at::Tensor apart = (ours.back().exact() - last.exact()).abs();
    EXPECT_LT(apart.max().item<double>(), 1e-3);
    EXPECT_LT(apart.mean().item<double>(), 1e-7);
    if (ours.back().master.defined()) {
      EXPECT_TRUE(at::equal(ours.back().weight, ours.back().master.to(dtype)));
    }
  }
}

TEST(AdamW8bit, FollowsBitsAndBytes) {
  const auto fixtures = test::fixtures();
  if (!fixtures) GTEST_SKIP() << "no fixtures: set HONE_SOURCE";
  const auto figures = tensor::read_tensors(*fixtures / "nf4/nf4.safetensors").tensors;
  Parameters parameters{{.name = "w", .weight = figures.at("adam.start").clone(), .learning_rate = 1e-2, .weight_decay = 0.1}};
  const auto rule = make_adamw_8bit(list_of(parameters), {.beta1 = 0.9, .beta2 = 0.99, .epsilon = 1e-8});
  for (int64_t step = 1; step <= 5; ++step) {
    parameters[0].gradient = figures.at("adam.gradient." + std::to_string(step)).to(at::kFloat);
    rule->step({.number = step});
  }
  const auto state = state_of(*rule);
  for (const std::string moment : {"first", "second"}) {
    EXPECT_TRUE(at::allclose(state.at(moment + "_moment_absmax.w"), figures.at("adam." + moment + ".absmax"), 1e-5, 0));
    const at::Tensor apart =
        (state.at(moment + "_moment.w").to(at::kInt) - figures.at("adam." + moment + ".codes").to(at::kInt)).abs();
    EXPECT_LE(apart.max().item<int>(), 1) << moment;  // a rounding on the other side of a midpoint
    EXPECT_LT(apart.sum().item<int64_t>(), 10) << moment;
  }
  // Where a code fell on the other side the next step is another; everywhere else only arithmetic is ordered otherwise.
  const at::Tensor apart = (parameters[0].weight - figures.at("adam.end")).abs();
  EXPECT_LT(at::gt(apart, 1e-5).sum().item<int64_t>(), 10);
  EXPECT_LT(apart.max().item<double>(), 0.05) << "five steps of 1e-2";
}

TEST(AdamW8bit, BytesDoNotDependOnThreads) {
  const int threads = at::get_num_threads();
  std::vector<Parameters> results;
  std::vector<std::map<std::string, at::Tensor>> states;
  for (const int count : {1, 2, 5}) {
    at::set_num_threads(count);
    results.push_back(some_parameters(at::kFloat));
    const auto rule = make_adamw_8bit(list_of(results.back()), {});
    for (int64_t number = 1; number <= 2; ++number) rule->step({.number = number});
    states.push_back(state_of(*rule));
  }
  at::set_num_threads(threads);
  for (size_t other : {1, 2}) {
    for (size_t i = 0; i < results[0].size(); ++i) EXPECT_TRUE(same_bytes(results[0][i].weight, results[other][i].weight));
    for (const auto& [name, tensor] : states[0]) EXPECT_TRUE(same_bytes(tensor, states[other].at(name))) << name;
  }
}

TEST(AdamW8bit, GoesOnFromItsStateByteForByte) {
  auto through = some_parameters(at::kBFloat16), first_half = some_parameters(at::kBFloat16);
  const auto whole = make_adamw_8bit(list_of(through), {});
  for (int64_t number = 1; number <= 4; ++number) whole->step({.number = number});
  const auto before = make_adamw_8bit(list_of(first_half), {});
  for (int64_t number = 1; number <= 2; ++number) before->step({.number = number});
  const auto after = make_adamw_8bit(list_of(first_half), {});
  const auto from = state_of(*before);
  for (auto& [name, tensor] : after->state()) at::Tensor(tensor).copy_(from.at(name));
  for (int64_t number = 3; number <= 4; ++number) after->step({.number = number});
  for (size_t i = 0; i < through.size(); ++i) EXPECT_TRUE(same_bytes(through[i].master, first_half[i].master));
}

TEST(AdamW8bit, KeepsTwoBytesAParameterAndSmallOnesExact) {
  auto parameters = test::parameters_of_shapes({{1000, 1000}, {4095}, {64, 64}}, at::kFloat);
  const auto rule = make_adamw_8bit(list_of(parameters), {});
  const auto state = state_of(*rule);
  EXPECT_EQ(state.at("first_moment.p0").scalar_type(), at::kByte);
  EXPECT_EQ(state.at("first_moment.p1").scalar_type(), at::kFloat);
  EXPECT_EQ(state.at("second_moment.p2").scalar_type(), at::kByte);
  size_t bytes = 0;
  for (const auto& [name, tensor] : state)
    if (name.ends_with("p0")) bytes += tensor.nbytes();
  EXPECT_NEAR(static_cast<double>(bytes) / 1e6, 2.031, 0.001);
}

}  // namespace
}  // namespace hone::training
