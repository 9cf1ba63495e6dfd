#include "corpus/review.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "artifact/commit.h"
#include "base/error.h"
#include "corpus/clean.h"
#include "corpus/residual.h"
#include "support/shared.h"
#include "unit/corpus/labelled.h"

namespace hone::corpus {
namespace {

using nlohmann::json;
using testing::HasSubstr;

TEST(Residual, BoundIsTheExactOneOfClopperAndPearson) {
  for (const uint64_t n : {1U, 20U, 59U, 200U, 3000U})
    EXPECT_NEAR(upper_bound_of_share(0, n), 1 - std::pow(0.05, 1.0 / static_cast<double>(n)), 1e-12) << n;
  EXPECT_EQ(upper_bound_of_share(7, 7), 1);
  // qbeta(0.95, k + 1, n - k) of R 4.2
  EXPECT_NEAR(upper_bound_of_share(1, 10), 0.3941633, 5e-8);
  EXPECT_NEAR(upper_bound_of_share(5, 10), 0.7775589, 5e-8);
  EXPECT_NEAR(upper_bound_of_share(0, 200), 0.0148670392, 5e-10);
  EXPECT_NEAR(upper_bound_of_share(1, 200), 0.0234984704, 5e-10);
}

/// By definition: at the bound, finding k or fewer is as rare as it may be.
TEST(Residual, AtTheBoundFindingNoMoreIsAsRareAsStated) {
  for (const auto& [k, n] : {std::pair{0U, 200U}, {1U, 200U}, {3U, 50U}, {17U, 200U}, {160U, 200U}}) {
    const double p = upper_bound_of_share(k, n);
    double sum = 0, term = std::pow(1 - p, n);
    for (uint64_t i = 0; i <= k; ++i) {
      sum += term;
      term *= static_cast<double>(n - i) / static_cast<double>(i + 1) * p / (1 - p);
    }
    EXPECT_NEAR(sum, 0.05, 1e-9) << k << " of " << n;
  }
}

/// A committed corpus of `count` documents from two sources, with line ends that normalise has to tidy.
class ReviewTest : public testing::Test {
 protected:
  void make_corpus(size_t count) {
    std::vector<document::Document> documents;
    for (size_t i = 0; i < count; ++i)
      documents.push_back(test::make_document("d" + std::to_string(i), "Document number " + std::to_string(i * 7919) +
                                                  " holds \r\nwords that differ, so that it stays: " + std::to_string(i * i * 31 + 5),
                                              i % 4 == 0 ? "wiki" : "mail"));
    recipe::CorpusOptions options;
    options.rules = {"normalise"};
    artifact::Commit commit(corpus(), "corpus", {{"count", count}});
    clean(options, test::source_of(documents), commit.directory());
    commit.finish(json::object());
  }
  std::filesystem::path corpus() const { return folder_ / "corpus"; }

  hone::test::TempDir folder_{"review"};
};

Answers all_fine(const ReviewSample& sample) { return Answers(sample.documents.size(), std::vector<std::string>{}); }

std::set<std::string> ids_of(const ReviewSample& sample) {
  std::set<std::string> ids;
  for (const SampledDocument& sampled : sample.documents) ids.insert(sampled.document.id);
  return ids;
}

TEST_F(ReviewTest, TheSameSeedDrawsTheSameDocumentsAndAnotherSeedOthers) {
  make_corpus(100);
  const ReviewSample first = draw_sample(corpus(), {.size = 20, .seed = 1});
  EXPECT_EQ(first.id, draw_sample(corpus(), {.size = 20, .seed = 1}).id);
  EXPECT_EQ(first.population, 100U);
  EXPECT_EQ(ids_of(first).size(), 20U);
  const ReviewSample other = draw_sample(corpus(), {.size = 20, .seed = 2});
  EXPECT_NE(first.id, other.id);
  EXPECT_NE(ids_of(first), ids_of(other));
}

TEST_F(ReviewTest, EveryDocumentIsDrawnAboutEquallyOften) {
  make_corpus(40);
  std::map<std::string, int> drawn;
  constexpr int kDraws = 400;
  for (int seed = 0; seed < kDraws; ++seed)
    for (const std::string& id : ids_of(draw_sample(corpus(), {.size = 10, .seed = static_cast<uint64_t>(seed)}))) ++drawn[id];
  ASSERT_EQ(drawn.size(), 40U);
  // Mean 100, standard deviation 8.7; five of them is wide enough for forty documents and fixed seeds.
  for (const auto& [id, times] : drawn) EXPECT_NEAR(times, kDraws / 4, 44) << id;
}

TEST_F(ReviewTest, FiltersDrawFromThatPartOnly) {
  make_corpus(40);
  const ReviewSample sample = draw_sample(corpus(), {.size = 100, .seed = 1, .source = "wiki", .language = ""});
  EXPECT_EQ(sample.population, 10U);
  EXPECT_EQ(sample.documents.size(), 10U);
  for (const SampledDocument& sampled : sample.documents) EXPECT_EQ(sampled.document.source, "wiki");
  EXPECT_THROW(draw_sample(corpus(), {.source = "nowhere", .language = ""}), Error);
}

TEST_F(ReviewTest, PiecesTellWhatRulesDidAndJoinToTheText) {
  make_corpus(5);
  for (const SampledDocument& sampled : draw_sample(corpus(), {}).documents) {
    std::string joined;
    int changed = 0;
    for (const Piece& piece : sampled.pieces) {
      joined += piece.text;
      changed += piece.changed;
    }
    EXPECT_EQ(joined, sampled.document.text);
    EXPECT_EQ(changed, 2) << "a space before the end of a line, and its carriage return";
  }
}

TEST_F(ReviewTest, FindingsComeBackAndGiveTheBound) {
  make_corpus(100);
  const ReviewSample sample = draw_sample(corpus(), {.size = 20, .seed = 3});
  Answers answers = all_fine(sample);
  answers[4] = {"personal_data", "garbage"};
  const json findings = findings_of(sample, answers);
  EXPECT_EQ(draw_sample(corpus(), options_of(findings, "f")).id, sample.id);
  EXPECT_EQ(answers_of(sample, findings, "f"), answers);
  const json facts = assess(sample, answers);
  EXPECT_EQ(facts["found"]["personal_data"]["documents"], 1);
  EXPECT_NEAR(facts["found"]["personal_data"]["upper_share"].get<double>(), upper_bound_of_share(1, 20), 1e-15);
  EXPECT_NEAR(facts["found"]["secret"]["upper_per_1000"].get<double>(), 1000 * (1 - std::pow(0.05, 1.0 / 20)), 1e-9);
  EXPECT_EQ(facts["ids"]["personal_data"], json::array({sample.documents[4].document.id}));
}

void expect_refused(const ReviewSample& sample, const json& findings, const std::string& why) {
  try {
    assess(sample, answers_of(sample, findings, "f.json"));
    ADD_FAILURE() << "accepted, but " << why;
  } catch (const Error& refused) {
    EXPECT_EQ(refused.code(), ExitCode::data);
    EXPECT_THAT(refused.what(), HasSubstr(why));
  }
}

TEST_F(ReviewTest, FindingsThatDoNotFitAreRefused) {
  make_corpus(60);
  const ReviewSample sample = draw_sample(corpus(), {.size = 10, .seed = 3});
  const json good = findings_of(sample, all_fine(sample));
  json bad = good;
  bad["answers"].erase(0);
  expect_refused(sample, bad, "have no answer yet");
  bad = good;
  bad["answers"][1]["id"] = bad["answers"][0]["id"];
  expect_refused(sample, bad, "answered twice");
  bad = good;
  bad["answers"][1]["id"] = "elsewhere";
  expect_refused(sample, bad, "not in the sample");
  bad = good;
  bad["answers"][1]["found"] = {"nothing"};
  expect_refused(sample, bad, "among `found`");
  bad = good;
  bad["corpus"] = "0000";
  expect_refused(sample, bad, "another corpus");
  bad = good;
  bad["sample"] = "0000";
  expect_refused(sample, bad, "another sample");
  for (const char* text : {"{}", "[]", "null", "{\"schema\":1,\"sample\":3}", R"({"schema":2})",
                           R"({"schema":1,"sample":"a","corpus":"b","answers":[],"size":0,"seed":1,"source":"","language":""})"})
    EXPECT_THROW(options_of(json::parse(text), "f.json"), Error) << text;
}

}  // namespace
}  // namespace hone::corpus
