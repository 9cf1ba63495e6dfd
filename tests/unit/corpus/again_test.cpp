/// Promises of cleaning over the shared corpora, with the rules that a recipe has by default: what comes out is cleaned no further,
/// follows from what went in and the ledger, and does not depend on threads.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "base/files.h"
#include "corpus/clean.h"
#include "corpus/documents.h"
#include "corpus/unicode.h"
#include "support/shared.h"
#include "unit/corpus/labelled.h"

namespace hone::corpus {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

/// Markdown files as they stand, one in `every`.
void add_files(std::vector<document::Document>& documents, const fs::path& folder, size_t every) {
  const std::vector<fs::path> files = base::list_files(folder);
  for (size_t i = 0; i < files.size(); i += every) {
    if (files[i].extension() != ".md") continue;
    std::string text = base::read_file(files[i]);
    if (is_valid_utf8(text)) documents.push_back(test::make_document(files[i].lexically_relative(folder).string(), std::move(text), folder.filename().string()));
  }
}

std::vector<document::Document> shared_documents() {
  std::vector<document::Document> documents;
  const auto shared = hone::test::shared();
  if (!shared) return documents;
  documents = test::read_rows(*shared / "corpora/labelled/documents.jsonl.gz");
  for (const char* folder : {"k8s-docs", "more-docs"}) add_files(documents, *shared / "corpora" / folder, 3);
  return documents;
}

recipe::CorpusOptions options() {
  recipe::CorpusOptions options;
  options.languages = {"en", "ko"};
  options.near_duplicates.max_removed_share = 1;
  return options;
}

std::string bytes_in(const fs::path& folder) {
  return base::read_file(folder / "documents.jsonl.zst") + base::read_file(folder / "ledger.jsonl.zst") + base::read_file(folder / "statistics.json");
}

class SharedCorpora : public testing::Test {
 protected:
  void SetUp() override {
    documents_ = shared_documents();
    if (documents_.empty()) GTEST_SKIP() << "the shared corpora are not there";
  }
  std::vector<document::Document> documents_;
};

TEST_F(SharedCorpora, WhatWasCleanedIsCleanedNoFurther) {
  const hone::test::TempDir first, second;
  clean(options(), test::source_of(documents_), first.path());
  std::vector<document::Document> cleaned;
  DocumentReader reader(first.path());
  while (auto document = reader.next()) cleaned.push_back(test::make_document(document->id, std::move(document->text), document->source));
  const CleanSummary again = clean(options(), test::source_of(cleaned), second.path());
  EXPECT_EQ(again.edited + again.dropped, 0U) << again.line();
  if (again.edited + again.dropped == 0) return;
  size_t shown = 0;
  for (const std::string& line : test::lines_of(second / "ledger.jsonl.zst")) {
    if (json::parse(line)["action"] != "keep" && shown++ < 20) ADD_FAILURE() << line.substr(0, 400);
  }
}

TEST_F(SharedCorpora, TheOutputFollowsFromTheInputAndTheLedger) {
  const hone::test::TempDir folder;
  clean(options(), test::source_of(documents_), folder.path());
  std::map<std::string, std::map<size_t, std::pair<size_t, std::string>>> spans;  // id → start → end, replacement
  std::map<std::string, bool> stays;
  for (const std::string& line : test::lines_of(folder / "ledger.jsonl.zst")) {
    const json entry = json::parse(line);
    const std::string id = entry["id"];
    stays[id] = entry["rule"] == "split";
    if (entry["action"] != "edit") continue;
    for (const json& span : entry["spans"]) {
      EXPECT_TRUE(spans[id].emplace(span["start"].get<size_t>(), std::pair{span["end"].get<size_t>(), span["replacement"].get<std::string>()}).second) << id;
    }
  }
  std::map<std::string, std::string> texts;
  DocumentReader reader(folder.path());
  while (auto document = reader.next()) texts[document->id] = std::move(document->text);
  for (const document::Document& document : documents_) {
    ASSERT_EQ(texts.contains(document.id), stays[document.id]) << document.id;
    if (!stays[document.id]) continue;
    std::string rebuilt;
    size_t place = 0, skip_until = 0;
    const auto& edits = spans[document.id];
    for (size_t i = 0; i <= document.text.size(); ++place) {
      if (const auto edit = edits.find(place); edit != edits.end()) {
        ASSERT_GE(place, skip_until) << document.id << ": spans overlap";
        rebuilt += edit->second.second;
        skip_until = edit->second.first;
      }
      if (i == document.text.size()) break;
      const size_t begin = i;
      next_code_point(document.text, i);
      if (place >= skip_until) rebuilt.append(document.text, begin, i - begin);
    }
    ASSERT_EQ(rebuilt, texts[document.id]) << document.id;
  }
}

TEST_F(SharedCorpora, ThreadsDoNotShow) {
  std::string first;
  for (const int threads : {1, 2, 7}) {
    const hone::test::TempDir folder;
    clean(options(), test::source_of(documents_), folder.path(), {.threads = threads});
    if (first.empty()) first = bytes_in(folder.path());
    EXPECT_TRUE(bytes_in(folder.path()) == first) << threads << " threads";
  }
}

}  // namespace
}  // namespace hone::corpus
