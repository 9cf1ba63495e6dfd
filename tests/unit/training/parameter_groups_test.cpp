#include "training/parameter_groups.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "tests/unit/training/tiny_world.h"
#include "training/optimizer.h"

namespace hone::training {
namespace {

using ::testing::HasSubstr;

std::map<std::string, TrainedParameter> parameters_by_name(const recipe::TrainingOptions& options) {
  model::Model model = model::random_model(test::tiny_shape(), 5, {});
  std::map<std::string, TrainedParameter> by_name;
  for (TrainedParameter& p : trained_parameters(model, options)) by_name.emplace(p.name, p);
  return by_name;
}

std::string complaint_of(const recipe::TrainingOptions& options) {
  try {
    parameters_by_name(options);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::usage);
    return error.what();
  }
  ADD_FAILURE() << "no error";
  return {};
}

TEST(ParameterGroups, NormsAreSparedUnlessAllDecays) {
  recipe::TrainingOptions options;
  options.weight_decay = 0.3;
  auto matrices = parameters_by_name(options);
  EXPECT_EQ(matrices.at("model.norm.weight").weight_decay, 0.0);
  EXPECT_EQ(matrices.at("model.layers.0.mlp.up_proj.weight").weight_decay, 0.3);
  options.weight_decay_on = recipe::DecayOn::all;
  EXPECT_EQ(parameters_by_name(options).at("model.norm.weight").weight_decay, 0.3);
}

TEST(ParameterGroups, TheFirstThatMatchesCountsAndSetsOnlyWhatItNames) {
  recipe::TrainingOptions options;
  options.learning_rate = 1e-3;
  options.weight_decay = 0.1;
  options.parameter_groups = {{.match = "model.layers.0.*", .learning_rate = 5e-4, .weight_decay = {}},
                              {.match = "*norm*", .learning_rate = 7e-4, .weight_decay = 0.05},
                              {.match = "*.embed_tokens.*", .learning_rate = {}, .weight_decay = 0.0}};
  const auto parameters = parameters_by_name(options);
  const auto expect = [&](const std::string& name, double rate, double decay) {
    EXPECT_EQ(parameters.at(name).learning_rate, rate) << name;
    EXPECT_EQ(parameters.at(name).weight_decay, decay) << name;
  };
  expect("model.layers.0.mlp.up_proj.weight", 5e-4, 0.1);
  expect("model.layers.0.input_layernorm.weight", 5e-4, 0.0);
  expect("model.layers.1.input_layernorm.weight", 7e-4, 0.05);
  expect("model.norm.weight", 7e-4, 0.05);
  expect("model.embed_tokens.weight", 1e-3, 0.0);
  expect("model.layers.1.mlp.up_proj.weight", 1e-3, 0.1);
}

TEST(ParameterGroups, AGroupThatMatchesNothingIsAnErrorAtItsKeyWithTheNearestName) {
  recipe::TrainingOptions options;
  options.parameter_groups = {{.match = "*norm*", .learning_rate = 1e-3, .weight_decay = {}},
                              {.match = "model.embed_token.weight", .learning_rate = 1e-3, .weight_decay = {}}};
  EXPECT_THAT(complaint_of(options), HasSubstr("training.parameter_groups.1.match"));
  EXPECT_THAT(complaint_of(options), HasSubstr("did you mean model.embed_tokens.weight?"));
  options.parameter_groups[1].match = "model.norm.*";
  EXPECT_THAT(complaint_of(options), HasSubstr("already in a group before it"));
}

TEST(ParameterGroups, MuonTrainsTheMatricesOfLayersAtItsOwnRate) {
  recipe::TrainingOptions options;
  options.optimizer = recipe::OptimizerKind::muon;
  options.muon.learning_rate = 0.05;
  const auto parameters = parameters_by_name(options);
  EXPECT_EQ(parameters.at("model.layers.1.self_attn.q_proj.weight").learning_rate, 0.05);
  EXPECT_EQ(parameters.at("model.embed_tokens.weight").learning_rate, options.learning_rate);
  EXPECT_EQ(parameters.at("model.layers.1.input_layernorm.weight").learning_rate, options.learning_rate);
}

TEST(ParameterGroups, LoraPlusRaisesTheRateOfBAlone) {
  recipe::TrainingOptions options;
  options.learning_rate = 1e-4;
  options.loraplus_lr_ratio = 16;
  model::Model model = model::random_model(test::tiny_shape(), 5, {});
  model::visit_linears(model, [](const std::string&, model::Linear& linear) {
    linear.adapter.emplace();
    linear.adapter->a = at::randn({4, std::get<model::Dense>(linear.weight).weight.size(1)});
    linear.adapter->b = at::zeros({std::get<model::Dense>(linear.weight).weight.size(0), 4});
  });
  int of_a = 0, of_b = 0;
  for (const TrainedParameter& p : trained_parameters(model, options)) {
    const bool is_b = p.name.find("lora_B") != std::string::npos;
    if (p.name.find("lora_") == std::string::npos) continue;
    EXPECT_DOUBLE_EQ(p.learning_rate, is_b ? 1.6e-3 : 1e-4) << p.name;
    ++(is_b ? of_b : of_a);
  }
  EXPECT_EQ(of_a, 14);
  EXPECT_EQ(of_b, 14);
}

TEST(Optimizer, EachKindKeepsWhatItsRuleNeeds) {
  const auto tensors_of = [](recipe::OptimizerKind kind, double ema_decay) {
    model::Model model = model::random_model(test::tiny_shape(), 5, {});
    recipe::TrainingOptions options;
    options.optimizer = kind;
    options.ema_decay = ema_decay;
    std::map<std::string, int> kinds;
    for (const auto& [name, tensor] : Optimizer(model, options).state()) ++kinds[name.substr(0, name.find('.'))];
    return kinds;
  };
  // 2 layers of 7 matrices and 2 norms, the embedding, the last norm
  EXPECT_EQ(tensors_of(recipe::OptimizerKind::adamw, 0), (std::map<std::string, int>{{"first_moment", 20}, {"second_moment", 20}}));
  EXPECT_EQ(tensors_of(recipe::OptimizerKind::lion, 0.9), (std::map<std::string, int>{{"momentum", 20}, {"trained", 20}}));
  EXPECT_EQ(tensors_of(recipe::OptimizerKind::muon, 0),
            (std::map<std::string, int>{{"momentum", 14}, {"first_moment", 6}, {"second_moment", 6}}));
}

TEST(Optimizer, SaysItsGroups) {
  model::Model model = model::random_model(test::tiny_shape(), 5, {});
  recipe::TrainingOptions options;
  options.weight_decay = 0.1;
  const nlohmann::json facts = Optimizer(model, options).facts();
  EXPECT_EQ(facts["optimizer"], "adamw");
  ASSERT_EQ(facts["groups"].size(), 2u);
  EXPECT_EQ(facts["groups"][1]["weight_decay"], 0.0);
  EXPECT_EQ(facts["groups"][1]["parameters"], 5);
}

}  // namespace
}  // namespace hone::training
