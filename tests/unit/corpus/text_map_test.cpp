#include "corpus/text_map.h"

#include <gtest/gtest.h>

#include <random>

namespace hone::corpus {
namespace {

using Span = TextMap::Span;

Edit edit(size_t begin, size_t end, std::string with, Family family = Family::normalise) { return {begin, end, std::move(with), "test", family}; }

/// What a reader of the ledger does: put each span's replacement in its place.
std::string rebuilt(const TextMap& map) {
  std::string result;
  size_t copied = 0;
  for (const Span& span : map.spans()) {
    EXPECT_GE(span.original_begin, copied) << "spans overlap";
    result.append(map.original(), copied, span.original_begin - copied);
    result += map.replacement_of(span);
    copied = span.original_end;
  }
  return result.append(map.original(), copied);
}

/// The plain meaning of edits, one after the other from the back.
std::string edited(std::string text, const std::vector<Edit>& edits) {
  for (auto e = edits.rbegin(); e != edits.rend(); ++e) text.replace(e->begin, e->end - e->begin, e->replacement);
  return text;
}

std::vector<Edit> random_edits(const std::string& text, std::mt19937& random) {
  std::vector<Edit> edits;
  size_t at = 0;
  while (true) {
    at += random() % 6 + (edits.empty() ? 0 : 1);
    const size_t length = random() % 4;
    if (at + length > text.size()) return edits;
    std::string with(random() % 3, static_cast<char>('A' + random() % 26));
    if (length == 0 && with.empty()) with = "+";
    edits.push_back(edit(at, at + length, with, random() % 2 == 0 ? Family::normalise : Family::pii));
    at += length;
  }
}

TEST(TextMap, IsRebuiltFromOriginalAndSpansWhateverTheEdits) {
  std::mt19937 random(7);
  for (int round = 0; round < 20000; ++round) {
    std::string original;
    for (size_t i = 0; i < random() % 30; ++i) original += static_cast<char>('a' + random() % 26);
    TextMap map(original);
    std::string expected = original;
    for (uint16_t rule = 0; rule < 5; ++rule) {
      const std::vector<Edit> edits = random_edits(expected, random);
      expected = edited(expected, edits);
      map.apply(edits, rule, Family::normalise);
      ASSERT_EQ(map.text(), expected);
      ASSERT_EQ(rebuilt(map), expected) << "round " << round << " rule " << rule;
      size_t insertion_at = std::string::npos;
      for (const Span& span : map.spans()) {
        ASSERT_TRUE(span.original_begin != span.original_end || span.begin != span.end) << "a span that does nothing";
        ASSERT_NE(map.original_of(span), map.replacement_of(span));
        // Two insertions in one place would have no order once lines are grouped by rule.
        const bool insertion = span.original_begin == span.original_end;
        ASSERT_FALSE(insertion && insertion_at == span.original_begin);
        if (insertion) insertion_at = span.original_begin;
      }
    }
  }
}

TEST(TextMap, SurvivesBeingStoredAndTakenUpAgain) {
  std::mt19937 random(11);
  for (int round = 0; round < 2000; ++round) {
    TextMap map(std::string(20, 'x') + "yyyyyyyyyyyy");
    map.apply(random_edits(map.text(), random), 0, Family::normalise);
    std::vector<std::string> replacements;
    for (const Span& span : map.spans()) replacements.emplace_back(map.replacement_of(span));
    TextMap again(map.original(), map.spans(), replacements);
    const std::vector<Edit> more = random_edits(map.text(), random);
    map.apply(more, 1, Family::pii);
    again.apply(more, 1, Family::pii);
    ASSERT_EQ(again.text(), map.text());
    ASSERT_EQ(rebuilt(again), map.text());
  }
}

TEST(TextMap, DeletionAroundEarlierDeletionsLeavesThemTheirSpans) {
  TextMap map("word \u200B \nnext");  // a zero-width space between two spaces
  map.apply({edit(5, 8, "", Family::hidden)}, 0, Family::hidden);
  map.apply({edit(4, 6, "")}, 1, Family::normalise);
  ASSERT_EQ(map.spans().size(), 3U);
  EXPECT_EQ(map.spans()[1].family, Family::hidden);
  EXPECT_EQ(map.original_of(map.spans()[1]).size(), 3U);
  EXPECT_EQ(map.text(), "word\nnext");
}

TEST(TextMap, DeletionOfWhatWasPutThereKeepsHiddenCharactersApart) {
  TextMap map("x\u200B\u00A0\ny");
  map.apply({edit(1, 4, "", Family::hidden), edit(4, 6, " ")}, 0, Family::normalise);
  map.apply({edit(1, 2, "")}, 1, Family::normalise);
  ASSERT_EQ(map.spans().size(), 2U);
  EXPECT_EQ(map.spans()[0].family, Family::hidden);
  EXPECT_EQ(map.spans()[1].also, std::vector<uint16_t>{0});
  EXPECT_EQ(map.text(), "x\ny");
}

TEST(TextMap, RedactionAroundEarlierEditsBecomesOneSpanOfTheRedaction) {
  TextMap map("call 010-1234\u200B-5678 now");
  map.apply({edit(13, 16, "", Family::hidden)}, 0, Family::hidden);
  map.apply({edit(5, 18, "[PHONE]", Family::pii)}, 1, Family::pii);
  ASSERT_EQ(map.spans().size(), 1U);
  EXPECT_EQ(map.spans()[0].rule, 1);
  EXPECT_EQ(map.spans()[0].also, std::vector<uint16_t>{0});
  EXPECT_EQ(map.original_of(map.spans()[0]), "010-1234\u200B-5678");
  // A later rule that only tidies does not take the redaction over.
  map.apply({edit(11, 12, "] ")}, 2, Family::normalise);
  ASSERT_EQ(map.spans().size(), 1U);
  EXPECT_EQ(map.spans()[0].rule, 1);
  EXPECT_EQ(map.spans()[0].family, Family::pii);
}

TEST(TextMap, AnEditThatRestoresTheOriginalLeavesNoSpan) {
  TextMap map("abc");
  map.apply({edit(1, 2, "X")}, 0, Family::normalise);
  map.apply({edit(1, 2, "b")}, 1, Family::normalise);
  EXPECT_TRUE(map.spans().empty());
  EXPECT_EQ(map.text(), "abc");
}

}  // namespace
}  // namespace hone::corpus
