/// Documents made to hurt: each is one rejection, or a document, in time and memory that are bounded.
#include <gtest/gtest.h>

#include <random>

#include "base/files.h"
#include "reading.h"
#include "support/shared.h"

namespace hone::document {
namespace {

class Hostile : public testing::Test {
 protected:
  std::vector<std::string> read(const std::string& name, std::string_view content, ReaderLimits limits = {}) {
    base::write_file(folder_ / name, content);
    return in_short(read_stream({{.pattern = (folder_ / name).string()}}, {.threads = 1, .limits = limits}));
  }
  test::TempDir folder_{"hostile"};
};

std::string repeated(std::string_view piece, size_t count) {
  std::string text;
  text.reserve(piece.size() * count);
  for (size_t i = 0; i < count; ++i) text += piece;
  return text;
}

TEST_F(Hostile, ABombInOneDocumentIsStoppedAtItsInflatedSize) {
  const std::string zeros(size_t{300} << 20, ' ');
  EXPECT_EQ(read("a.txt.gz", gzip(zeros)), (std::vector<std::string>{"a.txt.gz! too_large"}));
  EXPECT_EQ(read("b.html.zst", zstd(zeros)), (std::vector<std::string>{"b.html.zst! too_large"}));
}

TEST_F(Hostile, ABombOfRowsIsStoppedAtItsInflatedSizeAndTheRowsBeforeAreKept) {
  ReaderLimits limits;
  limits.max_inflated_bytes = 3 << 20;
  const auto items = read("a.jsonl.gz", gzip(repeated("{\"text\": \"x\"}\n", 1 << 20)), limits);
  ASSERT_GT(items.size(), 1000u);
  EXPECT_LT(items.size(), 400000u);
  EXPECT_EQ(items.front(), "a.jsonl.gz#1: x");
  EXPECT_NE(items.back().find("! too_large"), std::string::npos);
}

TEST_F(Hostile, ALineOfTwoHundredMegabytesCostsItselfOnly) {
  std::string rows = "{\"text\": \"before\"}\n{\"text\": \"";
  rows.append(size_t{200} << 20, 'x');
  rows += "\"}\n{\"text\": \"after\"}\n";
  EXPECT_EQ(read("a.jsonl", rows),
            (std::vector<std::string>{"a.jsonl#1: before", "a.jsonl#2! too_large", "a.jsonl#3: after"}));
}

TEST_F(Hostile, CompressedFilesCutShortKeepTheRowsThatCameOut) {
  std::string rows;
  std::mt19937 random(1);
  for (int i = 0; i < 20000; ++i) rows += "{\"text\": \"" + std::to_string(random()) + "\"}\n";
  for (const auto& [name, packed] :
       {std::pair{"a.jsonl.gz", gzip(rows)}, std::pair{"b.jsonl.zst", zstd(rows)}}) {
    const auto items = read(name, std::string_view(packed).substr(0, packed.size() / 2));
    ASSERT_GT(items.size(), 1000u) << name;
    EXPECT_NE(items.back().find("! damaged"), std::string::npos) << items.back();
    EXPECT_EQ(items[0].substr(0, items[0].find(':')), std::string(name) + "#1");
  }
}

TEST_F(Hostile, ADamagedCompressedFileIsARejection) {
  std::string packed = gzip(repeated("some text ", 1000));
  packed[packed.size() / 2] ^= 0x55;
  packed[packed.size() / 2 + 1] ^= 0x55;
  EXPECT_EQ(read("a.txt.gz", packed), (std::vector<std::string>{"a.txt.gz! damaged"}));
}

TEST_F(Hostile, DeepHtmlIsRefusedAtOnceAndDeepButPossibleHtmlIsRead) {
  EXPECT_EQ(read("a.html", repeated("<div>", 1000000) + "text"),
            (std::vector<std::string>{"a.html! too_large"}));
  const auto items = read("b.html", repeated("<div>", 4000) + "text");
  EXPECT_EQ(items, (std::vector<std::string>{"b.html: text\n"}));
  EXPECT_EQ(read("c.html", repeated("<b>", 1000000) + "text"),
            (std::vector<std::string>{"c.html! too_large"}));
}

TEST_F(Hostile, ATagOfVeryManyAttributesIsRefusedAtOnce) {
  std::string tag = "<p";
  for (int i = 0; i < 200000; ++i) tag += " a" + std::to_string(i) + "=\"1 2\"";
  EXPECT_EQ(read("a.html", tag + ">text"), (std::vector<std::string>{"a.html! too_large"}));
  const std::string quoted = "<p title=\"" + repeated("many words ", 20000) + "\">text</p><script>if (a<b) d = [" + repeated("1, ", 20000) + "]</script>";
  EXPECT_EQ(read("b.html", quoted), (std::vector<std::string>{"b.html: text\n"}));
}

TEST_F(Hostile, MarksThatNeverCloseAreNotLookedForFromEachAnew) {
  for (const char* mark : {"<!--", "{/*", "<script>", "</script", "<svg> a\n", "`` a ` b ", "<Deep>"}) {
    const auto items = read("a.md", "Text " + repeated(mark, 100000));
    EXPECT_EQ(items.size(), 1u) << mark;
  }
}

TEST_F(Hostile, TagsThatCloseThemselvesAreNotDeep) {
  const auto items = read("a.html", "<body>" + repeated("<p>word<br><li>item", 20000));
  ASSERT_EQ(items.size(), 1u);
  EXPECT_EQ(items[0].find("a.html: "), 0u);
}

TEST_F(Hostile, DeepJsonAndDeepFrontMatterAreNoStackOverflow) {
  EXPECT_EQ(
      read("a.jsonl", "{\"text\": \"a\", \"b\": " + repeated("[", 1000000) + "\n{\"text\": \"after\"}\n"),
      (std::vector<std::string>{"a.jsonl#1! damaged", "a.jsonl#2: after"}));
  const auto items = read("a.md", "---\ntitle: " + repeated("[", 50000) + "\n---\nText.\n");
  ASSERT_EQ(items.size(), 1u);
  EXPECT_NE(items[0].find("Text."), std::string::npos);
}

TEST_F(Hostile, BytesThatAreNoTextAreRejected) {
  std::mt19937 random(7);
  std::string noise;
  for (int i = 0; i < 100000; ++i) noise += static_cast<char>(random());
  EXPECT_EQ(read("a.txt", noise), (std::vector<std::string>{"a.txt! not_text"}));
  EXPECT_EQ(read("b.md", noise), (std::vector<std::string>{"b.md! not_text"}));
  EXPECT_EQ(read("c.csv", noise), (std::vector<std::string>{"c.csv! not_text"}));
  EXPECT_EQ(read("d.html", noise), (std::vector<std::string>{"d.html! not_text"}));
}

TEST_F(Hostile, EmptyFilesAreRejectedAsWithoutText) {
  EXPECT_EQ(read("a.txt", ""), (std::vector<std::string>{"a.txt! no_text"}));
  EXPECT_EQ(read("b.html", "<html><script>x</script></html>"), (std::vector<std::string>{"b.html! no_text"}));
  EXPECT_EQ(read("c.md", "<!-- nothing -->\n"), (std::vector<std::string>{"c.md! no_text"}));
  EXPECT_TRUE(read("d.jsonl", "").empty());
}

/// Whatever is done to a document, its reader ends, and what it hands over is UTF-8 (decode_frame insists).
TEST_F(Hostile, MutatedDocumentsAlwaysEndAsAnItem) {
  const std::vector<std::pair<std::string, std::string>> seeds = {
      {"a.html",
       "<html><head><meta "
       "charset=euc-kr><title>t</title></head><body><nav>n</nav><table><tr><td>a<td>b</table><ul><li>x</"
       "ul><pre>\n"
       "code</pre>&amp;&#xac00;</body></html>"},
      {"a.md",
       "---\ntitle: T\n---\n# H {#h}\n{{< note >}}n{{< /note >}} `c` <b>x</b> <!-- y "
       "-->\n```sh\nls\n```\n/// tip | T\n///\n"},
      {"a.csv", "a,b;c\n\"x\"\"y\",\"line\nline\"\n1;2,3\n"},
      {"a.jsonl", "{\"id\": 1, \"text\": \"a\\ud83d\\ude00\\n\", \"m\": {\"x\": [1, 2.5e3, null]}}\n"},
      {"a.txt", encoded("대한민국의 주권은 국민에게 있고", "UHC")}};
  std::mt19937 random(20);
  for (int round = 0; round < 3000; ++round) {
    auto [name, content] = seeds[random() % seeds.size()];
    for (unsigned edits = random() % 6; edits > 0 && !content.empty(); --edits) {
      const size_t at = random() % content.size();
      switch (random() % 4) {
        case 0:
          content[at] = static_cast<char>(random());
          break;
        case 1:
          content.erase(at, random() % 9);
          break;
        case 2:
          content.insert(at, content.substr(random() % content.size(), random() % 20));
          break;
        default:
          content.resize(at);
          break;
      }
    }
    SCOPED_TRACE(testing::PrintToString(content));
    for (const Item& item : read_here(content, name)) {
      if (const auto* document = std::get_if<Document>(&item)) {
        ASSERT_FALSE(document->text.empty());
        const std::string as_utf8 = encoded(document->text, "UTF-8");  // fails for what is not UTF-8
        ASSERT_EQ(as_utf8, document->text);
      }
    }
  }
}

}  // namespace
}  // namespace hone::document
