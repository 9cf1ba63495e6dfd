#include "document/stream.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/files.h"
#include "reading.h"
#include "support/shared.h"

namespace hone::document {
namespace {

namespace fs = std::filesystem;

class Stream : public testing::Test {
 protected:
  void put(const std::string& name, std::string_view content) {
    fs::create_directories((folder_ / name).parent_path());
    base::write_file(folder_ / name, content);
  }
  std::string at(const std::string& pattern) const { return (folder_ / pattern).string(); }
  std::string complaint(const SourceSpec& source) {
    try {
      const DocumentStream stream({source});
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::data);
      return error.what();
    }
    return {};
  }
  test::TempDir folder_{"stream"};
};

TEST_F(Stream, DocumentsComeInOrderOfSourcePathAndRow) {
  put("b/2.txt", "two");
  put("b/10.txt", "ten");
  put("a/rows.jsonl", "{\"text\": \"r1\"}\n{\"id\": \"own\", \"text\": \"r2\"}\n{\"text\": \"r3\"}\n");
  put("a/x/deep.md", "# Deep\n");
  const auto items = read_stream({{.pattern = at("b/*.txt")}, {.pattern = at("a")}});
  EXPECT_EQ(in_short(items),
            (std::vector<std::string>{"10.txt: ten", "2.txt: two", "rows.jsonl#1: r1", "own: r2",
                                      "rows.jsonl#3: r3", "x/deep.md: # Deep\n"}));
}

TEST_F(Stream, TheSameItemsComeWhateverTheThreads) {
  for (int file = 0; file < 40; ++file) {
    std::string rows;
    for (int row = 0; row < 300; ++row)
      rows += "{\"text\": \"" + std::to_string(file * 1000 + row) +
              std::string(static_cast<size_t>(row), 'x') + "\"}\n";
    put("f" + std::to_string(file) + ".jsonl", rows);
    put("t" + std::to_string(file) + ".txt", std::string(5000, static_cast<char>('a' + file % 26)));
  }
  const auto one = in_short(read_stream({{.pattern = at("*")}}, {.threads = 1}));
  EXPECT_EQ(one.size(), 40u * 301u);
  EXPECT_EQ(one, in_short(read_stream({{.pattern = at("*")}}, {.threads = 5})));
}

TEST_F(Stream, IdsAreUniqueAndRenamedOnesAreCounted) {
  put("a/same.txt", "one");
  put("b/same.txt", "two");
  put("c.jsonl",
      "{\"id\": \"same.txt\", \"text\": \"three\"}\n{\"id\": \"same.txt~2\", \"text\": \"four\"}\n{\"id\": "
      "7, \"text\": \"five\"}\n");
  DocumentStream stream({{.pattern = at("a")}, {.pattern = at("b")}, {.pattern = at("c.jsonl")}});
  std::vector<std::string> ids;
  while (const auto item = stream.next()) ids.push_back(std::get<Document>(*item).id);
  EXPECT_EQ(ids, (std::vector<std::string>{"same.txt", "same.txt~2", "same.txt~3", "same.txt~2~2", "7"}));
  EXPECT_EQ(stream.renamed_ids(), 3u);
}

TEST_F(Stream, SourceLicenceAndAccessComeFromTheRowElseFromTheSource) {
  put("rows.jsonl",
      "{\"text\": \"a\", \"source\": \"wiki\", \"license\": \"MIT\", \"title\": \"T\", \"lang\": "
      "\"ko\"}\n{\"text\": \"b\"}\n");
  const auto items =
      read_stream({{.name = "all", .pattern = at("rows.jsonl"), .licence = "CC0-1.0", .access = "internal"}});
  const auto& first = std::get<Document>(items.at(0));
  EXPECT_EQ(first.source, "wiki");
  EXPECT_EQ(first.licence, "MIT");
  EXPECT_EQ(first.access, "internal");
  EXPECT_EQ(first.title, "T");
  EXPECT_EQ(first.metadata, "{\"lang\":\"ko\"}");
  const auto& second = std::get<Document>(items.at(1));
  EXPECT_EQ(second.source, "all");
  EXPECT_EQ(second.licence, "CC0-1.0");
}

TEST_F(Stream, ASourceWithoutANameIsCalledAfterItsFolderOrFile) {
  put("handbook/x/a.txt", "a");
  put("faq.jsonl", "{\"text\": \"b\"}\n");
  const DocumentStream stream(
      {{.pattern = at("handbook/**/*.txt")}, {.pattern = at("handbook")}, {.pattern = at("faq.jsonl")}});
  EXPECT_EQ(stream.sources()[0].name, "handbook");
  EXPECT_EQ(stream.sources()[1].name, "handbook");
  EXPECT_EQ(stream.sources()[2].name, "faq");
}

TEST_F(Stream, PatternsThatFindNothingAreErrorsThatNameThem) {
  fs::create_directories(folder_ / "empty");
  EXPECT_NE(complaint({.pattern = at("*.pdf")}).find("*.pdf"), std::string::npos);
  EXPECT_NE(complaint({.pattern = at("empty")}).find("holds no files"), std::string::npos);
  EXPECT_NE(complaint({.pattern = at("absent/**/*.md")}).find("does not exist"), std::string::npos);
  EXPECT_NE(complaint({.files = {folder_ / "gone.txt"}}).find("gone.txt"), std::string::npos);
}

TEST_F(Stream, AFormatThatDoesNotExistIsAnErrorBeforeAnythingIsRead) {
  put("a.txt", "a");
  EXPECT_THROW(DocumentStream({{.pattern = at("a.txt"), .format = "docbook"}}), Error);
}

TEST_F(Stream, UnreadableFormatsAreRejectedByName) {
  put("book.rtf", "{\\rtf1 …");
  put("picture.jpg", "\xFF\xD8\xFF …");
  put("table.txt", "PAR1 …");
  put("text.txt", "text");
  const auto items = read_stream({{.pattern = at("*")}});
  ASSERT_EQ(items.size(), 4u);
  for (const size_t i : {0u, 1u, 2u}) {
    EXPECT_EQ(std::get<Rejection>(items[i]).reason, reason::kUnreadableFormat);
    EXPECT_GT(std::get<Rejection>(items[i]).bytes, 0u);
  }
  EXPECT_NE(std::get<Rejection>(items[0]).message.find("save it as .docx"), std::string::npos);
}

TEST_F(Stream, AFileThatCannotBeOpenedCostsOnlyItself) {
  put("a.txt", "a");
  put("c.txt", "c");
  const auto items = read_stream({{.files = {folder_ / "a.txt", folder_.path(), folder_ / "c.txt"}}});
  ASSERT_EQ(items.size(), 3u);
  EXPECT_EQ(std::get<Rejection>(items[1]).reason, reason::kUnreadableFile);
  EXPECT_EQ(std::get<Document>(items[2]).text, "c");
}

TEST_F(Stream, BytesAddUpToTheFiles) {
  put("rows.jsonl", "{\"text\": \"a\"}\n{\"text\": \"b\"}\nbroken\n");
  put("a.txt", "12345");
  DocumentStream stream({{.pattern = at("*")}});
  EXPECT_EQ(stream.bytes_total(), 28u + 7u + 5u);
  uint64_t bytes = 0;
  while (const auto item = stream.next()) std::visit([&](const auto& one) { bytes += one.bytes; }, *item);
  EXPECT_EQ(bytes, stream.bytes_total());
  EXPECT_EQ(stream.bytes_done(), stream.bytes_total());
}

TEST_F(Stream, ClosingItEarlyEndsItsChildren) {
  std::string rows;
  for (int i = 0; i < 200000; ++i) rows += "{\"text\": \"" + std::string(200, 'x') + "\"}\n";
  put("many.jsonl", rows);
  DocumentStream stream({{.pattern = at("many.jsonl")}});
  EXPECT_TRUE(stream.next().has_value());
}

TEST_F(Stream, CompressedRowsAreReadLikePlainOnes) {
  std::string rows;
  for (int i = 0; i < 5000; ++i)
    rows += "{\"id\": \"" + std::to_string(i) + "\", \"text\": \"text " + std::to_string(i) + "\"}\n";
  put("a.jsonl", rows);
  put("b.jsonl.gz", gzip(rows.substr(0, 1000)) + gzip(std::string_view(rows).substr(1000)));  // two members
  put("c.jsonl.zst", zstd(rows));
  const auto plain = read_stream({{.pattern = at("a.jsonl")}});
  ASSERT_EQ(plain.size(), 5000u);
  EXPECT_EQ(in_short(plain), in_short(read_stream({{.pattern = at("b.jsonl.gz")}})));
  EXPECT_EQ(in_short(plain), in_short(read_stream({{.pattern = at("c.jsonl.zst")}})));
}

}  // namespace
}  // namespace hone::document
