#include "tensor/nf4.h"

#include <ATen/Parallel.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <cmath>

#include "base/error.h"
#include "tensor/linear.h"
#include "tensor/nf4_linear.h"

namespace hone::tensor {
namespace {

at::Tensor some_weight(int64_t rows, int64_t columns, uint64_t seed = 3) {
  at::manual_seed(seed);
  return at::randn({rows, columns}) * 0.05;
}

TEST(Nf4, EveryPartIsTheSamePartOfTheWhole) {
  // Rows that do not fill blocks, odd lengths that begin in the middle of a byte, one row, one column.
  for (const auto [rows, columns, block] : {std::array<int64_t, 3>{33, 80, 64}, {9, 27, 32}, {1, 200, 64}, {130, 1, 64}, {64, 64, 128}})
    for (const at::ScalarType dtype : {at::kFloat, at::kBFloat16}) {
      const Nf4Weight weight = quantize_nf4(some_weight(rows, columns).to(dtype), {.block_size = block}, "w");
      const at::Tensor whole = dequantize_nf4(weight);
      EXPECT_EQ(whole.scalar_type(), dtype);
      EXPECT_TRUE(at::equal(whole, dequantize_nf4_reference(weight))) << rows << " " << columns;
      at::Tensor buffer;
      for (int64_t begin = 0; begin < rows; begin += 7)
        for (int64_t left = 0; left < columns; left += 13) {
          const int64_t end = std::min(begin + 7, rows), right = std::min(left + 13, columns);
          for (const at::ScalarType as : {at::kFloat, at::kDouble, dtype}) {
            const at::Tensor part = dequantize_nf4_part(weight, begin, end, left, right, as, buffer);
            EXPECT_TRUE(at::equal(part, whole.slice(0, begin, end).slice(1, left, right).to(as)));
          }
        }
    }
}

TEST(Nf4, ErrorIsThatOfTheNearestOfSixteenValues) {
  const at::Tensor weight = some_weight(256, 192);
  const Nf4Weight exact_scales = quantize_nf4(weight, {.double_quant = false}, "w");
  const at::Tensor error = (dequantize_nf4(exact_scales) - weight).abs().view({-1, 64});
  // Half the widest gap between neighbours, 0.3038 / 2 of the largest of the block.
  EXPECT_LE((error / weight.abs().view({-1, 64}).amax(1, true)).max().item<double>(), 0.15191);
  const double relative = (error.norm() / weight.norm()).item<double>();
  EXPECT_LT(relative, 0.1) << "about 9 % of a normal weight's length at blocks of 64";
  const Nf4Weight nested = quantize_nf4(weight, {}, "w");
  const double more = ((dequantize_nf4(nested) - weight).norm() / weight.norm()).item<double>();
  EXPECT_NEAR(more, relative, 0.002) << "eight bits for the scales cost almost nothing";
}

TEST(Nf4, TakesFourBitsAndAnEighthForAWeight) {
  const Nf4Weight weight = quantize_nf4(some_weight(512, 1024), {}, "w");
  EXPECT_NEAR(8.0 * static_cast<double>(nf4_bytes(weight)) / (512 * 1024), 4.127, 0.001);
}

TEST(Nf4, BytesDoNotDependOnThreads) {
  const int threads = at::get_num_threads();
  for (uint64_t seed = 1; seed <= 8; ++seed) {  // a sum in parts often rounds to the same
    const at::Tensor weight = some_weight(1500, 1500, seed);  // more scales than LibTorch sums in one thread
    std::vector<Nf4Weight> results;
    for (const int count : {1, 2, 5}) {
      at::set_num_threads(count);
      results.push_back(quantize_nf4(weight, {}, "w"));
    }
    for (const Nf4Weight& other : results) {
      EXPECT_TRUE(at::equal(results[0].packed, other.packed));
      EXPECT_TRUE(at::equal(results[0].absmax_codes, other.absmax_codes));
      EXPECT_TRUE(at::equal(results[0].nested_absmax, other.nested_absmax));
      EXPECT_EQ(results[0].offset, other.offset);
    }
  }
  at::set_num_threads(threads);
}

TEST(Nf4, AWeightThatIsNotFiniteIsRefusedByName) {
  for (const double poison : {std::nan(""), HUGE_VAL, -HUGE_VAL}) {
    at::Tensor weight = some_weight(8, 100);
    weight[7][99] = poison;
    try {
      quantize_nf4(weight, {}, "model.layers.3.mlp.up_proj.weight");
      FAIL() << poison;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::data);
      EXPECT_NE(std::string(error.what()).find("layers.3.mlp.up_proj"), std::string::npos);
    }
  }
}

/// The layer in four bits against a dense one that holds the same values.
void expect_like_dense(at::ScalarType dtype, int64_t tokens, int64_t in, int64_t out, double tolerance) {
  const Nf4Weight weight = quantize_nf4(some_weight(out, in).to(dtype == at::kDouble ? at::kFloat : dtype), {}, "w");
  const at::Tensor bias = at::randn({out}).to(dtype);
  const at::Tensor dense = dequantize_nf4(weight).to(dtype);
  const at::Tensor x = at::randn({tokens, in}).to(dtype), g = at::randn({tokens, out}).to(dtype);
  std::vector<at::Tensor> ours, plain;
  for (auto* results : {&ours, &plain}) {
    const at::Tensor input = x.clone().requires_grad_(true), trained_bias = bias.clone().requires_grad_(true);
    const at::Tensor y = results == &ours ? nf4_linear(input, weight, trained_bias) : linear(input, {dense, trained_bias});
    torch::autograd::backward({y}, {g});
    *results = {y.detach(), input.grad(), trained_bias.grad()};
  }
  for (size_t i = 0; i < ours.size(); ++i) {
    EXPECT_EQ(ours[i].scalar_type(), plain[i].scalar_type());
    const double scale = plain[i].abs().max().item<double>();
    EXPECT_LT((ours[i].to(at::kDouble) - plain[i].to(at::kDouble)).abs().max().item<double>(), tolerance * scale) << i;
  }
}

TEST(Nf4Linear, EqualsADenseLayerOfTheSameValues) {
  expect_like_dense(at::kFloat, 5, 96, 70, 1e-6);        // sums in another order
  expect_like_dense(at::kFloat, 3, 2048, 1100, 2e-6);    // several parts each way
  expect_like_dense(at::kDouble, 4, 96, 70, 1e-14);
  expect_like_dense(at::kBFloat16, 5, 2048, 700, 0.008);  // one rounding to bfloat16
}

TEST(Nf4Linear, GradientIsTheSlopeOfTheLoss) {
  const Nf4Weight weight = quantize_nf4(some_weight(48, 80), {}, "w");
  const at::Tensor x = at::randn({3, 80}, at::kDouble), direction = at::randn({3, 80}, at::kDouble);
  const auto loss = [&](const at::Tensor& at) { return nf4_linear(at, weight, {}).sin().sum(); };
  const at::Tensor leaf = x.clone().requires_grad_(true);
  torch::autograd::backward({loss(leaf)});
  const double step = 1e-5;
  const double slope = ((loss(x + step * direction) - loss(x - step * direction)) / (2 * step)).item<double>();
  EXPECT_NEAR((leaf.grad() * direction).sum().item<double>(), slope, 1e-8 * std::max(1.0, std::fabs(slope)));
}

TEST(Nf4Linear, WithoutAGradientToGiveNothingIsRecorded) {
  const Nf4Weight weight = quantize_nf4(some_weight(48, 80), {}, "w");
  EXPECT_FALSE(nf4_linear(at::randn({3, 80}), weight, {}).requires_grad());
}

}  // namespace
}  // namespace hone::tensor
