// Models in four bits against transformers with bitsandbytes (tests/golden/generate_nf4.py): which layers are quantised, from
// which values, and what the whole then computes.
#include <gtest/gtest.h>

#include "model/forward.h"
#include "model/load.h"
#include "tensor/files.h"
#include "tests/support/shared.h"

namespace hone::model {
namespace {

class FourBitModels : public ::testing::TestWithParam<std::string> {};

TEST_P(FourBitModels, HaveTheLogitsOfTransformersWithBitsAndBytes) {
  const auto fixtures = test::fixtures();
  if (!fixtures) GTEST_SKIP() << "no fixtures: set HONE_SOURCE";
  const std::filesystem::path folder = *fixtures / "models" / GetParam();
  const at::Tensor expected = tensor::read_tensors(*fixtures / "nf4/nf4.safetensors").tensors.at(GetParam() + ".logits");
  const at::Tensor ids = tensor::read_tensors(folder / "reference.safetensors").tensors.at("input_ids");
  const Model model = load_model(folder, {.four_bits = tensor::Nf4Options{}});
  for (int64_t row = 0; row < ids.size(0); ++row) {
    std::vector<int32_t> text;
    for (int64_t i = 0; i < ids.size(1); ++i) text.push_back(ids[row][i].item<int32_t>());
    const at::NoGradGuard no_grad;
    // float32 sums in another order. Two codes of scales on the other side of a midpoint move llama_biased by 5e-5.
    EXPECT_LT((logits(model, to_device(text, model)) - expected[row]).abs().max().item<double>(), 2e-5) << row;
  }
}

INSTANTIATE_TEST_SUITE_P(Fixtures, FourBitModels,
                         ::testing::Values("llama_biased", "qwen2_free", "qwen3_tied", "mistral_half_shards"),
                         [](const auto& name) { return name.param; });

}  // namespace
}  // namespace hone::model
