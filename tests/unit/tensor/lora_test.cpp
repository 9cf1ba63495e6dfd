// The backward passes of adapters against finite differences in double; dropout as a pure function of its key.
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <ATen/Parallel.h>

#include "tensor/lora.h"

namespace hone::tensor {
namespace {

using Inputs = std::vector<at::Tensor>;

/// Values without a generator: the same in every run.
at::Tensor values(at::IntArrayRef shape, double phase, at::ScalarType dtype = at::kDouble) {
  int64_t count = 1;
  for (const int64_t size : shape) count *= size;
  return at::arange(count, at::kDouble).mul(1.7 + phase).add(phase).sin().view(shape).to(dtype);
}

/// d Σ f(inputs)·weights / d inputs by central differences in double (error about 1e-10) against .grad().
void check_gradients(const std::function<at::Tensor(const Inputs&)>& f, const Inputs& inputs) {
  for (const at::Tensor& input : inputs) input.requires_grad_(true);
  const at::Tensor result = f(inputs), weights = values(result.sizes(), 0.3);
  torch::autograd::backward({(result * weights).sum()}, {});
  const at::NoGradGuard no_grad;
  constexpr double kStep = 1e-5;
  for (size_t which = 0; which < inputs.size(); ++which) {
    at::Tensor flat = inputs[which].detach().view(-1);
    for (int64_t i = 0; i < flat.numel(); ++i) {
      const double kept = flat[i].item<double>();
      flat[i] = kept + kStep;
      const double above = (f(inputs) * weights).sum().item<double>();
      flat[i] = kept - kStep;
      const double below = (f(inputs) * weights).sum().item<double>();
      flat[i] = kept;
      ASSERT_NEAR(inputs[which].grad().view(-1)[i].item<double>(), (above - below) / (2 * kStep), 1e-7)
          << "input " << which << ", element " << i;
    }
  }
}

TEST(Lora, GradientsOfTheLowRankProduct) {
  check_gradients([](const Inputs& x) { return lora_add(x[0], x[1], x[2], x[3], 0.7); },
                  {values({5, 4}, 0.1), values({5, 3}, 0.2), values({2, 3}, 0.4), values({4, 2}, 0.6)});
}

TEST(Lora, GradientsOfScaledRowsTakeTheNormAsConstant) {
  const at::Tensor norm = values({4}, 0.9).abs() + 0.5;
  check_gradients([&](const Inputs& x) { return row_scale(x[0], x[1], norm); }, {values({5, 4}, 0.1), values({4}, 0.3)});
}

TEST(Lora, GradientsThroughDropout) {
  const DropoutKey key{.seed = 3, .step = 5, .first_token = 0, .layer = "0.q"};
  check_gradients([&](const Inputs& x) { return lora_add(x[0], dropout(x[1], 0.4, key), x[2], x[3], 1.5); },
                  {values({5, 4}, 0.1), values({5, 3}, 0.2), values({2, 3}, 0.4), values({4, 2}, 0.6)});
}

TEST(Lora, GradientsAreFloat32AndAddUpWhateverTheBase) {
  for (const auto dtype : {at::kFloat, at::kBFloat16}) {
    const at::Tensor y = values({8, 6}, 0.1, dtype), x = values({8, 4}, 0.2, dtype);
    const at::Tensor a = values({3, 4}, 0.4, at::kFloat).requires_grad_(true), b = values({6, 3}, 0.6, at::kFloat).requires_grad_(true);
    for (int pass = 0; pass < 2; ++pass) torch::autograd::backward({lora_add(y, x, a, b, 2.0).sum()}, {});
    const at::Tensor g = at::ones({8, 6}), wide = x.to(at::kFloat);
    const double tolerance = dtype == at::kFloat ? 1e-5 : 0.02 * 8;  // bfloat16 keeps 8 bits of sums of 8 terms
    EXPECT_EQ(a.grad().scalar_type(), at::kFloat);
    EXPECT_TRUE(at::allclose(a.grad(), 4.0 * g.mm(b).t().mm(wide), 0.02, tolerance));
    EXPECT_TRUE(at::allclose(b.grad(), 4.0 * g.t().mm(wide.mm(a.t())), 0.02, tolerance));
  }
}

TEST(Lora, NormsAreThoseOfTheAdaptedRows) {
  const at::Tensor w = values({5000, 7}, 0.1, at::kFloat), a = values({2, 7}, 0.2, at::kFloat), b = values({5000, 2}, 0.3, at::kFloat);
  EXPECT_TRUE(at::allclose(adapted_row_norms(w, a, b, 0.5), (w + 0.5 * b.mm(a)).norm(2, 1), 1e-6, 1e-6));
}

TEST(Dropout, KeepsItsShareAndTheMean) {
  const at::Tensor x = at::ones({512, 256});
  const at::Tensor y = dropout(x, 0.1, {.seed = 1, .step = 2, .first_token = 0, .layer = "3.v"});
  // 131,072 draws: the share's standard deviation is 0.0008.
  EXPECT_NEAR((y == 0).to(at::kDouble).mean().item<double>(), 0.1, 0.004);
  EXPECT_NEAR(y.mean().item<double>(), 1.0, 0.005);
}

TEST(Dropout, IsAFunctionOfItsKeyAlone) {
  const at::Tensor x = at::ones({64, 33});
  const DropoutKey key{.seed = 1, .step = 2, .first_token = 0, .layer = "3.v"};
  const at::Tensor first = dropout(x, 0.3, key);
  const int threads = at::get_num_threads();
  at::set_num_threads(threads == 1 ? 2 : 1);
  EXPECT_TRUE(at::equal(dropout(x, 0.3, key), first));
  at::set_num_threads(threads);
  for (const DropoutKey& other : {DropoutKey{2, 2, 0, "3.v"}, DropoutKey{1, 3, 0, "3.v"}, DropoutKey{1, 2, 0, "3.q"}})
    EXPECT_FALSE(at::equal(dropout(x, 0.3, other), first));
  // How a step is cut into micro batches changes nothing.
  EXPECT_TRUE(at::equal(dropout(x.narrow(0, 20, 44), 0.3, {1, 2, 20, "3.v"}), first.narrow(0, 20, 44)));
  EXPECT_TRUE(dropout(x, 0.0, key).is_same(x));
}

}  // namespace
}  // namespace hone::tensor
