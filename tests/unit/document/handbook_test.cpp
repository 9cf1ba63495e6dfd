/// Readers measured on real documents: words that should come out against words that did
/// (../shared/corpora/handbook).
#include <gtest/gtest.h>

#include <filesystem>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/files.h"
#include "reading.h"
#include "support/shared.h"

namespace hone::document {
namespace {

namespace fs = std::filesystem;

struct Overlap {
  uint64_t expected = 0, found = 0, shared = 0;
  double recall() const { return static_cast<double>(shared) / static_cast<double>(expected); }
  double precision() const { return static_cast<double>(shared) / static_cast<double>(found); }
};

/// Words as a multiset. Marks of our own layout ("#", "-", "|", "```") hold no letter or digit and are not
/// words.
std::map<std::string, uint64_t> words(const std::string& text) {
  std::map<std::string, uint64_t> counts;
  std::istringstream in(text);
  for (std::string word; in >> word;)
    if (std::any_of(word.begin(), word.end(), [](char c) {
          return std::isalnum(static_cast<unsigned char>(c)) || static_cast<unsigned char>(c) >= 0x80;
        }))
      ++counts[word];
  return counts;
}

void compare(const std::string& expected, const std::string& found, Overlap& sum) {
  const auto a = words(expected), b = words(found);
  for (const auto& [word, count] : a) {
    sum.expected += count;
    if (const auto other = b.find(word); other != b.end()) sum.shared += std::min(count, other->second);
  }
  for (const auto& [word, count] : b) sum.found += count;
}

class Handbook : public testing::Test {
 protected:
  void SetUp() override {
    const auto shared = test::shared();
    if (!shared || !fs::is_directory(*shared / "corpora/handbook"))
      GTEST_SKIP() << "no corpora/handbook: set HONE_SHARED";
    root_ = *shared / "corpora/handbook";
  }
  std::vector<fs::path> with_expected(const std::string& pattern) const {
    std::vector<fs::path> found;
    for (const fs::path& path : base::glob((root_ / pattern).string()))
      if (fs::exists(path.string() + ".expected.txt")) found.push_back(path);
    return found;
  }
  fs::path root_;
};

TEST_F(Handbook, HtmlMainTextIsFoundAndLittleElse) {
  const auto files = with_expected("html/**/*.html");
  ASSERT_GT(files.size(), 50u);
  const auto items = read_stream({{.files = files}});
  Overlap all;
  for (size_t i = 0; i < files.size(); ++i) {
    Overlap one;
    compare(base::read_file(files[i].string() + ".expected.txt"), std::get<Document>(items.at(i)).text, one);
    EXPECT_GE(one.recall(), 0.97) << files[i];
    EXPECT_GE(one.precision(), 0.95) << files[i];
    all.expected += one.expected;
    all.found += one.found;
    all.shared += one.shared;
  }
  std::cout << files.size() << " pages: recall " << all.recall() << ", precision " << all.precision() << "\n";
  EXPECT_GE(all.recall(), 0.995);
  EXPECT_GE(all.precision(), 0.985);
}

TEST_F(Handbook, TablesAreExact) {
  const auto files = with_expected("csv/*.?sv");
  ASSERT_GE(files.size(), 6u);
  const auto items = read_stream({{.files = files}});
  for (size_t i = 0; i < files.size(); ++i)
    EXPECT_EQ(std::get<Document>(items.at(i)).text, base::read_file(files[i].string() + ".expected.txt"))
        << files[i];
}

TEST_F(Handbook, TextsInOldEncodingsAreExact) {
  const auto files = with_expected("txt/ko-*.txt");
  ASSERT_GE(files.size(), 4u);
  const auto items = read_stream({{.files = files}});
  for (size_t i = 0; i < files.size(); ++i)
    EXPECT_EQ(std::get<Document>(items.at(i)).text, base::read_file(files[i].string() + ".expected.txt"))
        << files[i];
}

TEST_F(Handbook, JsonLinesAreExact) {
  for (const std::string name :
       {"en-text.jsonl", "ko-text.jsonl", "en-nested-escaped.jsonl", "ko-nested-escaped.jsonl"}) {
    SourceSpec source{.files = {root_ / "jsonl" / name}};
    const bool nested = name.find("nested") != std::string::npos;
    if (nested) source.text_field = "document.body";
    const auto items = read_stream({source});
    std::istringstream lines(base::read_file(root_ / "jsonl" / name));
    size_t row = 0;
    for (std::string line; std::getline(lines, line); ++row) {
      const auto json = nlohmann::json::parse(line);
      EXPECT_EQ(std::get<Document>(items.at(row)).text, nested ? json["document"]["body"] : json["text"])
          << name << " " << row + 1;
    }
    EXPECT_EQ(items.size(), row);
  }
}

TEST_F(Handbook, NoFileOfAnOfficeIsWithoutAReader) {
  const auto items = read_stream({{.pattern = (root_ / "{docx,odt,hwp,hwpx,eml}/*.{docx,odt,hwp,hwpx,eml}").string()}});
  ASSERT_GT(items.size(), 40u);
  for (const Item& item : items)
    if (const auto* rejected = std::get_if<Rejection>(&item)) {
      EXPECT_TRUE(rejected->reason == reason::kNoText || rejected->reason == reason::kEncrypted)
          << rejected->path << " " << rejected->message;
    }
}

TEST_F(Handbook, MarkdownOfRealProjectsLosesItsMarkupNotItsWords) {
  const fs::path corpora = root_.parent_path();
  const auto items = read_stream({{.pattern = (corpora / "k8s-docs/**/*.md").string()},
                                  {.pattern = (corpora / "more-docs/**/*.md").string()}});
  ASSERT_GT(items.size(), 800u);
  uint64_t read = 0, left = 0, shortcodes = 0, components = 0;
  for (const Item& item : items) {
    ASSERT_TRUE(std::holds_alternative<Document>(item)) << std::get<Rejection>(item).path;
    const auto& document = std::get<Document>(item);
    read += document.bytes;
    left += document.text.size();
    shortcodes += document.text.find("{{<") != std::string::npos;
    components +=
        document.text.find("\n</") != std::string::npos && document.text.find("```") == std::string::npos;
  }
  EXPECT_LE(shortcodes, 10u);  // pages that teach how to write them
  EXPECT_LE(components, 2u);
  EXPECT_GT(static_cast<double>(left), 0.85 * static_cast<double>(read));
}

}  // namespace
}  // namespace hone::document
