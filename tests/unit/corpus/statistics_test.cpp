#include "corpus/statistics.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "corpus/clean.h"
#include "corpus/examples.h"
#include "support/shared.h"
#include "unit/corpus/labelled.h"

namespace hone::corpus {
namespace {

const std::vector<RuleName> kNames = {{"normalise", Family::normalise}, {"personal_data", Family::pii}, {"quality", Family::quality}};

/// A document that normalise and personal_data have edited; every third is dropped by quality.
Draft made_draft(size_t number) {
  document::Document document = test::make_document("d" + std::to_string(number), "Call  010-0123-4567 or write to a.b@example.org now.",
                                                    "source" + std::to_string(number % 2));
  document.licence = number % 4 == 0 ? "" : "CC-BY-4.0";
  document.access = "internal";
  Draft draft = Draft::begin(number, std::move(document));
  draft.take(0, Family::normalise, Outcome::edit({{4, 6, " ", "white_space", std::nullopt}}));
  draft.take(1, Family::pii, Outcome::edit({{5, 18, "[PHONE]", "phone", std::nullopt}}));
  if (number % 3 == 0) draft.take(2, Family::quality, Outcome::drop("too_short"));
  return draft;
}

Tally tally_of(size_t begin, size_t end) {
  Tally tally;
  for (size_t i = begin; i < end; ++i) tally.count(made_draft(i), kNames, {"train", ""});
  if (begin == 0) tally.count(document::Rejection{"x", "source0", "x.bin", "not_text", "it is not text", 10, 0});
  return tally;
}

TEST(Statistics, TalliesOfPartsAddUpToTheTallyOfTheWhole) {
  const Tally whole = tally_of(0, 40);
  for (const size_t cut : {0U, 1U, 7U, 39U}) {
    Tally sum = tally_of(0, cut);
    Tally rest = tally_of(cut, 40);
    if (cut == 0) rest = Tally{}, sum = tally_of(0, 40);
    sum += rest;
    EXPECT_EQ(sum, whole) << cut;
  }
}

TEST(Statistics, ATallyComesBackFromItsBytes) {
  const Tally tally = tally_of(0, 25);
  EXPECT_EQ(Tally::unpack(tally.pack()), tally);
  EXPECT_EQ(Tally::unpack(Tally{}.pack()), Tally{});
  for (const std::string& bytes : {std::string(), std::string("rubbish"), tally.pack().substr(0, 100)})
    EXPECT_THROW(Tally::unpack(bytes), Error) << bytes.size();
}

TEST(Statistics, WhatWasFoundOfAPersonIsNeverInAnExample) {
  const std::string text = to_json(tally_of(0, 30), kNames, {}, {}).dump();
  EXPECT_EQ(text.find("0123-4567"), std::string::npos);
  EXPECT_EQ(text.find("example.org"), std::string::npos) << "the address stands in the context of another rule's edit";
  EXPECT_NE(text.find("[PHONE]"), std::string::npos);
  EXPECT_EQ(tally_of(0, 30).pack().find("0123-4567"), std::string::npos);
}

TEST(Statistics, LongNumbersAndAddressesAreMaskedAndOrdinaryTextIsNot) {
  EXPECT_EQ(masked("tel 010-1234-5678, 12 of 340 pages, version 1.24.3"), "tel •••-••••-••••, 12 of 340 pages, version 1.24.3");
  EXPECT_EQ(masked("ask kim.lee@example.org, please"), "ask •••.•••@•••••••.•••, please");
  EXPECT_EQ(masked("메일은 홍길동@예제.한국 으로"), "메일은 •••@••.•• 으로");
  EXPECT_EQ(masked("@deprecated since 2024-01-15"), "@deprecated since ••••-••-••") << "a date has eight digits";
  EXPECT_EQ(masked("전화 ０１０－１２３４－５６７８번"), "전화 •••－••••－••••번");
  EXPECT_EQ(masked(""), "");
}

TEST(Statistics, LengthsFallIntoTheirBins) {
  Lengths lengths;
  for (const uint64_t length : {0U, 49U, 50U, 999'999U, 1'000'000U, 5'000'000U}) lengths.add(length);
  EXPECT_EQ(lengths.counts.front(), 2U);
  EXPECT_EQ(lengths.counts[1], 1U);
  EXPECT_EQ(lengths.counts[Lengths::kBounds.size() - 1], 1U);
  EXPECT_EQ(lengths.counts.back(), 2U);
}

TEST(Statistics, SourcesOfARuleAddUpToTheRule) {
  const Tally tally = tally_of(0, 40);
  for (const RuleTally& rule : tally.rules) {
    SourceTally sum;
    for (const auto& [name, part] : rule.sources) sum += part;
    EXPECT_EQ(sum.dropped, rule.dropped);
    EXPECT_EQ(sum.edited, rule.edited);
  }
  Amount licences;
  for (const auto& [name, amount] : tally.licences) licences += amount;
  EXPECT_EQ(licences.documents, tally.all.kept.documents + tally.all.edited.documents);
}

}  // namespace
}  // namespace hone::corpus
