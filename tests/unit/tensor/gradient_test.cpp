// Every backward pass of our own against finite differences in double, and every fused kernel against its
// plain form.
#include <gtest/gtest.h>

#include <torch/csrc/autograd/autograd.h>

#include "tensor/attention.h"
#include "tensor/cross_entropy.h"
#include "tensor/gradient.h"
#include "tensor/linear.h"
#include "tensor/recompute.h"
#include "tensor/rms_norm.h"
#include "tensor/rope.h"
#include "tensor/swiglu.h"

namespace hone::tensor {
namespace {

using Inputs = std::vector<at::Tensor>;
using Function = std::function<at::Tensor(const Inputs&)>;

/// Values without a generator: the same in every run.
at::Tensor values(at::IntArrayRef shape, double phase, at::ScalarType dtype = at::kDouble) {
  int64_t count = 1;
  for (const int64_t size : shape) count *= size;
  return at::arange(count, at::kDouble).mul(1.7 + phase).add(phase).sin().view(shape).to(dtype);
}

/// d Σ f(inputs)·weights / d inputs by central differences, against what backward leaves in .grad().
void check_gradients(const Function& f, const Inputs& inputs) {
  for (const at::Tensor& input : inputs) input.requires_grad_(true);
  const at::Tensor result = f(inputs);
  const at::Tensor weights = values(result.sizes(), 0.3);
  torch::autograd::backward({(result * weights).sum()}, {});
  const at::NoGradGuard no_grad;
  constexpr double kStep = 1e-5;
  for (size_t which = 0; which < inputs.size(); ++which) {
    at::Tensor flat = inputs[which].detach().view(-1);
    const at::Tensor gradient = inputs[which].grad().reshape(-1);
    for (int64_t i = 0; i < flat.numel(); ++i) {
      const double kept = flat[i].item<double>();
      flat[i] = kept + kStep;
      const double above = (f(inputs) * weights).sum().item<double>();
      flat[i] = kept - kStep;
      const double below = (f(inputs) * weights).sum().item<double>();
      flat[i] = kept;
      // Central differences of a smooth function in double: error about step² and 1e-16 / step.
      ASSERT_NEAR(gradient[i].item<double>(), (above - below) / (2 * kStep), 1e-7)
          << "input " << which << ", element " << i;
    }
  }
}

TEST(Gradients, RmsNorm) {
  check_gradients([](const Inputs& x) { return rms_norm(x[0], x[1], 1e-5); },
                  {values({5, 6}, 0.1), values({6}, 0.7)});
}

TEST(Gradients, SwiGlu) {
  check_gradients([](const Inputs& x) { return swiglu(x[0], x[1]); },
                  {values({3, 5}, 0.1).mul(4), values({3, 5}, 0.7)});
}

TEST(Gradients, Rotation) {
  const RopeTable table = rope_table(make_rope({}, 4, 512), {3, 2}, at::kCPU);
  check_gradients([&](const Inputs& x) { return rotate(x[0], table); }, {values({5, 2, 4}, 0.1)});
}

TEST(Gradients, LinearsThatShareAnInput) {
  const auto f = [](const Inputs& x) {
    const auto y = linears(x[0], {{x[1], x[2]}, {x[3], {}}});
    return at::cat({y[0], y[1]}, 1);
  };
  check_gradients(f, {values({4, 3}, 0.1), values({2, 3}, 0.2), values({2}, 0.5), values({5, 3}, 0.4)});
}

TEST(Gradients, EmbeddingWithRepeatedIds) {
  const at::Tensor ids = at::tensor({1, 0, 1, 3}, at::kLong);
  check_gradients([&](const Inputs& x) { return embed(ids, x[0]); }, {values({4, 3}, 0.1)});
}

TEST(Gradients, AttentionInsideSegments) {
  for (const std::vector<int32_t>& segments : {std::vector<int32_t>{7}, {3, 3, 1}, {1, 4, 2}})
    for (const int64_t window : {0, 1, 2, 3, 9}) {
      const auto f = [&](const Inputs& x) { return isolated_attention(x[0], x[1], x[2], segments, window); };
      check_gradients(f, {values({7, 4, 2}, 0.1), values({7, 2, 2}, 0.2), values({7, 2, 2}, 0.3)});
    }
}

TEST(Gradients, CrossEntropyWithMaskedTargets) {
  const at::Tensor targets = at::tensor({2, -100, 0, 4}, at::kLong);
  check_gradients([&](const Inputs& x) { return linear_cross_entropy(x[0], x[1], targets); },
                  {values({4, 3}, 0.1), values({5, 3}, 0.2)});
}

TEST(Gradients, CrossEntropyWithZLoss) {
  const at::Tensor targets = at::tensor({2, -100, 0, 4}, at::kLong);
  check_gradients([&](const Inputs& x) { return linear_cross_entropy(x[0], x[1], targets, 0.3).total; },
                  {values({4, 3}, 0.1), values({5, 3}, 0.2)});
}

TEST(ZLoss, IsTheMeanSquaredLogOfTheSoftmaxsSumOverScoredRows) {
  const at::Tensor targets = at::tensor({2, -100, 0, 4}, at::kLong);
  const at::Tensor hidden = values({4, 3}, 0.1), weight = values({5, 3}, 0.2);
  const CrossEntropy sums = linear_cross_entropy(hidden, weight, targets, 0.3);
  EXPECT_NEAR(sums.total.item<double>(), linear_cross_entropy_reference(hidden, weight, targets, 0.3).item<double>(), 1e-12);
  EXPECT_NEAR(sums.nll_sum.item<double>(), linear_cross_entropy_reference(hidden, weight, targets).item<double>(), 1e-12);
  EXPECT_GT(sums.total.item<double>(), sums.nll_sum.item<double>());
}

TEST(Gradients, RecomputedLayer) {
  const auto f = [](const Inputs& x) {
    return recompute([&](const at::Tensor& y) { return swiglu(linear(y, {x[1], {}}), y); }, x[0]);
  };
  check_gradients(f, {values({4, 3}, 0.1), values({3, 3}, 0.2)});
}

/// Result and gradients of a fused kernel within `tolerance` of its plain form in float32.
void check_against(const Function& fused, const Function& plain, const Inputs& inputs, double tolerance) {
  std::vector<std::vector<at::Tensor>> gradients(2);
  at::Tensor results[2];
  for (size_t form = 0; form < 2; ++form) {
    Inputs fresh;
    for (const at::Tensor& input : inputs)
      fresh.push_back(
          input.detach().to(form == 0 ? input.scalar_type() : at::kFloat, false, true).requires_grad_(true));
    results[form] = form == 0 ? fused(fresh) : plain(fresh);
    const at::Tensor upstream =
        values(results[form].sizes(), 0.9, inputs[0].scalar_type());  // rounded alike for both
    torch::autograd::backward({results[form]}, {upstream.to(results[form].scalar_type())});
    for (const at::Tensor& input : fresh) gradients[form].push_back(input.grad());
  }
  const auto error = [](const at::Tensor& a, const at::Tensor& b) {
    return ((a.to(at::kDouble) - b.to(at::kDouble)).abs().max() /
            b.to(at::kDouble).abs().max().clamp_min(1e-6))
        .item<double>();
  };
  EXPECT_LT(error(results[0], results[1]), tolerance);
  for (size_t i = 0; i < inputs.size(); ++i)
    EXPECT_LT(error(gradients[0][i], gradients[1][i]), tolerance) << "gradient of input " << i;
}

/// float32: sums in another order. bfloat16: 8 bits, rounded at each result.
constexpr std::pair<at::ScalarType, double> kTolerances[] = {{at::kFloat, 2e-6}, {at::kBFloat16, 2e-2}};

TEST(FusedKernels, EqualTheirPlainForms) {
  const std::vector<int32_t> segments = {29, 1, 35, 35, 300};
  const RopeTable table = rope_table(make_rope({}, 16, 512), segments, at::kCPU);
  const at::Tensor targets = at::arange(400, at::kLong).remainder(37).sub(3);
  const at::Tensor masked = at::where(targets < 0, -100, targets);
  for (const auto& [dtype, tolerance] : kTolerances) {
    const at::Tensor x = values({400, 48}, 0.1, dtype), y = values({400, 48}, 0.2, dtype);
    check_against([](const Inputs& in) { return rms_norm(in[0], in[1], 1e-5); },
                  [](const Inputs& in) { return rms_norm_reference(in[0], in[1], 1e-5); },
                  {x, values({48}, 0.4, dtype)}, tolerance);
    check_against([](const Inputs& in) { return swiglu(in[0], in[1]); },
                  [](const Inputs& in) { return swiglu_reference(in[0], in[1]); }, {x.mul(6), y}, tolerance);
    check_against([&](const Inputs& in) { return rotate(in[0], table); },
                  [&](const Inputs& in) { return rotate_reference(in[0], table); }, {x.view({400, 3, 16})},
                  tolerance);
    for (const int64_t window : {0, 2, 30, 64, 65, 130, 299})  // blocks hold 64 queries; one key has no gradient
      check_against(
          [&](const Inputs& in) { return isolated_attention(in[0], in[1], in[2], segments, window); },
          [&](const Inputs& in) { return isolated_attention_reference(in[0], in[1], in[2], segments, window); },
          {values({400, 6, 16}, 0.1, dtype), values({400, 2, 16}, 0.2, dtype), values({400, 2, 16}, 0.3, dtype)}, tolerance);
    check_against([&](const Inputs& in) { return linear_cross_entropy(in[0], in[1], masked); },
                  [&](const Inputs& in) { return linear_cross_entropy_reference(in[0], in[1], masked); },
                  {x, values({40, 48}, 0.2, dtype)}, tolerance);
  }
}

TEST(FusedKernels, ExtremeValuesBehave) {
  const at::Tensor gate = at::tensor({-1e4, -100.0, -88.0, 0.0, 88.0, 100.0, 1e4}, at::kFloat),
                   up = at::ones({7}, at::kFloat);
  EXPECT_TRUE(at::allclose(swiglu(gate, up), at::silu(gate), 1e-6, 1e-30));
  EXPECT_TRUE(swiglu(at::full({3}, NAN), at::ones({3})).isnan().all().item<bool>());
  const at::Tensor hidden = at::tensor({1e4, -1e4, 0.0}, at::kFloat).view({3, 1}),
                   weight = at::tensor({1.0, -1.0}, at::kFloat).view({2, 1});
  const at::Tensor nll = linear_nll(hidden, weight, at::tensor({0, 0, 1}, at::kLong));
  EXPECT_TRUE(at::allclose(nll, at::tensor({0.0, 2e4, std::log(2.0)}, at::kFloat)));
  EXPECT_TRUE(
      linear_nll(at::full({1, 1}, NAN), weight, at::zeros({1}, at::kLong)).isnan().all().item<bool>());
  EXPECT_TRUE(rms_norm(at::full({1, 4}, NAN).to(at::kBFloat16), at::ones({4}, at::kBFloat16), 1e-5)
                  .isnan()
                  .all()
                  .item<bool>());
}

TEST(ParameterGradients, AreFloat32AndAddUp) {
  const at::Tensor weight = values({3, 4}, 0.2, at::kBFloat16).requires_grad_(true),
                   x = values({8, 4}, 0.1, at::kBFloat16);
  for (int call = 1; call <= 3; ++call) {
    torch::autograd::backward({linear(x, {weight, {}})}, {at::ones({8, 3}, at::kBFloat16)});
    ASSERT_EQ(weight.grad().scalar_type(), at::kFloat);
    EXPECT_TRUE(at::allclose(weight.grad(), x.to(at::kFloat).sum(0).mul(call).expand({3, 4}), 1e-2, 1e-2));
  }
}

TEST(ParameterGradients, FrozenParametersGetNone) {
  const at::Tensor frozen = values({3, 4}, 0.2), x = values({8, 4}, 0.1).requires_grad_(true);
  torch::autograd::backward({linear(x, {frozen, {}}).sum()}, {});
  EXPECT_FALSE(frozen.grad().defined());
  EXPECT_TRUE(x.grad().defined());
}

TEST(CachedAttention, EqualsAttentionOverTheWholeSegment) {
  const at::NoGradGuard no_grad;
  for (const at::ScalarType dtype : {at::kFloat, at::kBFloat16}) {
    const at::Tensor q = values({9, 4, 8}, 0.1, dtype), k = values({9, 2, 8}, 0.2, dtype),
                     v = values({9, 2, 8}, 0.3, dtype);
    const at::Tensor whole = isolated_attention(q, k, v, {9});
    for (const int64_t fresh : {1, 3, 9})
      EXPECT_TRUE(at::allclose(cached_attention(q.narrow(0, 9 - fresh, fresh), k, v),
                               whole.narrow(0, 9 - fresh, fresh), 1e-2, 1e-2));
    EXPECT_TRUE(at::allclose(cached_attention(q.narrow(0, 6, 3), k, v).to(at::kFloat),
                             whole.narrow(0, 6, 3).to(at::kFloat), dtype == at::kFloat ? 1e-5 : 1e-2,
                             dtype == at::kFloat ? 1e-6 : 1e-2));
  }
}

/// As the definition says it, one query at a time: what every form must hide.
TEST(SlidingWindow, AQueryReadsTheLastKeysAndNoOthers) {
  const at::NoGradGuard no_grad;
  constexpr int64_t kTokens = 200;
  const at::Tensor q = values({kTokens, 2, 8}, 0.1), k = values({kTokens, 1, 8}, 0.2), v = values({kTokens, 1, 8}, 0.3);
  for (const int64_t window : {1, 5, 70}) {
    const at::Tensor whole = isolated_attention(q, k, v, {kTokens}, window);
    for (const int64_t token : {0, 1, 4, 5, 63, 64, 69, 70, 71, 128, 199}) {
      const int64_t first = std::max<int64_t>(0, token - window + 1), seen = token - first + 1;
      const at::Tensor keys = k.narrow(0, first, seen).squeeze(1), read = v.narrow(0, first, seen).squeeze(1);
      const at::Tensor weights = at::softmax(at::matmul(q[token], keys.t()) / std::sqrt(8.0), -1);
      EXPECT_TRUE(at::allclose(whole[token], at::matmul(weights, read), 1e-10, 1e-12)) << window << " " << token;
    }
  }
}

TEST(SlidingWindow, ACachedQueryReadsTheSameKeys) {
  const at::NoGradGuard no_grad;
  const at::Tensor q = values({40, 4, 8}, 0.1), k = values({40, 2, 8}, 0.2), v = values({40, 2, 8}, 0.3);
  for (const int64_t window : {1, 3, 12, 40, 100}) {
    const at::Tensor whole = isolated_attention_reference(q, k, v, {40}, window);
    for (const int64_t fresh : {1, 2, 13, 40})
      for (const int64_t dropped : {int64_t{0}, std::max<int64_t>(0, 40 - fresh - window + 1)})  // nobody's keys may be gone
        EXPECT_TRUE(at::allclose(cached_attention(q.narrow(0, 40 - fresh, fresh), k.narrow(0, dropped, 40 - dropped),
                                                  v.narrow(0, dropped, 40 - dropped), window),
                                 whole.narrow(0, 40 - fresh, fresh), 1e-10, 1e-12))
            << window << " " << fresh << " " << dropped;
  }
}

TEST(Threads, DoNotChangeResults) {
  const int before = at::get_num_threads();
  for (const int64_t window : {0, 90}) {
    std::vector<at::Tensor> outcomes[2];
    for (int threads : {1, 2}) {
      at::set_num_threads(threads);
      at::Tensor x = values({300, 48}, 0.1, at::kFloat).requires_grad_(true),
                 w = values({48}, 0.5, at::kFloat).requires_grad_(true);
      const at::Tensor q = rms_norm(x, w, 1e-5).view({300, 3, 16});
      const at::Tensor y = isolated_attention(q, q.narrow(1, 0, 1), q.narrow(1, 1, 1), {300}, window);
      torch::autograd::backward({swiglu(y, q)}, {values({300, 3, 16}, 0.3, at::kFloat)});
      outcomes[threads - 1] = {y.detach(), x.grad(), w.grad()};
    }
    for (size_t i = 0; i < 3; ++i) EXPECT_TRUE(at::equal(outcomes[0][i], outcomes[1][i])) << window << " " << i;
  }
  at::set_num_threads(before);
}

}  // namespace
}  // namespace hone::tensor
