// Adapters against PEFT's figures, for every folder with an adapter and a reference beside its base: the golden models' lora/
// and tests/fixtures/adapters (rsLoRA, DoRA, partial targets, patterns, embeddings and heads trained whole). Tolerances are
// those of the golden folder's README: logits 1e-4, losses 1e-5 relative, gradients 1e-4 + 1e-3 relative, norms 2e-3
// relative, ids exact; norms of merged weights 2e-5 relative.
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/json_file.h"
#include "model/adapters.h"
#include "model/forward.h"
#include "model/generate.h"
#include "model/load.h"
#include "model/merge.h"
#include "tensor/files.h"
#include "golden/adapter_folders.h"
#include "golden/model/reference.h"

namespace hone::test {
namespace {
namespace fs = std::filesystem;
using nlohmann::json;

constexpr double kLogits = 1e-4, kLoss = 1e-5, kMergedNorm = 2e-5;

class PeftAdapter : public testing::TestWithParam<fs::path> {
 protected:
  PeftAdapter() {
    model::load_adapter(model_, GetParam());
    model::set_trainable(model_, true);
  }

  const at::Tensor& tensor(const std::string& name) const { return tensors_.at(name); }

  model::DeviceBatch batch(const at::Tensor& ids, const at::Tensor& labels) const {
    return model::to_device(rows_as_batch(ids, labels), model_);
  }

  double difference(const model::Model& model, const char* expected, const model::ForwardOptions& options = {}) const {
    const at::NoGradGuard no_grad;
    const at::Tensor logits = model::logits(model, batch(tensor("input_ids"), tensor("input_ids")), options);
    return (logits - tensor(expected).view_as(logits)).abs().max().item<double>();
  }

  /// Mean loss, with its gradients added to the parameters.
  double backward(const at::Tensor& ids, const at::Tensor& labels, const model::ForwardOptions& options = {}) {
    const model::LossSum loss = model::loss(model_, batch(ids, labels), options);
    model::backward(loss, 1.0 / static_cast<double>(loss.tokens));
    return loss.nll_sum.item<double>() / static_cast<double>(loss.tokens);
  }

  double gradient_norm_of_trained() const {
    double squares = 0;
    model::visit_trained(model_, [&](const std::string&, const at::Tensor& parameter) {
      squares += parameter.grad().to(at::kDouble).square().sum().item<double>();
    });
    return std::sqrt(squares);
  }

  model::Model model_ = model::load_model(GetParam().parent_path(), {});
  json figures_ = base::read_json(GetParam() / "reference.json");
  std::map<std::string, at::Tensor> tensors_ = tensor::read_tensors(GetParam() / "reference.safetensors").tensors;
};

TEST_P(PeftAdapter, LogitsAgreeAndThoseOfTheMergedModel) {
  EXPECT_LT(difference(model_, "logits"), kLogits);
  EXPECT_LT(difference(model::merged_model(model_), "logits_merged"), kLogits);
}

TEST_P(PeftAdapter, SwitchedOffItIsTheBase) {
  const at::NoGradGuard no_grad;
  const model::DeviceBatch rows = batch(tensor("input_ids"), tensor("input_ids"));
  const model::Model base = model::load_model(GetParam().parent_path(), {});
  EXPECT_TRUE(at::equal(model::logits(model_, rows, {.adapters = model::Adapters::off}), model::logits(base, rows)));
  EXPECT_GT(difference(base, "logits"), 1e-2) << "this adapter would show nothing";
}

TEST_P(PeftAdapter, LossAndEveryGradientAgreeAndTheBaseHasNone) {
  for (const bool recompute : {false, true}) {
    const double loss = backward(tensor("input_ids"), tensor("input_ids"), {.checkpoint_activations = recompute});
    EXPECT_LT(relative_error(loss, figures_.at("loss")), kLoss);
    EXPECT_LT(relative_error(gradient_norm_of_trained(), figures_.at("grad_norm")), 2e-3);
    size_t compared = 0;
    model::visit_trained(model_, [&](const std::string& name, at::Tensor& parameter) {
      const at::Tensor& expected = tensor("grad.base_model.model." + name);
      ASSERT_TRUE(parameter.grad().defined()) << name;
      EXPECT_EQ(parameter.grad().scalar_type(), at::kFloat);
      const at::Tensor error = (parameter.grad() - expected).abs() - 1e-3 * expected.abs();
      EXPECT_LT(error.max().item<double>(), 1e-4) << name;
      parameter.mutable_grad() = at::Tensor();
      ++compared;
    });
    size_t stored = 0;
    for (const auto& [name, value] : tensors_) stored += name.starts_with("grad.");
    EXPECT_EQ(compared, stored);
    model::visit_parameters(model_, [&](const std::string& name, at::Tensor& parameter) {
      EXPECT_FALSE(parameter.grad().defined()) << name;
    });
  }
}

TEST_P(PeftAdapter, MergedWeightsAndWhatTheyWriteAgree) {
  const model::Model merged = model::merged_model(model_);
  if (figures_.contains("merged_weight_norm"))
    model::visit_merged(model_, [&](const std::string& name, const std::function<at::Tensor()>& value) {
      EXPECT_LT(relative_error(value().norm().item<double>(), figures_.at("merged_weight_norm").at(name)), kMergedNorm) << name;
    });
  if (!figures_.contains("generate")) return;
  for (const json& text : figures_.at("generate"))
    for (const model::Model* model : {static_cast<const model::Model*>(&model_), &merged}) {
      const auto prompt = ids_of(text.at("prompt_ids"));
      EXPECT_EQ(model::generate(*model, prompt, {.max_new_tokens = 24}).ids, ids_of(text.at("new_ids")));
    }
}

TEST_P(PeftAdapter, WrittenAndReadAgainItIsTheSame) {
  const TempDir folder;
  model::save_adapter(model_, folder.path());
  model::Model again = model::load_model(GetParam().parent_path(), {});
  model::load_adapter(again, folder.path());
  EXPECT_EQ(difference(again, "logits"), difference(model_, "logits"));
  const auto stored = tensor::read_tensors(GetParam() / "adapter_model.safetensors").tensors;
  const auto ours = tensor::read_tensors(folder / "adapter_model.safetensors").tensors;
  ASSERT_EQ(ours.size(), stored.size());
  for (const auto& [name, value] : stored) EXPECT_TRUE(at::equal(ours.at(name), value)) << name;
}

INSTANTIATE_TEST_SUITE_P(Peft, PeftAdapter, testing::ValuesIn(adapter_folders()), [](const auto& folder) {
  return name_of_adapter(folder.param);
});
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(PeftAdapter);

}  // namespace
}  // namespace hone::test
