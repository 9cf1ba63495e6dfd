// Every option that changes what is trained changes a figure of the report (a public complaint about other toolkits:
// options without effect), and its figures balance.
#include "dataset/data_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "unit/dataset/made_shards.h"

namespace hone::dataset {
namespace {

using testing::HasSubstr;

/// A sample of instruction data: template, question, answer, each of so many tokens.
TokenizedDocument chat(uint64_t ordinal, uint64_t question, uint64_t answer, bool trains_question, bool trains_answer) {
  TokenizedDocument document = test::document_of(ordinal, 3 + question + answer);
  document.source = "faq";
  document.roles = {{"user", 2, 2 + question}, {"assistant", 3 + question, 3 + question + answer}};
  document.mask.assign(document.tokens.size(), 0);
  for (uint64_t i = 2; i < 2 + question; ++i) document.mask[i] = trains_question ? 1 : 0;
  for (uint64_t i = 3 + question; i < document.tokens.size(); ++i) document.mask[i] = trains_answer ? 1 : 0;
  return document;
}

std::vector<TokenizedDocument> corpus(bool trains_question, bool trains_answer) {
  std::vector<TokenizedDocument> documents;
  for (uint64_t i = 0; i < 20; ++i) documents.push_back(chat(i, 5 + i % 7, 4 + i % 5, trains_question, trains_answer));
  for (uint64_t i = 20; i < 30; ++i) {
    documents.push_back(test::document_of(i, 30));
    documents.back().source = "manual";
  }
  return documents;
}

DataReport reported(const std::vector<TokenizedDocument>& documents, const LoaderOptions& options) {
  const test::MadeShards made(documents);
  return data_report(Loader(made.set, options), nullptr);
}

TEST(DataReport, CountsBySourceAndRole) {
  const DataReport report = reported(corpus(false, true), {.sequence_len = 64});
  ASSERT_EQ(report.sources.size(), 2U);
  const SourceReport& faq = report.sources[0];
  EXPECT_EQ(faq.name, "faq");
  EXPECT_EQ(faq.shards.documents, 20U);
  const RoleCounts user = faq.shards.roles.at("user"), assistant = faq.shards.roles.at("assistant"), rest = faq.shards.roles.at("");
  EXPECT_EQ(user.trained, 0U);
  EXPECT_EQ(assistant.trained, assistant.tokens);
  EXPECT_EQ(rest.tokens, 60U);
  EXPECT_EQ(user.tokens + assistant.tokens + rest.tokens, faq.shards.tokens);
  EXPECT_EQ(assistant.trained, faq.shards.trained);
  EXPECT_EQ(static_cast<int64_t>(faq.shards.trained), faq.first_epoch.trained);
  EXPECT_TRUE(report.sources[1].shards.roles.empty()) << "running text has no roles";
  EXPECT_EQ(report.sources[1].shards.longest, 30U);
  EXPECT_EQ(report.sources[1].shards.longest_id, "doc-20");
  EXPECT_NEAR(report.sources[0].share + report.sources[1].share, 1.0, 1e-12);
}

TEST(DataReport, AgreesWithWhatTheStageCountsWhenItWritesTheShards) {
  const auto documents = corpus(true, true);
  TokenCounts faq;
  for (const TokenizedDocument& document : documents) {
    TokenCounts one;
    one.documents = 1;
    count_tokens(document, one);
    if (document.source == "faq") faq.add(one);
  }
  const DataReport report = reported(documents, {.sequence_len = 64});
  const TokenCounts& again = report.sources[0].shards;
  EXPECT_EQ(again.tokens, faq.tokens);
  EXPECT_EQ(again.trained, faq.trained);
  EXPECT_EQ(again.longest_id, faq.longest_id);
  for (const auto& [role, counts] : faq.roles) {
    EXPECT_EQ(again.roles.at(role).tokens, counts.tokens) << role;
    EXPECT_EQ(again.roles.at(role).trained, counts.trained) << role;
  }
}

TEST(DataReport, EveryOptionShows) {
  const LoaderOptions plain{.sequence_len = 64};
  const auto text = [&](const std::vector<TokenizedDocument>& documents, const LoaderOptions& options) { return table(reported(documents, options)); };
  const auto documents = corpus(false, true);
  const std::string base = text(documents, plain);
  EXPECT_EQ(text(documents, plain), base) << "equal options, equal report";
  EXPECT_THAT(base, HasSubstr("no padding"));

  EXPECT_NE(text(corpus(true, true), plain), base) << "train_on_inputs";
  EXPECT_NE(text(corpus(true, false), plain), base) << "roles_to_train";
  const auto changed = [&](const std::function<void(LoaderOptions&)>& change) {
    LoaderOptions options = plain;
    change(options);
    return text(documents, options);
  };
  EXPECT_THAT(changed([](LoaderOptions& o) { o.sequence_len = 16; }), HasSubstr("18 documents are longer than 16 and split"));
  EXPECT_THAT(changed([](LoaderOptions& o) { o.sample_packing = false; }), HasSubstr("segments, one a row"));
  EXPECT_NE(changed([](LoaderOptions& o) { o.micro_batch_size = 4; }), base);
  EXPECT_NE(changed([](LoaderOptions& o) { o.gradient_accumulation_steps = 4; }), base);
  EXPECT_NE(changed([](LoaderOptions& o) { o.epochs = 2; }), base);
  EXPECT_THAT(changed([](LoaderOptions& o) { o.mixture = {{.source = "faq", .weight = 3}}; }), HasSubstr("3 x"));
  EXPECT_THAT(changed([](LoaderOptions& o) { o.mixture = {{.source = "faq", .share = 0.5}}; }), testing::ContainsRegex("(49|50)\\.[0-9]%"));
  EXPECT_NE(changed([](LoaderOptions& o) {
              o.epochs = 2;
              o.mixture = {{.source = "faq", .epochs = 1}};
            }),
            changed([](LoaderOptions& o) { o.epochs = 2; }));
}

TEST(DataReport, BatchesOfLikeLengthAreMoreAlikeThanOthers) {
  std::vector<uint64_t> lengths;
  for (uint64_t i = 0; i < 400; ++i) lengths.push_back(5 + (i * 37) % 60);
  const test::MadeShards made(test::documents_of(lengths));
  LoaderOptions options{.sequence_len = 64, .micro_batch_size = 8, .sample_packing = false};
  const double apart = data_report(Loader(made.set, options), nullptr).spread;
  options.order = Order::grouped;
  const Loader grouped(made.set, options);
  EXPECT_GT(apart, 0.7);
  EXPECT_LT(data_report(grouped, nullptr).spread, 0.1);
  std::vector<int64_t> tokens;
  for (int64_t index = 0; index < grouped.steps_in(0); ++index) tokens.push_back(grouped.step(0, index).tokens);
  EXPECT_FALSE(std::is_sorted(tokens.begin(), tokens.end()) || std::is_sorted(tokens.rbegin(), tokens.rend())) << "the batches are shuffled";
}

TEST(DataReport, TruncationAtTokenisingIsTakenFromItsStatistics) {
  const test::MadeShards made(corpus(false, true));
  const auto statistics = nlohmann::json::parse(R"({"splits": {"train": {"by_source": {"faq": {"truncated": 77}}}}})");
  const DataReport report = data_report(Loader(made.set, {.sequence_len = 64}), statistics);
  EXPECT_EQ(report.sources[0].truncated, 77);
  EXPECT_THAT(table(report), HasSubstr(" 77 "));
  EXPECT_EQ(data_report(Loader(made.set, {}), nlohmann::json::parse(R"({"splits": []})")).sources[0].truncated, 0);
}

TEST(DataReport, SaysWhatHasNoLabelAndHidesEscapeSequences) {
  auto documents = corpus(false, true);
  documents[3].mask.assign(documents[3].mask.size(), 0);
  documents[29].source = "man\x1b[31mual";
  const DataReport report = reported(documents, {.sequence_len = 64});
  const std::string text = table(report);
  EXPECT_THAT(text, HasSubstr("1 documents have nothing that is trained"));
  EXPECT_EQ(text.find('\x1b'), text.npos);
  EXPECT_EQ(to_json(report).at("sources").at("faq").at("without_label"), 1);
}

}  // namespace
}  // namespace hone::dataset
