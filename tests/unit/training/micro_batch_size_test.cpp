#include "training/micro_batch_size.h"

#include <gtest/gtest.h>

#include <ATen/Functions.h>

#include "training/memory_room.h"

namespace hone::training {
namespace {

/// Rows of 10 bytes over a base of 100.
MicroBatchTrial plain_trial(int64_t rows) { return {.peak = 100 + 10 * static_cast<uint64_t>(rows), .tokens_per_second = 1.0}; }

int64_t chosen(const MicroBatchLimits& limits, const std::function<std::optional<MicroBatchTrial>(int64_t)>& trial,
               std::vector<int64_t>* tried = nullptr) {
  return choose_rows(limits, [&](int64_t rows) {
    if (tried != nullptr) tried->push_back(rows);
    return trial(rows);
  });
}

TEST(MicroBatchSize, DoublesUntilTheNextSizeWouldPassTheRoom) {
  std::vector<int64_t> tried;
  EXPECT_EQ(chosen({.most_rows = 64, .used = 100, .room = 190}, plain_trial, &tried), 8);
  EXPECT_EQ(tried, (std::vector<int64_t>{1, 2, 4, 8})) << "sixteen rows would take 260 bytes and are never tried";
}

TEST(MicroBatchSize, EndsAtTheRowsOfAStep) {
  std::vector<int64_t> tried;
  EXPECT_EQ(chosen({.most_rows = 6, .used = 100, .room = 10'000}, plain_trial, &tried), 6);
  EXPECT_EQ(tried, (std::vector<int64_t>{1, 2, 4, 6}));
  EXPECT_EQ(chosen({.most_rows = 1, .used = 100, .room = 10'000}, plain_trial), 1);
}

TEST(MicroBatchSize, TakesTheLastOneThatWasNotRefused) {
  const auto refuses = [](int64_t rows) { return rows > 4 ? std::nullopt : std::optional(plain_trial(rows)); };
  EXPECT_EQ(chosen({.most_rows = 64, .used = 100, .room = 10'000}, refuses), 4);
}

TEST(MicroBatchSize, OneThatPassedTheRoomAfterAllIsNotTaken) {
  const auto jumps = [](int64_t rows) { return MicroBatchTrial{.peak = rows < 4 ? 110u : 900u, .tokens_per_second = 1.0}; };
  EXPECT_EQ(chosen({.most_rows = 64, .used = 100, .room = 500}, jumps), 2);
}

TEST(MicroBatchSize, OnACpuStopsWhereSpeedNoLongerGrows) {
  const auto speeds = [](int64_t rows) {
    return MicroBatchTrial{.peak = 101, .tokens_per_second = rows == 1 ? 100.0 : rows == 2 ? 150.0 : 152.0};
  };
  EXPECT_EQ(chosen({.most_rows = 64, .used = 100, .room = 10'000, .weighs_speed = true}, speeds), 2);
  EXPECT_EQ(chosen({.most_rows = 64, .used = 100, .room = 10'000, .weighs_speed = false}, speeds), 64);
}

TEST(MicroBatchSize, UnknownRoomMeansOneRow) { EXPECT_EQ(chosen({.most_rows = 64, .used = 0, .room = 0}, plain_trial), 1); }

TEST(MemoryRoom, SeesWhatAnAllocationTakes) {
  ASSERT_GT(free_memory(at::kCPU), 0u);
  constexpr int64_t kBytes = int64_t{96} << 20;
  const MemoryUse use = memory_of(at::kCPU, [] { at::ones({kBytes}, at::kByte); });
  EXPECT_GE(use.peak, use.before + kBytes / 2) << "pages that the process had already are not new";
}

}  // namespace
}  // namespace hone::training
