// Ten optimizer steps of each reference model against PyTorch's figures: losses, gradient norms before
// clipping, the loss after the last step and the norm of every parameter. Tolerances are those of the golden
// folder's README.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/json_file.h"
#include "model/forward.h"
#include "model/load.h"
#include "tensor/files.h"
#include "tests/support/shared.h"
#include "training/optimizer.h"
#include "training/passes.h"

namespace hone::training {
namespace {
namespace fs = std::filesystem;
using nlohmann::json;

constexpr double kLossTolerance = 5e-4;  // relative
constexpr double kNormTolerance = 2e-3;  // relative
// Relative, and a fifth of what ten steps of decay move a norm by: the two variants must not be taken for
// each other.
constexpr double kParameterTolerance = 2e-5;

/// Rows [rows, length] of ids and labels as packed segments; labels are those of the ids themselves, shifted
/// here.
dataset::Step step_of(const at::Tensor& ids, const at::Tensor& labels) {
  dataset::Batch batch;
  const auto id = ids.accessor<int64_t, 2>(), label = labels.accessor<int64_t, 2>();
  for (int64_t row = 0; row < ids.size(0); ++row) {
    for (int64_t t = 0; t < ids.size(1); ++t) {
      batch.ids.push_back(static_cast<int32_t>(id[row][t]));
      batch.targets.push_back(t + 1 < ids.size(1) ? static_cast<int32_t>(label[row][t + 1])
                                                  : dataset::kMasked);
    }
    batch.segments.push_back(static_cast<int32_t>(ids.size(1)));
  }
  dataset::Step step{.micro_batches = {batch}, .tokens = batch.tokens(), .trained = batch.trained()};
  return step;
}

void expect_ten_steps(const fs::path& folder, const std::string& variant, recipe::DecayOn decay) {
  const json expected = base::read_json(folder / "reference.json").at(variant);
  const tensor::TensorFile reference = tensor::read_tensors(folder / "reference.safetensors");
  const at::Tensor& ids = reference.tensors.at("train_input_ids");
  const at::Tensor& labels = reference.tensors.at("train_labels");

  model::Model model = model::load_model(folder, {});
  recipe::TrainingOptions options;
  options.learning_rate = 1e-3;
  options.weight_decay = 0.01;
  options.weight_decay_on = decay;
  options.max_grad_norm = 1.0;
  Optimizer optimizer(model, options);
  for (int64_t step = 0; step < ids.size(0); ++step) {
    const Loss loss = accumulate(model, step_of(ids[step], labels[step]), {});
    const double norm = optimizer.gradient_norm();
    const double expected_loss = expected.at("loss")[step], expected_norm = expected.at("grad_norm")[step];
    EXPECT_NEAR(loss.mean, expected_loss, kLossTolerance * expected_loss) << "step " << step;
    EXPECT_NEAR(norm, expected_norm, kNormTolerance * expected_norm) << "step " << step;
    optimizer.update(step + 1, 1.0, norm);
  }
  const at::Tensor& input = reference.tensors.at("input_ids");
  const Loss last = accumulate(model, step_of(input, input), {});
  EXPECT_NEAR(last.mean, expected.at("final_loss").get<double>(), kLossTolerance * last.mean);
  const json& norms = expected.at("parameter_norm_after");
  size_t compared = 0;
  model::visit_parameters(model, [&](const std::string& name, at::Tensor& weight) {
    const double norm = norms.at(name);
    EXPECT_NEAR(weight.detach().norm().item<double>(), norm, kParameterTolerance * norm) << name;
    ++compared;
  });
  EXPECT_EQ(compared, norms.size());
}

class AdamWTenSteps : public ::testing::TestWithParam<std::string> {};

TEST_P(AdamWTenSteps, DecayingEveryParameter) {
  const auto golden = test::golden();
  if (!golden) GTEST_SKIP() << "no golden figures: set HONE_GOLDEN";
  expect_ten_steps(*golden / "models" / GetParam(), "adamw", recipe::DecayOn::all);
}

TEST_P(AdamWTenSteps, SparingNormsAndBiases) {
  const auto golden = test::golden();
  if (!golden) GTEST_SKIP() << "no golden figures: set HONE_GOLDEN";
  expect_ten_steps(*golden / "models" / GetParam(), "adamw_no_decay_on_norm_and_bias",
                   recipe::DecayOn::matrices);
}

INSTANTIATE_TEST_SUITE_P(Golden, AdamWTenSteps,
                         ::testing::Values("llama2", "llama3", "qwen2", "llama_sharded"),
                         [](const auto& model) { return model.param; });

}  // namespace
}  // namespace hone::training
