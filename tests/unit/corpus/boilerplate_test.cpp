#include "corpus/rules/boilerplate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <random>

#include "base/error.h"
#include "corpus/clean.h"
#include "corpus/documents.h"
#include "corpus/page_lines.h"
#include "corpus/passes.h"
#include "corpus/rules.h"
#include "support/shared.h"
#include "unit/corpus/labelled.h"

namespace hone::corpus {
namespace {

using test::make_document;

/// Prose of three paragraphs of which no line comes twice.
std::string body(uint32_t seed) {
  static const std::vector<std::string> kWords = {"engine", "driver", "table", "window", "garden", "letter", "bridge", "signal", "market", "planet", "basket", "river",
                                                  "carries", "opens",  "keeps", "moves",  "holds",  "reads",  "turns",  "finds",  "slowly", "often",  "under",  "beside"};
  std::mt19937 random(seed);
  std::string text;
  for (int paragraph = 0; paragraph < 3; ++paragraph) {
    for (int word = 0; word < 40; ++word) text += (word > 0 ? " " : "") + kWords[random() % kWords.size()];
    text += paragraph < 2 ? ".\n\n" : ".";
  }
  return text;
}

using PageText = std::function<std::string(uint32_t)>;

std::map<std::string, std::string> cleaned(const std::vector<document::Document>& documents, std::vector<std::string> rules = {"boilerplate"},
                                           const recipe::BoilerplateOptions& boilerplate = {}) {
  recipe::CorpusOptions options;
  options.rules = std::move(rules);
  options.boilerplate = boilerplate;
  const hone::test::TempDir folder("boilerplate");
  clean(options, test::source_of(documents), folder.path());
  std::map<std::string, std::string> texts;
  DocumentReader reader(folder.path());
  while (auto document = reader.next()) texts[document->id] = document->text;
  return texts;
}

std::vector<document::Document> pages(size_t count, const PageText& page, const std::string& source = "site") {
  std::vector<document::Document> documents;
  for (uint32_t i = 0; i < count; ++i) documents.push_back(make_document(source + "-" + std::to_string(i), page(i), source));
  return documents;
}

/// Whether of every page exactly `expected` is left.
void expect_left(size_t count, const PageText& page, const PageText& expected) {
  const auto texts = cleaned(pages(count, page));
  ASSERT_EQ(texts.size(), count);
  for (uint32_t i = 0; i < count; ++i) EXPECT_EQ(texts.at("site-" + std::to_string(i)), expected(i));
}

void expect_untouched(size_t count, const PageText& page) { expect_left(count, page, page); }

TEST(Boilerplate, AFooterSharedByTenPagesGoes) {
  for (const size_t count : {5, 10, 40}) {
    expect_left(count, [](uint32_t i) { return body(i) + "\n\nCopyright 2019 Acme Ltd. All rights reserved.\nTerms | Privacy | Imprint"; }, body);
  }
}

TEST(Boilerplate, MenusBreadcrumbsAndBannersGo) {
  const PageText page = [](uint32_t i) {
    return "Home | Products | Support\n\nYou are here: Home > Library > Topic " + std::string(1, static_cast<char>('A' + i)) +
           "\n\nWe use cookies to remember you. Accept  Refuse\n\n" + body(i);
  };
  expect_left(9, page, body);
}

TEST(Boilerplate, DatesAndNumbersDoNotHideARepeatedLine) {
  expect_left(8, [](uint32_t i) { return body(i) + "\n\nLast changed on " + std::to_string(1 + i) + " May 20" + std::to_string(10 + i) + " by the wiki"; }, body);
}

TEST(Boilerplate, ALineInTheMiddleThatReadsLikeAnInterfaceGoes) {
  const PageText page = [](uint32_t i) {
    std::string text = body(i);
    return text.insert(text.find("\n\n") + 2, "공유하기 페이스북 트위터 카카오톡 URL복사\n\n");
  };
  expect_left(7, page, body);
}

TEST(Boilerplate, ASignatureGoesWithTheNameInIt) {
  static const std::vector<std::string> kNames = {"Jane Roe", "Ola Nordmann", "Max Muster"};
  const PageText page = [](uint32_t i) {
    return body(i) + "\n\nKind regards,\n" + kNames[i % 3] + "\nService Desk\nThis message is meant for its recipient only. Please delete it if that is not you.";
  };
  expect_left(9, page, body);
}

TEST(Boilerplate, ARepeatedHeadingStays) {
  expect_untouched(12, [](uint32_t i) { return "Overview\n\n" + body(i) + "\n\nExample\n\n" + body(100 + i) + "\n\nNote:\n\nSee also"; });
}

TEST(Boilerplate, CodeTablesAndQuotationsStay) {
  expect_untouched(12, [](uint32_t i) {
    return body(i) + "\n\n| Name | Value | Meaning |\n| --- | --- | --- |\n\n    make all && make install\n\n> On Monday they all wrote the very same thing here.\n\n```\nrun --help\n```";
  });
}

TEST(Boilerplate, FilledInFormsStayWhole) {
  const PageText contract = [](uint32_t i) {
    const std::string party = "Party " + std::string(1, static_cast<char>('A' + i));
    return "OFFICE LEASE\n\nmade between " + party + " and the landlord.\n\n1. The landlord hands over the premises and keeps them in good order.\n\n2. " + party +
           " pays the rent in advance.\n\n3. The tenant may not sublet the premises without consent.\n\n4. The landlord repays the deposit at the end.\n\nSigned by " + party;
  };
  expect_untouched(8, contract);
  expect_untouched(8, [](uint32_t i) {
    return "Leave request\n\nName: " + std::string(1, static_cast<char>('A' + i)) + "\n\nThe head of the department decides within three days. Leave counts as granted when no answer is given.";
  });
}

TEST(Boilerplate, ALicenceInOneDocumentStays) {
  auto documents = pages(10, body);
  documents[3].text += "\n\nPermission is hereby granted, free of charge, to any person obtaining a copy.\nAll rights reserved. Terms of use | Privacy";
  const auto texts = cleaned(documents);
  for (const auto& document : documents) EXPECT_EQ(texts.at(document.id), document.text);
}

TEST(Boilerplate, NoMailOfAThreadIsLost) {
  // Each mail quotes all before it without marks, as Outlook does.
  std::vector<document::Document> documents;
  std::string history;
  for (uint32_t i = 0; i < 8; ++i) {
    const std::string mail = body(700 + i) + "\n\nKind regards,\nJane Roe\nService Desk\nExample Corporation";
    history = history.empty() ? mail : mail + "\n\n-----Original Message-----\n" + history;
    documents.push_back(make_document("mail-" + std::to_string(i), history, "mails"));
  }
  const auto texts = cleaned(documents);
  for (uint32_t i = 0; i < 8; ++i) {
    const std::string text = body(700 + i);
    const bool there = std::any_of(texts.begin(), texts.end(), [&](const auto& entry) { return entry.second.find(text) != std::string::npos; });
    EXPECT_TRUE(there) << i;
    EXPECT_NE(texts.at("mail-" + std::to_string(i)).find(text), std::string::npos) << i;
  }
}

TEST(Boilerplate, AMailThatManyQuoteKeepsItsText) {
  const std::string notice = "\n\nThis message is confidential. " + body(900).substr(0, 300) + "\nIt is meant for its recipient only. " + body(901).substr(0, 300);
  std::vector<document::Document> documents;
  for (uint32_t i = 0; i < 20; ++i) documents.push_back(make_document("short-" + std::to_string(i), body(800 + i).substr(0, 60 + 25 * i) + notice, "mails"));
  documents.push_back(make_document("first", body(850) + notice, "mails"));
  for (uint32_t i = 0; i < 12; ++i) documents.push_back(make_document("reply-" + std::to_string(i), body(860 + i) + "\n\n" + body(850) + notice, "mails"));
  const auto texts = cleaned(documents);
  EXPECT_NE(texts.at("first").find(body(850)), std::string::npos);
  EXPECT_EQ(texts.at("short-19").find("confidential"), std::string::npos);
}

TEST(Boilerplate, QuotedMailsStayAndTheirSignaturesGoWhereTheyEnd) {
  const PageText page = [](uint32_t i) { return body(i) + "\n\n> " + body(i + 50).substr(0, 200) + "\n> Kind regards"; };
  const PageText with_notice = [&](uint32_t i) { return page(i) + "\n\nService Desk, Example Corporation\nThis message is confidential and meant for its recipient only."; };
  expect_left(8, with_notice, page);
}

TEST(Boilerplate, SourcesAreCountedApart) {
  std::vector<document::Document> documents;
  for (uint32_t i = 0; i < 12; ++i) {
    documents.push_back(make_document("d" + std::to_string(i), body(i) + "\n\nCopyright Acme. All rights reserved.", "source-" + std::to_string(i)));
  }
  const auto texts = cleaned(documents);
  for (const auto& document : documents) EXPECT_EQ(texts.at(document.id), document.text);
}

TEST(Boilerplate, CopiesOfOneDocumentMakeNoBoilerplate) {
  auto documents = pages(6, body);
  const std::string text = body(500) + "\nThis closing line stands in one document only and in all of its copies.";
  for (int i = 0; i < 8; ++i) documents.push_back(make_document("copy-" + std::to_string(i), text, "site"));
  const auto texts = cleaned(documents, {"exact_duplicates", "boilerplate"});
  EXPECT_EQ(texts.at("copy-0"), text);
  EXPECT_FALSE(texts.contains("copy-1"));
  EXPECT_EQ(cleaned(documents).at("copy-3"), text);  // also where the copies are still there
}

TEST(Boilerplate, CleaningTwiceChangesNothingMore) {
  const PageText page = [](uint32_t i) { return "Skip to content\nMenu\nSearch\n\n" + body(i) + "\n\nSubscribe to our newsletter\nPrivacy | Terms"; };
  auto documents = pages(9, page);
  const auto once = cleaned(documents);
  for (auto& document : documents) document.text = once.at(document.id);
  EXPECT_EQ(cleaned(documents), once);
}

TEST(Boilerplate, ASourceThatWouldLoseNearlyEverythingStopsTheRun) {
  recipe::BoilerplateOptions options;
  options.max_removed_share = 0.05;
  const auto documents = pages(25, [](uint32_t i) { return body(i) + "\n\nCopyright 2019 Acme Ltd. All rights reserved. Every page of this site says so at length.\nTerms | Privacy"; });
  try {
    cleaned(documents, {"boilerplate"}, options);
    FAIL() << "it went on";
  } catch (const Error& error) {
    EXPECT_NE(std::string{error.what()}.find("corpus.boilerplate.max_removed_share"), std::string::npos) << error.what();
  }
}

TEST(Boilerplate, FewerDocumentsThanAskedForAreLeft) {
  const auto documents = pages(3, [](uint32_t i) { return body(i) + "\n\nCopyright Acme. All rights reserved.\nTerms | Privacy"; });
  const auto texts = cleaned(documents);
  for (const auto& document : documents) EXPECT_EQ(texts.at(document.id), document.text);
}

TEST(PageLines, PackedLinesComeBackAndStaySmall) {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += "line number " + std::string(1, static_cast<char>('a' + i % 26)) + std::to_string(i) + " is here\n\n";
  Page page, back;
  find_lines(text, page);
  EXPECT_EQ(page.lines.size(), 5000U);
  const std::string packed = pack_lines(page);
  EXPECT_LE(packed.size(), kPackedBytes);
  unpack_lines(packed, back);
  EXPECT_EQ(back.lines.size(), 96U);
  EXPECT_EQ(back.lines.front().key, page.lines.front().key);
  EXPECT_EQ(back.lines.back().key, page.lines.back().key);
  EXPECT_EQ(back.ink, page.ink);
  ASSERT_GE(back.traces.size(), 30U);
  EXPECT_TRUE(std::equal(back.traces.begin(), back.traces.end(), page.traces.begin(), [](const WordTrace& a, const WordTrace& b) { return a.key == b.key && a.place == b.place; }));
}

TEST(PageLines, SpacesCaseAndDatesDoNotMatter) {
  const auto key = [](const std::string& line) {
    Page page;
    find_lines(line, page);
    return page.lines.at(0).key;
  };
  EXPECT_EQ(key("Last updated on 2022-01-09"), key("  last  Updated on 3 May 2021 "));
  EXPECT_EQ(key("최종 수정일: 2023-12-12"), key("최종 수정일: 2020.1.4"));
  EXPECT_NE(key("Terms | Privacy"), key("Terms | Imprint"));
}

TEST(Passes, ARuleThatCountsLinesWaitsBesideOneThatCountsCopies) {
  recipe::CorpusOptions options;
  options.rules = {"encoding", "normalise", "exact_duplicates", "boilerplate", "quality", "near_duplicates"};
  const auto rules = make_rules(options);
  const std::vector<Pass> passes = plan_passes(rules);
  ASSERT_EQ(passes.size(), 3U);
  EXPECT_EQ(passes[0].waiting(), (std::vector<uint16_t>{2, 3}));
  EXPECT_EQ(passes[1].settled, (std::vector<uint16_t>{2, 3}));
  EXPECT_EQ(passes[1].waiting(), (std::vector<uint16_t>{5}));
  EXPECT_TRUE(passes[2].steps.empty());
}

TEST(Passes, ARuleThatChangesTextDoesNotDoSoWhileAnotherWaits) {
  recipe::CorpusOptions options;
  options.rules = {"exact_duplicates", "normalise"};
  const auto rules = make_rules(options);
  const std::vector<Pass> passes = plan_passes(rules);
  ASSERT_EQ(passes.size(), 2U);
  EXPECT_EQ(passes[0].waiting(), (std::vector<uint16_t>{0}));
  EXPECT_EQ(passes[1].steps.size(), 1U);
}

}  // namespace
}  // namespace hone::corpus
