#include "corpus/clean.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <set>

#include "base/error.h"
#include "base/files.h"
#include "base/json_file.h"
#include "corpus/documents.h"
#include "corpus/explain.h"
#include "corpus/unicode.h"
#include "support/shared.h"
#include "unit/corpus/labelled.h"

namespace hone::corpus {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using test::make_document;

/// Prose of random words, so that documents differ; half of them Korean.
std::vector<document::Document> random_documents(size_t count, uint32_t seed) {
  static const std::vector<std::string> kEnglish = {"the", "of", "and", "report", "system", "when", "each", "holds", "value", "is", "to", "page",
                                                    "shows", "cluster", "node", "work", "that", "are", "with", "for", "team", "check", "again"};
  static const std::vector<std::string> kKorean = {"우리는", "시스템을", "다음과", "같이", "설정한다", "그리고", "파일에", "있는", "값을", "확인하고",
                                                   "문서를", "저장한다", "이때", "사용자는", "다시", "시작할", "수", "있다", "보고서가", "필요하다"};
  static const std::vector<std::string> kOdd = {"\r\n", "  \n\n\n\n", " \xE2\x80\x8B", "\xC2\xA0", "e\xCC\x81", "\xEF\xBB\xBF"};
  std::mt19937 random(seed);
  std::vector<document::Document> documents;
  for (size_t i = 0; i < count; ++i) {
    if (i > 10 && random() % 5 == 0) {  // a copy, sometimes with a word changed
      std::string text = documents[random() % documents.size()].text;
      if (random() % 2 == 0) text += " again";
      documents.push_back(make_document("d" + std::to_string(i), std::move(text), "source" + std::to_string(i % 3)));
      continue;
    }
    const auto& words = i % 2 == 0 ? kEnglish : kKorean;
    std::string text;
    const size_t length = random() % 40 == 0 ? 2 : 40 + random() % 200;
    for (size_t w = 0; w < length; ++w) {
      text += words[random() % words.size()];
      text += random() % 30 == 0 ? kOdd[random() % kOdd.size()] : random() % 12 == 0 ? ".\n" : " ";
    }
    documents.push_back(make_document("d" + std::to_string(i), std::move(text), "source" + std::to_string(i % 3)));
  }
  return documents;
}

std::string file_bytes(const std::filesystem::path& folder) {
  return base::read_file(folder / "documents.jsonl.zst") + "|" + base::read_file(folder / "ledger.jsonl.zst") + "|" +
         base::read_file(folder / "statistics.json");
}

/// Replaces the spans of all edit lines in the original, by code points.
std::string rebuilt(const std::string& original, std::vector<json> spans) {
  std::u32string points;
  for (size_t i = 0; i < original.size();) points += next_code_point(original, i);
  std::sort(spans.begin(), spans.end(), [](const json& a, const json& b) {
    return std::pair{a["start"].get<size_t>(), a["end"].get<size_t>()} < std::pair{b["start"].get<size_t>(), b["end"].get<size_t>()};
  });
  std::string result;
  size_t at = 0;
  for (const json& span : spans) {
    EXPECT_GE(span["start"].get<size_t>(), at) << "spans overlap";
    for (; at < span["start"].get<size_t>(); ++at) append_code_point(result, points[at]);
    result += span["replacement"].get<std::string>();
    at = span["end"].get<size_t>();
  }
  for (; at < points.size(); ++at) append_code_point(result, points[at]);
  return result;
}

TEST(Clean, WritesTheSameBytesForAnyNumberOfThreads) {
  const auto documents = random_documents(700, 1);
  std::string first;
  for (const int threads : {1, 2, 7}) {
    const hone::test::TempDir folder("clean");
    clean({}, test::source_of(documents), folder.path(), {.threads = threads});
    if (first.empty()) first = file_bytes(folder.path());
    EXPECT_EQ(file_bytes(folder.path()), first) << threads << " threads";
  }
}

TEST(Clean, OutputIsRebuiltFromOriginalAndLedgerAndEveryDocumentIsInIt) {
  const auto documents = random_documents(400, 2);
  const hone::test::TempDir folder("clean");
  const CleanSummary summary = clean({}, test::source_of(documents), folder.path());
  std::map<std::string, std::vector<json>> spans;
  std::map<std::string, std::string> drops;
  std::set<std::string> seen;
  for (const std::string& line : test::lines_of(folder / "ledger.jsonl.zst")) {
    const json entry = json::parse(line);
    seen.insert(entry["id"]);
    if (entry["action"] == "drop") drops[entry["id"]] = entry["rule"];
    if (entry["action"] == "edit") spans[entry["id"]].insert(spans[entry["id"]].end(), entry["spans"].begin(), entry["spans"].end());
  }
  EXPECT_EQ(seen.size(), documents.size());
  std::map<std::string, CleanDocument> kept;
  DocumentReader reader(folder.path());
  while (auto document = reader.next()) kept[document->id] = *document;
  uint64_t edited = 0;
  for (const auto& document : documents) {
    ASSERT_NE(kept.contains(document.id), drops.contains(document.id)) << document.id;
    if (!kept.contains(document.id)) continue;
    EXPECT_EQ(rebuilt(document.text, spans[document.id]), kept[document.id].text) << document.id;
    edited += document.text != kept[document.id].text;
  }
  EXPECT_EQ(summary.read, documents.size());
  EXPECT_EQ(summary.read, summary.kept + summary.edited + summary.dropped + summary.rejected);
  EXPECT_EQ(summary.edited, edited);
  EXPECT_GT(summary.dropped_by.size(), 2U) << summary.line();
}

TEST(Clean, WhatWasReadIsWhatWasKeptEditedDroppedAndRejectedForEachSourceAndLanguage) {
  const auto documents = random_documents(300, 3);
  auto source = test::source_of(documents);
  size_t rejected = 0;
  const auto next = source.next;
  source.next = [&]() -> std::optional<document::Item> {
    if (rejected < 7) {
      ++rejected;
      return document::Rejection{"r" + std::to_string(rejected), "source1", "r.pdf", "damaged", "broken", 10, 0};
    }
    return next();
  };
  const hone::test::TempDir folder("clean");
  const CleanSummary summary = clean({}, source, folder.path());
  EXPECT_EQ(summary.rejected, 7U);
  const json statistics = base::read_json(folder / "statistics.json");
  const auto expect_balance = [](const json& flow) {
    for (const char* unit : {"documents", "bytes", "characters"}) {
      EXPECT_EQ(flow["read"][unit].get<uint64_t>(), flow["kept"][unit].get<uint64_t>() + flow["edited"][unit].get<uint64_t>() +
                                                        flow["dropped"][unit].get<uint64_t>() + flow["rejected"][unit].get<uint64_t>());
    }
  };
  expect_balance(statistics);
  for (const auto& [name, flow] : statistics["sources"].items()) expect_balance(flow);
  for (const auto& [name, flow] : statistics["languages"].items()) expect_balance(flow);
  uint64_t dropped = 0;
  for (const json& rule : statistics["rules"]) dropped += rule["dropped"]["bytes"].get<uint64_t>();
  EXPECT_EQ(dropped, statistics["dropped"]["bytes"].get<uint64_t>());
  EXPECT_EQ(statistics["rejections"]["damaged"]["documents"], 7);
  size_t lines = 0;
  for (const std::string& line : test::lines_of(folder / "ledger.jsonl.zst")) lines += json::parse(line)["reason"] == "damaged";
  EXPECT_EQ(lines, 7U);
}

TEST(Clean, TheOrderOfRulesDecidesWhoDropsAndNeverWhatIsWritten) {
  const auto documents = random_documents(300, 4);
  std::set<std::string> kept_first;
  for (const std::vector<std::string>& rules : std::vector<std::vector<std::string>>{{"normalise", "exact_duplicates", "quality", "near_duplicates"},
                                                                                     {"normalise", "quality", "near_duplicates", "exact_duplicates"},
                                                                                     {"exact_duplicates", "normalise", "near_duplicates", "quality"}}) {
    const hone::test::TempDir folder("clean");
    clean({.rules = rules}, test::source_of(documents), folder.path());
    std::set<std::string> kept;
    DocumentReader reader(folder.path());
    while (auto document = reader.next()) kept.insert(document->text);
    if (kept_first.empty()) kept_first = kept;
    EXPECT_EQ(kept, kept_first);
  }
}

TEST(Clean, ARuleThatDoesNotExistIsAnErrorWithTheNearestName) {
  const std::vector<document::Document> documents;
  const hone::test::TempDir folder("clean");
  for (const auto& [name, hint] : {std::pair{"near_duplicate", "near_duplicates"}, std::pair{"normalize", "normalise"}}) {
    try {
      clean({.rules = {name}}, test::source_of(documents), folder.path());
      FAIL() << "no error for " << name;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::usage);
      EXPECT_THAT(error.what(), HasSubstr(std::string{"did you mean "} + hint));
    }
  }
  EXPECT_THROW(clean({.rules = {"quality", "quality"}}, test::source_of(documents), folder.path()), Error);
}

TEST(Clean, NothingToReadAndNothingLeftAreDataErrors) {
  const hone::test::TempDir folder("clean");
  const std::vector<document::Document> none, poor = {make_document("a", "TODO")};
  for (const auto* documents : {&none, &poor}) {
    try {
      clean({}, test::source_of(*documents), folder.path());
      FAIL();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::data);
    }
  }
}

TEST(Clean, LeavesNothingBehindButItsThreeFiles) {
  const auto documents = random_documents(50, 5);
  const hone::test::TempDir folder("clean");
  clean({}, test::source_of(documents), folder.path());
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) names.insert(entry.path().filename());
  EXPECT_EQ(names, (std::set<std::string>{"documents.jsonl.zst", "ledger.jsonl.zst", "statistics.json"}));
}

TEST(Clean, TextThatIsNotUtf8CostsOneDocument) {
  std::vector<document::Document> documents = random_documents(20, 6);
  documents.push_back(make_document("bad", "broken \xFF\xC0 bytes"));
  const hone::test::TempDir folder("clean");
  EXPECT_EQ(clean({}, test::source_of(documents), folder.path()).rejected, 1U);
}

TEST(DocumentReader, SaysWhichLineIsDamaged) {
  const hone::test::TempDir folder("clean");
  for (const char* line : {"{\"id\": \"a\"", "[1]", R"({"id":"a","text":"t"})", R"({"id":1,"text":"t","split":"train"})", R"({"id":"a","text":"t","split":"x"})"}) {
    std::ofstream(folder / "d.jsonl") << R"({"id":"a","text":"t","split":"train"})" << "\n" << line << "\n";
    DocumentReader reader(folder / "d.jsonl");
    EXPECT_EQ(reader.next()->id, "a");
    try {
      reader.next();
      FAIL() << line;
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), HasSubstr("d.jsonl:2"));
    }
  }
}

TEST(Explain, TellsEditsDropsAndDuplicatesOfOneDocument) {
  const std::string prose = "The maintenance team checks every valve of the plant twice a year and writes a report about what it found there.";
  std::vector<document::Document> documents = {make_document("handbook/a.md", prose + "\xE2\x80\x8B  \nEnd."), make_document("handbook/b.md", prose + "\nEnd."),
                                               make_document("handbook/c.md", "TODO")};
  const hone::test::TempDir folder("explain");
  clean({}, test::source_of(documents), folder.path());
  const json first = explain(folder.path(), "a.md");
  EXPECT_EQ(first["text"], prose + "\nEnd.");
  ASSERT_EQ(first["duplicates"].size(), 1U);
  EXPECT_EQ(first["duplicates"][0]["id"], "handbook/b.md");
  bool hidden = false;
  for (const json& line : first["ledger"]) hidden |= line["family"] == "hidden" && line["spans"][0]["original"] == "\xE2\x80\x8B";
  EXPECT_TRUE(hidden);
  const json copy = explain(folder.path(), "handbook/b.md");
  EXPECT_TRUE(copy["text"].is_null());
  EXPECT_EQ(copy["ledger"].back()["duplicate_of"], "handbook/a.md");
  EXPECT_EQ(explain(folder.path(), "c.md")["ledger"].back()["reason"], "too_short");
  EXPECT_THROW(explain(folder.path(), "handbook"), Error) << "part of several";
  EXPECT_THROW(explain(folder.path(), "handbook/x.md"), Error);
}

}  // namespace
}  // namespace hone::corpus
