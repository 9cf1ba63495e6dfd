#include "tensor/embedding_noise.h"

#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <cmath>

namespace hone::tensor {
namespace {

const EmbeddingNoise kNoise{.alpha = 5.0, .seed = 7, .step = 3, .first_token = 0};

TEST(EmbeddingNoise, IsUniformWithinAlphaOverTheRootOfLengthTimesWidthOfEachSegment) {
  constexpr int64_t kWidth = 64;
  const std::vector<int32_t> segments = {400, 25};
  const at::Tensor noise = embedding_noise(kWidth, segments, kNoise);
  ASSERT_EQ(noise.sizes(), (at::IntArrayRef{425, kWidth}));
  int64_t first = 0;
  for (const int32_t length : segments) {
    const at::Tensor part = noise.narrow(0, first, length);
    const double bound = 5.0 / std::sqrt(static_cast<double>(length * kWidth));
    EXPECT_LE(part.abs().max().item<double>(), bound * (1 + 1e-6));
    EXPECT_GT(part.abs().max().item<double>(), 0.99 * bound);
    // Uniform over 2·bound: mean 0, deviation bound/√3; within five standard errors.
    const double errors = bound / std::sqrt(3.0 * static_cast<double>(part.numel()));
    EXPECT_NEAR(part.mean().item<double>(), 0.0, 5 * errors);
    EXPECT_NEAR(part.std().item<double>(), bound / std::sqrt(3.0), 0.05 * bound);
    first += length;
  }
}

TEST(EmbeddingNoise, DoesNotDependOnHowAStepIsCutIntoMicroBatches) {
  const std::vector<int32_t> segments = {9, 4, 30};
  const at::Tensor whole = embedding_noise(8, segments, kNoise);
  EmbeddingNoise later = kNoise;
  later.first_token = 13;
  EXPECT_TRUE(at::equal(whole.narrow(0, 0, 13), embedding_noise(8, {9, 4}, kNoise)));
  EXPECT_TRUE(at::equal(whole.narrow(0, 13, 30), embedding_noise(8, {30}, later)));
}

TEST(EmbeddingNoise, DiffersBetweenStepsSeedsAndTokensAndIsTheSameForAnyThreads) {
  const at::Tensor noise = embedding_noise(8, {64}, kNoise);
  EmbeddingNoise other = kNoise;
  other.step = 4;
  EXPECT_FALSE(at::equal(noise, embedding_noise(8, {64}, other)));
  other = kNoise;
  other.seed = 8;
  EXPECT_FALSE(at::equal(noise, embedding_noise(8, {64}, other)));
  EXPECT_FALSE(at::equal(noise[0], noise[1]));
  const int threads = at::get_num_threads();
  at::set_num_threads(threads + 3);
  EXPECT_TRUE(at::equal(noise, embedding_noise(8, {64}, kNoise)));
  at::set_num_threads(threads);
}

TEST(EmbeddingNoise, IsAddedAndLetsGradientsThrough) {
  at::Tensor x = at::zeros({5, 4}, at::kDouble).requires_grad_(true);
  const at::Tensor y = add_noise(x, {3, 2}, kNoise);
  EXPECT_TRUE(at::equal(y.detach(), embedding_noise(4, {3, 2}, kNoise).to(at::kDouble)));
  y.sum().backward();
  EXPECT_TRUE(at::equal(x.grad(), at::ones({5, 4}, at::kDouble)));
}

}  // namespace
}  // namespace hone::tensor
