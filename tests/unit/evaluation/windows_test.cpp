#include "evaluation/windows.h"

#include <gtest/gtest.h>

#include <vector>

namespace hone::evaluation {
namespace {

TEST(Windows, EveryTokenButTheFirstIsPredictedOnce) {
  for (int64_t context : {1, 2, 3, 7, 64})
    for (int64_t tokens = 0; tokens < 200; ++tokens) {
      std::vector<int> predicted(static_cast<size_t>(tokens), 0);
      for (const Window& window : cut_windows(tokens, context)) {
        ASSERT_GE(window.begin, 0);
        ASSERT_LE(window.length, context);
        ASSERT_LE(window.begin + window.length + 1, tokens);
        for (int64_t at = window.begin + 1 + window.skip; at <= window.begin + window.length; ++at)
          ++predicted[static_cast<size_t>(at)];
      }
      for (size_t at = 0; at < predicted.size(); ++at)
        ASSERT_EQ(predicted[at], at == 0 ? 0 : 1)
            << tokens << " tokens, context " << context << ", token " << at;
    }
}

TEST(Windows, LastOneReadsAsMuchAsAWindowHolds) {
  // 10 tokens to predict with 4 at a time: 4, 4 and the last 2 from the 4 before each.
  const std::vector<Window> expected = {{0, 4, 0}, {4, 4, 0}, {6, 4, 2}};
  EXPECT_EQ(cut_windows(11, 4), expected);
}

TEST(Windows, ShortDocumentIsOneWindow) {
  EXPECT_EQ(cut_windows(5, 100), (std::vector<Window>{{0, 4, 0}}));
  EXPECT_TRUE(cut_windows(1, 100).empty());
  EXPECT_TRUE(cut_windows(0, 100).empty());
}

}  // namespace
}  // namespace hone::evaluation
