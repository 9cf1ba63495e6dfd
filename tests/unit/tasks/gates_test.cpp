#include "tasks/gates.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tasks/metric.h"
#include "tasks/score.h"

namespace hone::tasks {
namespace {

using recipe::GateOptions;
using recipe::GateRule;

Interval interval(double low, double estimate, double high, int64_t clusters = 50) {
  return {estimate, low, high, 0.01, clusters, 0.95};
}

GateOptions gate(GateRule rule, double by, std::optional<double> value = std::nullopt) {
  GateOptions options;
  options.rule = rule;
  options.by = by;
  options.value = value;
  return options;
}

GateResult judged(const GateOptions& options, const Measured& measured) {
  return decide({options}, [&](const GateOptions&) { return measured; }).gates.front();
}

Outcome change_of(GateRule rule, double by, double low, double high) {
  return judged(gate(rule, by), {interval(1, 1, 1), 2.0, interval(low, (low + high) / 2, high)}).outcome;
}

TEST(Gates, ImprovementMustBeSureToReachWhatWasAsked) {
  EXPECT_EQ(change_of(GateRule::improves, 0.02, -0.10, -0.05), Outcome::pass);
  EXPECT_EQ(change_of(GateRule::improves, 0.02, -0.10, -0.01), Outcome::undecided);
  EXPECT_EQ(change_of(GateRule::improves, 0.02, -0.01, 0.05), Outcome::fail);
}

TEST(Gates, ModelThatIsTheSameHasNotImproved) {
  EXPECT_EQ(change_of(GateRule::improves, 0, 0, 0), Outcome::fail);
  EXPECT_EQ(change_of(GateRule::not_worse, 0, 0, 0), Outcome::pass);
}

TEST(Gates, NotWorseAllowsTheMarginAndNoMore) {
  EXPECT_EQ(change_of(GateRule::not_worse, 0.03, -0.01, 0.02), Outcome::pass);
  EXPECT_EQ(change_of(GateRule::not_worse, 0.03, 0.01, 0.05), Outcome::undecided);
  EXPECT_EQ(change_of(GateRule::not_worse, 0.03, 0.04, 0.08), Outcome::fail);
}

TEST(Gates, BoundsAreHeldByTheWholeInterval) {
  const auto outcome = [](GateRule rule, double low, double high) {
    return judged(gate(rule, 0, 10.0), {interval(low, (low + high) / 2, high), 0, {}}).outcome;
  };
  EXPECT_EQ(outcome(GateRule::below, 8, 9), Outcome::pass);
  EXPECT_EQ(outcome(GateRule::below, 8, 11), Outcome::undecided);
  EXPECT_EQ(outcome(GateRule::below, 11, 12), Outcome::fail);
  EXPECT_EQ(outcome(GateRule::above, 11, 12), Outcome::pass);
  EXPECT_EQ(outcome(GateRule::above, 8, 9), Outcome::fail);
}

TEST(Gates, FewDocumentsDecideNothingHoweverClearTheFigure) {
  const GateResult result =
      judged(gate(GateRule::improves, 0), {interval(1, 1, 1, 3), 2.0, interval(-0.6, -0.5, -0.4, 3)});
  EXPECT_EQ(result.outcome, Outcome::undecided);
  EXPECT_EQ(result.reason, Reason::too_few_documents);
  EXPECT_EQ(
      sentence(result),
      "domain/bits_per_byte is 50.00 % below base (95 % interval 40.00 % to 60.00 %): below was asked, but 3 "
      "held-out documents are too few to tell it from chance; at least 10 are needed.");
}

TEST(Gates, SentenceSaysWhatWasSeenAndWhatWasAsked) {
  const GateResult rise =
      judged(gate(GateRule::not_worse, 0.03), {interval(1, 1, 1), 2.0, interval(0.04, 0.06, 0.08)});
  EXPECT_EQ(sentence(rise),
            "domain/bits_per_byte is 6.00 % above base (95 % interval 4.00 % to 8.00 %): at most 3.00 % "
            "above was allowed.");
  const GateResult level = judged(gate(GateRule::below, 0, 1.5), {interval(1.2, 1.3, 1.4), 0, {}});
  EXPECT_EQ(sentence(level),
            "domain/bits_per_byte is 1.3 (95 % interval 1.2 to 1.4): at most 1.5 was asked.");
}

TEST(Gates, OneFailureRejectsAndOneDoubtHoldsBack) {
  const auto verdict = [](std::vector<double> highs) {
    std::vector<GateOptions> gates(highs.size());
    size_t next = 0;
    return decide(gates,
                  [&](const GateOptions&) -> std::optional<Measured> {
                    const double high = highs[next++];
                    return Measured{interval(1, 1, 1), 2.0, interval(high - 0.1, high - 0.05, high)};
                  })
        .verdict;
  };
  EXPECT_EQ(verdict({-0.1, -0.2}), Verdict::promote);
  EXPECT_EQ(verdict({-0.1, 0.05}), Verdict::inconclusive);
  EXPECT_EQ(verdict({-0.1, 0.05, 0.3}), Verdict::reject);
  EXPECT_EQ(verdict({}), Verdict::inconclusive);
  EXPECT_EQ(exit_code(Verdict::promote), ExitCode::done);
  EXPECT_EQ(exit_code(Verdict::reject), ExitCode::refused);
  EXPECT_EQ(exit_code(Verdict::inconclusive), ExitCode::inconclusive);
}

TEST(Gates, WhatWasNotMeasuredIsUndecidedAndSaysSo) {
  GateOptions korean;
  korean.metric = "domain/language=ko/bits_per_byte";
  const Decision decision = decide({korean}, [](const GateOptions&) { return std::nullopt; });
  EXPECT_EQ(decision.verdict, Verdict::inconclusive);
  EXPECT_EQ(sentence(decision.gates.front()),
            "domain/language=ko/bits_per_byte was not measured: no held-out text for it.");
}

TEST(Gates, BoundWithoutAValueIsAMistakeOfTheRecipe) {
  EXPECT_THROW(decide({gate(GateRule::below, 0)}, [](const GateOptions&) { return Measured{}; }), Error);
}

TEST(Gates, RandomWeightsMustBeatCountingAsWell) {
  EXPECT_EQ(default_gates(false).size(), 1U);
  ASSERT_EQ(default_gates(true).size(), 2U);
  EXPECT_EQ(default_gates(true)[1].over, recipe::Baseline::ngram);
}

TEST(Gates, VerdictsAreReadAsTheyAreWritten) {
  for (const Verdict verdict : {Verdict::promote, Verdict::reject, Verdict::inconclusive})
    EXPECT_EQ(verdict_of(name(verdict)), verdict);
  EXPECT_THROW(verdict_of("MAYBE"), Error);
}

TEST(Metric, NamesOfFiguresAreStrict) {
  EXPECT_EQ(parse_metric("domain/perplexity").figure, Figure::perplexity);
  EXPECT_EQ(parse_metric("domain/language=ko/loss").part, Part::language);
  EXPECT_EQ(parse_metric("domain/source=wiki/a/bits_per_byte").of, "wiki/a");
  for (const char* wrong :
       {"", "domain", "domain/", "bits_per_byte", "domain/bits", "domain/kind=x/loss", "other/loss"})
    EXPECT_THROW(parse_metric(wrong), Error) << wrong;
  try {
    parse_metric("domain/bit_per_byte");
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("did you mean domain/bits_per_byte?"), std::string::npos)
        << error.what();
  }
}

TEST(Score, FiguresFollowTheirFormulas) {
  Score score{693.147180559945, 500, 1000, 2};
  EXPECT_NEAR(loss_per_token(score), 1.38629436112, 1e-10);
  EXPECT_NEAR(perplexity(score), 4.0, 1e-10);
  EXPECT_NEAR(bits_per_byte(score), 1.0, 1e-12);
  score += score;
  EXPECT_NEAR(bits_per_byte(score), 1.0, 1e-12);
  EXPECT_TRUE(std::isnan(bits_per_byte(Score{})));
}

}  // namespace
}  // namespace hone::tasks
