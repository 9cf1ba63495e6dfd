#include <gtest/gtest.h>

#include "base/error.h"
#include "base/files.h"
#include "model/forward.h"
#include "model/generate.h"
#include "model/load.h"
#include "model/save.h"
#include "support/shared.h"
#include "tensor/files.h"

namespace hone::model {
namespace {

formats::ModelConfig small_shape() {
  formats::ModelConfig config;
  config.vocabulary_size = 50;
  config.hidden_size = 16;
  config.intermediate_size = 24;
  config.layers = 2;
  config.heads = 4;
  config.kv_heads = 2;
  config.head_dim = 4;
  config.max_positions = 32;
  config.initializer_range = 0.5;
  config.eos_ids = {2};
  return config;
}

const std::vector<int32_t> kPrompt = {1, 7, 9};

std::map<std::string, at::Tensor> parameters_of(const Model& model) {
  std::map<std::string, at::Tensor> parameters;
  visit_parameters(model,
                   [&](const std::string& name, const at::Tensor& tensor) { parameters[name] = tensor; });
  return parameters;
}

void expect_equal(const Model& a, const Model& b) {
  const auto other = parameters_of(b);
  for (const auto& [name, tensor] : parameters_of(a)) EXPECT_TRUE(at::equal(tensor, other.at(name))) << name;
}

/// Loading `folder` must fail with Error(data) that has `words` in it.
void expect_refused(const std::filesystem::path& folder, const std::string& words) {
  try {
    load_model(folder, {});
    FAIL() << "accepted; expected: " << words;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::data);
    EXPECT_NE(std::string(error.what()).find(words), std::string::npos) << error.what();
  }
}

TEST(Model, ParametersAreThoseTheConfigImplies) {
  const Model model = random_model(small_shape(), 1, {});
  std::vector<formats::ParameterShape> expected = formats::model_parameters(model.config);
  size_t index = 0;
  visit_parameters(model, [&](const std::string& name, const at::Tensor& tensor) {
    ASSERT_LT(index, expected.size());
    EXPECT_EQ(name, expected[index].name);
    EXPECT_EQ(tensor.sizes().vec(), expected[index].shape);
    ++index;
  });
  EXPECT_EQ(index, expected.size());
}

TEST(Model, NormsOfQueriesAndKeysAreParametersWhereTheConfigSaysSo) {
  formats::ModelConfig shape = small_shape();
  const int64_t plain = formats::parameter_count(shape);
  shape.family = formats::Family::qwen3;
  shape.qk_norm = true;
  EXPECT_EQ(formats::parameter_count(shape), plain + 2 * shape.layers * shape.head_dim);
  std::vector<std::string> names;
  const Model model = random_model(shape, 1, {});
  visit_parameters(model, [&](const std::string& name, const at::Tensor&) { names.push_back(name); });
  std::vector<std::string> expected;
  for (const auto& parameter : formats::model_parameters(shape)) expected.push_back(parameter.name);
  EXPECT_EQ(names, expected);
  EXPECT_TRUE(at::equal(model.layers[0].query_norm, at::ones({shape.head_dim})));
}

TEST(RandomModel, FollowsFromShapeAndSeedAlone) {
  expect_equal(random_model(small_shape(), 1, {}), random_model(small_shape(), 1, {}));
  EXPECT_FALSE(
      at::equal(random_model(small_shape(), 1, {}).embedding, random_model(small_shape(), 2, {}).embedding));
  formats::ModelConfig deeper = small_shape();
  deeper.layers = 3;
  EXPECT_TRUE(at::equal(random_model(small_shape(), 1, {}).embedding, random_model(deeper, 1, {}).embedding));
  EXPECT_NEAR(random_model(small_shape(), 1, {}).embedding.std().item<double>(), 0.5, 0.05);
}

TEST(SavedModel, ReadsBackAsItselfInOneFileOrManyShards) {
  const Model model = random_model(small_shape(), 1, {});
  for (const uint64_t most : {UINT64_C(1) << 30, UINT64_C(3000)}) {
    const test::TempDir folder;
    save_model(model, folder.path(), {.max_shard_bytes = most});
    EXPECT_EQ(std::filesystem::exists(folder / "model.safetensors.index.json"), most == 3000);
    const Model read = load_model(folder.path(), {});
    expect_equal(model, read);
    EXPECT_EQ(formats::model_parameters(read.config).size(), formats::model_parameters(model.config).size());
    EXPECT_EQ(read.config.eos_ids, model.config.eos_ids);
  }
}

TEST(SavedModel, TakesOtherValuesAndDtypesWhenAsked) {
  const Model model = random_model(small_shape(), 1, {});
  const test::TempDir folder;
  const at::Tensor other = at::full_like(model.norm, 3.0);
  save_model(model, folder.path(), {.dtype = at::kBFloat16, .value_of = [&](const std::string& name) {
                                      return name == "model.norm.weight" ? other : at::Tensor();
                                    }});
  EXPECT_EQ(tensor::read_tensors(folder / "model.safetensors").tensors.at("model.norm.weight").scalar_type(),
            at::kBFloat16);
  const Model read = load_model(folder.path(), {});
  EXPECT_TRUE(at::equal(read.norm, other));
  EXPECT_TRUE(at::equal(read.embedding, model.embedding.to(at::kBFloat16).to(at::kFloat)));
}

TEST(LoadedModel, WeightsThatDoNotFitTheConfigAreNamed) {
  const Model model = random_model(small_shape(), 1, {});
  const test::TempDir folder;
  save_model(model, folder.path(), {});
  const auto rewrite = [&](const std::function<void(std::map<std::string, at::Tensor>&)>& change) {
    auto parameters = parameters_of(model);
    change(parameters);
    tensor::write_tensors(folder / "model.safetensors", {parameters.begin(), parameters.end()});
  };
  rewrite([](auto& parameters) { parameters.erase("model.norm.weight"); });
  expect_refused(folder.path(), "lack \"model.norm.weight\"");
  rewrite([](auto& parameters) { parameters["model.norm.weight"] = at::ones({17}); });
  expect_refused(folder.path(), "has shape [17]");
  rewrite([](auto& parameters) { parameters["model.norm.weight"] = at::ones({16}, at::kLong); });
  expect_refused(folder.path(), "floating-point");
  rewrite([](auto& parameters) { parameters["model.layers.0.self_attn.q_norm.weight"] = at::ones({4}); });
  expect_refused(folder.path(), "q_norm");
  rewrite(
      [](auto& parameters) { parameters["model.layers.0.self_attn.rotary_emb.inv_freq"] = at::ones({2}); });
  EXPECT_NO_THROW(load_model(folder.path(), {}));
  base::write_file(folder / "model.safetensors", "short");
  expect_refused(folder.path(), "model.safetensors");
}

TEST(Batches, ThatDoNotFitAreRefused) {
  const Model model = random_model(small_shape(), 1, {});
  const auto refused = [&](const dataset::Batch& batch) { EXPECT_THROW(to_device(batch, model), Error); };
  refused({});
  refused({.ids = {1, 2}, .targets = {2, 3}, .segments = {1}});
  refused({.ids = {1, 2}, .targets = {2, 3}, .segments = {3, -1}});
  refused({.ids = {1, 50}, .targets = {2, 3}, .segments = {2}});
  refused({.ids = {1, -1}, .targets = {2, 3}, .segments = {2}});
  refused({.ids = {1, 2}, .targets = {2, 50}, .segments = {2}});
  refused({.ids = {1, 2}, .targets = {2}, .segments = {2}});
  EXPECT_EQ(to_device({.ids = {1, 2}, .targets = {2, -100}, .segments = {2}}, model).trained, 1);
}

TEST(Loss, CheckpointedActivationsChangeNothing) {
  Model model = random_model(small_shape(), 1, {});
  set_trainable(model, true);
  const DeviceBatch batch =
      to_device({.ids = {1, 2, 3, 4, 5}, .targets = {2, 3, -100, 5, 6}, .segments = {3, 2}}, model);
  std::map<std::string, at::Tensor> plain;
  for (const bool checkpoint : {false, true}) {
    backward(loss(model, batch, {.checkpoint_activations = checkpoint}), 0.25);
    visit_parameters(model, [&](const std::string& name, at::Tensor& parameter) {
      if (checkpoint) {
        EXPECT_TRUE(at::equal(parameter.grad(), plain.at(name))) << name;
      }
      plain[name] = parameter.grad();
      parameter.mutable_grad() = at::Tensor();
    });
  }
}

TEST(Loss, AFrozenEmbeddingDoesNotSilenceTheLayers) {
  Model model = random_model(small_shape(), 1, {});
  set_trainable(model, true);
  model.embedding.requires_grad_(false);
  for (const bool checkpoint : {false, true}) {
    visit_parameters(
        model, [](const std::string&, at::Tensor& parameter) { parameter.mutable_grad() = at::Tensor(); });
    backward(loss(model, to_device({.ids = {1, 2}, .targets = {2, 3}, .segments = {2}}, model),
                  {.checkpoint_activations = checkpoint}),
             1.0);
    visit_parameters(model, [&](const std::string& name, at::Tensor& parameter) {
      EXPECT_EQ(parameter.grad().defined(), name != "model.embed_tokens.weight") << name;
    });
  }
}

TEST(Generation, WithCacheEqualsTheWholeForwardPassEachTime) {
  const Model model = random_model(small_shape(), 3, {});
  GenerateOptions options;
  options.max_new_tokens = 12;
  options.stop_ids = {49};
  std::vector<int32_t> ids = kPrompt;
  for (const int32_t id : generate(model, kPrompt, options).ids) {
    const at::NoGradGuard no_grad;
    EXPECT_EQ(id, logits(model, to_device(ids, model))
                      .select(0, static_cast<int64_t>(ids.size()) - 1)
                      .argmax()
                      .item<int64_t>());
    ids.push_back(id);
  }
}

TEST(Generation, SlidingLayersForgetNothingTheySee) {
  formats::ModelConfig shape = small_shape();
  shape.family = formats::Family::qwen3;
  shape.qk_norm = true;
  shape.max_positions = 64;
  shape.sliding_layers = {true, false};
  GenerateOptions options;
  options.max_new_tokens = 20;
  options.stop_ids = {49};
  for (const int64_t window : {1, 2, 3, 7}) {  // room for twice the window: the cache is moved many times
    shape.sliding_window = window;
    const Model model = random_model(shape, 3, {});
    for (const size_t prompt : {1, 2, 5, 16, 17}) {
      std::vector<int32_t> ids;
      for (size_t i = 0; i < prompt; ++i) ids.push_back(static_cast<int32_t>((i * 7 + prompt) % 48));
      for (const int32_t id : generate(model, std::vector<int32_t>(ids), options).ids) {
        const at::NoGradGuard no_grad;
        const at::Tensor last = logits(model, to_device(ids, model)).select(0, static_cast<int64_t>(ids.size()) - 1);
        EXPECT_EQ(id, last.argmax().item<int64_t>()) << "window " << window << ", prompt " << prompt;
        ids.push_back(id);
      }
    }
  }
}

TEST(Generation, SamplingFollowsFromItsSeed) {
  const Model model = random_model(small_shape(), 3, {});
  GenerateOptions options{
      .max_new_tokens = 12, .temperature = 1.5, .top_p = 0.9, .seed = 5, .stop_ids = {49}};
  const std::vector<int32_t> first = generate(model, kPrompt, options).ids;
  EXPECT_EQ(first, generate(model, kPrompt, options).ids);
  options.seed = 6;
  EXPECT_NE(first, generate(model, kPrompt, options).ids);
  options.top_p = 1e-9;  // leaves only the likeliest
  GenerateOptions greedy{.max_new_tokens = 12, .stop_ids = {49}};
  EXPECT_EQ(generate(model, kPrompt, options).ids, generate(model, kPrompt, greedy).ids);
}

TEST(Generation, WritesOnlyIdsOfTheVocabularyWhenTheModelHasMoreRows) {
  const Model model = random_model(small_shape(), 3, {});
  GenerateOptions options;
  options.max_new_tokens = 20;
  options.temperature = 5.0;
  options.stop_ids = {49};
  options.vocabulary_size = 5;
  for (const int32_t id : generate(model, kPrompt, options).ids) EXPECT_LT(id, 5);
}

TEST(Generation, EndsForTheReasonItSays) {
  const Model model = random_model(small_shape(), 3, {});
  GenerateOptions options{.max_new_tokens = 5, .stop_ids = {49}};
  const Generated whole = generate(model, kPrompt, options);
  EXPECT_EQ(whole.reason, StopReason::length);
  ASSERT_EQ(whole.ids.size(), 5u);
  int seen = 0;
  EXPECT_EQ(generate(model, kPrompt, options, [&](int32_t) { return ++seen < 2; }).reason,
            StopReason::cancelled);
  EXPECT_EQ(seen, 2);
  options.stop_ids = {whole.ids[0]};
  EXPECT_EQ(generate(model, kPrompt, options).reason, StopReason::stop_id);
  EXPECT_EQ(generate(model, kPrompt, options).ids.size(), 1u);
  options.stop_ids = {49};
  options.max_new_tokens = 1000;
  const Generated full = generate(model, kPrompt, options);
  EXPECT_TRUE(full.reason == StopReason::context || full.reason == StopReason::stop_id);
  EXPECT_LE(full.ids.size() + kPrompt.size(), 32u);
  EXPECT_THROW(generate(model, std::vector<int32_t>{}, options), Error);
  EXPECT_THROW(generate(model, std::vector<int32_t>{50}, options), Error);
  EXPECT_THROW(generate(model, std::vector<int32_t>(32, 1), options), Error);
}

}  // namespace
}  // namespace hone::model
