// Steps as a pure function of (epoch, index): nothing lost over an epoch, order by the seed, seeking like
// running through.
#include "dataset/loader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <numeric>
#include <set>

#include "base/error.h"
#include "unit/dataset/made_shards.h"

namespace hone::dataset {
namespace {

bool same(const Batch& a, const Batch& b) {
  return a.ids == b.ids && a.targets == b.targets && a.segments == b.segments;
}

bool same(const Step& a, const Step& b) {
  return a.tokens == b.tokens && a.trained == b.trained &&
         std::equal(a.micro_batches.begin(), a.micro_batches.end(), b.micro_batches.begin(),
                    b.micro_batches.end(), [](const Batch& x, const Batch& y) { return same(x, y); });
}

/// How often each token was a target that counts. Checks the shape and isolation of the batch on the way.
void count_targets(const Batch& batch, std::map<int32_t, int>& targets) {
  ASSERT_EQ(batch.ids.size(), batch.targets.size());
  size_t at = 0;
  for (const int32_t length : batch.segments) {
    ASSERT_GT(length, 0);
    ASSERT_LE(at + static_cast<size_t>(length), batch.ids.size());
    for (int32_t i = 0; i < length; ++i, ++at) {
      // Tokens of the made documents count up by one within a document.
      ASSERT_EQ(batch.ids[at], batch.ids[at - static_cast<size_t>(i)] + i) << "two documents in one segment";
      if (batch.targets[at] == kMasked) continue;
      ASSERT_EQ(batch.targets[at], batch.ids[at] + 1) << "a target that is not the next token";
      ++targets[batch.targets[at]];
    }
  }
  ASSERT_EQ(at, batch.ids.size());
}

struct Case {
  int64_t sequence_len, micro_batch_size, accumulation;
  uint64_t documents, longest;
  bool pack, masked;
  int world;
};

class LoaderOver : public testing::TestWithParam<Case> {
 protected:
  LoaderOptions options(uint64_t seed) const {
    return {.sequence_len = GetParam().sequence_len,
            .micro_batch_size = GetParam().micro_batch_size,
            .gradient_accumulation_steps = GetParam().accumulation,
            .sample_packing = GetParam().pack,
            .seed = seed,
            .world = GetParam().world};
  }
  std::vector<TokenizedDocument> documents(uint64_t seed) const {
    base::RandomStream random(seed, "loader");
    auto made = test::random_documents(random, GetParam().documents, GetParam().longest, GetParam().masked);
    made.push_back(test::document_of(made.size(), 5));
    return made;
  }
};

TEST_P(LoaderOver, AnEpochTrainsEveryTokenOnce) {
  for (uint64_t seed = 0; seed < 3; ++seed) {
    const auto made_documents = documents(seed);
    const test::MadeShards made(made_documents, 300);
    std::map<int32_t, int> targets;
    std::vector<std::unique_ptr<Loader>> ranks;
    for (int rank = 0; rank < GetParam().world; ++rank) {
      LoaderOptions of_rank = options(seed);
      of_rank.rank = rank;
      ranks.push_back(std::make_unique<Loader>(made.set, of_rank));
    }
    int64_t trained = 0, tokens = 0;
    for (int64_t index = 0; index < ranks[0]->steps_in(0); ++index) {
      int64_t step_tokens = 0, step_trained = 0;
      for (const auto& loader : ranks) {
        const Step step = loader->step(1, index);
        EXPECT_LE(static_cast<int64_t>(step.micro_batches.size()), GetParam().accumulation);
        EXPECT_EQ(step.micro_batches.size(), ranks[0]->step(1, index).micro_batches.size())
            << "ranks would wait for each other";
        for (const Batch& batch : step.micro_batches) {
          EXPECT_LE(batch.tokens(), GetParam().sequence_len * GetParam().micro_batch_size);
          EXPECT_LE(batch.tokens(), loader->longest_batch().tokens());
          ASSERT_NO_FATAL_FAILURE(count_targets(batch, targets));
          step_tokens += batch.tokens();
          step_trained += batch.trained();
        }
      }
      EXPECT_GT(step_trained, 0) << "a step without anything to learn";
      EXPECT_EQ(ranks[0]->step(1, index).tokens, step_tokens) << "of all ranks";
      EXPECT_EQ(ranks[0]->step(1, index).trained, step_trained) << "of all ranks";
      tokens += step_tokens;
      trained += step_trained;
    }
    EXPECT_EQ(trained, ranks[0]->conservation().trained);
    EXPECT_EQ(tokens, ranks[0]->conservation().positions);
    for (uint64_t d = 0; d < made_documents.size(); ++d)
      for (uint64_t t = 0; t < made_documents[d].tokens.size(); ++t) {
        const bool counts = t > 0 && (made_documents[d].mask.empty() || made_documents[d].mask[t] == 1);
        ASSERT_EQ(targets[test::token_of(d, t)], counts ? 1 : 0) << "token " << t << " of document " << d;
      }
  }
}

TEST_P(LoaderOver, SeekingGivesWhatRunningThroughGives) {
  const test::MadeShards made(documents(7), 300);
  const Loader through(made.set, options(7));
  std::vector<Step> steps;
  for (int64_t epoch = 0; epoch < 3; ++epoch)
    for (int64_t index = 0; index < through.steps_in(0); ++index)
      steps.push_back(through.step(epoch, index));
  base::RandomStream random(7, "seeks");
  for (int i = 0; i < 30; ++i) {
    const auto at = static_cast<int64_t>(random.below(steps.size()));
    const Loader fresh(made.set, options(7));
    EXPECT_TRUE(same(fresh.step(at / through.steps_in(0), at % through.steps_in(0)),
                     steps[static_cast<size_t>(at)]));
  }
}

TEST_P(LoaderOver, RowsAreDealtToStepsAndMicroBatchesEvenly) {
  LoaderOptions unpacked = options(9);
  unpacked.sample_packing = false;  // one segment a row, so that rows can be counted
  const test::MadeShards made(documents(9), 300);
  const Loader loader(made.set, unpacked);
  std::vector<size_t> of_steps;
  for (int64_t index = 0; index < loader.steps_in(0); ++index) {
    std::vector<size_t> of_batches;
    for (unpacked.rank = 0; unpacked.rank < GetParam().world; ++unpacked.rank)
      for (const Batch& batch : Loader(made.set, unpacked).step(0, index).micro_batches)
        of_batches.push_back(batch.segments.size());
    const auto [fewest, most] = std::minmax_element(of_batches.begin(), of_batches.end());
    EXPECT_LE(*most - *fewest, 1U);
    of_steps.push_back(std::accumulate(of_batches.begin(), of_batches.end(), size_t{0}));
  }
  const auto [fewest, most] = std::minmax_element(of_steps.begin(), of_steps.end());
  EXPECT_LE(*most - *fewest, 1U);
}

INSTANTIATE_TEST_SUITE_P(
    Corpora, LoaderOver,
    testing::Values(Case{8, 1, 1, 20, 30, true, false, 1}, Case{8, 3, 4, 40, 30, true, true, 1},
                    Case{16, 2, 2, 30, 10, false, true, 1}, Case{64, 4, 8, 50, 200, true, false, 2},
                    Case{64, 1, 3, 50, 200, false, false, 3}, Case{5, 7, 2, 3, 4, true, false, 4},
                    Case{512, 8, 16, 40, 900, true, true, 2}));

class LoaderOrder : public testing::Test {
 protected:
  std::vector<int32_t> first_ids(const LoaderOptions& options, int64_t epoch) const {
    const Loader loader(made_.set, options);
    std::vector<int32_t> ids;
    for (int64_t index = 0; index < loader.steps_in(0); ++index)
      for (const Batch& batch : loader.step(epoch, index).micro_batches) ids.push_back(batch.ids[0]);
    return ids;
  }
  test::MadeShards made_{test::documents_of(std::vector<uint64_t>(50, 9))};
  LoaderOptions options_{.sequence_len = 8, .seed = 3};
};

TEST_F(LoaderOrder, DependsOnSeedAndEpochAlone) {
  EXPECT_EQ(first_ids(options_, 0), first_ids(options_, 0));
  EXPECT_NE(first_ids(options_, 0), first_ids(options_, 1));
  LoaderOptions other = options_;
  other.seed = 4;
  EXPECT_NE(first_ids(options_, 0), first_ids(other, 0));
  const auto zero = first_ids(options_, 0), one = first_ids(options_, 1);
  EXPECT_EQ(std::set(zero.begin(), zero.end()), std::set(one.begin(), one.end()));
}

TEST_F(LoaderOrder, ValidationKeepsTheOrderOfTheShards) {
  options_.order = Order::sequential;
  options_.micro_batch_size = 4;
  const auto ids = first_ids(options_, 0);
  EXPECT_TRUE(std::is_sorted(ids.begin(), ids.end()));
  EXPECT_EQ(ids, first_ids(options_, 5));
}

TEST_F(LoaderOrder, NamesTheDocumentsOfAStep) {
  options_.micro_batch_size = 3;
  const Loader loader(made_.set, options_);
  for (int64_t index = 0; index < loader.steps_in(0); ++index) {
    std::set<uint64_t> expected;
    for (const Batch& batch : loader.step(2, index).micro_batches)
      for (const int32_t id : batch.ids) expected.insert(static_cast<uint64_t>(id) / 1000);
    EXPECT_EQ(loader.documents_of(2, index), std::vector<uint64_t>(expected.begin(), expected.end()));
  }
}

TEST(Loader, NothingToTrainOnIsAnErrorThatCounts) {
  const test::MadeShards made(test::documents_of({1, 1, 0}));
  try {
    Loader loader(made.set, {});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::data);
    EXPECT_THAT(error.what(), testing::HasSubstr("2 tokens = 0 trained"));
    EXPECT_THAT(error.what(), testing::HasSubstr("nothing_to_predict 2"));
  }
}

TEST(Loader, OptionsWithoutSenseAreErrorsOfTheRecipe) {
  const test::MadeShards made(test::documents_of({10}));
  for (const LoaderOptions& options : {LoaderOptions{.sequence_len = 0}, LoaderOptions{.micro_batch_size = 0},
                                       LoaderOptions{.gradient_accumulation_steps = -1}}) {
    try {
      Loader loader(made.set, options);
      FAIL();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::usage);
    }
  }
}

}  // namespace
}  // namespace hone::dataset
