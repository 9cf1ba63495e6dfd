// Scoring windows: every token but the first of a document predicted once, in order, whatever the context and
// overlap.
#include "dataset/windows.h"

#include <gtest/gtest.h>

#include "unit/dataset/made_shards.h"

namespace hone::dataset {
namespace {

TEST(Windows, EveryTokenButTheFirstIsPredictedOnceInOrder) {
  for (const uint64_t length : {0, 1, 2, 3, 9, 10, 11, 12, 100})
    for (const int64_t context : {1, 2, 10, 99, 200})
      for (const int64_t overlap : {int64_t{0}, context / 2, context - 1}) {
        const auto tokens = test::document_of(0, length).tokens;
        const Batch batch = windows(tokens, {.context_len = context, .overlap = overlap});
        std::vector<int32_t> predicted;
        size_t at = 0;
        for (const int32_t segment : batch.segments) {
          EXPECT_LE(segment, context);
          for (int32_t i = 0; i < segment; ++i, ++at) {
            EXPECT_EQ(batch.ids[at], batch.ids[at - static_cast<size_t>(i)] + i);
            if (batch.targets[at] == kMasked) {
              EXPECT_TRUE(predicted.empty() || batch.ids[at] < predicted.back())
                  << "context only where it was scored before";
              continue;
            }
            EXPECT_EQ(batch.targets[at], batch.ids[at] + 1);
            predicted.push_back(batch.targets[at]);
          }
        }
        EXPECT_EQ(at, batch.ids.size());
        std::vector<int32_t> expected(tokens.begin() + (tokens.empty() ? 0 : 1), tokens.end());
        EXPECT_EQ(predicted, expected) << length << " tokens, context " << context << ", overlap " << overlap;
      }
}

TEST(Windows, BatchesOfACorpusTellDocumentsApart) {
  for (const int64_t tokens_a_batch : {1, 16, 64, 100'000}) {
    base::RandomStream random(static_cast<uint64_t>(tokens_a_batch), "windows");
    const auto documents = test::random_documents(random, 40, 60, false);
    const test::MadeShards made(documents, 100);
    const WindowOptions options{.context_len = 16, .overlap = 4, .tokens_a_batch = tokens_a_batch};
    const ScoringBatches batches(made.set, options);
    std::vector<Batch> of(documents.size());
    int64_t predictions = 0;
    for (uint64_t i = 0; i < batches.size(); ++i) {
      const ScoringBatch scoring = batches.batch(i);
      ASSERT_EQ(scoring.documents.size(), scoring.batch.segments.size());
      EXPECT_TRUE(scoring.batch.tokens() <= tokens_a_batch || scoring.documents.size() == 1);
      predictions += scoring.batch.trained();
      size_t at = 0;
      for (size_t s = 0; s < scoring.documents.size(); ++s) {
        const auto length = static_cast<size_t>(scoring.batch.segments[s]);
        const auto first = scoring.batch.ids.begin() + static_cast<int64_t>(at);
        const auto target = scoring.batch.targets.begin() + static_cast<int64_t>(at);
        append(of[scoring.documents[s]], {{first, first + static_cast<int64_t>(length)},
                                          {target, target + static_cast<int64_t>(length)},
                                          {scoring.batch.segments[s]}});
        at += length;
      }
    }
    EXPECT_EQ(predictions, batches.predictions());
    for (size_t d = 0; d < documents.size(); ++d) {
      const Batch alone = windows(documents[d].tokens, options);
      EXPECT_EQ(of[d].ids, alone.ids);
      EXPECT_EQ(of[d].targets, alone.targets);
      EXPECT_EQ(of[d].segments, alone.segments);
    }
  }
}

}  // namespace
}  // namespace hone::dataset
