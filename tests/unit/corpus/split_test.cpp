#include "corpus/split.h"

#include <gtest/gtest.h>

#include <algorithm>

#include <random>

#include "base/hash.h"

namespace hone::corpus {
namespace {

std::vector<SplitMember> members(size_t count, const std::string& prefix = "d") {
  std::vector<SplitMember> result;
  for (size_t i = 0; i < count; ++i) result.push_back({.key = base::hash64(prefix + std::to_string(i)), .present = true, .remembered = {}});
  return result;
}

Clusters alone(size_t count) {
  Clusters clusters;
  clusters.grow(count);
  return clusters;
}

TEST(Split, HoldsOutAboutTheShareAskedFor) {
  Clusters clusters = alone(20000);
  const auto sides = split(members(20000), clusters, {.validation = 0.05});
  const auto held_out = std::count(sides.begin(), sides.end(), Side::validation);
  EXPECT_NEAR(static_cast<double>(held_out), 1000, 120);  // four standard deviations
}

TEST(Split, ADocumentKeepsItsSideWhenOthersAreAdded) {
  auto few = members(500);
  Clusters clusters = alone(500);
  const auto before = split(few, clusters, {.validation = 0.2});
  auto many = members(300, "new");  // in front and behind
  many.insert(many.end(), few.begin(), few.end());
  Clusters more = alone(800);
  const auto after = split(many, more, {.validation = 0.2});
  for (size_t i = 0; i < 500; ++i) EXPECT_EQ(after[300 + i], before[i]);
}

TEST(Split, AClusterIsNeverOnBothSides) {
  std::mt19937 random(1);
  Clusters clusters = alone(1000);
  for (int i = 0; i < 600; ++i) clusters.link(random() % 1000, random() % 1000);
  const auto sides = split(members(1000), clusters, {.validation = 0.3});
  for (size_t i = 0; i < 1000; ++i) EXPECT_EQ(sides[i], sides[clusters.find(i)]);
}

TEST(Split, LargeClustersAreNotHeldOutMoreOften) {
  Clusters clusters = alone(20000);
  for (size_t i = 0; i < 20000; ++i) clusters.link(i, i / 20 * 20);
  const auto sides = split(members(20000), clusters, {.validation = 0.1});
  EXPECT_NEAR(static_cast<double>(std::count(sides.begin(), sides.end(), Side::validation)) / 20, 100, 40);
}

TEST(Split, RememberedSidesWinAndValidationWinsOverTrain) {
  auto documents = members(4);
  documents[0].remembered = Side::validation;
  documents[1].remembered = Side::train;
  documents[2].remembered = Side::train;
  documents[3].remembered = Side::validation;
  Clusters clusters = alone(4);
  clusters.link(2, 3);
  EXPECT_EQ(split(documents, clusters, {.validation = 0.05}), (std::vector<Side>{Side::validation, Side::train, Side::validation, Side::validation}));
}

TEST(Split, AFewDocumentsStillHoldOneOut) {
  for (size_t count = 2; count < 30; ++count) {
    Clusters clusters = alone(count);
    const auto sides = split(members(count), clusters, {.validation = 0.01});
    EXPECT_GE(std::count(sides.begin(), sides.end(), Side::validation), 1) << count;
  }
  Clusters one = alone(1);
  EXPECT_EQ(split(members(1), one, {.validation = 0.5}).size(), 1U);
  Clusters none = alone(5);
  const auto sides = split(members(5), none, {.validation = 0});
  EXPECT_EQ(std::count(sides.begin(), sides.end(), Side::validation), 0);
}

TEST(Split, WhatIsOnlyMeasuredIsNeverTrainedOnNorAnyCopyOfIt) {
  Clusters clusters;
  clusters.grow(40);
  std::vector<SplitMember> members(40);
  for (uint64_t i = 0; i < 40; ++i) members[i] = {.key = base::hash64("d" + std::to_string(i)), .present = true, .measured_only = i >= 20};
  clusters.link(3, 25);
  recipe::SplitOptions options;
  options.validation = 0.1;
  const std::vector<Side> sides = split(members, clusters, options);
  EXPECT_EQ(sides[3], Side::forgetting);
  EXPECT_EQ(std::count(sides.begin(), sides.end(), Side::forgetting), 21);
  EXPECT_GE(std::count(sides.begin(), sides.end(), Side::validation), 1);
}

}  // namespace
}  // namespace hone::corpus
