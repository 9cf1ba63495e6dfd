// Every folder of reference models, whatever its name: the figures that PyTorch and transformers gave, within
// the tolerances of the golden README (float32: logits 1e-4, losses 1e-5 relative, gradients 1e-4 + 1e-3
// relative, ids exact).
#include <gtest/gtest.h>

#include "base/json_file.h"
#include "golden/model/reference.h"
#include "model/generate.h"
#include "support/shared.h"

namespace hone::test {
namespace {

namespace fs = std::filesystem;

constexpr double kLogits = 1e-4;
constexpr double kLoss = 1e-5;
constexpr double kNorm = 2e-3;

class ReferenceModel : public testing::TestWithParam<fs::path> {
 protected:
  Reference reference_{GetParam()};

  model::DeviceBatch batch(const char* ids, const char* labels, const std::vector<int64_t>& lengths = {}) {
    return model::to_device(rows_as_batch(reference_.tensors.at(ids), reference_.tensors.at(labels), lengths),
                            reference_.model);
  }
  double figure(const char* name) const { return reference_.figures.at(name).get<double>(); }

  /// Mean loss, and its gradients left in the parameters.
  double train(const model::DeviceBatch& batch, const model::ForwardOptions& options = {}) {
    model::set_trainable(reference_.model, true);
    clear_gradients(reference_.model);
    const model::LossSum loss = model::loss(reference_.model, batch, options);
    model::backward(loss, 1.0 / static_cast<double>(loss.tokens));
    return loss.nll_sum.item<double>() / static_cast<double>(loss.tokens);
  }
};

TEST_P(ReferenceModel, LogitsAgree) {
  const at::NoGradGuard no_grad;
  const at::Tensor expected = reference_.tensors.at("logits");
  const at::Tensor actual =
      model::logits(reference_.model, batch("input_ids", "input_ids")).view(expected.sizes());
  EXPECT_LT((actual - expected).abs().max().item<double>(), kLogits);
}

TEST_P(ReferenceModel, LogitsOfPaddedRowsAgreeWherePaddingIsDropped) {
  const at::NoGradGuard no_grad;
  const auto lengths = reference_.figures.at("lengths_padded").get<std::vector<int64_t>>();
  const at::Tensor expected = reference_.tensors.at("logits_padded");
  const at::Tensor actual =
      model::logits(reference_.model, batch("input_ids_padded", "labels_padded", lengths));
  int64_t token = 0;
  for (size_t row = 0; row < lengths.size(); ++row) {
    const at::Tensor part = expected[static_cast<int64_t>(row)].narrow(0, 0, lengths[row]);
    EXPECT_LT((actual.narrow(0, token, lengths[row]) - part).abs().max().item<double>(), kLogits)
        << "row " << row;
    token += lengths[row];
  }
}

TEST_P(ReferenceModel, LossAndGradientNormAgree) {
  EXPECT_LT(relative_error(train(batch("input_ids", "input_ids")), figure("loss")), kLoss);
  EXPECT_LT(relative_error(gradient_norm(reference_.model), figure("grad_norm")), kNorm);
}

TEST_P(ReferenceModel, LossOfEachRowAgrees) {
  const at::Tensor nll = model::token_nll(reference_.model, batch("input_ids", "input_ids"))
                             .view({2, -1})
                             .sum(1, false, at::kDouble);
  for (int64_t row = 0; row < 2; ++row)
    EXPECT_LT(relative_error(nll[row].item<double>(),
                             reference_.figures["row_nll_sum"][static_cast<size_t>(row)].get<double>()),
              kLoss);
}

TEST_P(ReferenceModel, MaskedLossAndEveryGradientAgree) {
  const model::DeviceBatch masked = batch("input_ids", "labels_masked");
  EXPECT_EQ(masked.trained, reference_.figures.at("masked_tokens").get<int64_t>());
  for (const bool checkpoint : {false, true}) {
    EXPECT_LT(relative_error(train(masked, {.checkpoint_activations = checkpoint}), figure("loss_masked")),
              kLoss);
    EXPECT_LT(relative_error(gradient_norm(reference_.model), figure("grad_norm_masked")), kNorm);
    size_t compared = 0;
    model::visit_parameters(reference_.model, [&](const std::string& name, at::Tensor& parameter) {
      const at::Tensor expected = reference_.tensors.at("grad." + name);
      const at::Tensor excess = (parameter.grad() - expected).abs() - (1e-4 + 1e-3 * expected.abs());
      EXPECT_LT(excess.max().item<double>(), 0.0) << name;
      ++compared;
    });
    EXPECT_EQ(compared, static_cast<size_t>(
                            std::count_if(reference_.tensors.begin(), reference_.tensors.end(),
                                          [](const auto& each) { return each.first.starts_with("grad."); })));
  }
}

TEST_P(ReferenceModel, PaddedLossAndGradientNormAgree) {
  const auto lengths = reference_.figures.at("lengths_padded").get<std::vector<int64_t>>();
  EXPECT_LT(relative_error(train(batch("input_ids_padded", "labels_padded", lengths)), figure("loss_padded")),
            kLoss);
  EXPECT_LT(relative_error(gradient_norm(reference_.model), figure("grad_norm_padded")), kNorm);
}

TEST_P(ReferenceModel, MicroBatchesAddUpToTheBatch) {
  const at::Tensor ids = reference_.tensors.at("input_ids");
  train(batch("input_ids", "input_ids"));
  std::vector<at::Tensor> whole;
  model::visit_parameters(reference_.model, [&](const std::string&, at::Tensor& parameter) {
    whole.push_back(parameter.grad());
  });
  clear_gradients(reference_.model);
  const double tokens = static_cast<double>(ids.size(0) * (ids.size(1) - 1));
  for (int64_t row = 0; row < ids.size(0); ++row) {
    const at::Tensor one = ids.narrow(0, row, 1);
    model::backward(
        model::loss(reference_.model, model::to_device(rows_as_batch(one, one), reference_.model)),
        1.0 / tokens);
  }
  size_t index = 0;
  model::visit_parameters(reference_.model, [&](const std::string& name, at::Tensor& parameter) {
    EXPECT_TRUE(at::allclose(parameter.grad(), whole[index++], 1e-4, 1e-6)) << name;
  });
}

TEST_P(ReferenceModel, GreedyContinuationsAgree) {
  for (const nlohmann::json& each : reference_.figures.at("generate")) {
    model::GenerateOptions options;
    options.max_new_tokens = 24;
    EXPECT_EQ(model::generate(reference_.model, ids_of(each.at("prompt_ids")), options).ids,
              ids_of(each.at("new_ids")));
  }
}

TEST_P(ReferenceModel, Bfloat16StaysAsCloseAsPyTorchsOwn) {
  const at::NoGradGuard no_grad;
  const Reference rounded(GetParam(), at::kBFloat16);
  const at::Tensor expected = reference_.tensors.at("logits");
  const model::DeviceBatch rows = batch("input_ids", "input_ids");
  const at::Tensor difference = (model::logits(rounded.model, rows).view(expected.sizes()) - expected).abs();
  const nlohmann::json& measure = reference_.figures.at("bfloat16_compute");
  // Another order of roundings gives other extremes: twice the largest, a quarter more on average.
  EXPECT_LT(difference.max().item<double>(), 2.0 * measure.at("largest_difference").get<double>());
  EXPECT_LT(difference.mean().item<double>(), 1.25 * measure.at("mean_difference").get<double>());
  const model::LossSum loss = model::loss(rounded.model, rows);
  EXPECT_LT(relative_error(loss.nll_sum.item<double>() / static_cast<double>(loss.tokens), figure("loss")),
            5e-3);
}

TEST_P(ReferenceModel, PackedDocumentsDoNotSeeEachOther) {
  if (!fs::exists(GetParam() / "packing.json"))
    GTEST_SKIP() << GetParam().filename().string() << " has no packing.json";
  const nlohmann::json packing = base::read_json(GetParam() / "packing.json");
  dataset::Batch packed;
  for (size_t i = 0; i < packing.at("documents").size(); ++i) {
    const std::vector<int32_t> ids = ids_of(packing["documents"][i]);
    const at::Tensor row = at::tensor(ids, at::kLong).unsqueeze(0);
    const dataset::Batch document = rows_as_batch(row, row);
    const at::Tensor nll =
        model::token_nll(reference_.model, model::to_device(document, reference_.model)).sum(at::kDouble);
    EXPECT_LT(relative_error(nll.item<double>(), packing.at("nll_sum")[i].get<double>()), kLoss)
        << "document " << i;
    dataset::append(packed, document);
  }
  EXPECT_EQ(packed.ids, ids_of(packing.at("packed_ids")));
  const model::DeviceBatch on_device = model::to_device(packed, reference_.model);
  const double mean = train(on_device);
  EXPECT_LT(relative_error(mean, packing.at("packed_mean_loss").get<double>()), kLoss);
  EXPECT_LT(relative_error(mean * static_cast<double>(on_device.trained),
                           packing.at("packed_nll_sum").get<double>()),
            kLoss);
  EXPECT_LT(relative_error(gradient_norm(reference_.model),
                           packing.at("packed_grad_norm_of_mean_loss").get<double>()),
            kNorm);
}

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(ReferenceModel);
INSTANTIATE_TEST_SUITE_P(Folders, ReferenceModel, testing::ValuesIn(reference_folders()),
                         [](const auto& each) {
                           std::string name = each.param.parent_path().parent_path().filename().string() +
                                              "_" + each.param.filename().string();
                           std::replace_if(
                               name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; },
                               '_');
                           return name;
                         });

TEST(ReferenceModels, AreThere) {
  if (!golden()) GTEST_SKIP() << "no golden figures: set HONE_GOLDEN; only tests/fixtures/models is checked";
  EXPECT_FALSE(reference_folders().empty());
}

}  // namespace
}  // namespace hone::test
