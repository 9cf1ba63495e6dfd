/// JSON Lines and tables.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>

#include "reading.h"

namespace hone::document {
namespace {

TEST(JsonLines, TextArrivesExactlyAsTheStringSays) {
  // Offsets in ledgers count code points of this text: line ends, tabs, zero-width characters, decomposed
  // Hangul, NUL.
  const std::string text =
      std::string("\r\n a\tb\r \u200b\ufeff \u1112\u1161\u11ab e\u0301 \U0001F468\u200D\U0001F469 ", 42) +
      '\0' + "\x7f\n";
  std::string row = nlohmann::json({{"text", text}}).dump();
  EXPECT_EQ(one_document(row, "a.jsonl").text, text);
  row = nlohmann::json({{"text", text}}).dump(-1, ' ', true);  // the same, all escaped
  EXPECT_EQ(one_document(row + "\r\n", "a.jsonl").text, text);
}

TEST(JsonLines, RandomTextArrivesExactly) {
  std::mt19937 random(3);
  for (int round = 0; round < 300; ++round) {
    std::string rows;
    std::vector<std::string> texts;
    for (int row = 0; row < 5; ++row) {
      std::string text = "t";
      for (unsigned n = random() % 80; n > 0; --n) {
        static constexpr const char* kPieces[] = {"a",          "\\",     "\"", "\n",      "/", "가",
                                                  "\U0001F600", "\u2028", "\b", "\\ud800", "  "};
        text += kPieces[random() % std::size(kPieces)];
      }
      texts.push_back(text);
      rows += nlohmann::json({{"text", text}}).dump(-1, ' ', random() % 2 == 0) + "\n";
    }
    const auto items = read_here(rows, "a.jsonl");
    ASSERT_EQ(items.size(), texts.size());
    for (size_t i = 0; i < items.size(); ++i) ASSERT_EQ(std::get<Document>(items[i]).text, texts[i]);
  }
}

TEST(JsonLines, HalvesOfSurrogatePairsBecomeReplacementCharacters) {
  EXPECT_EQ(one_document(R"({"text": "a\ud800b \udc00\ud83d\ude00\ud83d c\\ud800"})", "a.jsonl").text,
            "a\uFFFDb \uFFFD\U0001F600\uFFFD c\\ud800");
}

TEST(JsonLines, BrokenRowsAreReportedEachAndTheOthersKept) {
  const std::string rows =
      "{\"id\": 1, \"text\": \"fine\"}\n{\"id\": 2, \"text\": \"cut\n{\"id\": 3, \"text\": "
      "\"fine\"}\n\n[1,2]\n{\"id\": 4}\n"
      "{\"text\": \"\xFF\"}\n{\"text\": \"a\"} trailing\n{\"text\": 5}\n{\"text\": \"last\"}";
  const auto items = read_here(rows, "a.jsonl");
  ASSERT_EQ(items.size(), 10u);
  const std::vector<std::string> expected = {"",
                                             reason::kDamaged,
                                             "",
                                             reason::kNoText,
                                             reason::kDamaged,
                                             reason::kNoText,
                                             reason::kDamaged,
                                             reason::kDamaged,
                                             reason::kNoText,
                                             ""};
  for (size_t i = 0; i < items.size(); ++i) {
    const auto* rejected = std::get_if<Rejection>(&items[i]);
    EXPECT_EQ(rejected ? rejected->reason : "", expected[i]) << "row " << i + 1;
    EXPECT_EQ(rejected ? rejected->row : std::get<Document>(items[i]).row, i + 1);
  }
  EXPECT_EQ(std::get<Document>(items[2]).id, "3");
}

TEST(JsonLines, TheTextFieldMayBeNestedOrHaveADotInItsName) {
  Input input;
  input.text_field = "document.body";
  EXPECT_EQ(one_document(R"({"document": {"title": "t", "body": "inner"}})", "a.jsonl", input).text, "inner");
  EXPECT_EQ(one_document(R"({"document.body": "flat"})", "a.jsonl", input).text, "flat");
  EXPECT_NE(one_rejection(R"({"document": {"text": "x"}})", "a.jsonl", input).message.find("document.body"),
            std::string::npos);
}

TEST(JsonLines, AMarkInFrontIsNoPartOfTheFirstRow) {
  EXPECT_EQ(one_document("\xEF\xBB\xBF{\"text\": \"a\"}", "a.jsonl").text, "a");
}

TEST(JsonLines, RowsAlreadyReadArePassedOver) {
  Input input;
  input.first_row = 2;
  const auto items = read_here("{\"text\": \"1\"}\nbroken\n{\"text\": \"3\"}\n", "a.jsonl", input);
  ASSERT_EQ(items.size(), 1u);
  EXPECT_EQ(std::get<Document>(items[0]).row, 3u);
}

TEST(JsonLines, RowsLongerThanABlockAreWhole) {
  const std::string text(5 << 20, 'y');
  EXPECT_EQ(one_document("{\"text\": \"" + text + "\"}\n", "a.jsonl").text, text);
}

TEST(Table, CellsKeepQuotesDelimitersAndLineEnds) {
  EXPECT_EQ(one_document("id,text\r\n1,\"a \"\"b\"\", c\r\nd\"\r\n2,\r\n", "a.csv").text,
            "[\"id\", \"text\"]\n[\"1\", \"a \\\"b\\\", c\\nd\"]\n[\"2\", \"\"]\n");
}

TEST(Table, TheDelimiterIsFound) {
  const std::string expected = "[\"a\", \"b, c\"]\n[\"1\", \"2, 3\"]\n[\"4\", \"5\"]\n";
  EXPECT_EQ(one_document("a;b, c\n1;2, 3\n4;5\n", "a.csv").text, expected);
  EXPECT_EQ(one_document("a\tb, c\n1\t2, 3\n4\t5\n", "a.csv").text, expected);
  EXPECT_EQ(one_document("a|b, c\n1|2, 3\n4|5\n", "a.csv").text, expected);
  EXPECT_EQ(one_document("a,\"b, c\"\n1,\"2, 3\"\n4,5\n", "a.csv").text, expected);
}

TEST(Table, RandomCellsComeBack) {
  std::mt19937 random(5);
  for (int round = 0; round < 200; ++round) {
    const char delimiter = ",;\t|"[random() % 4];
    const size_t columns = 2 + random() % 4;
    std::string csv, expected;
    for (size_t row = 0; row < 3 + random() % 5; ++row) {
      nlohmann::json cells = nlohmann::json::array();
      for (size_t column = 0; column < columns; ++column) {
        std::string cell = "c";
        for (unsigned n = random() % 6; n > 0; --n)
          cell += std::string("a\"\n,;\t| ").substr(random() % 8, 1);
        cells.push_back(cell);
        std::string quoted;
        for (const char c : cell) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
        csv += (column ? std::string(1, delimiter) : "") + '"' + quoted + '"';
      }
      csv += "\n";
      expected += cells.dump() + "\n";
    }
    std::string text = one_document(csv, "a.csv").text, parsed;
    for (size_t begin = 0; begin < text.size();) {
      const size_t end = text.find('\n', begin);
      parsed += nlohmann::json::parse(text.substr(begin, end - begin)).dump() + "\n";
      begin = end + 1;
    }
    ASSERT_EQ(parsed, expected) << csv;
  }
}

TEST(Table, ANamedTextColumnMakesEachRowADocument) {
  Input input;
  input.text_field = "내용";
  const auto items = read_here("id,내용,title\nk1,\"첫째\n글\",제목\n,,\nk2,,\nk3,둘째,\n", "a.csv", input);
  ASSERT_EQ(items.size(), 3u);
  const auto& first = std::get<Document>(items[0]);
  EXPECT_EQ(first.id, "k1");
  EXPECT_EQ(first.text, "첫째\n글");
  EXPECT_EQ(first.title, "제목");
  EXPECT_EQ(first.row, 2u);
  EXPECT_EQ(std::get<Rejection>(items[1]).reason, reason::kNoText);
  EXPECT_EQ(std::get<Document>(items[2]).text, "둘째");
  EXPECT_NE(one_rejection("a,b\n1,2\n", "b.csv", input).message.find("내용"), std::string::npos);
}

}  // namespace
}  // namespace hone::document
