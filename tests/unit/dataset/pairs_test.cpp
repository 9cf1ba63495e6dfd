// Pairs of answers: whole, side by side, shortened as TRL 1.16 shortens them (max_length, keep_start), and counted.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "dataset/loader.h"
#include "unit/dataset/made_shards.h"

namespace hone::dataset {
namespace {

using testing::ElementsAre;

/// A prompt of `prompt` tokens, then an answer of which every token is trained.
TokenizedDocument side(uint64_t ordinal, uint64_t prompt, uint64_t answer) {
  TokenizedDocument document = test::document_of(ordinal, prompt + answer);
  document.source = "pairs";
  document.mask.assign(prompt, 0);
  document.mask.resize(prompt + answer, 1);
  return document;
}

struct MadePairs {
  hone::test::TempDir folder{"hone-pairs"};
  std::shared_ptr<const ShardSet> set;

  explicit MadePairs(const std::vector<TokenizedDocument>& documents, uint64_t max_tokens = 1000) {
    ShardWriterOptions options = test::writer_options(max_tokens);
    options.pairs = true;
    ShardWriter writer(folder.path(), "train", options);
    for (const TokenizedDocument& document : documents) writer.add(document);
    writer.close();
    set = ShardSet::open(folder.path(), "train");
  }
};

TEST(Pairs, TheShardSaysSoAndNoShardEndsInsideOne) {
  std::vector<TokenizedDocument> documents;
  for (uint64_t i = 0; i < 10; ++i) documents.push_back(side(i, 3, 4));
  const MadePairs made(documents, 10);
  EXPECT_TRUE(made.set->pairs());
  EXPECT_EQ(made.set->shards().size(), 5U);
  for (const Shard& shard : made.set->shards()) {
    EXPECT_EQ(shard.header().documents, 2U);
    EXPECT_EQ(shard.header().version, 2U);
  }
  EXPECT_FALSE(test::MadeShards(test::documents_of({4})).set->pairs());
}

TEST(Pairs, EachSideKeepsItsFirstTokens) {
  const MadePairs made({side(0, 4, 10), side(1, 4, 3)});
  const Loader loader(made.set, {.sequence_len = 8, .order = Order::sequential});
  const Batch batch = loader.step(0, 0).micro_batches.at(0);
  EXPECT_THAT(batch.segments, ElementsAre(7, 6)) << "8 tokens are 7 predictions; 7 tokens are 6";
  EXPECT_THAT(batch.documents, ElementsAre(0, 1));
  EXPECT_THAT(batch.targets, ElementsAre(kMasked, kMasked, kMasked, 4, 5, 6, 7, kMasked, kMasked, kMasked, 1004, 1005, 1006));
  EXPECT_EQ(loader.conservation().dropped.at("truncated"), 6);
  EXPECT_EQ(loader.conservation().truncated_documents, 1);
}

TEST(Pairs, APromptThatFillsTheSequenceLeavesThePairOut) {
  const MadePairs made({side(0, 8, 5), side(1, 8, 5), side(2, 7, 5), side(3, 7, 5)});
  const Loader loader(made.set, {.sequence_len = 8});
  EXPECT_EQ(loader.rows(), 1);
  EXPECT_THAT(loader.documents_of(0, 0), ElementsAre(2, 3));
  EXPECT_EQ(loader.conservation().without_label, 2);
  EXPECT_TRUE(loader.conservation().balanced());
}

TEST(Pairs, ASideWithoutAnAnswerTakesTheOtherWithIt) {
  const MadePairs made({side(0, 3, 5), side(1, 3, 0), side(2, 3, 5), side(3, 3, 1)});
  const Loader loader(made.set, {.sequence_len = 16});
  EXPECT_THAT(loader.documents_of(0, 0), ElementsAre(2, 3));
  EXPECT_EQ(loader.conservation().dropped.at("torn_pair"), 7);
  EXPECT_EQ(loader.conservation().dropped.at("fully_masked"), 2);
}

TEST(Pairs, SeveralFillARowAndMicroBatchesCountRows) {
  std::vector<TokenizedDocument> documents;
  for (uint64_t i = 0; i < 40; ++i) documents.push_back(side(i, 2, 3));  // 8 positions a pair
  const MadePairs made(documents);
  const Loader packed(made.set, {.sequence_len = 16, .micro_batch_size = 2});
  EXPECT_EQ(packed.rows(), 5) << "rows of 32 positions";
  EXPECT_EQ(packed.steps_in(0), 3);
  const Loader apart(made.set, {.sequence_len = 16, .micro_batch_size = 2, .sample_packing = false});
  EXPECT_EQ(apart.rows(), 20);
  for (int64_t index = 0; index < apart.steps_in(0); ++index) EXPECT_EQ(apart.step(0, index).micro_batches.at(0).segments.size(), 4U) << "two pairs";
}

}  // namespace
}  // namespace hone::dataset
