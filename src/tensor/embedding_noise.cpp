#include "tensor/embedding_noise.h"

#include <ATen/Parallel.h>

#include <cmath>

#include "base/random.h"

namespace hone::tensor {
namespace {

constexpr float kUnit = 1.0f / 8388608.0f;  // 2⁻²³: the upper 24 bits of a number become [0, 2)

}  // namespace

at::Tensor embedding_noise(int64_t width, const std::vector<int32_t>& segments, const EmbeddingNoise& noise) {
  std::vector<float> sizes;  // one for each token
  for (const int32_t length : segments)
    sizes.insert(sizes.end(), static_cast<size_t>(length),
                 static_cast<float>(noise.alpha / std::sqrt(static_cast<double>(length) * static_cast<double>(width))));
  const auto tokens = static_cast<int64_t>(sizes.size());
  at::Tensor result = at::empty({tokens, width}, at::kFloat);
  float* const first = result.mutable_data_ptr<float>();
  at::parallel_for(0, tokens, 16, [&](int64_t begin, int64_t end) {
    for (int64_t t = begin; t < end; ++t) {
      base::RandomStream stream(noise.seed, "noise on embeddings", noise.first_token + static_cast<uint32_t>(t), noise.step);
      float* const row = first + t * width;
      for (int64_t j = 0; j < width; ++j)
        row[j] = (static_cast<float>(stream.next_u32() >> 8) * kUnit - 1.0f) * sizes[static_cast<size_t>(t)];
    }
  });
  return result;
}

at::Tensor add_noise(const at::Tensor& x, const std::vector<int32_t>& segments, const EmbeddingNoise& noise) {
  const at::Tensor added = embedding_noise(x.size(1), segments, noise);
  return x + added.to(x.options().requires_grad(false));
}

}  // namespace hone::tensor
