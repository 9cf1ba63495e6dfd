// Ten optimizer steps of adapters, and of embeddings and heads trained whole, against PEFT's figures. Tolerances are those of
// the golden folder's README.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/json_file.h"
#include "golden/adapter_folders.h"
#include "model/adapters.h"
#include "model/forward.h"
#include "model/load.h"
#include "tensor/files.h"
#include "training/optimizer.h"

namespace hone::training {
namespace {
namespace fs = std::filesystem;
using nlohmann::json;

constexpr double kStepLoss = 5e-4, kNorm = 2e-3;  // relative

dataset::Batch rows(const at::Tensor& ids, const at::Tensor& labels) {
  dataset::Batch batch;
  const auto id = ids.accessor<int64_t, 2>(), label = labels.accessor<int64_t, 2>();
  for (int64_t row = 0; row < ids.size(0); ++row) {
    for (int64_t t = 0; t < ids.size(1); ++t) {
      batch.ids.push_back(static_cast<int32_t>(id[row][t]));
      batch.targets.push_back(t + 1 < ids.size(1) ? static_cast<int32_t>(label[row][t + 1]) : dataset::kMasked);
    }
    batch.segments.push_back(static_cast<int32_t>(ids.size(1)));
  }
  return batch;
}

class AdapterTenSteps : public testing::TestWithParam<fs::path> {
 protected:
  double backward(const at::Tensor& ids, const at::Tensor& labels) {
    const model::LossSum loss = model::loss(model_, model::to_device(rows(ids, labels), model_));
    model::backward(loss, 1.0 / static_cast<double>(loss.tokens));
    return loss.nll_sum.item<double>() / static_cast<double>(loss.tokens);
  }

  model::Model model_ = model::load_model(GetParam().parent_path(), {});
  json figures_ = base::read_json(GetParam() / "reference.json");
  tensor::TensorFile reference_ = tensor::read_tensors(GetParam() / "reference.safetensors");
};

TEST_P(AdapterTenSteps, LossesAndNormsAgree) {
  model::load_adapter(model_, GetParam());
  recipe::TrainingOptions options;
  options.learning_rate = 1e-3;
  options.weight_decay = 0.01;
  options.weight_decay_on = recipe::DecayOn::all;
  options.max_grad_norm = 1.0;
  Optimizer optimizer(model_, options);
  int64_t trained = 0;
  model::visit_trained(model_, [&](const std::string&, at::Tensor& parameter) { trained += parameter.numel(); });
  EXPECT_EQ(trained, figures_.at("trainable_parameters").get<int64_t>());
  EXPECT_EQ(model::adapter_size(model_).trained, trained);

  const json& expected = figures_.at("adamw");
  const at::Tensor &ids = reference_.tensors.at("train_input_ids"), &labels = reference_.tensors.at("train_labels");
  for (int64_t step = 0; step < ids.size(0); ++step) {
    const double loss = backward(ids[step], labels[step]), norm = optimizer.gradient_norm();
    const double expected_loss = expected.at("loss")[static_cast<size_t>(step)], expected_norm = expected.at("grad_norm")[static_cast<size_t>(step)];
    EXPECT_NEAR(loss, expected_loss, kStepLoss * expected_loss) << "step " << step;
    EXPECT_NEAR(norm, expected_norm, kNorm * expected_norm) << "step " << step;
    optimizer.update(step + 1, 1.0, norm);
  }
  const at::Tensor& input = reference_.tensors.at("input_ids");
  const double final_loss = expected.at("final_loss");
  EXPECT_NEAR(backward(input, input), final_loss, kStepLoss * final_loss);
}

INSTANTIATE_TEST_SUITE_P(Peft, AdapterTenSteps, testing::ValuesIn(test::adapter_folders()),
                         [](const auto& folder) { return test::name_of_adapter(folder.param); });
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(AdapterTenSteps);

}  // namespace
}  // namespace hone::training
