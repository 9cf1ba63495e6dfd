// training.mixture is checked at its keys, with the nearest name, before anything is read.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.h"
#include "recipe/load.h"
#include "support/shared.h"

namespace hone::recipe {
namespace {

using testing::HasSubstr;

class MixtureChecks : public testing::Test {
 protected:
  /// All problems and warnings of a recipe with this mixture, one a line.
  std::string said(const std::string& training) const {
    const auto path = folder_.path() / "r.yaml";
    base::write_file(path,
                     "name: t\ncorpus:\n  sources:\n    - {path: handbook/text, licence: MIT}\n    - {path: faq.jsonl, name: faq, licence: MIT}\n"
                     "    - {path: old, name: old, use: forgetting, licence: MIT}\nmodel: {shape: {}}\ntraining:\n" +
                         training);
    const LoadedRecipe loaded = load_recipe(path, {});
    std::string all;
    for (const auto* list : {&loaded.problems, &loaded.warnings})
      for (const Problem& problem : *list) all += std::to_string(problem.mark.line) + ": " + problem.message + "\n";
    return all;
  }
  hone::test::TempDir folder_{"hone-mixture"};
};

TEST_F(MixtureChecks, NamesOfSourcesAreTheOnesGivenOrPartsOfTheirPath) {
  EXPECT_EQ(said("  mixture: [{source: faq, weight: 2}, {source: text, share: 0.1}]\n").find("mixture"), std::string::npos);
  EXPECT_THAT(said("  mixture:\n    - {source: fqa}\n"), HasSubstr("10: training.mixture.0.source: no source is called fqa; did you mean faq?"));
  EXPECT_THAT(said("  mixture:\n    - {source: old}\n"), HasSubstr("training.mixture.0.source: old has use: forgetting"));
  EXPECT_THAT(said("  mixture:\n    - {weight: 2}\n"), HasSubstr("training.mixture.0 needs `source:`"));
  EXPECT_THAT(said("  mixture: [{source: faq}, {source: faq}]\n"), HasSubstr("training.mixture.1.source: faq is named twice"));
}

TEST_F(MixtureChecks, WhatHasNoEffectIsSaid) {
  EXPECT_THAT(said("  mixture: [{source: faq, weight: 2, share: 0.2}]\n"), HasSubstr("training.mixture.0.weight has no effect: share says"));
  EXPECT_THAT(said("  num_epochs: 2\n  mixture: [{source: faq, epochs: 2}]\n"), HasSubstr("training.mixture.0.epochs has no effect: num_epochs is 2"));
  EXPECT_THAT(said("  group_by_length: true\n"), HasSubstr("training.group_by_length has no effect: sample_packing"));
  EXPECT_EQ(said("  group_by_length: true\n  sample_packing: false\n").find("group_by_length"), std::string::npos);
}

TEST_F(MixtureChecks, SharesLeaveRoomForTheOtherSources) {
  EXPECT_THAT(said("  mixture: [{source: faq, share: 0.99}, {source: text, share: 0.5}]\n").find("leave nothing"), std::string::npos)
      << "every source has one: they count by their ratio";
}

}  // namespace
}  // namespace hone::recipe
