/// PDF documents as a run reads them: through poppler in its confinement and the layout behind it. The files
/// are made by tests/fixtures/pdf.py.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/error.h"
#include "base/files.h"
#include "document/child.h"
#include "document/pdf_layout.h"
#include "document/pdf_words.h"
#include "document/poppler.h"
#include "document/tool.h"
#include "reading.h"
#include "support/shared.h"

namespace hone::document {
namespace {

namespace fs = std::filesystem;

class Pdf : public testing::Test {
 protected:
  void SetUp() override {
    if (!find_tool("pdftotext")) GTEST_SKIP() << "poppler-utils is not installed: PDF documents";
    const auto fixtures = test::fixtures();
    ASSERT_TRUE(fixtures && fs::is_directory(*fixtures / "pdf"));
    folder_ = *fixtures / "pdf";
  }
  Item read(const std::string& name, ReaderOptions options = {}) {
    options.threads = 1;
    const auto items = read_stream({{.files = {folder_ / name}}}, options);
    EXPECT_EQ(items.size(), 1u) << name;
    return items.empty() ? Item{} : items.front();
  }
  Document document(const std::string& name, ReaderOptions options = {}) {
    Item item = read(name, options);
    if (const auto* refused = std::get_if<Rejection>(&item))
      ADD_FAILURE() << name << ": " << refused->reason << ", " << refused->message;
    return std::holds_alternative<Document>(item) ? std::get<Document>(item) : Document{};
  }
  Rejection refused(const std::string& name, ReaderOptions options = {}) {
    Item item = read(name, options);
    EXPECT_TRUE(std::holds_alternative<Rejection>(item)) << name;
    return std::holds_alternative<Rejection>(item) ? std::get<Rejection>(item) : Rejection{};
  }
  std::string text_of(const std::string& name) { return base::read_file(folder_ / name); }
  fs::path folder_;
};

std::string collapsed(const std::string& text) {
  std::istringstream in(text);
  std::string result;
  for (std::string word; in >> word;) result += (result.empty() ? "" : " ") + word;
  return result;
}

TEST_F(Pdf, HeadsAndFeetGoAndParagraphsGoOnOverPages) {
  const Document document = this->document("running_heads.pdf");
  EXPECT_EQ(document.text, collapsed(text_of("running_heads.txt")) + "\n");
}

TEST_F(Pdf, HyphensOfTheTypeSetterGoAndThoseOfTheAuthorStay) {
  const std::string text = document("running_heads.pdf").text;
  EXPECT_NE(text.find("user-defined"), std::string::npos);
  EXPECT_NE(text.find("well-known"), std::string::npos);
  EXPECT_EQ(text.find("- "), std::string::npos);
}

TEST_F(Pdf, TitleAuthorDateAndPagesAreKept) {
  const Document document = this->document("running_heads.pdf");
  EXPECT_EQ(document.title, "Pumping Station Guide");
  EXPECT_EQ(document.bytes, fs::file_size(folder_ / "running_heads.pdf"));
  const auto facts = nlohmann::json::parse(document.metadata);
  EXPECT_EQ(facts.at("author"), "R. Example");
  EXPECT_EQ(facts.at("date"), "2024-03-12");
  EXPECT_EQ(facts.at("page_furniture_lines"), 8);
  const auto pages = facts.at("pages").get<std::vector<size_t>>();
  ASSERT_EQ(pages.size(), 4u);
  EXPECT_EQ(pages[0], 0u);
  for (size_t i = 1; i < pages.size(); ++i) EXPECT_GT(pages[i], pages[i - 1]);
  EXPECT_LT(pages.back(), document.text.size());
}

TEST_F(Pdf, ColumnsAreReadOneAfterTheOther) {
  const std::string text = collapsed(document("two_columns.pdf").text);
  EXPECT_EQ(text.find("A title over both columns The first column begins"), 0u);
  EXPECT_NE(text.find("stop at the end of the column"), std::string::npos);
}

TEST_F(Pdf, APageAloneLosesItsHeadAndFoot) {
  const std::string text = document("one_page.pdf").text;
  EXPECT_EQ(text.find("Leave of absence"), 0u);
  EXPECT_EQ(text.find("Example Corporation"), std::string::npos);
  EXPECT_EQ(text.find("Internal"), std::string::npos);
}

TEST_F(Pdf, ATableIsReadRowByRowAndKeepsItsHeads) {
  const std::string text = document("table_over_pages.pdf").text;
  EXPECT_EQ(text.find("Name\tUnit\tLimit\npump0\tbar0\tno0\n"), 0u) << text.substr(0, 200);
  size_t heads = 0;
  for (size_t at = text.find("Name"); at != std::string::npos; at = text.find("Name", at + 1)) ++heads;
  EXPECT_EQ(heads, 4u);
}

TEST_F(Pdf, KoreanBrokenBetweenSyllablesIsJoinedWithoutSpaces) {
  const std::string expected = collapsed(text_of("korean_syllables.txt"));
  EXPECT_EQ(collapsed(document("korean_words.pdf").text), expected);
  // Where a line happens to end with a word only the document's own words and particles tell.
  const std::string found = collapsed(document("korean_syllables.pdf").text);
  std::istringstream words(expected);
  size_t all = 0, whole = 0;
  for (std::string word; words >> word; ++all)
    whole += (" " + found + " ").find(" " + word + " ") != std::string::npos;
  EXPECT_GE(static_cast<double>(whole), 0.93 * static_cast<double>(all)) << found;
}

TEST_F(Pdf, WhatCannotBeReadSaysWhyAndWhatToDo) {
  EXPECT_EQ(refused("encrypted.pdf").reason, reason::kEncrypted);
  EXPECT_NE(refused("encrypted.pdf").message.find("password"), std::string::npos);
  EXPECT_EQ(refused("truncated.pdf").reason, reason::kDamaged);
  EXPECT_EQ(refused("scan.pdf").reason, reason::kScanned);
  EXPECT_NE(refused("scan.pdf").message.find("corpus.ocr"), std::string::npos);
  EXPECT_EQ(refused("pages_in_a_circle.pdf").reason, reason::kDamaged);
  EXPECT_EQ(refused("huge_count.pdf").reason, reason::kDamaged);
}

TEST_F(Pdf, TrapsCostNothing) {
  for (const char* name : {"deep_page_tree.pdf", "huge_page.pdf", "form_in_itself.pdf"})
    EXPECT_EQ(document(name).text, "A word\n") << name;
}

TEST_F(Pdf, ABombIsEndedByItsLimits) {
  ReaderOptions options;
  options.limits.seconds_per_document = 1;
  options.limits.max_document_bytes = 1 << 20;
  options.limits.memory_bytes = UINT64_C(256) << 20;
  const Item item =
      read("bomb.pdf", options);  // poppler drops what it has seen at the same place, and may get through
  if (const auto* rejection = std::get_if<Rejection>(&item)) {
    const std::vector<std::string> ends = {reason::kTimedOut, reason::kTooLarge};
    EXPECT_NE(std::find(ends.begin(), ends.end(), rejection->reason), ends.end()) << rejection->reason;
  }
}

TEST_F(Pdf, ScansAreReadWhereTesseractIs) {
  if (!find_tool("tesseract")) GTEST_SKIP() << "tesseract is not installed: scanned PDF documents";
  ReaderOptions options;
  options.ocr = {true, {"eng"}};
  const Document document = this->document("scan.pdf", options);
  EXPECT_NE(document.text.find("HELL"), std::string::npos) << document.text;
  EXPECT_EQ(nlohmann::json::parse(document.metadata).at("page_count"), 2);
  options.ocr.languages = {"xyz"};
  EXPECT_EQ(refused("scan.pdf", options).reason, reason::kScanned);
}

TEST_F(Pdf, WithoutPopplerTheyAreRejectedByName) {
  const std::string path = std::getenv("PATH");
  setenv("PATH", "/nowhere", 1);
  const Rejection rejection = refused("one_page.pdf");
  setenv("PATH", path.c_str(), 1);
  EXPECT_EQ(rejection.reason, reason::kUnreadableFormat);
  EXPECT_NE(rejection.message.find("poppler-utils"), std::string::npos);
}

TEST_F(Pdf, OneByAnotherNameOrPackedIsReadAsWell) {
  test::TempDir folder("pdf");
  fs::copy_file(folder_ / "one_page.pdf", folder / "letter.bin");
  base::write_file(folder / "packed.pdf.gz", gzip(text_of("one_page.pdf")));
  const auto items = read_stream({{.pattern = folder.path().string()}});
  ASSERT_EQ(items.size(), 2u);
  for (const Item& item : items)
    EXPECT_EQ(std::get<Document>(item).text.find("Leave of absence"), 0u) << in_short({item})[0];
}

TEST_F(Pdf, OneWithSomethingBeforeItsMarkIsReadByItsName) {
  test::TempDir folder("pdf");
  base::write_file(folder / "a.pdf", "HTTP/1.1 200 OK\r\n\r\n" + text_of("one_page.pdf"));
  base::write_file(folder / "b.txt", "A text about the mark %PDF-1.4 of a file.\n");
  const auto items = read_stream({{.pattern = folder.path().string()}});
  ASSERT_EQ(items.size(), 2u);
  EXPECT_EQ(std::get<Document>(items[0]).text.find("Leave of absence"), 0u);
  EXPECT_EQ(std::get<Document>(items[1]).text, "A text about the mark %PDF-1.4 of a file.\n");
}

TEST_F(Pdf, OneInsideAnotherFileIsReadInItsPlace) {
  const fs::path archive = *test::fixtures() / "pdf/in_archive.zip";
  const auto items = read_stream({{.files = {archive}}});
  ASSERT_EQ(items.size(), 3u);
  EXPECT_EQ(std::get<Document>(items[0]).id, "in_archive.zip!a/one_page.pdf");
  EXPECT_EQ(std::get<Document>(items[0]).text.find("Leave of absence"), 0u);
  EXPECT_EQ(std::get<Rejection>(items[1]).reason, reason::kEncrypted);
  EXPECT_EQ(std::get<Document>(items[2]).text, "Behind the PDF documents.\n");
}

TEST_F(Pdf, TheProgramsOfOthersCanDoNothingElse) {
  const fs::path probe =
      "/usr/bin/python3";  // Debian's: a wrapper could not start anything, which is the point
  if (!fs::exists(probe)) GTEST_SKIP() << "no python3: the confinement of other programs";
  const std::string script =
      "import os, socket, sys\n"
      "def attempt(name, action):\n"
      "    try: action(); print(name, 'allowed')\n"
      "    except BaseException as e: print(name, 'refused')\n"
      "attempt('socket', lambda: socket.socket())\n"
      "attempt('write', lambda: open('/tmp/hone-was-here', 'w'))\n"
      "attempt('passwd', lambda: open('/etc/passwd').read())\n"
      "attempt('home', lambda: os.listdir('/root'))\n"
      "attempt('fork', lambda: os.fork())\n"
      "attempt('kill', lambda: os.kill(os.getppid(), 0))\n";
  const base::FileDescriptor in = memory_file("in"), out = memory_file("out");
  const std::atomic<bool> never{false};
  const ToolRun run =
      run_tool(find_hone_read(), {probe.string(), "-ISc", script}, in.value(), out.value(), {}, never);
  std::string answer(4096, '\0');
  answer.resize(
      static_cast<size_t>(std::max<ssize_t>(0, pread(out.value(), answer.data(), answer.size(), 0))));
  EXPECT_EQ(run.status, ToolRun::Status::done) << run.complaint;
  EXPECT_NE(answer.find("socket refused"), std::string::npos) << answer;
  EXPECT_EQ(answer.find("socket allowed"), std::string::npos) << answer;
  for (const char* name : {"write", "fork", "kill"})
    EXPECT_NE(answer.find(std::string(name) + " refused"), std::string::npos) << answer;
}

TEST_F(Pdf, AProgramThatHangsIsEnded) {
  const auto sleeper = find_tool("sleep");
  if (!sleeper) GTEST_SKIP() << "no sleep";
  ReaderLimits limits;
  limits.seconds_per_document = 0.2;
  const base::FileDescriptor in = memory_file("in"), out = memory_file("out");
  const std::atomic<bool> never{false};
  EXPECT_EQ(
      run_tool(find_hone_read(), {sleeper->string(), "60"}, in.value(), out.value(), limits, never).status,
      ToolRun::Status::timed_out);
}

TEST(PdfWords, NonsenseInAnAnswerIsLeftOut) {
  const auto words = parse_paged_words(
      "<!DOCTYPE html><page width=\"1e400\" height=\"nan\"><line xMin=\"a\"><word xMin=\"1\" yMin=\"2\">a "
      "&amp;\n b</word><word></word>"
      "</line><word xMin=\"9e99\" xMax=\"-9e99\">\xFF\xFE</word><page><word");
  ASSERT_EQ(words.pages.size(), 1u);
  ASSERT_FALSE(words.pages[0].lines.empty());
  EXPECT_EQ(words.pages[0].lines[0].words[0].text, "a&b");
  EXPECT_FALSE(lay_out(words).text.empty());
  EXPECT_THROW(parse_paged_words("hello"), Error);
}

}  // namespace
}  // namespace hone::document
