// What holds of every epoch whatever the options: worlds are drawn by a seed over packing, lengths, masks, pairs,
// mixtures, ranks, accumulation and length groups, and each is counted from its batches alone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <map>
#include <set>

#include "base/error.h"
#include "dataset/loader.h"
#include "unit/dataset/made_shards.h"

namespace hone::dataset {
namespace {

const char* const kSources[] = {"manual", "faq", "general"};

struct World {
  std::vector<TokenizedDocument> documents;
  bool pairs = false;
  LoaderOptions options;
};

TokenizedDocument drawn_document(base::RandomStream& random, uint64_t ordinal, uint64_t longest, bool masked, const std::string& source) {
  TokenizedDocument document = test::document_of(ordinal, random.below(longest + 1));
  document.source = source;
  if (masked && random.below(3) > 0) {
    const uint64_t begin = random.below(document.tokens.size() + 1), end = random.below(document.tokens.size() + 1);
    for (uint64_t t = 0; t < document.tokens.size(); ++t) document.mask.push_back(t >= begin && (t < end || end < begin) ? 1 : 0);
  }
  return document;
}

/// Documents first: the mixture names only sources that are there.
World drawn_world(uint64_t seed) {
  base::RandomStream random(seed, "worlds");
  World world;
  world.pairs = random.below(3) == 0;
  const bool masked = random.below(2) == 0;
  const uint64_t units = 4 + random.below(40), longest = 2 + random.below(60), sources = 1 + random.below(3);
  std::set<std::string> there;
  for (uint64_t unit = 0; unit < units; ++unit) {
    const std::string source = kSources[random.below(sources)];
    there.insert(source);
    for (int side = 0; side < (world.pairs ? 2 : 1); ++side)
      world.documents.push_back(drawn_document(random, world.documents.size(), longest, masked, source));
  }
  LoaderOptions& options = world.options;
  options.sequence_len = 2 + static_cast<int64_t>(random.below(40));
  options.micro_batch_size = 1 + static_cast<int64_t>(random.below(5));
  options.gradient_accumulation_steps = 1 + static_cast<int64_t>(random.below(3));
  options.sample_packing = random.below(2) == 0;
  options.order = random.below(3) == 0 ? Order::grouped : Order::shuffled;
  options.epochs = 1 + static_cast<int64_t>(random.below(4));
  options.world = 1 + static_cast<int>(random.below(3));
  options.seed = seed;
  for (const std::string& source : there) {
    if (random.below(2) == 0) continue;
    recipe::MixtureOptions& option = options.mixture.emplace_back();
    option.source = source;
    option.weight = std::vector<double>{0.25, 0.5, 1, 1.7, 2}[random.below(5)];
    if (random.below(4) == 0) option.epochs = 1 + static_cast<int64_t>(random.below(3));
  }
  return world;
}

std::shared_ptr<const ShardSet> written(const World& world, const std::filesystem::path& folder) {
  ShardWriterOptions options = test::writer_options(150);
  options.pairs = world.pairs;
  ShardWriter writer(folder, "train", options);
  for (const TokenizedDocument& document : world.documents) writer.add(document);
  writer.close();
  return ShardSet::open(folder, "train");
}

/// Nothing where an epoch has nothing to train on: then that is said.
std::vector<std::unique_ptr<Loader>> ranks_of(const World& world, const std::shared_ptr<const ShardSet>& set) {
  std::vector<std::unique_ptr<Loader>> ranks;
  for (int rank = 0; rank < world.options.world; ++rank) {
    LoaderOptions options = world.options;
    options.rank = rank;
    try {
      ranks.push_back(std::make_unique<Loader>(set, options));
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), testing::HasSubstr("nothing to train on"));
      return {};
    }
  }
  return ranks;
}

using Seen = std::map<std::pair<uint64_t, uint64_t>, int>;  ///< (document, token) → times it was a target that counts

/// Each segment is a run of its document from which nothing else is seen, with the document's mask.
void count(const World& world, const Batch& batch, Seen& seen) {
  ASSERT_EQ(batch.documents.size(), batch.segments.size());
  ASSERT_EQ(batch.ids.size(), batch.targets.size());
  size_t at = 0;
  for (size_t s = 0; s < batch.segments.size(); ++s) {
    const uint64_t ordinal = batch.documents[s];
    const TokenizedDocument& document = world.documents[ordinal];
    const auto begin = static_cast<uint64_t>(batch.ids[at] - test::token_of(ordinal, 0));
    bool any = false;
    for (uint64_t i = 0; i < static_cast<uint64_t>(batch.segments[s]); ++i, ++at) {
      ASSERT_LT(begin + i + 1, document.tokens.size());
      ASSERT_EQ(batch.ids[at], document.tokens[begin + i]);
      const bool counts = document.mask.empty() || document.mask[begin + i + 1] == 1;
      ASSERT_EQ(batch.targets[at], counts ? document.tokens[begin + i + 1] : kMasked);
      if (counts) ++seen[{ordinal, begin + i + 1}];
      any = any || counts;
    }
    ASSERT_TRUE(any) << "a segment that is read for nothing";
    ASSERT_NE(batch.targets[at - 1], kMasked) << "positions behind the last target";
    if (!world.pairs) continue;
    ASSERT_EQ(begin, 0U);
    ASSERT_EQ(ordinal % 2, s % 2);
    if (s % 2 == 1) {
      ASSERT_EQ(batch.documents[s - 1], ordinal - 1) << "a torn pair";
    }
  }
  ASSERT_EQ(at, batch.ids.size());
  ASSERT_TRUE(!world.pairs || batch.segments.size() % 2 == 0);
}

/// Whether a token is a target that an epoch which reads its unit once has to train.
bool is_trained(const World& world, const Cut& cut, uint64_t ordinal, uint64_t token) {
  if (world.pairs && cut.trained(ordinal / 2) == 0) return false;
  const TokenizedDocument& document = world.documents[ordinal];
  if (world.pairs && token >= static_cast<uint64_t>(world.options.sequence_len)) return false;
  return token > 0 && (document.mask.empty() || document.mask[token] == 1);
}

class Worlds : public testing::TestWithParam<uint64_t> {
 protected:
  World world_ = drawn_world(GetParam());
  hone::test::TempDir folder_{"hone-worlds"};
  std::shared_ptr<const ShardSet> set_ = written(world_, folder_.path());
};

TEST_P(Worlds, EveryTargetOfWhatAnEpochReadsIsTrainedOnceAndAllTokensAreAccountedFor) {
  const auto ranks = ranks_of(world_, set_);
  if (ranks.empty()) return;
  const Loader& one = *ranks[0];
  const int64_t most = world_.options.micro_batch_size * one.cut().row_length(), longest = one.longest_batch().tokens();
  int64_t steps = 0;
  for (int64_t epoch = 0; epoch < world_.options.epochs; ++epoch) {
    Seen seen;
    int64_t tokens = 0, trained = 0;
    for (int64_t index = 0; index < one.steps_in(epoch); ++index, ++steps) {
      int64_t step_tokens = 0, step_trained = 0;
      const Step first = one.step(epoch, index);
      for (const auto& rank : ranks) {
        const Step step = rank->step(epoch, index);
        ASSERT_EQ(step.micro_batches.size(), first.micro_batches.size()) << "ranks would wait for each other";
        ASSERT_LE(static_cast<int64_t>(step.micro_batches.size()), world_.options.gradient_accumulation_steps);
        for (const Batch& batch : step.micro_batches) {
          ASSERT_LE(batch.tokens(), most);
          ASSERT_LE(batch.tokens(), longest);
          ASSERT_NO_FATAL_FAILURE(count(world_, batch, seen));
          step_tokens += batch.tokens();
          step_trained += batch.trained();
        }
      }
      ASSERT_EQ(first.tokens, step_tokens);
      ASSERT_EQ(first.trained, step_trained);
      ASSERT_GT(step_trained, 0);
      tokens += step_tokens;
      trained += step_trained;
    }
    const Conservation& counted = one.conservation(epoch);
    EXPECT_TRUE(counted.balanced()) << counted.sentence();
    EXPECT_EQ(counted.trained, trained);
    EXPECT_EQ(counted.positions, tokens);
    const auto readings = one.mixture().readings(epoch);
    int64_t read = 0;
    for (uint64_t d = 0; d < world_.documents.size(); ++d) {
      const int times = readings.empty() ? 1 : static_cast<int>(readings[world_.pairs ? d / 2 : d]);
      read += times * static_cast<int64_t>(world_.documents[d].tokens.size());
      for (uint64_t t = 0; t < world_.documents[d].tokens.size(); ++t) {
        const auto found = seen.find({d, t});
        ASSERT_EQ(found == seen.end() ? 0 : found->second, is_trained(world_, one.cut(), d, t) ? times : 0) << "token " << t << " of document " << d;
      }
    }
    EXPECT_EQ(counted.tokens, read);
  }
  EXPECT_EQ(one.steps(), steps);
}

bool same(const Step& a, const Step& b) {
  return a.tokens == b.tokens && a.trained == b.trained &&
         std::equal(a.micro_batches.begin(), a.micro_batches.end(), b.micro_batches.begin(), b.micro_batches.end(), [](const Batch& x, const Batch& y) {
           return x.ids == y.ids && x.targets == y.targets && x.segments == y.segments && x.documents == y.documents;
         });
}

/// (document, length) of all segments of a rank's step, sorted.
std::vector<std::pair<uint64_t, int32_t>> joined(const Step& step) {
  std::vector<std::pair<uint64_t, int32_t>> segments;
  for (const Batch& batch : step.micro_batches)
    for (size_t s = 0; s < batch.segments.size(); ++s) segments.emplace_back(batch.documents[s], batch.segments[s]);
  std::sort(segments.begin(), segments.end());
  return segments;
}

TEST_P(Worlds, AnyStepIsTheSameWhateverWasAskedBeforeAndByHowManyThreads) {
  const auto ranks = ranks_of(world_, set_);
  if (ranks.empty()) return;
  const Loader& through = *ranks.back();
  std::vector<std::pair<int64_t, int64_t>> places;
  for (int64_t epoch = 0; epoch < world_.options.epochs; ++epoch)
    for (int64_t index = 0; index < through.steps_in(epoch); ++index) places.emplace_back(epoch, index);
  std::vector<Step> in_order;
  for (const auto& [epoch, index] : places) in_order.push_back(through.step(epoch, index));

  const Loader smaller(through, 1);  // found later what fits: other micro batches, the same steps
  base::RandomStream random(GetParam(), "seeks");
  const auto seek = [&](const Loader& loader, uint64_t at) { return same(loader.step(places[at].first, places[at].second), in_order[at]); };
  for (int i = 0; i < 6; ++i) {
    const uint64_t at = random.below(places.size());
    EXPECT_TRUE(seek(Loader(set_, through.options()), at));
    const Step cut = smaller.step(places[at].first, places[at].second);
    EXPECT_EQ(joined(cut), joined(in_order[at]));
    EXPECT_EQ(cut.trained, in_order[at].trained);
    for (const Batch& batch : cut.micro_batches) EXPECT_LE(batch.tokens(), static_cast<int64_t>(through.cut().row_length()));
  }
  std::vector<std::future<bool>> threads;
  for (uint64_t thread = 0; thread < 3; ++thread)
    threads.push_back(std::async(std::launch::async, [&, thread] {
      bool equal = true;
      for (uint64_t i = 0; i < places.size(); ++i) equal = equal && seek(through, (i * 7 + thread * 3) % places.size());
      return equal;
    }));
  for (auto& thread : threads) EXPECT_TRUE(thread.get());
}

TEST_P(Worlds, NoDocumentIsReadMoreThanOnceOftenerThanAnotherOfItsSource) {
  const auto ranks = ranks_of(world_, set_);
  if (ranks.empty()) return;
  const Cut& cut = ranks[0]->cut();
  std::vector<uint64_t> times(cut.units());
  for (int64_t epoch = 0; epoch < world_.options.epochs; ++epoch) {
    const auto readings = ranks[0]->mixture().readings(epoch);
    std::map<uint32_t, std::pair<uint64_t, uint64_t>> range;
    for (uint64_t unit = 0; unit < cut.units(); ++unit) {
      times[unit] += readings.empty() ? 1 : readings[unit];
      if (cut.trained(unit) == 0) continue;
      auto& [least, most] = range.try_emplace(cut.source(unit), UINT64_MAX, 0).first->second;
      least = std::min(least, times[unit]);
      most = std::max(most, times[unit]);
    }
    for (const auto& [source, ends] : range) EXPECT_LE(ends.second - ends.first, 1U) << cut.sources()[source] << " after epoch " << epoch + 1;
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, Worlds, testing::Range(uint64_t{0}, uint64_t{40}));

}  // namespace
}  // namespace hone::dataset
