#include "base/files.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "base/error.h"
#include "base/hash.h"
#include "base/lines.h"
#include "support/shared.h"

namespace hone::base {
namespace {
namespace fs = std::filesystem;

TEST(Files, ReplacingAFileLeavesNothingBeside) {
  const test::TempDir folder;
  const fs::path file = folder.path() / "a.txt";
  replace_file(file, "one");
  replace_file(file, "two");
  EXPECT_EQ(read_file(file), "two");
  EXPECT_EQ(list_files(folder.path()).size(), 1u);
}

TEST(Files, LinksAndPipesAreNoFilesWhateverTheyLeadTo) {
  const test::TempDir folder;
  write_file(folder.path() / "a.txt", "one");
  fs::create_symlink("itself", folder.path() / "itself");
  fs::create_symlink("nowhere", folder.path() / "broken");
  fs::create_symlink("a.txt", folder.path() / "other");
  ASSERT_EQ(mkfifo((folder.path() / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(list_files(folder.path()), (std::vector<fs::path>{folder.path() / "a.txt"}));
}

TEST(Files, AMissingFileIsTheUsersMistakeNotTheDisks) {
  try {
    read_file("/nonexistent/file");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::data);
    EXPECT_NE(std::string(error.what()).find("/nonexistent/file"), std::string::npos);
  }
}

TEST(Files, AFileAboveTheLimitIsRefused) {
  const test::TempDir folder;
  write_file(folder.path() / "a", std::string(100, 'x'));
  EXPECT_THROW(read_file(folder.path() / "a", 99), Error);
}

class Glob : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"a.md", "b.txt", "deep/c.md", "deep/er/d.html", "deep/.hidden/e.md", "[x].md"}) {
      fs::create_directories((folder_.path() / name).parent_path());
      write_file(folder_.path() / name, name);
    }
  }
  std::vector<std::string> names(const std::string& pattern) const {
    std::vector<std::string> found;
    for (const fs::path& file : glob((folder_.path() / pattern).string())) found.push_back(file.lexically_relative(folder_.path()).string());
    return found;
  }
  test::TempDir folder_;
};

TEST_F(Glob, OneStarStaysInItsFolder) { EXPECT_EQ(names("*.txt"), (std::vector<std::string>{"b.txt"})); }
TEST_F(Glob, TwoStarsCrossFoldersButNotHiddenOnes) {
  EXPECT_EQ(names("**/*.md"), (std::vector<std::string>{"[x].md", "a.md", "deep/c.md"}));
}
TEST_F(Glob, BracesAreAlternativesWithoutRepeats) {
  EXPECT_EQ(names("**/*.{html,txt,html}"), (std::vector<std::string>{"b.txt", "deep/er/d.html"}));
}
TEST_F(Glob, AFolderStandsForAllItHolds) { EXPECT_EQ(names("deep/er"), (std::vector<std::string>{"deep/er/d.html"})); }
TEST_F(Glob, NothingMatchesNothing) { EXPECT_TRUE(names("*.pdf").empty()); }

TEST(Lines, AZstdFileReadsBackLineByLine) {
  const test::TempDir folder;
  LineWriter writer(folder.path() / "x.zst");
  for (int i = 0; i < 20000; ++i) writer.write("line " + std::to_string(i));
  writer.close();
  LineReader reader(folder.path() / "x.zst");
  int count = 0;
  while (auto line = reader.next()) ASSERT_EQ(*line, "line " + std::to_string(count++));
  EXPECT_EQ(count, 20000);
}

TEST(Lines, ATruncatedZstdFileIsAnErrorAtEveryLength) {
  const test::TempDir folder;
  LineWriter writer(folder.path() / "x.zst");
  for (int i = 0; i < 50; ++i) writer.write("line " + std::to_string(i * 7919));
  writer.close();
  const std::string whole = read_file(folder.path() / "x.zst");
  for (size_t keep = 5; keep < whole.size(); keep += 7) {
    write_file(folder.path() / "cut.zst", whole.substr(0, keep));
    EXPECT_THROW(
        {
          LineReader reader(folder.path() / "cut.zst");
          while (reader.next()) {
          }
        },
        Error)
        << keep;
  }
}

TEST(Lines, AStreamThatInflatesTooFarIsRefused) {
  const test::TempDir folder;
  LineWriter writer(folder.path() / "bomb.zst");
  for (int i = 0; i < 1000; ++i) writer.write(std::string(10000, 'x'));
  writer.close();
  LineReader reader(folder.path() / "bomb.zst", {.max_line_bytes = 1 << 20, .max_total_bytes = 1 << 20});
  EXPECT_THROW(while (reader.next()){}, Error);
}

TEST(Lines, AnOverlongLineIsRefused) {
  const test::TempDir folder;
  write_file(folder.path() / "x.jsonl", std::string(5000, 'x') + "\n");
  LineReader reader(folder.path() / "x.jsonl", {.max_line_bytes = 1000, .max_total_bytes = 1 << 20});
  EXPECT_THROW(reader.next(), Error);
}

TEST(Hash, KnownAnswers) {
  EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");  // FIPS 180-4
  EXPECT_EQ(hmac_sha256("Jefe", "what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");  // RFC 4231, case 2
}

}  // namespace
}  // namespace hone::base
