// What adapters promise beside the figures of PEFT: where they begin, what is random and from what, what is frozen, and what
// folders that do not fit are refused with.
#include "model/adapters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/files.h"
#include "base/json_file.h"
#include "model/forward.h"
#include "model/freeze.h"
#include "model/load.h"
#include "model/merge.h"
#include "model/vocabulary.h"
#include "support/shared.h"

namespace hone::model {
namespace {

using ::testing::HasSubstr;

formats::ModelConfig small_shape(bool tied = false) {
  formats::ModelConfig config;
  config.vocabulary_size = 50;
  config.hidden_size = 16;
  config.intermediate_size = 24;
  config.layers = 2;
  config.heads = 4;
  config.kv_heads = 2;
  config.head_dim = 4;
  config.max_positions = 64;
  config.initializer_range = 0.2;
  config.tied_embeddings = tied;
  return config;
}

formats::AdapterConfig lora(bool dora = false, double dropout = 0.0) {
  formats::AdapterConfig config;
  config.r = 3;
  config.alpha = 6;
  config.dropout = dropout;
  config.use_dora = dora;
  config.targets.expression = "all-linear";
  return config;
}

/// A random model with an adapter whose B is not zero and whose magnitudes are off their norms.
Model adapted(const formats::AdapterConfig& config, at::ScalarType dtype = at::kFloat, bool tied = false) {
  Model model = random_model(small_shape(tied), 1, {.dtype = dtype});
  add_adapter(model, config, 7);
  const at::NoGradGuard no_grad;
  visit_linears(model, [](const std::string&, Linear& linear) {
    if (!linear.adapter) return;
    linear.adapter->b = at::arange(linear.adapter->b.numel(), at::kFloat).sin().mul(0.1).view_as(linear.adapter->b);
    if (linear.adapter->magnitude.defined()) linear.adapter->magnitude.mul_(1.1);
  });
  return model;
}

DeviceBatch some_batch(const Model& model) {
  return to_device({.ids = {1, 2, 3, 4, 5, 9}, .targets = {2, 3, -100, 5, 6, 7}, .segments = {4, 2}}, model);
}

std::string refusal(const std::function<void()>& work, ExitCode code) {
  try {
    work();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code) << error.what();
    return error.what();
  }
  ADD_FAILURE() << "no error";
  return "";
}

TEST(Adapters, ANewOneChangesNothingAndDrawsFromItsSeedAlone) {
  const at::NoGradGuard no_grad;
  for (const bool dora : {false, true}) {
    Model base = random_model(small_shape(), 1, {}), one = random_model(small_shape(), 1, {}), other = random_model(small_shape(), 1, {});
    add_adapter(one, lora(dora), 7);
    add_adapter(other, lora(dora), 8);
    const at::Tensor expected = logits(base, some_batch(base));
    EXPECT_LT((logits(one, some_batch(one)) - expected).abs().max().item<double>(), dora ? 1e-5 : 1e-30);
    const Adapter &first = *one.layers[0].query.adapter, &second = *one.layers[1].query.adapter;
    EXPECT_LE(first.a.abs().max().item<double>(), 0.25);  // 1 / √16
    EXPECT_GT(first.a.abs().max().item<double>(), 0.2);
    EXPECT_FALSE(at::equal(first.a, second.a));
    EXPECT_FALSE(at::equal(first.a, other.layers[0].query.adapter->a));
  }
}

TEST(Adapters, OnlyWhatIsTrainedIsWalkedAndGetsGradients) {
  formats::AdapterConfig config = lora(true);
  config.targets = {.names = {"q_proj", "up_proj"}, .expression = {}};
  config.modules_to_save = {"lm_head"};
  Model model = adapted(config);
  set_trainable(model, true);
  backward(loss(model, some_batch(model)), 1.0);
  std::vector<std::string> names;
  visit_trained(model, [&](const std::string& name, at::Tensor& tensor) {
    names.push_back(name);
    EXPECT_TRUE(tensor.grad().defined()) << name;
  });
  EXPECT_EQ(names.size(), 1 + 2 * 2 * 3);
  EXPECT_EQ(names.front(), "lm_head.weight");
  EXPECT_EQ(names[3], "model.layers.0.self_attn.q_proj.lora_magnitude_vector");
  visit_parameters(model, [](const std::string& name, at::Tensor& tensor) {
    EXPECT_EQ(tensor.grad().defined(), name == "lm_head.weight") << name;
  });
}

TEST(Adapters, GradientsOfAWholeModelAgreeWithFiniteDifferences) {
  // In double; with dropout, so that DoRA's second product is there. DoRA's norm is a constant in the backward pass: magnitudes are checked.
  Model model = random_model(small_shape(), 1, {.dtype = at::kDouble});
  add_adapter(model, lora(true, 0.3), 7);
  visit_linears(model, [](const std::string&, Linear& linear) {
    Adapter& adapter = *linear.adapter;
    adapter.a = adapter.a.to(at::kDouble);
    adapter.b = at::arange(adapter.b.numel(), at::kDouble).sin().mul(0.1).view_as(adapter.b);
    adapter.magnitude = adapter.magnitude.to(at::kDouble).mul(1.1);
  });
  set_trainable(model, true);
  const DeviceBatch batch = some_batch(model);
  const ForwardOptions options{.noise = NoiseKey{.seed = 3, .step = 4}};
  backward(loss(model, batch, options), 1.0);
  const at::NoGradGuard no_grad;
  for (Linear* linear : {&model.layers[0].query, &model.layers[1].down}) {
    at::Tensor flat = linear->adapter->magnitude.detach();
    for (int64_t i = 0; i < flat.numel(); i += 3) {
      const double kept = flat[i].item<double>(), step = 1e-5;
      flat[i] = kept + step;
      const double above = loss(model, batch, options).nll_sum.item<double>();
      flat[i] = kept - step;
      const double below = loss(model, batch, options).nll_sum.item<double>();
      flat[i] = kept;
      EXPECT_NEAR(linear->adapter->magnitude.grad()[i].item<double>(), (above - below) / (2 * step), 1e-6);
    }
  }
}

TEST(Adapters, DropoutIsTheSameAgainAndWhenLayersAreComputedTwice) {
  for (const bool dora : {false, true}) {
    Model model = adapted(lora(dora, 0.4));
    set_trainable(model, true);
    const DeviceBatch batch = some_batch(model);
    const NoiseKey key{.seed = 1, .step = 2};
    std::map<std::string, at::Tensor> plain;
    double first = 0;
    for (const bool checkpoint : {false, true}) {
      const LossSum sum = loss(model, batch, {.checkpoint_activations = checkpoint, .noise = key});
      backward(sum, 1.0);
      if (checkpoint) {
        EXPECT_EQ(sum.nll_sum.item<double>(), first);
      }
      first = sum.nll_sum.item<double>();
      visit_trained(model, [&](const std::string& name, at::Tensor& tensor) {
        if (checkpoint) {
          EXPECT_TRUE(at::equal(tensor.grad(), plain.at(name))) << name;
        }
        plain[name] = tensor.grad();
        tensor.mutable_grad() = at::Tensor();
      });
    }
    const at::NoGradGuard no_grad;
    EXPECT_NE(loss(model, batch, {.noise = NoiseKey{.seed = 1, .step = 3}}).nll_sum.item<double>(), first);
    EXPECT_NE(loss(model, batch).nll_sum.item<double>(), first) << "without a key nothing is dropped";
  }
}

TEST(Adapters, OfABfloat16BaseStayFloat32AndMergeLikeFloat32) {
  Model model = adapted(lora(true), at::kBFloat16);
  set_trainable(model, true);
  backward(loss(model, some_batch(model)), 1.0);
  visit_trained(model, [](const std::string& name, at::Tensor& tensor) {
    EXPECT_EQ(tensor.scalar_type(), at::kFloat) << name;
    EXPECT_EQ(tensor.grad().scalar_type(), at::kFloat) << name;
  });
  const at::NoGradGuard no_grad;
  const Model merged = merged_model(model);
  widen(model);
  EXPECT_LT((logits(merged, some_batch(merged)) - logits(model, some_batch(model))).abs().max().item<double>(), 1e-4);
}

TEST(Adapters, ATiedPairStaysTiedWhicheverOfTheTwoIsNamed) {
  for (const char* module : {"embed_tokens", "lm_head"}) {
    formats::AdapterConfig config = lora();
    config.modules_to_save = {module};
    Model model = adapted(config, at::kFloat, true);
    EXPECT_FALSE(model.head.defined());
    const test::TempDir folder;
    save_adapter(model, folder.path());
    const auto stored = tensor::read_tensors(folder / "adapter_model.safetensors").tensors;
    EXPECT_TRUE(at::equal(stored.at("base_model.model.lm_head.weight"), stored.at("base_model.model.model.embed_tokens.weight")));
    EXPECT_TRUE(base::read_json(folder / "adapter_config.json").at("ensure_weight_tying").get<bool>());
  }
}

TEST(Adapters, FoldersThatDoNotFitAreRefusedByName) {
  const test::TempDir folder;
  const Model model = adapted(lora(true));
  save_adapter(model, folder.path());
  const auto attempt = [&](const std::function<void(nlohmann::json&)>& change_config, const std::function<void(std::map<std::string, at::Tensor>&)>& change) {
    save_adapter(model, folder.path());
    nlohmann::json config = base::read_json(folder / "adapter_config.json");
    change_config(config);
    base::write_file(folder / "adapter_config.json", base::json_text(config));
    std::map<std::string, at::Tensor> tensors;
    for (const auto& [name, value] : tensor::read_tensors(folder / "adapter_model.safetensors").tensors) tensors[name] = value.clone();
    change(tensors);
    tensor::write_tensors(folder / "adapter_model.safetensors", {tensors.begin(), tensors.end()});
    Model fresh = random_model(small_shape(), 1, {});
    return refusal([&] { load_adapter(fresh, folder.path()); }, ExitCode::data);
  };
  const auto nothing = [](auto&) {};
  const std::string a = "base_model.model.model.layers.1.mlp.up_proj.lora_A.weight";
  EXPECT_THAT(attempt(nothing, [&](auto& t) { t.erase(a); }), HasSubstr("layers.1.mlp.up_proj.lora_A"));
  EXPECT_THAT(attempt(nothing, [&](auto& t) { t[a] = at::ones({2, 16}); }), HasSubstr("[3, 16]"));
  EXPECT_THAT(attempt(nothing, [&](auto& t) { t[a].fill_(NAN); }), HasSubstr("NaN"));
  EXPECT_THAT(attempt(nothing, [&](auto& t) { t["base_model.model.other"] = at::ones({1}); }), HasSubstr("other"));
  EXPECT_THAT(attempt([](auto& c) { c["r"] = 4; }, nothing), HasSubstr("[4, 16]"));
  EXPECT_THAT(attempt([](auto& c) { c["use_dora"] = false; }, nothing), HasSubstr("lora_magnitude_vector"));
  EXPECT_THAT(attempt([](auto& c) { c["target_modules"] = {"nothing_proj"}; }, nothing), HasSubstr("target_modules"));
  EXPECT_THAT(attempt([](auto& c) { c["modules_to_save"] = {"embed_tokens"}; },
                      [](auto& t) { t["base_model.model.model.embed_tokens.weight"] = at::ones({49, 16}); }),
              HasSubstr("49 rows where the base model has 50"));
}

TEST(Freezing, ByGlobsOverNames) {
  Model model = random_model(small_shape(), 1, {});
  freeze(model, {"model.embed_tokens.*", "*.layers.0.*"});
  set_trainable(model, true);
  EXPECT_FALSE(model.embedding.requires_grad());
  EXPECT_FALSE(model.layers[0].input_norm.requires_grad());
  EXPECT_TRUE(model.layers[1].input_norm.requires_grad());
  EXPECT_TRUE(model.head.requires_grad());
  EXPECT_THAT(refusal([&] { freeze(model, {"model.norm.wieght"}); }, ExitCode::usage), HasSubstr("model.norm.weight"));
  EXPECT_THAT(refusal([&] { freeze(model, {"*"}); }, ExitCode::usage), HasSubstr("nothing to train"));
}

TEST(Vocabulary, AddedRowsAreMeansAndPaddingRowsAreTakenFirst) {
  for (const auto dtype : {at::kFloat, at::kBFloat16}) {
    Model model = random_model(small_shape(), 1, {.dtype = dtype});
    const at::Tensor before = model.embedding.clone(), head = model.head.clone();
    add_rows(model, {{.id = 48, .pieces = {3, 4, 9}}, {.id = 51, .pieces = {7}}});
    EXPECT_EQ(model.config.vocabulary_size, 52);
    EXPECT_EQ(model.embedding.size(0), 52);
    EXPECT_TRUE(at::equal(model.embedding.narrow(0, 0, 48), before.narrow(0, 0, 48)));
    EXPECT_TRUE(at::equal(model.embedding[48], ((before[3].to(at::kFloat) + before[4].to(at::kFloat) + before[9].to(at::kFloat)) / 3).to(dtype)));
    EXPECT_TRUE(at::equal(model.embedding[51], before[7]));
    EXPECT_TRUE(at::equal(model.head[51], head[7]));
    EXPECT_THAT(refusal([&] { add_rows(model, {{.id = 52, .pieces = {52}}}); }, ExitCode::data), HasSubstr("52"));
  }
}

}  // namespace
}  // namespace hone::model
