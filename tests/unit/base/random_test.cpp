#include "base/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/nearest.h"
#include "base/log.h"
#include "base/thread_pool.h"

namespace hone::base {
namespace {

TEST(Random, PhiloxGivesTheAuthorsKnownAnswers) {  // Random123, kat_vectors: philox4x32 10
  EXPECT_EQ(philox({0, 0, 0, 0}, {0, 0}), (std::array<uint32_t, 4>{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(philox({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}),
            (std::array<uint32_t, 4>{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
}

TEST(Random, AStreamIsAPureFunctionOfItsKeys) {
  RandomStream a(7, "order", 1, 2, 3), b(7, "order", 1, 2, 3);
  for (int i = 0; i < 100; ++i) ASSERT_EQ(a.next_u64(), b.next_u64());
}

TEST(Random, EveryKeyMattersToTheStream) {
  std::set<uint64_t> first;
  first.insert(RandomStream(7, "order").next_u64());
  first.insert(RandomStream(8, "order").next_u64());
  first.insert(RandomStream(7, "dropout").next_u64());
  first.insert(RandomStream(7, "order", 1).next_u64());
  first.insert(RandomStream(7, "order", 0, 1).next_u64());
  first.insert(RandomStream(7, "order", 0, 0, 1).next_u64());
  EXPECT_EQ(first.size(), 6u);
}

TEST(Random, UniformAndNormalHaveTheirMoments) {  // 100,000 draws: standard error of a mean of variance 1 is 0.003
  RandomStream stream(1, "moments");
  double sum = 0, normal_sum = 0, normal_squares = 0;
  constexpr int kDraws = 100000;
  for (int i = 0; i < kDraws; ++i) {
    const double u = stream.uniform(), n = stream.normal();
    ASSERT_TRUE(u >= 0 && u < 1);
    sum += u;
    normal_sum += n;
    normal_squares += n * n;
  }
  EXPECT_NEAR(sum / kDraws, 0.5, 0.01);
  EXPECT_NEAR(normal_sum / kDraws, 0.0, 0.02);
  EXPECT_NEAR(normal_squares / kDraws, 1.0, 0.03);
}

TEST(Random, APermutationHasEveryNumberOnce) {
  auto order = RandomStream(3, "p").permutation(1000);
  EXPECT_FALSE(std::is_sorted(order.begin(), order.end()));
  std::sort(order.begin(), order.end());
  for (uint64_t i = 0; i < 1000; ++i) ASSERT_EQ(order[i], i);
}

TEST(ThreadPool, OrderedMapKeepsInputOrderForAnyNumberOfThreads) {
  for (const int threads : {1, 2, 7}) {
    ThreadPool pool(threads);
    int given = 0;
    std::vector<int> out;
    ordered_map(
        pool, [&]() -> std::optional<int> { return given < 500 ? std::optional<int>(given++) : std::nullopt; },
        [](int&& x) { return x * x; }, [&](int x) { out.push_back(x); });
    ASSERT_EQ(out.size(), 500u);
    for (int i = 0; i < 500; ++i) ASSERT_EQ(out[static_cast<size_t>(i)], i * i);
  }
}

TEST(ThreadPool, AnExceptionOfAWorkerReachesTheCaller) {
  ThreadPool pool(2);
  int given = 0;
  EXPECT_THROW(ordered_map(
                   pool, [&]() -> std::optional<int> { return given < 50 ? std::optional<int>(given++) : std::nullopt; },
                   [](int&& x) { return x == 17 ? throw std::runtime_error("17") : x; }, [](int) {}),
               std::runtime_error);
}

TEST(Nearest, FindsSlipsOfTheFingerAndNotStrangers) {
  const std::vector<std::string> names = {"learning_rate", "lr_scheduler", "weight_decay"};
  EXPECT_EQ(nearest("learning_rat", names), "learning_rate");
  EXPECT_EQ(nearest("wieght_decay", names), "weight_decay");
  EXPECT_EQ(nearest("decay", names), "weight_decay");
  EXPECT_EQ(nearest("banana", names), std::nullopt);
}

TEST(Log, HangulTakesTwoColumns) {
  EXPECT_EQ(columns("abc"), 3);
  EXPECT_EQ(columns("한글"), 4);
  EXPECT_EQ(columns("e\u0301"), 1);  // a combining accent takes none
}

TEST(Log, InvisibleCharactersAreWrittenOut) {
  EXPECT_EQ(visible("a\u200b한 글\n\x1b[31m"), "aU+200B한 글U+000AU+001B[31m");
}

TEST(Log, FiguresReadLikeFigures) {
  EXPECT_EQ(human_count(1234567), "1,234,567");
  EXPECT_EQ(human_count(999), "999");
  EXPECT_EQ(human_bytes(1.4e6), "1.4 MB");
  EXPECT_EQ(human_duration(7500), "2 h 05 min");
  EXPECT_EQ(human_duration(65), "1 min 05 s");
}

}  // namespace
}  // namespace hone::base
