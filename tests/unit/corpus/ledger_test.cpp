#include "corpus/ledger.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "unit/corpus/labelled.h"

namespace hone::corpus {
namespace {

TEST(Ledger, WhatADocumentSaysAboutItselfIsKeptWithoutAddresses) {
  document::Document document = test::make_document("a.eml", "Some text of a mail.", "mails");
  document.title = "Offer for 010-0123-4567";
  document.metadata = R"({"author": "Kim <kim@example.com>", "date": "2024-05-01T09:00:00Z", "page_count": 3, "quoted": "long"})";
  document.source_sha256 = "abc";
  std::string lines;
  write_ledger(lines, Draft::begin(0, document), {}, {"train", ""}, {});
  const auto read = nlohmann::json::parse(lines.substr(0, lines.find('\n')));
  EXPECT_EQ(read.at("title"), "Offer for [PHONE]");
  EXPECT_EQ(read.at("author"), "Kim <[EMAIL]>");
  EXPECT_EQ(read.at("date"), "2024-05-01T09:00:00Z");
  EXPECT_EQ(read.at("page_count"), 3);
  EXPECT_FALSE(read.contains("quoted"));
}

TEST(Ledger, MetadataThatIsNoObjectIsLeftOut) {
  for (const char* metadata : {"[1]", "{", "\"x\"", "{\"author\": 3, \"page_count\": \"many\"}"}) {
    document::Document document = test::make_document("a", "Some text.", "s");
    document.metadata = metadata;
    std::string lines;
    write_ledger(lines, Draft::begin(0, document), {}, {"train", ""}, {});
    const auto read = nlohmann::json::parse(lines.substr(0, lines.find('\n')));
    EXPECT_FALSE(read.contains("author"));
    EXPECT_FALSE(read.contains("page_count"));
  }
}

}  // namespace
}  // namespace hone::corpus
