/// Files inside archives, from tests/fixtures/containers.py.
#include <archive.h>
#include <archive_entry.h>
#include <gtest/gtest.h>

#include "base/files.h"
#include "base/hash.h"
#include "document/nested.h"
#include "reading.h"
#include "support/shared.h"

namespace hone::document {
namespace {

class Archive : public testing::Test {
 protected:
  void SetUp() override {
    if (!test::fixtures()) GTEST_SKIP() << "no tests/fixtures";
    folder_ = *test::fixtures() / "containers";
  }
  std::string fixture(const std::string& name) const { return base::read_file(folder_ / name); }
  std::vector<Item> through_child(const std::string& name) const {
    return read_stream({{.files = {folder_ / name}}});
  }
  std::filesystem::path folder_;
};

std::vector<std::string> mixed(const std::string& name) {
  return {name + "!회의/보고서.txt: 회의 보고서입니다.\n",
          name + "!notes.md: # Notes\n\nRead me.\n",
          name + "!../../etc/shadow.txt: only a label\n",
          name + "!/absolute.txt: only a label too\n",
          name + "!picture.png! unreadable_format",
          name + "!rows.jsonl#1: row one",
          "mine: row two",
          name + "!paper.pdf! unreadable_format",
          name + "!empty.txt! no_text"};
}

TEST_F(Archive, EachMemberIsReadByTheReaderOfItsFormat) {
  for (const char* name : {"mixed.zip", "mixed.tar", "mixed.tar.gz", "mixed.tar.bz2", "mixed.tar.xz"})
    EXPECT_EQ(in_short(read_here(fixture(name), name)), mixed(name)) << name;
}

TEST_F(Archive, TheLockedInReaderReadsTheSame) {
  for (const char* name : {"mixed.zip", "mixed.tar.gz", "mixed.tar.xz"}) {
    std::vector<std::string> lines = in_short(through_child(name)), expected = mixed(name);
    lines.erase(lines.begin() + 7);  // what becomes of a PDF is the parent's matter
    expected.erase(expected.begin() + 7);
    EXPECT_EQ(lines, expected) << name;
  }
}

TEST_F(Archive, PathsShowTheWayIn) {
  const auto items = through_child("mixed.zip");
  EXPECT_EQ(std::get<Document>(items[0]).path, "mixed.zip!회의/보고서.txt");
  EXPECT_EQ(std::get<Document>(items[6]).id, "mine");
  EXPECT_EQ(std::get<Document>(items[6]).path, "mixed.zip!rows.jsonl#2");
  EXPECT_EQ(std::get<Rejection>(items[4]).path, "mixed.zip!picture.png");
}

TEST_F(Archive, NestedDocumentsCarryTheHashOfTheFileTheyLieIn) {
  const auto items = through_child("mixed.zip");
  EXPECT_EQ(std::get<Document>(items[0]).source_sha256, base::sha256_file(folder_ / "mixed.zip"));
  EXPECT_EQ(std::get<Document>(items[0]).source_sha256, std::get<Document>(items[6]).source_sha256);
}

TEST_F(Archive, NamesInCp949AreDecoded) {
  EXPECT_EQ(in_short(read_here(fixture("cp949.zip"), "a.zip")),
            std::vector<std::string>{"a.zip!업무철/text.txt: 이름이 CP949인 파일\n"});
}

TEST_F(Archive, APackedFileIsCalledAsItWas) {
  EXPECT_EQ(in_short(read_here(fixture("one.txt.xz"), "one.txt.xz")),
            std::vector<std::string>{"one.txt.xz!one.txt: 하나뿐인 파일\n"});
}

TEST_F(Archive, ArchivesNestThreeDeepAndNoDeeper) {
  EXPECT_EQ(in_short(read_here(fixture("three-deep.zip"), "t.zip")),
            std::vector<std::string>{"t.zip!level2.zip!level1.zip!bottom.txt: 바닥의 글\n"});
  const Rejection deep = one_rejection(fixture("four-deep.zip"), "f.zip");
  EXPECT_EQ(deep.reason, reason::kTooLarge);
  EXPECT_EQ(deep.id, "f.zip!level3.zip!level2.zip!level1.zip");
}

TEST_F(Archive, ALockedMemberCostsItselfAlone) {
  EXPECT_EQ(in_short(read_here(fixture("locked.zip"), "l.zip")),
            (std::vector<std::string>{"l.zip!open.txt: open\n", "l.zip!locked.txt! encrypted"}));
}

TEST_F(Archive, BombsEndAsACountedRejection) {
  const auto items = through_child("bomb.tar.xz");
  ASSERT_EQ(items.size(), 1u);
  EXPECT_EQ(std::get<Rejection>(items[0]).reason, reason::kTooLarge);
}

TEST_F(Archive, AMemberLargerThanADocumentMayBeCostsItselfAlone) {
  Input input;
  input.limits.max_document_bytes = 24;
  const auto lines = in_short(read_here(fixture("mixed.tar.gz"), "m.tar.gz", input));
  ASSERT_EQ(lines.size(), 8u);
  EXPECT_EQ(lines[0], "m.tar.gz!회의/보고서.txt! too_large");
  EXPECT_EQ(lines[1], "m.tar.gz!notes.md: # Notes\n\nRead me.\n");
}

TEST_F(Archive, DamagedOnesSaySo) {
  for (const char* name : {"cut.tar.gz", "cut.zip", "no-archive.zip"}) {
    const auto items = read_here(fixture(name), name);
    ASSERT_FALSE(items.empty()) << name;
    EXPECT_EQ(std::get<Rejection>(items.back()).reason, reason::kDamaged) << name;
  }
}

/// An archive as libarchive itself writes it: what Python's library has no words for.
std::string written(int (*set_format)(archive*), const char* options, const char* passphrase) {
  std::string bytes(1 << 16, '\0');
  size_t used = 0;
  archive* writer = archive_write_new();
  set_format(writer);
  if (options != nullptr) archive_write_set_options(writer, options);
  if (passphrase != nullptr) archive_write_set_passphrase(writer, passphrase);
  archive_write_open_memory(writer, bytes.data(), bytes.size(), &used);
  for (const char* name : {"a.txt", "b.txt"}) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, name);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_size(entry, 5);
    archive_write_header(writer, entry);
    archive_write_data(writer, "text\n", 5);
    archive_entry_free(entry);
  }
  archive_write_close(writer);
  archive_write_free(writer);
  bytes.resize(used);
  return bytes;
}

TEST(ArchiveFormats, SevenZipAndCpioAreRead) {
  const std::vector<std::string> expected = {"x!a.txt: text\n", "x!b.txt: text\n"};
  EXPECT_EQ(in_short(read_here(written(&archive_write_set_format_7zip, nullptr, nullptr), "x",
                               {.format = Format::archive})),
            expected);
  EXPECT_EQ(in_short(read_here(written(&archive_write_set_format_cpio_newc, nullptr, nullptr), "x",
                               {.format = Format::archive})),
            expected);
}

TEST(ArchiveFormats, EncryptedMembersAreNamed) {
  const std::string locked = written(&archive_write_set_format_zip, "zip:encryption=aes256", "secret");
  EXPECT_EQ(in_short(read_here(locked, "x.zip")),
            (std::vector<std::string>{"x.zip!a.txt! encrypted", "x.zip!b.txt! encrypted"}));
}

TEST(ArchiveFormats, AMemberThatKillsItsReaderCostsItselfAlone) {
  const test::TempDir folder;
  archive* writer = archive_write_new();
  archive_write_set_format_zip(writer);
  ASSERT_EQ(archive_write_open_filename(writer, (folder / "x.zip").c_str()), ARCHIVE_OK);
  for (const auto& [name, text] :
       {std::pair{"a.txt", "first"}, {"b.txt", "HONE-READ-TEST-FAULT: crash"}, {"c.txt", "third"}}) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, name);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_size(entry, static_cast<la_int64_t>(std::string_view(text).size()));
    archive_write_header(writer, entry);
    archive_write_data(writer, text, std::string_view(text).size());
    archive_entry_free(entry);
  }
  archive_write_close(writer);
  archive_write_free(writer);
  ReaderOptions options;
  options.test_faults = true;
  EXPECT_EQ(in_short(read_stream({{.files = {folder / "x.zip"}}}, options)),
            (std::vector<std::string>{"x.zip!a.txt: first", "x.zip#2! crashed", "x.zip!c.txt: third"}));
}

TEST_F(Archive, RowsReadBeforeArePassedOver) {
  Input input;
  input.first_row = 6;
  const auto lines = in_short(read_here(fixture("mixed.zip"), "mixed.zip", input));
  const std::vector<std::string> all = mixed("mixed.zip");
  EXPECT_EQ(lines, std::vector<std::string>(all.begin() + 7, all.end()));
}

TEST_F(Archive, EveryTruncationEndsInResults) {
  for (const char* name : {"mixed.zip", "mixed.tar", "mixed.tar.bz2"}) {
    const std::string whole = fixture(name);
    for (size_t size = 4; size < whole.size(); size += whole.size() / 60 + 1)
      EXPECT_FALSE(read_here(whole.substr(0, size), name).empty()) << name << " " << size;
  }
}

TEST(NestingBudget, HonestArchivesPassAndBombsDoNot) {
  NestingBudget small(1000);
  EXPECT_NO_THROW(small.take_bytes(UINT64_C(200) << 20));
  EXPECT_THROW(small.take_bytes(UINT64_C(100) << 20), Refused);
  NestingBudget large(UINT64_C(100) << 20);
  EXPECT_NO_THROW(large.take_bytes(UINT64_C(10) << 30));
}

TEST(InsideId, NamesAreLabels) {
  EXPECT_EQ(inside_id("a.zip", "b\n\x01.txt"), "a.zip!b.txt");
  EXPECT_EQ(inside_id("box.mbox", "3", '#'), "box.mbox#3");
  EXPECT_LE(inside_id("a", std::string(5000, 'x')).size(), 600u);
}

}  // namespace
}  // namespace hone::document
