#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>
#include <set>

#include "base/error.h"
#include "corpus/clean.h"
#include "corpus/documents.h"
#include "corpus/rules/exact_duplicates.h"
#include "corpus/similarity.h"
#include "support/shared.h"
#include "unit/corpus/labelled.h"

namespace hone::corpus {
namespace {

using test::make_document;

std::set<std::string> kept_ids(const std::vector<document::Document>& documents, const recipe::CorpusOptions& options = {},
                               std::vector<std::string>* warnings = nullptr) {
  const hone::test::TempDir folder("duplicates");
  const CleanSummary summary = clean(options, test::source_of(documents), folder.path());
  if (warnings != nullptr) *warnings = summary.warnings;
  std::set<std::string> ids;
  DocumentReader reader(folder.path());
  while (auto document = reader.next()) ids.insert(document->id);
  return ids;
}

std::string contract(const std::string& tenant, const std::string& landlord, const std::string& place, const std::string& date) {
  return "Lease agreement. This agreement is made on " + date + " between " + tenant + ", the tenant, and " + landlord +
         ", the landlord. The premises stand in " + place + " and may be used as offices only. " + tenant +
         " pays the rent in advance at the beginning of every month. The landlord keeps the roof, the walls and the heating in order. " + landlord +
         " may enter the premises after notice in writing. The tenant returns the keys at the end of the term. Changes need the written form. Signed by " +
         tenant + " and " + landlord + ".";
}

std::string korean_contract(const std::string& tenant, const std::string& landlord) {
  return "사무실 임대차 계약서. " + landlord + "은 건물의 일부를 " + tenant + "에게 빌려준다. " + tenant +
         "은 매달 초에 임대료를 먼저 지급하며 건물을 사무실로만 사용한다. 임대인은 지붕과 벽과 난방 시설을 관리하고 수리한다. " + landlord +
         "은 미리 서면으로 알린 뒤에 사무실에 들어갈 수 있다. 기간이 끝나면 임차인은 열쇠를 돌려주어야 한다. 계약의 변경은 서면으로만 할 수 있다. 서명 " +
         tenant + " 그리고 " + landlord + ".";
}

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words;
  size_t at = 0;
  while (at < text.size()) {
    const size_t end = std::min(text.find(' ', at), text.size());
    words.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

/// Sentences without numbers of which no two are alike.
std::string prose(uint32_t seed, size_t words) {
  static const std::vector<std::string> kWords = {
      "the",   "engine", "needs",  "oil",   "before", "every", "long",   "trip",  "and",   "driver", "checks", "tyres", "with",
      "care",  "because", "wet",   "roads", "are",    "often", "slower", "than",  "dry",   "ones",   "while",  "night", "brings",
      "fog",   "that",   "hides",  "signs", "from",   "view",  "so",     "lamps", "stay",  "on",     "until",  "dawn",  "comes",
      "after", "rest",   "drivers", "drink", "water", "eat",   "bread",  "talk",  "about", "weather", "then",  "leave", "again"};
  std::mt19937 random(seed);
  std::string text;
  for (size_t i = 0; i < words; ++i) text += (i == 0 ? "" : " ") + kWords[random() % kWords.size()];
  return text;
}

std::string with_words_changed(const std::string& text, double share, uint32_t seed) {
  std::mt19937 random(seed);
  auto words = words_of(text);
  const auto changes = static_cast<size_t>(share * static_cast<double>(words.size()));
  for (size_t i = 0; i < changes; ++i) words[random() % words.size()] = "other" + std::string(1, static_cast<char>('a' + random() % 26));
  std::string result;
  for (const std::string& word : words) result += (result.empty() ? "" : " ") + word;
  return result;
}

TEST(ExactDuplicates, SeeThroughFormSpacingAndInvisibleCharacters) {
  EXPECT_EQ(canonical_form("ｆｕｌｌ　width"), "full width");
  EXPECT_EQ(canonical_form("  a\r\n\tb\xC2\xA0" "c \n"), "a b c");
  EXPECT_EQ(canonical_form("한\xE2\x80\x8B글"), canonical_form("\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB\xE1\x84\x80\xE1\x85\xB3\xE1\x86\xAF"));
  EXPECT_NE(canonical_form("a b"), canonical_form("ab"));
  EXPECT_NE(canonical_form("Abc"), canonical_form("abc"));
}

TEST(NearDuplicates, CopiesWithAFewWordsChangedGoAndTheFirstStays) {
  std::vector<document::Document> documents;
  for (uint32_t i = 0; i < 40; ++i) {
    const std::string text = prose(i, 300);
    documents.push_back(make_document("original" + std::to_string(i), text));
    documents.push_back(make_document("copy" + std::to_string(i), with_words_changed(text, 0.03, i)));
  }
  const auto kept = kept_ids(documents);
  EXPECT_EQ(kept.size(), 40U);
  for (uint32_t i = 0; i < 40; ++i) EXPECT_TRUE(kept.contains("original" + std::to_string(i)));
}

TEST(NearDuplicates, FilledInFormsAreDifferentDocuments) {
  const std::vector<std::string> names = {"Newport Glass", "Oakley Legal", "Cedar Foods", "Elmwood Press", "Dunmore Shipping", "Ashford Tools"};
  const std::vector<std::string> korean = {"한빛상사", "큰나무교육", "터전개발", "마루전자", "라온물산", "아람유통"};
  std::vector<document::Document> documents;
  for (size_t i = 0; i < names.size(); ++i) {
    const std::string& other = names[(i + 1) % names.size()];
    documents.push_back(make_document("parties" + std::to_string(i), contract(names[i], other, "Clayton", "the first of May")));
    documents.push_back(make_document("dates" + std::to_string(i), contract("Alder Works", "Birch Rooms", "Clayton", std::to_string(3 + i) + " May 2021")));
    documents.push_back(make_document("korean" + std::to_string(i), korean_contract(korean[i], korean[(i + 1) % korean.size()])));
  }
  EXPECT_EQ(kept_ids(documents).size(), documents.size());
}

TEST(NearDuplicates, TwinsAndCopiesStandOnOneSideOfTheSplit) {
  std::vector<document::Document> documents;
  for (int i = 0; i < 30; ++i) {
    documents.push_back(make_document("lease" + std::to_string(i), contract("Alder Works", "Birch Rooms", "Clayton", std::to_string(1 + i) + " May 2021")));
  }
  for (uint32_t i = 0; i < 30; ++i) documents.push_back(make_document("prose" + std::to_string(i), prose(i, 200)));
  recipe::CorpusOptions options;
  options.split.validation = 0.5;
  const hone::test::TempDir folder("split");
  clean(options, test::source_of(documents), folder.path());
  std::set<Side> leases, others;
  DocumentReader reader(folder.path());
  while (auto document = reader.next()) (document->id.starts_with("lease") ? leases : others).insert(document->side);
  EXPECT_EQ(leases.size(), 1U);
  EXPECT_EQ(others.size(), 2U);
}

TEST(NearDuplicates, AClusterBeyondItsCapIsReportedAndLeftAlone) {
  std::vector<document::Document> documents;
  const std::string text = prose(1, 300);
  for (uint32_t i = 0; i < 12; ++i) documents.push_back(make_document("d" + std::to_string(i), with_words_changed(text, 0.02, i)));
  recipe::CorpusOptions options;
  options.near_duplicates.max_cluster = 10;
  std::vector<std::string> warnings;
  EXPECT_EQ(kept_ids(documents, options, &warnings).size(), 12U);
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_NE(warnings[0].find("max_cluster"), std::string::npos);
  options.near_duplicates.max_cluster = 12;
  EXPECT_EQ(kept_ids(documents, options).size(), 1U);
}

TEST(NearDuplicates, StopBeforeASourceIsEmptied) {
  std::vector<document::Document> documents;
  const std::string text = prose(1, 300);
  for (uint32_t i = 0; i < 30; ++i) documents.push_back(make_document("d" + std::to_string(i), with_words_changed(text, 0.02, i), "archive"));
  try {
    kept_ids(documents);
    FAIL() << "29 of 30 documents were removed without a word";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::data);
    EXPECT_NE(std::string{error.what()}.find("29 of the 30 documents of source archive"), std::string::npos) << error.what();
  }
  recipe::CorpusOptions options;
  options.near_duplicates.max_removed_share = 1;
  EXPECT_EQ(kept_ids(documents, options).size(), 1U);
}

TEST(Similarity, JaccardOfWordsFallsWithTheShareChanged) {
  const std::string text = prose(5, 400);
  const Features original = features_of(text);
  EXPECT_EQ(jaccard(original, original), 1.0);
  double last = 1;
  for (const double share : {0.02, 0.05, 0.10, 0.30}) {
    const double similarity = jaccard(original, features_of(with_words_changed(text, share, 9)));
    EXPECT_LT(similarity, last);
    EXPECT_GE(similarity, (1 - share) / (1 + share) - 1e-9);
    last = similarity;
  }
  EXPECT_EQ(jaccard(features_of(""), features_of(" .. ")), 1.0);
}

TEST(Similarity, KoreanIsComparedWithoutItsSpacing) {
  EXPECT_GT(jaccard(features_of("사용자는 설정 파일을 다시 저장할 수 있다"), features_of("사용자는 설정파일을 다시저장할수 있다")), 0.99);
}

}  // namespace
}  // namespace hone::corpus
