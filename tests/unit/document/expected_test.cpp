/// PDF documents and web pages against the words that should come out of them: those of
/// ../shared/corpora/handbook, and web pages of ordinary shapes made by tests/fixtures/web.py.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <map>
#include <sstream>

#include "base/files.h"
#include "document/tool.h"
#include "reading.h"
#include "support/shared.h"

namespace hone::document {
namespace {

namespace fs = std::filesystem;

struct Agreement {
  double precision = 0, recall = 0;
};

using Words = std::map<std::string, uint64_t>;

/// Split at white space; what holds no letter or digit is layout.
Words words_of(const std::string& text) {
  Words words;
  std::istringstream in(text);
  for (std::string word; in >> word;)
    if (std::any_of(word.begin(), word.end(),
                    [](unsigned char c) { return c >= 0x80 || std::isalnum(c) != 0; }))
      ++words[word];
  return words;
}

/// Runs of ASCII letters and digits: where the marks around words differ.
Words bare_words_of(const std::string& text) {
  Words words;
  std::string word;
  for (const char c : text + " ") {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
      word += c;
    } else if (!word.empty()) {
      ++words[word];
      word.clear();
    }
  }
  return words;
}

Agreement agreement(const Words& found, const Words& expected) {
  uint64_t shared = 0, of_found = 0, of_expected = 0;
  for (const auto& [word, count] : found) {
    of_found += count;
    if (const auto other = expected.find(word); other != expected.end())
      shared += std::min(count, other->second);
  }
  for (const auto& [word, count] : expected) of_expected += count;
  return {static_cast<double>(shared) / static_cast<double>(std::max<uint64_t>(1, of_found)),
          static_cast<double>(shared) / static_cast<double>(std::max<uint64_t>(1, of_expected))};
}

std::vector<fs::path> with_expected(const fs::path& pattern) {
  std::vector<fs::path> files;
  for (const fs::path& file : base::glob(pattern.string()))
    if (fs::exists(file.string() + ".expected.txt")) files.push_back(file);
  return files;
}

std::string text_of(const Item& item) {
  const auto* document = std::get_if<Document>(&item);
  return document == nullptr ? std::string{} : document->text;
}

TEST(Expected, PdfDocumentsHaveTheirWordsAndNoOthers) {
  const auto shared = test::shared();
  if (!shared || !fs::is_directory(*shared / "corpora/handbook/pdf"))
    GTEST_SKIP() << "no corpora/handbook: set HONE_SHARED";
  if (!find_tool("pdftotext")) GTEST_SKIP() << "poppler-utils is not installed: PDF documents";
  const auto files = with_expected(*shared / "corpora/handbook/pdf/*.pdf");
  ASSERT_GE(files.size(), 10u);
  const auto items = read_stream({{.files = files}});
  for (size_t i = 0; i < files.size(); ++i) {
    const std::string expected = base::read_file(files[i].string() + ".expected.txt");
    const bool shipped = files[i].filename().string().starts_with("shipped");
    const Agreement found = shipped ? agreement(bare_words_of(text_of(items[i])), bare_words_of(expected))
                                    : agreement(words_of(text_of(items[i])), words_of(expected));
    std::cout << files[i].filename().string() << ": precision " << found.precision << ", recall "
              << found.recall << "\n";
    EXPECT_GE(found.recall, shipped ? 0.97 : 0.99) << files[i];
    EXPECT_GE(found.precision, shipped ? 0.95 : 0.99) << files[i];
  }
}

TEST(Expected, WebPagesOfOrdinaryShapesLoseWhatIsAroundTheText) {
  const auto fixtures = test::fixtures();
  ASSERT_TRUE(fixtures);
  const auto files = with_expected(*fixtures / "web/*.html");
  ASSERT_GE(files.size(), 8u);
  const auto items = read_stream({{.files = files}});
  for (size_t i = 0; i < files.size(); ++i) {
    const Agreement found = agreement(words_of(text_of(items[i])),
                                      words_of(base::read_file(files[i].string() + ".expected.txt")));
    EXPECT_GE(found.recall, 0.97) << files[i];
    EXPECT_GE(found.precision, 0.97) << files[i] << "\n" << text_of(items[i]);
  }
}

}  // namespace
}  // namespace hone::document
