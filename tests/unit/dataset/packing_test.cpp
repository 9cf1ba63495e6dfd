// Properties of packing over many corpora: every token accounted for, documents apart, rows within their
// length.
#include "dataset/packing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <numeric>

#include "unit/dataset/made_shards.h"

namespace hone::dataset {
namespace {

struct Case {
  int64_t sequence_len;
  uint64_t documents, longest;
  bool pack, masked;
};

class Packed : public testing::TestWithParam<Case> {};

TEST_P(Packed, EveryTokenIsTrainedOrCountedAsDropped) {
  for (uint64_t seed = 0; seed < 8; ++seed) {
    base::RandomStream random(seed, "packing");
    const auto documents =
        test::random_documents(random, GetParam().documents, GetParam().longest, GetParam().masked);
    const test::MadeShards made(documents, 200);
    const Packing packing = pack(Cut(made.set, GetParam().sequence_len), GetParam().pack);
    const Conservation& count = packing.conservation;
    EXPECT_TRUE(count.balanced());
    EXPECT_EQ(count.tokens, static_cast<int64_t>(made.set->tokens()));

    // Counted again, from the rows alone.
    std::map<uint64_t, std::vector<bool>> target;
    int64_t trained = 0, positions = 0;
    for (uint64_t r = 0; r < packing.rows(); ++r) {
      int64_t row_positions = 0;
      for (const Segment& segment : packing.row(r)) {
        ASSERT_GT(segment.length, 0U);
        row_positions += segment.length;
        auto& seen = target[segment.document];
        seen.resize(documents[segment.document].tokens.size());
        for (uint64_t t = segment.begin + 1; t <= segment.begin + segment.length; ++t) {
          ASSERT_LT(t, seen.size());
          ASSERT_FALSE(seen[t]) << "token " << t << " of document " << segment.document
                                << " is a target twice";
          seen[t] = true;
          const auto& mask = documents[segment.document].mask;
          if (mask.empty() || mask[t] == 1) ++trained;
        }
      }
      EXPECT_LE(row_positions, GetParam().sequence_len);
      positions += row_positions;
    }
    EXPECT_EQ(count.trained, trained);
    EXPECT_EQ(count.positions, positions);
    int64_t targets = 0, first = 0, lost = 0;
    for (uint64_t d = 0; d < documents.size(); ++d) {
      const auto length = static_cast<int64_t>(documents[d].tokens.size());
      targets += std::count(target[d].begin(), target[d].end(), true);
      if (length >= 2) ++first;
      if (length == 1) ++lost;
      for (size_t t = 1; t < documents[d].tokens.size(); ++t)
        if (documents[d].mask.empty() || documents[d].mask[t] == 1) {
          ASSERT_TRUE(t < target[d].size() && target[d][t])
              << "token " << t << " of document " << d << " was lost";
        }
    }
    EXPECT_EQ(count.first, first);
    EXPECT_EQ(count.trained + count.masked, targets);
    const auto nothing = count.dropped.find("nothing_to_predict");
    EXPECT_EQ(nothing == count.dropped.end() ? 0 : nothing->second, lost);
    if (!GetParam().masked) {
      EXPECT_EQ(count.masked, 0);
      EXPECT_EQ(count.dropped.count("fully_masked"), 0U);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Corpora, Packed,
                         testing::Values(Case{1, 5, 10, true, false}, Case{2, 20, 9, true, true},
                                         Case{7, 60, 40, true, false}, Case{7, 60, 40, false, true},
                                         Case{16, 100, 12, true, true}, Case{64, 90, 300, true, false},
                                         Case{64, 90, 300, false, false}, Case{512, 50, 700, true, true},
                                         Case{1000, 3, 5, true, false}));

TEST(Packing, LongDocumentsAreSplitIntoFullRowsAndARest) {
  const test::MadeShards made(test::documents_of({26}));
  const Packing packing = pack(Cut(made.set, 10), true);
  ASSERT_EQ(packing.rows(), 3U);
  EXPECT_THAT(packing.row(0), testing::ElementsAre(Segment{0, 0, 10}));
  EXPECT_THAT(packing.row(1), testing::ElementsAre(Segment{0, 10, 10}));
  EXPECT_THAT(packing.row(2), testing::ElementsAre(Segment{0, 20, 5}));
  EXPECT_EQ(packing.conservation.split_documents, 1);
}

TEST(Packing, BestFitFillsRowsAsFarAsThePiecesAllow) {
  const auto bins = best_fit({6, 4, 5, 5, 9, 1, 3, 7}, 10);
  EXPECT_EQ(bins.size(), 4U);
  EXPECT_THAT(bins, testing::UnorderedElementsAre(
                        testing::UnorderedElementsAre(4, 5), testing::UnorderedElementsAre(7, 6),
                        testing::UnorderedElementsAre(0, 1), testing::UnorderedElementsAre(2, 3)));
}

TEST(Packing, RowsAreNearlyFullOnDocumentsOfAllLengths) {
  base::RandomStream random(5, "lengths");
  std::vector<uint32_t> lengths(20'000);
  for (uint32_t& length : lengths) length = 1 + static_cast<uint32_t>(random.below(512));
  const auto bins = best_fit(lengths, 512);
  const uint64_t total = std::accumulate(lengths.begin(), lengths.end(), UINT64_C(0));
  EXPECT_LE(bins.size(), total / 512 * 102 / 100);
}

TEST(Packing, SaysWhereEveryTokenWent) {
  auto documents = test::documents_of({10, 1, 4});
  documents[2].mask.assign(4, 0);
  const test::MadeShards made(documents);
  EXPECT_EQ(
      pack(Cut(made.set, 8), true).conservation.sentence(),
      "15 tokens = 9 trained + 2 first of a document + 4 dropped (fully_masked 3, nothing_to_predict 1)");
}

}  // namespace
}  // namespace hone::dataset
