/// However rows are laid, the mathematics is the same: loss and gradient of all documents together do not depend
/// on packing, on how many rows are in memory at once, on accumulation, or on whether activations are computed
/// again. For each objective, with and without masks, in float32 and bfloat16, full and with an adapter.
#include <gtest/gtest.h>

#include "base/random.h"
#include "dataset/shard_writer.h"
#include "model/adapters.h"
#include "support/shared.h"
#include "tests/unit/training/tiny_world.h"
#include "training/objective.h"

namespace hone::training {
namespace {

namespace fs = std::filesystem;

struct Case {
  recipe::Objective objective;
  bool masked;
  at::ScalarType dtype;
  bool adapter;
};

std::string name_of(const ::testing::TestParamInfo<Case>& info) {
  const Case& c = info.param;
  return std::string(names_of(c.objective)[static_cast<size_t>(c.objective)]) + (c.masked ? "_masked" : "_plain") +
         (c.dtype == at::kFloat ? "_float32" : "_bfloat16") + (c.adapter ? "_adapter" : "_full");
}

/// Thirteen samples, or twelve sides of pairs: an odd number of rows for every batch size above one.
void write_samples(const fs::path& folder, const Case& c) {
  const bool pairs = c.objective == recipe::Objective::dpo;
  fs::create_directories(folder);
  dataset::ShardWriter writer(
      folder, "train",
      {.vocabulary_size = test::kTinyVocabulary, .tokenizer_sha256 = std::string(64, '0'), .pairs = pairs});
  for (int i = 0; i < (pairs ? 12 : 13); ++i) {
    base::RandomStream random(3, "sample", 0, static_cast<uint64_t>(pairs ? i / 2 : i));
    dataset::TokenizedDocument document{.id = std::to_string(i), .source = "tiny", .language = "en"};
    const size_t prompt = 2 + random.below(6), answer = 3 + random.below(20) + (pairs && i % 2 == 1 ? 4 : 0);
    for (size_t t = 0; t < prompt; ++t) document.tokens.push_back(static_cast<int32_t>(random.below(test::kTinyVocabulary)));
    base::RandomStream own(4, "answer", 0, static_cast<uint64_t>(i));
    for (size_t t = 0; t < answer; ++t) document.tokens.push_back(static_cast<int32_t>(own.below(test::kTinyVocabulary)));
    if (c.masked || pairs) {
      document.mask.assign(prompt, 0);
      document.mask.resize(prompt + answer, 1);
    }
    document.text_bytes = document.text_characters = document.tokens.size();
    writer.add(document);
  }
  writer.close();
}

struct Layout {
  bool packing;
  int64_t rows, accumulation, most_rows;
  bool recompute;
};

struct Sum {
  double loss = 0;
  int64_t trained = 0;
  std::vector<at::Tensor> gradients;
};

class Combinations : public ::testing::TestWithParam<Case> {
 protected:
  void SetUp() override {
    write_samples(folder_ / "tokens", GetParam());
    options_ = test::tiny_training();
    options_.objective = GetParam().objective;
    options_.sequence_len = 64;  // no sample is cut
    options_.dpo = {.beta = 0.3, .sft_weight = 0.5};
  }

  model::Model fresh_model() const {
    model::Model model = model::random_model(test::tiny_shape(), 5, {.dtype = GetParam().dtype});
    if (!GetParam().adapter) return model;
    formats::AdapterConfig adapter;
    adapter.r = 3;
    adapter.alpha = 6;
    adapter.targets.names = {"q_proj", "v_proj", "o_proj", "up_proj", "down_proj"};
    model::add_adapter(model, adapter, 9);
    return model;
  }

  /// The whole epoch as one optimizer step.
  Sum sum_of(const Layout& layout) {
    const dataset::Loader loader(dataset::ShardSet::open(folder_ / "tokens", "train"),
                                 {.sequence_len = options_.sequence_len,
                                  .micro_batch_size = layout.rows,
                                  .gradient_accumulation_steps = layout.accumulation,
                                  .most_rows = layout.most_rows,
                                  .sample_packing = layout.packing,
                                  .seed = 7});
    EXPECT_EQ(loader.steps_per_epoch(), 1);
    model::Model model = fresh_model();
    const artifact::RunDirectory run{folder_ / ("run" + std::to_string(runs_++))};
    const nlohmann::json inputs = {{"seed", 7}};
    const auto objective = make_objective({.options = options_, .run = run, .inputs = inputs, .training = loader});
    objective->prepare(model, [](int64_t, int64_t) { return true; });
    {
      const at::NoGradGuard no_grad;  // away from the reference, so that pairs have something to compare
      model::visit_trained(model, [](const std::string& name, at::Tensor& tensor) {
        base::RandomStream random(8, name, 0, 0);
        at::Tensor noise = at::empty(tensor.sizes(), at::kFloat);
        for (int64_t i = 0; i < noise.numel(); ++i) noise.mutable_data_ptr<float>()[i] = static_cast<float>(random.uniform() - 0.5) * 0.2F;
        tensor.add_(noise);
        tensor.requires_grad_(true);
      });
    }
    Sum sum;
    const Loss loss = objective->accumulate(model, loader.step(0, 0), {.checkpoint_activations = layout.recompute});
    sum.loss = loss.mean;
    sum.trained = loss.trained_tokens;
    model::visit_trained(model, [&](const std::string&, at::Tensor& tensor) { sum.gradients.push_back(tensor.grad().clone()); });
    return sum;
  }

  test::TempDir folder_;
  recipe::TrainingOptions options_;
  int runs_ = 0;
};

TEST_P(Combinations, LossesAndGradientsDoNotDependOnHowRowsAreLaid) {
  const Sum one_by_one = sum_of({false, 1, 64, 0, false});
  ASSERT_GT(one_by_one.trained, 0);
  // float32: other orders of the same sums. bfloat16: each sum may be rounded to 8 bits in another place.
  const bool exact = GetParam().dtype == at::kFloat;
  const double loss_tolerance = exact ? 1e-5 : 2e-2, gradient_tolerance = exact ? 1e-4 : 6e-2;
  for (const Layout& layout : {Layout{false, 4, 16, 0, false}, {false, 64, 1, 0, true}, {true, 1, 64, 0, false}, {true, 3, 8, 1, false},
                               {true, 64, 1, 2, true}, {false, 64, 1, 3, false}}) {
    const Sum other = sum_of(layout);
    const std::string what = "packing " + std::to_string(layout.packing) + ", rows " + std::to_string(layout.rows) + ", in memory " +
                             std::to_string(layout.most_rows) + ", recompute " + std::to_string(layout.recompute);
    EXPECT_EQ(other.trained, one_by_one.trained) << what;
    EXPECT_NEAR(other.loss, one_by_one.loss, loss_tolerance * std::abs(one_by_one.loss)) << what;
    ASSERT_EQ(other.gradients.size(), one_by_one.gradients.size());
    for (size_t i = 0; i < other.gradients.size(); ++i) {
      const double norm = one_by_one.gradients[i].norm().item<double>();
      EXPECT_LE((other.gradients[i] - one_by_one.gradients[i]).norm().item<double>(), gradient_tolerance * norm + 1e-7) << what << ", parameter " << i;
    }
  }
}

using recipe::Objective;
INSTANTIATE_TEST_SUITE_P(All, Combinations,
                         ::testing::Values(Case{Objective::pretrain, false, at::kFloat, false}, Case{Objective::pretrain, false, at::kBFloat16, false},
                                           Case{Objective::sft, true, at::kFloat, false}, Case{Objective::sft, true, at::kFloat, true},
                                           Case{Objective::sft, true, at::kBFloat16, true}, Case{Objective::dpo, true, at::kFloat, false},
                                           Case{Objective::dpo, true, at::kFloat, true}, Case{Objective::dpo, true, at::kBFloat16, false}),
                         name_of);

}  // namespace
}  // namespace hone::training
