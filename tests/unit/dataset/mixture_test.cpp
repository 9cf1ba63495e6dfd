// How often the documents of a source are read: by weight, by share and for some epochs alone.
#include "dataset/mixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "dataset/loader.h"
#include "unit/dataset/made_shards.h"

namespace hone::dataset {
namespace {

using recipe::MixtureOptions;
using testing::HasSubstr;

/// 30 documents "even" and 30 "odd", of 5 to 34 tokens.
class Mixing : public testing::Test {
 protected:
  std::vector<uint32_t> readings(const std::vector<MixtureOptions>& options, int64_t epoch, int64_t epochs = 4) const {
    return Mixture(cut_, options, 3, epochs).readings(epoch);
  }
  int64_t trained(const std::vector<uint32_t>& readings, const std::string& source) const {
    int64_t sum = 0;
    for (uint64_t unit = 0; unit < cut_.units(); ++unit)
      if (cut_.sources()[cut_.source(unit)] == source) sum += static_cast<int64_t>(readings[unit]) * cut_.trained(unit);
    return sum;
  }
  std::string refusal(const std::vector<MixtureOptions>& options) const {
    try {
      Mixture(cut_, options, 3, 2).readings(0);
    } catch (const Error& error) {
      return error.what();
    }
    return {};
  }

  static std::vector<uint64_t> lengths() {
    std::vector<uint64_t> lengths;
    for (uint64_t i = 0; i < 60; ++i) lengths.push_back(5 + i / 2);
    return lengths;
  }
  test::MadeShards made_{test::documents_of(lengths())};
  Cut cut_{made_.set, 16};
};

TEST_F(Mixing, WithoutOneEveryDocumentIsReadOnceInEveryEpoch) {
  EXPECT_TRUE(Mixture(cut_, {}, 3, 4).constant());
  EXPECT_TRUE(readings({}, 0).empty());
  EXPECT_TRUE(readings({{.source = "odd"}}, 2).empty()) << "weight 1 is the same as none";
}

TEST_F(Mixing, AHalfIsReadInOneEpochAndTheOtherHalfInTheNext) {
  const std::vector<MixtureOptions> half = {{.source = "odd", .weight = 0.5}};
  EXPECT_FALSE(Mixture(cut_, half, 3, 4).constant());
  const auto first = readings(half, 0), second = readings(half, 1), third = readings(half, 2);
  EXPECT_NE(first, second);
  EXPECT_EQ(first, third);
  for (uint64_t unit = 0; unit < cut_.units(); ++unit) {
    EXPECT_EQ(first[unit] + second[unit], unit % 2 == 0 ? 2U : 1U);
  }
  const double whole = static_cast<double>(trained(std::vector<uint32_t>(60, 1), "odd"));
  EXPECT_NEAR(static_cast<double>(trained(first, "odd")), whole / 2, 33) << "to within the longest document";
}

TEST_F(Mixing, WholeWeightsReadEverythingSoOften) {
  const std::vector<MixtureOptions> thrice = {{.source = "odd", .weight = 3}};
  EXPECT_TRUE(Mixture(cut_, thrice, 3, 4).constant());
  for (uint64_t unit = 0; unit < cut_.units(); ++unit) EXPECT_EQ(readings(thrice, 1)[unit], unit % 2 == 0 ? 1U : 3U);
}

TEST_F(Mixing, AShareIsOfTheTrainedTokensOfEveryEpoch) {
  for (const double share : {0.05, 0.3, 0.5, 0.9}) {
    const std::vector<MixtureOptions> options = {{.source = "odd", .share = share}};
    for (int64_t epoch = 0; epoch < 4; ++epoch) {
      const auto read = readings(options, epoch);
      const auto odd = static_cast<double>(trained(read, "odd")), even = static_cast<double>(trained(read, "even"));
      EXPECT_EQ(even, static_cast<double>(trained(std::vector<uint32_t>(60, 1), "even")));
      const double exact = share / (1 - share) * even;
      EXPECT_NEAR(odd, exact, 33) << "to within the longest document";
    }
  }
}

TEST_F(Mixing, SharesCountByTheirRatioWhereNothingElseIsRead) {
  const std::vector<MixtureOptions> options = {{.source = "odd", .share = 0.2}, {.source = "even", .share = 0.6}};
  const auto read = readings(options, 0);
  EXPECT_NEAR(static_cast<double>(trained(read, "even")), 3 * static_cast<double>(trained(read, "odd")), 4 * 33);
}

TEST_F(Mixing, ASourceMayEndBeforeTheOthers) {
  const std::vector<MixtureOptions> options = {{.source = "odd", .weight = 2, .epochs = 2}};
  for (int64_t epoch = 0; epoch < 4; ++epoch)
    for (uint64_t unit = 0; unit < cut_.units(); ++unit) EXPECT_EQ(readings(options, epoch)[unit], unit % 2 == 0 ? 1U : epoch < 2 ? 2U : 0U);
  LoaderOptions loading{.sequence_len = 16, .sample_packing = false, .epochs = 4, .mixture = options};
  const Loader loader(made_.set, loading);
  EXPECT_GT(loader.steps_in(1), 2 * loader.steps_in(2));
  EXPECT_EQ(loader.steps(), 2 * loader.steps_in(0) + 2 * loader.steps_in(2));
}

TEST_F(Mixing, AnotherSeedReadsAnotherHalf) {
  const std::vector<MixtureOptions> half = {{.source = "odd", .weight = 0.5}};
  EXPECT_NE(Mixture(cut_, half, 3, 2).readings(0), Mixture(cut_, half, 4, 2).readings(0));
}

TEST_F(Mixing, WhatCannotBeMixedIsSaid) {
  EXPECT_THAT(refusal({{.source = "evn"}}), testing::AllOf(HasSubstr("names the source evn"), HasSubstr("did you mean even?")));
  EXPECT_THAT(refusal({{.source = "odd", .share = 0.6}, {.source = "odd", .share = 0.6}}), "") << "the last one counts";
  try {
    const Loader loader(made_.set, {.epochs = 2, .mixture = {{.source = "odd", .epochs = 1}, {.source = "even", .weight = 0}}});
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("nothing to train on in epoch 2"));
  }
}

TEST_F(Mixing, AShareOfWhatIsNeverTrainedIsRefused) {
  auto documents = test::documents_of({9, 9});
  documents[1].mask.assign(9, 0);
  const test::MadeShards made(documents);
  EXPECT_THROW(Mixture(Cut(made.set, 16), {{.source = "odd", .share = 0.5}}, 0, 1), Error);
}

}  // namespace
}  // namespace hone::dataset
