// Preference training against the figures of TRL: the golden pairs (policy = base + LoRA, reference = base), and
// the forms of the loss that tests/golden/generate_dpo.py covers. Tolerances: loss 1e-5 relative as the golden
// README says of DPO, gradient norms 2e-3 relative, log-probabilities and rewards 2e-4 absolute (sums over some
// twenty float32 terms).
#include <gtest/gtest.h>

#include <algorithm>

#include "base/json_file.h"
#include "golden/model/reference.h"
#include "model/adapters.h"
#include "model/load.h"
#include "tests/support/shared.h"
#include "training/dpo.h"

namespace hone::training {
namespace {
namespace fs = std::filesystem;
using nlohmann::json;

constexpr double kLossTolerance = 1e-5;  // relative
constexpr double kNormTolerance = 2e-3;  // relative
constexpr double kLogTolerance = 2e-4;   // absolute

void append_answer(dataset::Batch& batch, const std::vector<int32_t>& prompt, const std::vector<int32_t>& answer) {
  std::vector<int32_t> ids = prompt;
  ids.insert(ids.end(), answer.begin(), answer.end());
  for (size_t t = 0; t + 1 < ids.size(); ++t) {
    batch.ids.push_back(ids[t]);
    batch.targets.push_back(t + 1 < prompt.size() ? dataset::kMasked : ids[t + 1]);
  }
  batch.segments.push_back(static_cast<int32_t>(ids.size() - 1));
}

dataset::Batch pairs_of(const json& pairs) {
  dataset::Batch batch;
  for (const json& pair : pairs)
    for (const char* side : {"chosen_ids", "rejected_ids"})
      append_answer(batch, test::ids_of(pair.at("prompt_ids")), test::ids_of(pair.at(side)));
  return batch;
}

dataset::Step step_of(std::vector<dataset::Batch> batches) {
  dataset::Step step;
  for (const dataset::Batch& batch : batches) {
    step.tokens += batch.tokens();
    step.trained += batch.trained();
  }
  step.micro_batches = std::move(batches);
  return step;
}

std::vector<double> log_probabilities(const model::Model& model, const dataset::Batch& batch, model::Adapters adapters) {
  const at::Tensor nll = model::token_nll(model, model::to_device(batch, model), {.adapters = adapters}).to(at::kDouble);
  std::vector<double> sums;
  int64_t begin = 0;
  for (const int32_t length : batch.segments) {
    sums.push_back(-nll.narrow(0, begin, length).sum().item<double>());
    begin += length;
  }
  return sums;
}

double metric(const Loss& loss, const std::string& name) {
  for (const NamedMetric& each : loss.metrics)
    if (each.name == name) return each.value;
  ADD_FAILURE() << "no metric " << name;
  return 0.0;
}

double squared_norm(const at::Tensor& gradient) { return gradient.defined() ? gradient.to(at::kDouble).square().sum().item<double>() : 0.0; }

TEST(DpoGolden, BasePlusLoraAgainstTheBase) {
  const auto golden = test::golden();
  if (!golden) GTEST_SKIP() << "no golden figures: set HONE_GOLDEN";
  size_t found = 0;
  for (const auto& entry : fs::directory_iterator(*golden / "models")) {
    const fs::path folder = entry.path();
    if (!fs::exists(folder / "dpo.json")) continue;
    ++found;
    const json expected = base::read_json(folder / "dpo.json");
    model::Model model = model::load_model(folder, {});
    model::load_adapter(model, folder / "lora");
    model::set_trainable(model, true);
    const dataset::Batch batch = pairs_of(expected.at("pairs"));
    const std::vector<double> policy = log_probabilities(model, batch, model::Adapters::on),
                              reference = log_probabilities(model, batch, model::Adapters::off);
    const recipe::DpoOptions options{.beta = expected.at("beta")};
    for (size_t i = 0; i < expected.at("pairs").size(); ++i) {
      const json& pair = expected.at("pairs")[i];
      EXPECT_NEAR(policy[2 * i], pair.at("policy_chosen_logp"), kLogTolerance);
      EXPECT_NEAR(policy[2 * i + 1], pair.at("policy_rejected_logp"), kLogTolerance);
      EXPECT_NEAR(reference[2 * i], pair.at("reference_chosen_logp"), kLogTolerance);
      EXPECT_NEAR(reference[2 * i + 1], pair.at("reference_rejected_logp"), kLogTolerance);
      const PairLoss loss = pair_loss(options, {policy[2 * i], reference[2 * i], 1}, {policy[2 * i + 1], reference[2 * i + 1], 1});
      EXPECT_NEAR(loss.loss, pair.at("loss"), kLossTolerance);
      EXPECT_NEAR(loss.chosen_reward, pair.at("chosen_reward"), kLogTolerance);
      EXPECT_NEAR(loss.rejected_reward, pair.at("rejected_reward"), kLogTolerance);
    }
    const Loss loss = accumulate_pairs(model, step_of({batch}), options, [&](const dataset::Batch&) { return reference; }, {});
    EXPECT_NEAR(loss.mean, expected.at("loss"), kLossTolerance * loss.mean);
    double squares = 0.0;
    size_t compared = 0;
    model::visit_trained(model, [&](const std::string& name, at::Tensor& tensor) {
      const double norm = expected.at("lora_grad_norm").at("base_model.model." + name), square = squared_norm(tensor.grad());
      EXPECT_NEAR(std::sqrt(square), norm, kNormTolerance * norm) << name;
      squares += square;
      ++compared;
    });
    EXPECT_EQ(compared, expected.at("lora_grad_norm").size());
    EXPECT_NEAR(std::sqrt(squares), expected.at("grad_norm"), kNormTolerance * expected.at("grad_norm").get<double>());
  }
  EXPECT_GT(found, 0u);
}

class DpoForms : public ::testing::TestWithParam<std::string> {};

TEST_P(DpoForms, AsTrlComputesThem) {
  const json figures = base::read_json(*test::fixtures() / "dpo" / "pairs.json");
  const json& expected = figures.at("losses").at(GetParam());
  recipe::DpoOptions options{.beta = figures.at("beta")};
  if (GetParam().starts_with("ipo")) options.loss = recipe::DpoLoss::ipo;
  if (GetParam() == "smoothed") options.label_smoothing = figures.at("label_smoothing");
  if (GetParam().ends_with("_sft")) options.sft_weight = figures.at("sft_weight");
  model::Model model = model::load_model(*test::fixtures() / "models" / "llama_biased", {});
  model::set_trainable(model, true);
  const dataset::Batch all = pairs_of(figures.at("pairs"));
  std::vector<double> reference;
  for (const json& pair : figures.at("pairs"))
    for (const char* side : {"reference_chosen_logp", "reference_rejected_logp"}) reference.push_back(pair.at(side));

  const Loss packed = accumulate_pairs(model, step_of({all}), options, [&](const dataset::Batch&) { return reference; }, {});
  EXPECT_NEAR(packed.mean, expected.at("loss"), kLossTolerance * packed.mean);
  EXPECT_NEAR(test::gradient_norm(model), expected.at("grad_norm"), kNormTolerance * expected.at("grad_norm").get<double>());
  EXPECT_NEAR(metric(packed, "chosen_reward"), expected.at("rewards_chosen"), kLogTolerance);
  EXPECT_NEAR(metric(packed, "rejected_reward"), expected.at("rewards_rejected"), kLogTolerance);
  EXPECT_NEAR(metric(packed, "reward_margin"), expected.at("rewards_margins"), kLogTolerance);
  EXPECT_EQ(metric(packed, "preference_accuracy"), expected.at("rewards_accuracies").get<double>());
  EXPECT_FALSE(packed.nats_per_token);
}

/// Whatever shares a row or a micro batch with a pair, its loss and gradient are the same.
TEST_P(DpoForms, PackedRowsEqualOnePairAtATime) {
  const json figures = base::read_json(*test::fixtures() / "dpo" / "pairs.json");
  recipe::DpoOptions options{.beta = figures.at("beta"), .label_smoothing = 0.1};
  if (GetParam().starts_with("ipo")) options.loss = recipe::DpoLoss::ipo;
  if (GetParam().ends_with("_sft")) options.sft_weight = figures.at("sft_weight");
  const ReferenceOf reference = [](const dataset::Batch& batch) {
    std::vector<double> values;
    for (const int32_t length : batch.segments) values.push_back(-1.5 * length);
    return values;
  };
  const auto run = [&](const dataset::Step& step, double& norm) {
    model::Model model = model::load_model(*test::fixtures() / "models" / "llama_biased", {});
    model::set_trainable(model, true);
    const Loss loss = accumulate_pairs(model, step, options, reference, {});
    norm = test::gradient_norm(model);
    return loss;
  };
  std::vector<dataset::Batch> alone;
  for (const json& pair : figures.at("pairs")) alone.push_back(pairs_of(json::array({pair})));
  double packed_norm = 0.0, alone_norm = 0.0;
  const Loss packed = run(step_of({pairs_of(figures.at("pairs"))}), packed_norm), one = run(step_of(alone), alone_norm);
  // Float32 sums in another order.
  EXPECT_NEAR(packed.mean, one.mean, 1e-6 * one.mean);
  EXPECT_NEAR(packed_norm, alone_norm, 1e-5 * alone_norm);
}

INSTANTIATE_TEST_SUITE_P(Golden, DpoForms, ::testing::Values("sigmoid", "smoothed", "ipo", "sigmoid_sft", "ipo_sft"),
                         [](const auto& form) { return form.param; });

}  // namespace
}  // namespace hone::training
