// The differentiable -log p of each token: gradients by finite differences in double, with the output weight
// trained and frozen, and the sum of its parts against the fused sum.
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include "tensor/cross_entropy.h"

namespace hone::tensor {
namespace {

at::Tensor values(at::IntArrayRef shape, double phase) {
  int64_t count = 1;
  for (const int64_t size : shape) count *= size;
  return at::arange(count, at::kDouble).mul(1.7 + phase).add(phase).sin().view(shape);
}

struct Case {
  at::Tensor hidden = values({6, 3}, 0.1), weight = values({5, 3}, 0.2);
  at::Tensor targets = at::tensor({2, -100, 0, 4, -100, 1}, at::kLong);
  at::Tensor weights = values({6}, 0.6);  ///< Another one for each token, some negative.
  double value() const { return (linear_token_nll(hidden, weight, targets) * weights).sum().item<double>(); }
};

void expect_gradient(Case& c, at::Tensor& input) {
  const at::Tensor gradient = input.grad().reshape(-1).clone();
  const at::NoGradGuard no_grad;
  at::Tensor flat = input.detach().view(-1);
  constexpr double kStep = 1e-5;
  for (int64_t i = 0; i < flat.numel(); ++i) {
    const double kept = flat[i].item<double>();
    flat[i] = kept + kStep;
    const double above = c.value();
    flat[i] = kept - kStep;
    const double below = c.value();
    flat[i] = kept;
    // Central differences of a smooth function in double: error about step² and 1e-16 / step.
    EXPECT_NEAR(gradient[i].item<double>(), (above - below) / (2 * kStep), 1e-7) << "element " << i;
  }
}

TEST(TokenNll, GradientsOfHiddenAndWeight) {
  Case c;
  c.hidden.requires_grad_(true);
  c.weight.requires_grad_(true);
  torch::autograd::backward({linear_token_nll(c.hidden, c.weight, c.targets)}, {c.weights});
  expect_gradient(c, c.hidden);
  expect_gradient(c, c.weight);
}

TEST(TokenNll, GradientsThroughAFrozenWeight) {
  Case c;
  c.hidden.requires_grad_(true);
  torch::autograd::backward({linear_token_nll(c.hidden, c.weight, c.targets)}, {c.weights});
  expect_gradient(c, c.hidden);
  EXPECT_FALSE(c.weight.grad().defined());
}

TEST(TokenNll, AddsUpToTheFusedSum) {
  const Case c;
  EXPECT_NEAR(linear_token_nll(c.hidden, c.weight, c.targets).sum().item<double>(),
              linear_cross_entropy(c.hidden, c.weight, c.targets).item<double>(), 1e-12);
  EXPECT_EQ(linear_token_nll(c.hidden, c.weight, c.targets)[1].item<double>(), 0.0) << "masked";
}

TEST(TokenNll, NothingToPredictHasNoGradient) {
  Case c;
  c.hidden.requires_grad_(true);
  c.weight.requires_grad_(true);
  c.targets.fill_(-100);
  torch::autograd::backward({linear_token_nll(c.hidden, c.weight, c.targets)}, {c.weights});
  EXPECT_EQ(c.hidden.grad().abs().sum().item<double>(), 0.0);
}

}  // namespace
}  // namespace hone::tensor
