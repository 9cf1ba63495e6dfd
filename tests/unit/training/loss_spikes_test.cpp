#include "training/loss_spikes.h"

#include <gtest/gtest.h>

namespace hone::training {
namespace {

const recipe::LossSpikeOptions kOptions{.deviations = 3.0, .window = 5, .action = recipe::SpikeAction::report};

TEST(LossSpikes, StandOutFromAFullWindow) {
  std::vector<double> recent = {2.0, 2.2, 1.8, 2.1};
  EXPECT_FALSE(spike_of(recent, 100.0, kOptions)) << "the window is not full yet";
  recent.push_back(1.9);
  // mean 2, deviation √0.02 = 0.141
  EXPECT_FALSE(spike_of(recent, 2.42, kOptions));
  const auto spike = spike_of(recent, 2.43, kOptions);
  ASSERT_TRUE(spike);
  EXPECT_NEAR(spike->mean, 2.0, 1e-12);
  EXPECT_NEAR(spike->deviation, std::sqrt(0.02), 1e-12);
  EXPECT_NEAR(spike->threshold, 2.0 + 3 * std::sqrt(0.02), 1e-12);
  EXPECT_FALSE(spike_of(recent, 0.1, kOptions)) << "a low loss is welcome";
}

TEST(LossSpikes, AreNotWatchedAtZeroDeviations) {
  recipe::LossSpikeOptions off = kOptions;
  off.deviations = 0.0;
  std::vector<double> recent(5, 1.0);
  EXPECT_FALSE(spike_of(recent, 9.0, off));
  remember(recent, 9.0, {}, off);
  EXPECT_EQ(recent.size(), 5u) << "nothing is kept for nothing";
}

TEST(LossSpikes, ALossThatHardlyMovesMakesNoneOfNothing) {
  const std::vector<double> recent(5, 2.0);
  EXPECT_FALSE(spike_of(recent, 2.0 + 3 * 0.01 - 1e-9, kOptions));
  EXPECT_TRUE(spike_of(recent, 2.0 + 3 * 0.01 + 1e-9, kOptions)) << "the floor is half a percent of the mean";
}

TEST(LossSpikes, OneDoesNotHideTheNext) {
  std::vector<double> recent = {2.0, 2.2, 1.8, 2.1, 1.9};
  for (int i = 0; i < 2; ++i) {
    const auto spike = spike_of(recent, 50.0, kOptions);
    ASSERT_TRUE(spike) << i;
    remember(recent, 50.0, spike, kOptions);
    EXPECT_LT(recent.back(), 3.0);
    EXPECT_EQ(recent.size(), 5u);
  }
}

TEST(LossSpikes, ALossThatStaysHighIsAcceptedInTime) {
  std::vector<double> recent = {2.0, 2.2, 1.8, 2.1, 1.9};
  int spikes = 0;
  for (int step = 0; step < 40; ++step) {
    const auto spike = spike_of(recent, 4.0, kOptions);
    spikes += spike ? 1 : 0;
    remember(recent, 4.0, spike, kOptions);
  }
  EXPECT_GT(spikes, 0);
  EXPECT_FALSE(spike_of(recent, 4.0, kOptions));
}

}  // namespace
}  // namespace hone::training
