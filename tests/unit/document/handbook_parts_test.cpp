/// Real Hangul documents and mails, word for word (../shared/corpora/handbook): through the locked-in reader.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "base/files.h"
#include "reading.h"
#include "support/shared.h"

namespace hone::document {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// White space collapsed: what the expected texts are compared by.
std::string collapsed(const std::string& text) {
  std::istringstream in(text);
  std::string result;
  for (std::string word; in >> word;) result += (result.empty() ? "" : " ") + word;
  return result;
}

/// Share of the expected words that are there.
double recall(const std::string& expected, const std::string& found) {
  std::istringstream in(found);
  std::multiset<std::string> words;
  for (std::string word; in >> word;) words.insert(word);
  uint64_t all = 0, there = 0;
  std::istringstream wanted(expected);
  for (std::string word; wanted >> word; ++all)
    if (const auto one = words.find(word); one != words.end()) {
      words.erase(one);
      ++there;
    }
  return static_cast<double>(there) / static_cast<double>(all);
}

class HandbookParts : public testing::Test {
 protected:
  void SetUp() override {
    const auto shared = test::shared();
    if (!shared || !fs::is_directory(*shared / "corpora/handbook"))
      GTEST_SKIP() << "no corpora/handbook: set HONE_SHARED";
    root_ = *shared / "corpora/handbook";
  }
  fs::path root_;
};

TEST_F(HandbookParts, HangulDocumentsComeOutWordForWord) {
  const auto files = base::glob((root_ / "hwp/*.hwp").string());
  ASSERT_GT(files.size(), 10u);
  const auto items = read_stream({{.files = files}});
  ASSERT_EQ(items.size(), files.size());
  for (size_t i = 0; i < files.size(); ++i) {
    const fs::path expected = files[i].string() + ".expected.txt";
    if (!fs::exists(expected)) {
      EXPECT_EQ(std::get<Rejection>(items[i]).reason, reason::kEncrypted) << files[i];
      continue;
    }
    const std::string words = collapsed(base::read_file(expected));
    const auto* document = std::get_if<Document>(&items[i]);
    EXPECT_EQ(document == nullptr ? "" : collapsed(document->text), words) << files[i];
  }
}

TEST_F(HandbookParts, MailsAreTakenApartAsTheyWerePutTogether) {
  const auto files = base::glob((root_ / "eml/*.eml").string());
  ASSERT_EQ(files.size(), 24u);
  std::map<std::string, std::vector<Item>> by_mail;
  for (Item& item : read_stream({{.files = files}})) {
    const std::string id = std::visit([](const auto& record) { return record.id; }, item);
    by_mail[id.substr(0, id.find('!'))].push_back(std::move(item));
  }
  for (const fs::path& file : files) {
    const json expected = json::parse(base::read_file(file.string() + ".expected.json"));
    const auto& items = by_mail[file.filename()];
    ASSERT_FALSE(items.empty()) << file;
    const auto& mail = std::get<Document>(items[0]);
    const json metadata = json::parse(mail.metadata);
    const std::string quoted = metadata.value("quoted", "");
    EXPECT_EQ(mail.title, expected["subject"]) << file;
    EXPECT_EQ(collapsed(mail.text), collapsed(expected["new_text"])) << file;
    EXPECT_EQ(collapsed(quoted), collapsed(expected["quoted_text"])) << file;
    EXPECT_EQ(collapsed(mail.text + " " + quoted),
              collapsed(base::read_file(file.string() + ".expected.txt")))
        << file;
    EXPECT_NE(metadata["author"].get<std::string>().find(expected["from"].get<std::string>()),
              std::string::npos)
        << file;
    ASSERT_EQ(items.size(), 1 + expected["attachments"].size()) << file;
    for (size_t i = 0; i < expected["attachments"].size(); ++i) {
      const json& attachment = expected["attachments"][i];
      const std::string name = attachment["name"];
      EXPECT_EQ(std::visit([](const auto& record) { return record.id; }, items[i + 1]),
                file.filename().string() + "!" + name);
      // Tables come out as rows of JSON; PDFs, which the parent has read by poppler, are compared by their
      // words.
      const auto* document = std::get_if<Document>(&items[i + 1]);
      if (name.ends_with(".pdf") && document == nullptr) continue;  // no poppler here
      ASSERT_NE(document, nullptr) << name;
      EXPECT_EQ(document->path, file.filename().string() + "!" + name);
      if (name.ends_with(".docx") || name.ends_with(".txt")) {
        EXPECT_EQ(collapsed(document->text), collapsed(attachment["text"])) << name;
      } else if (name.ends_with(".pdf")) {
        EXPECT_GE(recall(attachment["text"], document->text), 0.97) << name;
      }
    }
  }
}

}  // namespace
}  // namespace hone::document
