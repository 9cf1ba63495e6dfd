// Figures of instruction data and of preference pairs: only trained tokens count, and which answer is preferred.
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "dataset/shard_writer.h"
#include "evaluation/held_out.h"
#include "evaluation/preference.h"
#include "model/forward.h"
#include "model/load.h"
#include "support/shared.h"

namespace hone::evaluation {
namespace {

model::Model small_model(uint64_t seed) {
  formats::ModelConfig config;
  config.vocabulary_size = 32;
  config.hidden_size = 16;
  config.intermediate_size = 32;
  config.layers = 1;
  config.heads = config.kv_heads = 2;
  config.head_dim = 8;
  config.max_positions = 64;
  config.initializer_range = 0.3;
  config.tied_embeddings = true;
  return model::random_model(config, seed, {});
}

dataset::TokenizedDocument document(int number, size_t length, size_t prompt) {
  dataset::TokenizedDocument made{.id = "d" + std::to_string(number), .source = "s", .language = "en"};
  made.tokens.push_back(1);
  for (size_t i = 1; i < length; ++i) made.tokens.push_back(static_cast<int32_t>(3 + (i * 7 + static_cast<size_t>(number) * 5) % 28));
  if (prompt > 0) {
    made.mask.assign(length, 1);
    std::fill_n(made.mask.begin(), prompt, uint8_t{0});
  }
  made.text_bytes = made.text_characters = length - prompt;
  return made;
}

std::shared_ptr<const dataset::ShardSet> shards(const std::filesystem::path& folder, const std::vector<dataset::TokenizedDocument>& documents, bool pairs) {
  dataset::ShardWriter writer(folder, "validation", {.vocabulary_size = 32, .bos_id = 1, .eos_id = 2, .tokenizer_sha256 = std::string(64, '0'), .pairs = pairs});
  for (const auto& each : documents) writer.add(each);
  writer.close();
  return dataset::ShardSet::open(folder, "validation");
}

/// Σ nll over the tokens from `first` on, by whole logits.
double nll_from(const model::Model& model, const std::vector<int32_t>& ids, size_t first) {
  const at::NoGradGuard no_grad;
  const at::Tensor logp = model::logits(model, model::to_device(std::span(ids).first(ids.size() - 1), model)).to(at::kDouble).log_softmax(1);
  double sum = 0;
  for (size_t t = first; t < ids.size(); ++t) sum -= logp[static_cast<int64_t>(t) - 1][ids[t]].item<double>();
  return sum;
}

TEST(HeldOutAnswers, OnlyTrainedTokensCount) {
  const test::TempDir folder;
  const auto masked = document(0, 20, 12), plain = document(1, 15, 0);
  HeldOut held_out(shards(folder.path(), {masked, plain}, false), 0);
  ASSERT_EQ(held_out.scores().size(), 2u);
  EXPECT_EQ(held_out.scores()[0].tokens, 8);
  EXPECT_EQ(held_out.scores()[0].bytes, 8);
  EXPECT_EQ(held_out.scores()[1].tokens, 14);
  EXPECT_FALSE(held_out.answers_only());
  const model::Model model = small_model(3);
  score(held_out, model, kTuned, 64);
  // Float32 logits against the same in double.
  EXPECT_NEAR(held_out.scores()[0].nll[kTuned], nll_from(model, masked.tokens, 12), 1e-4);
  EXPECT_NEAR(held_out.scores()[1].nll[kTuned], nll_from(model, plain.tokens, 1), 1e-4);

  HeldOut cut(held_out.shards_pointer(), 0);
  score(cut, model, kTuned, 6);  // windows that predict nothing that counts are left out
  EXPECT_GT(cut.scores()[0].nll[kTuned], 0.0);

  tasks::KneserNey ngram(32);
  ngram.add(std::span(plain.tokens).subspan(1));
  ngram.finish();
  score(held_out, ngram);
  double expected = 0;
  for (size_t t = 12; t < masked.tokens.size(); ++t)
    expected -= std::log(ngram.probability(std::span(masked.tokens).subspan(1, t - 1), masked.tokens[t], true));
  EXPECT_NEAR(held_out.scores()[0].nll[kNgram], expected, 1e-9);
}

TEST(Preference, CountsPairsWhoseChosenAnswerIsTheLikelier) {
  const test::TempDir folder;
  std::vector<dataset::TokenizedDocument> documents;
  for (int i = 0; i < 12; ++i) documents.push_back(document(i, 14 + static_cast<size_t>(i % 3), 9));
  HeldOut chosen(shards(folder.path(), documents, true), 0);
  ASSERT_EQ(chosen.scores().size(), 6u) << "figures of text are of chosen answers";
  EXPECT_TRUE(chosen.answers_only());
  Preference preference(chosen, 0);
  const model::Model base = small_model(3), tuned = small_model(4);
  for (const auto& [model, scorer] : {std::pair{&base, kBase}, std::pair{&tuned, kTuned}}) {
    score(chosen, *model, scorer, 64);
    score(preference.rejected(), *model, scorer, 64);
  }
  double right[2] = {0, 0}, margins[2] = {0, 0}, rewarded = 0;
  for (size_t pair = 0; pair < 6; ++pair) {
    double margin[2];
    for (int which = 0; which < 2; ++which) {
      const model::Model& model = which == 0 ? base : tuned;
      margin[which] = nll_from(model, documents[2 * pair + 1].tokens, 9) - nll_from(model, documents[2 * pair].tokens, 9);
      right[which] += margin[which] > 0 ? 1 : 0;
      margins[which] += margin[which] / 6;
    }
    rewarded += margin[1] > margin[0] ? 1 : 0;
  }
  const nlohmann::json facts = preference.facts();
  EXPECT_EQ(facts["pairs"], 6);
  EXPECT_DOUBLE_EQ(facts["base"]["accuracy"], right[0] / 6);
  EXPECT_DOUBLE_EQ(facts["tuned"]["accuracy"], right[1] / 6);
  EXPECT_DOUBLE_EQ(facts["reward"]["accuracy"], rewarded / 6);
  EXPECT_NEAR(facts["tuned"]["margin"], margins[1], 1e-4);
  const auto measured = preference.measure({.draws = 50});
  ASSERT_TRUE(measured);
  EXPECT_DOUBLE_EQ(measured->level.estimate, 1 - right[1] / 6);
  EXPECT_DOUBLE_EQ(measured->reference, 1 - right[0] / 6);
}

TEST(Preference, ThereIsNoneOfSingleTexts) {
  const test::TempDir folder;
  const HeldOut held_out(shards(folder.path(), {document(0, 9, 0), document(1, 9, 0)}, false), 0);
  EXPECT_TRUE(Preference(held_out, 0).empty());
}

}  // namespace
}  // namespace hone::evaluation
