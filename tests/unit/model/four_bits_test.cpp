// Models whose layers hold their matrices in four bits, and weights in float16.
#include <gtest/gtest.h>

#include "base/error.h"
#include "model/adapters.h"
#include "model/forward.h"
#include "model/generate.h"
#include "model/linear.h"
#include "model/load.h"
#include "model/merge.h"
#include "model/save.h"
#include "support/shared.h"
#include "tensor/files.h"

namespace hone::model {
namespace {

formats::ModelConfig shape_with_biases() {
  formats::ModelConfig config;
  config.family = formats::Family::qwen2;
  config.qkv_bias = true;
  config.vocabulary_size = 60;
  config.hidden_size = 40;  // rows end in the middle of blocks
  config.intermediate_size = 72;
  config.layers = 2;
  config.heads = 4;
  config.kv_heads = 2;
  config.head_dim = 10;
  config.max_positions = 32;
  config.initializer_range = 0.3;
  config.eos_ids = {2};
  return config;
}

Model in_four_bits(at::ScalarType dtype = at::kFloat, tensor::Nf4Options options = {}) {
  return random_model(shape_with_biases(), 5, {.dtype = dtype, .four_bits = options});
}

/// The same values in plain layers.
Model dense_copy(const Model& model) {
  Model dense = model;
  visit_linears(dense, [](const std::string&, Linear& linear) { linear.weight = Dense{dense_weight(linear)}; });
  return dense;
}

DeviceBatch some_batch(const Model& model) {
  return to_device({.ids = {1, 2, 3, 4, 5, 9, 11}, .targets = {2, 3, -100, 5, 6, 11, 7}, .segments = {4, 3}}, model);
}

double largest(const at::Tensor& a, const at::Tensor& b) {
  return (a.to(at::kDouble) - b.to(at::kDouble)).abs().max().item<double>();
}

TEST(FourBits, AreTheSevenMatricesOfEveryLayerAndNothingElse) {
  const Model plain = random_model(shape_with_biases(), 5, {}), small = in_four_bits();
  size_t matrices = 0;
  visit_linears(small, [&](const std::string& name, const Linear& linear) {
    EXPECT_TRUE(std::holds_alternative<tensor::Nf4Weight>(linear.weight)) << name;
    ++matrices;
  });
  EXPECT_EQ(matrices, 14u);
  std::map<std::string, at::Tensor> expected;
  visit_parameters(plain, [&](const std::string& name, const at::Tensor& tensor) { expected[name] = tensor; });
  visit_parameters(small, [&](const std::string& name, const at::Tensor& tensor) {
    EXPECT_TRUE(at::equal(tensor, expected.at(name))) << name;
    expected.erase(name);
  });
  EXPECT_EQ(expected.size(), 14u);
  for (const auto& [name, tensor] : expected) EXPECT_TRUE(name.ends_with("_proj.weight")) << name;
}

TEST(FourBits, ReadFromAFolderAsTheyAreMadeFromValues) {
  const test::TempDir folder;
  save_model(random_model(shape_with_biases(), 5, {}), folder.path(), {});
  const Model read = load_model(folder.path(), {.four_bits = tensor::Nf4Options{}}), made = in_four_bits();
  EXPECT_EQ(largest(logits(read, some_batch(read)), logits(made, some_batch(made))), 0.0);
}

TEST(FourBits, ComputeWhatPlainLayersOfTheSameValuesCompute) {
  for (const auto& [dtype, tolerance] : {std::pair{at::kFloat, 2e-5}, {at::kBFloat16, 0.1}})  // float32 noise; roundings to bfloat16
    for (const bool double_quant : {false, true}) {
      const Model small = in_four_bits(dtype, {.block_size = 32, .double_quant = double_quant}), dense = dense_copy(small);
      EXPECT_LT(largest(logits(small, some_batch(small)), logits(dense, some_batch(dense))), tolerance);
    }
}

formats::AdapterConfig adapter_config(bool dora) {
  formats::AdapterConfig config;
  config.r = 4;
  config.alpha = 8;
  config.dropout = 0.25;
  config.use_dora = dora;
  config.targets.expression = "all-linear";
  return config;
}

TEST(FourBits, AdaptersGetTheGradientsThatTheyGetBesidePlainLayers) {
  for (const bool dora : {false, true})
    for (const bool checkpoint : {false, true}) {
      Model small = in_four_bits(), dense = dense_copy(small);
      std::map<std::string, at::Tensor> gradients;
      for (Model* model : {&small, &dense}) {
        add_adapter(*model, adapter_config(dora), 3);
        visit_trained(*model, [&](const std::string& name, at::Tensor& tensor) {
          if (name.ends_with("lora_B.weight")) tensor.fill_(0.05);  // at zero, A would have no gradient
        });
        set_trainable(*model, true);
        const ForwardOptions options{.checkpoint_activations = checkpoint, .noise = NoiseKey{.seed = 1, .step = 2, }};
        backward(loss(*model, some_batch(*model), options), 1.0);
        visit_trained(*model, [&](const std::string& name, at::Tensor& tensor) {
          ASSERT_TRUE(tensor.grad().defined()) << name;
          if (model == &small)
            gradients[name] = tensor.grad();
          else
            EXPECT_LT(largest(gradients.at(name), tensor.grad()), 1e-4 * (1 + tensor.grad().abs().max().item<double>())) << name;
        });
      }
      EXPECT_GT(gradients.size(), 14u);
    }
}

TEST(FourBits, WriteTextAsPlainLayersOfTheSameValues) {
  const Model small = in_four_bits(), dense = dense_copy(small);
  GenerateOptions options;
  options.max_new_tokens = 10;
  const std::vector<int32_t> prompt = {1, 7, 9};
  EXPECT_EQ(generate(small, prompt, options).ids, generate(dense, prompt, options).ids);
}

TEST(FourBits, MergeIntoWhatTheBaseComputedWithNotIntoWhatItWas) {
  Model small = in_four_bits();
  add_adapter(small, adapter_config(false), 3);
  visit_trained(small, [&](const std::string&, at::Tensor& tensor) { tensor.normal_(0.0, 0.05); });
  const test::TempDir folder;
  save_model(small, folder.path(), {});
  const Model merged = load_model(folder.path(), {});
  EXPECT_LT(largest(logits(small, some_batch(small)), logits(merged, some_batch(merged))), 5e-5);
}

TEST(FourBits, ADamagedMatrixIsRefusedByFolderAndName) {
  Model model = random_model(shape_with_biases(), 5, {});
  std::get<Dense>(model.layers[1].up.weight).weight[3][5] = std::nan("");
  const test::TempDir folder;
  save_model(model, folder.path(), {});
  try {
    load_model(folder.path(), {.four_bits = tensor::Nf4Options{}});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::data);
    EXPECT_NE(std::string(error.what()).find(folder.path().string()), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("layers.1.mlp.up_proj.weight"), std::string::npos) << error.what();
  }
}

TEST(Float16, IsReadAndWrittenWithinItsRange) {
  Model model = random_model(shape_with_biases(), 5, {});
  model.norm[0] = 65504.0;  // the largest
  const test::TempDir folder;
  save_model(model, folder.path(), {.dtype = at::kHalf});
  EXPECT_EQ(tensor::read_tensors(folder / "model.safetensors").tensors.at("model.norm.weight").scalar_type(), at::kHalf);
  const Model wide = load_model(folder.path(), {}), half = load_model(folder.path(), {.dtype = at::kBFloat16});
  EXPECT_EQ(wide.norm[0].item<double>(), 65504.0);
  EXPECT_TRUE(at::equal(wide.embedding, model.embedding.to(at::kHalf).to(at::kFloat)));
  EXPECT_TRUE(at::equal(half.embedding, model.embedding.to(at::kHalf).to(at::kBFloat16)));
}

TEST(Float16, ThatWouldOverflowIsRefusedByName) {
  Model model = random_model(shape_with_biases(), 5, {});
  model.layers[0].input_norm[7] = 70000.0;
  const test::TempDir folder;
  try {
    save_model(model, folder.path(), {.dtype = at::kHalf});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::data);
    EXPECT_NE(std::string(error.what()).find("model.layers.0.input_layernorm.weight"), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("70000"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace hone::model
