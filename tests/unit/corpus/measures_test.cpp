#include "corpus/measures.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>
#include <set>
#include <thread>

#include "base/files.h"
#include "corpus/rules/c4.h"
#include "corpus/rules/fineweb.h"
#include "corpus/rules/gopher_quality.h"
#include "corpus/rules/gopher_repetition.h"
#include "support/shared.h"
#include "unit/corpus/labelled.h"

namespace hone::corpus {
namespace {

/// Texts and their figures by a restatement of the published formulas: tests/fixtures/measures/make.py.
std::vector<nlohmann::json> reference(const char* with) {
  std::vector<nlohmann::json> rows;
  for (const std::string& line : test::lines_of(*hone::test::fixtures() / "measures" / "figures.jsonl")) {
    auto row = nlohmann::json::parse(line);
    if (row.contains(with)) rows.push_back(std::move(row));
  }
  return rows;
}

struct Judged {
  document::Document document;
  Language language;
  Outcome operator()(const Rule& rule, const std::string& text) const { return rule.judge({text, text, document, language, 0}); }
};

std::string edited(const std::string& text, const Outcome& outcome) {
  std::string result;
  size_t at = 0;
  for (const Edit& edit : outcome.edits) {
    result += text.substr(at, edit.begin - at) + edit.replacement;
    at = edit.end;
  }
  return result + text.substr(at);
}

TEST(Measures, FiguresAreThoseOfThePublishedFormulas) {
  const auto rows = reference("figures");
  ASSERT_GE(rows.size(), 9U);
  for (const auto& row : rows) {
    const std::string text = row.at("text");
    for (const auto& [name, value] : row.at("figures").items()) {
      const auto attribute = find_attribute(name);
      ASSERT_TRUE(attribute) << name;
      EXPECT_NEAR(measures_of(text)[*attribute], value.get<double>(), 1e-12) << name << " of " << text.substr(0, 60);
    }
  }
}

TEST(Measures, TheTableNamesEachAttributeOnce) {
  std::set<std::string_view> names;
  for (const AttributeInfo& attribute : attributes()) {
    EXPECT_TRUE(names.insert(attribute.name).second) << attribute.name;
    EXPECT_FALSE(attribute.meaning.empty() || attribute.unit.empty()) << attribute.name;
  }
  EXPECT_EQ(attributes()[static_cast<size_t>(Attribute::top_2_gram)].name, "top_2_gram");
  EXPECT_EQ(attributes()[static_cast<size_t>(Attribute::surprise)].name, "surprise");
  EXPECT_EQ(attributes().back().name, "duplicate_10_grams");
  EXPECT_FALSE(find_attribute("2gram_top"));
}

TEST(Measures, ThePageOfAttributesIsTheTable) {
  EXPECT_EQ(base::read_file(hone::test::source() / "docs" / "cleaning-attributes.md"), attributes_markdown()) << attributes_markdown();
}

TEST(Measures, AnotherTextOfEqualLengthAtTheSamePlaceIsMeasuredAnew) {
  std::string text = "one two three";
  EXPECT_EQ(measures_of(text)[Attribute::words], 3);
  text = "one two_three";
  EXPECT_EQ(measures_of(text)[Attribute::words], 2);
  EXPECT_EQ(measures_of("")[Attribute::words], 0);
}

TEST(Measures, ThreadsDoNotShareThem) {
  std::vector<std::thread> threads;
  std::vector<int> wrong(4);
  for (size_t t = 0; t < wrong.size(); ++t) {
    threads.emplace_back([&wrong, t] {
      for (size_t i = 0; i < 2000; ++i) {
        std::string text;
        for (size_t k = 0; k <= (i + t) % 9; ++k) text += "word ";
        wrong[t] += measures_of(text)[Attribute::words] != static_cast<double>((i + t) % 9 + 1);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<int>(4));
}

TEST(Measures, SharesLieBetweenNothingAndAllOnAnyText) {
  std::mt19937 random(3);
  const std::vector<std::string> pieces = {"a", "가", "\n", " ", "...", "-", "•", "#", "\n\n", "Ω", "é", "한글 ", ". ", "👩‍💻", "\t", "same words here again and again\n"};
  for (int round = 0; round < 300; ++round) {
    std::string text;
    for (size_t i = random() % 200; i > 0; --i) text += pieces[random() % pieces.size()];
    for (size_t i = 0; i < kAttributes; ++i) {
      const double value = measures_of(text)[static_cast<Attribute>(i)];
      EXPECT_GE(value, attributes()[i].unit == "nats" ? -4 : 0) << attributes()[i].name;
      EXPECT_LE(value, attributes()[i].unit == "share" ? 1 : 1e6) << attributes()[i].name << ": " << text;
    }
  }
}

TEST(WebRules, FindingsAreKeptWhateverTheVerdict) {
  const Judged judged;
  const recipe::CorpusOptions options;
  const Outcome quality = judged(GopherQuality(options), "too few words");
  EXPECT_EQ(quality.reason, "content_words_below");
  EXPECT_EQ(quality.findings.size(), 8U);
  const Outcome repetition = judged(GopherRepetition(options), "the same line\nthe same line\nthe same line\n");
  EXPECT_EQ(repetition.reason, "duplicate_line_share_above");
  EXPECT_EQ(repetition.findings.size(), 13U);
  EXPECT_EQ(judged(FineWeb(options), "menu\nhome\nlogin").reason, "punctuated_line_share_below");
  EXPECT_EQ(judged(FineWeb(options), "").reason, "lines_below");
}

TEST(WebRules, KoreanIsJudgedByItsOwnThresholds) {
  recipe::CorpusOptions options;
  options.web.gopher_quality.ko.min_words = 3;
  options.web.gopher_quality.ko.min_stop_words = 1;
  options.web.gopher_quality.ko.min_mean_word_length = 2;
  Judged korean;
  korean.language.code = "ko";
  EXPECT_EQ(korean(GopherQuality(options), "누구나 이 문서를 읽을 수 있습니다").reason, "");
  EXPECT_EQ(Judged{}(GopherQuality(options), "누구나 이 문서를 읽을 수 있습니다").reason, "content_words_below");
}

TEST(WebRules, ASourceMayHaveThresholdsOfItsOwn) {
  recipe::CorpusOptions options;
  options.sources = {{.name = "tickets", .thresholds = {"gopher_quality.en.min_words=2", "gopher_quality.en.min_stop_words=0"}}};
  Judged ticket;
  ticket.document.source = "tickets";
  EXPECT_EQ(ticket(GopherQuality(options), "Lamp broken again").reason, "");
  EXPECT_EQ(Judged{}(GopherQuality(options), "Lamp broken again").reason, "content_words_below");
}

TEST(WebRules, C4LeavesTheLinesThatThePublishedRulesLeave) {
  const C4 rule{recipe::CorpusOptions{}};
  for (const auto& row : reference("c4")) {
    const std::string text = row.at("text");
    const Outcome outcome = Judged{}(rule, text);
    EXPECT_EQ(outcome.verdict == Verdict::drop, row.at("c4").is_null()) << text;
    if (outcome.verdict != Verdict::drop) {
      EXPECT_EQ(edited(text, outcome), row.at("c4").get<std::string>());
    }
  }
}

TEST(WebRules, C4CanJudgeWithoutEditing) {
  recipe::CorpusOptions options;
  options.web.c4.en.remove_lines = false;
  const std::string text = "First things first. Then the second. Then the third. A fourth one. The fifth.\nMenu\nLogin\n";
  EXPECT_EQ(Judged{}(C4(options), text).verdict, Verdict::keep);
  EXPECT_EQ(Judged{}(C4(recipe::CorpusOptions{}), text).verdict, Verdict::edit);
}

}  // namespace
}  // namespace hone::corpus
