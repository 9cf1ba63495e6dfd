/// Office documents: what each construct of their formats becomes (tests/fixtures/office), and whole
/// documents word by word (../shared/corpora/handbook).
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/files.h"
#include "document/xlsx_numbers.h"
#include "reading.h"
#include "support/shared.h"

namespace hone::document {
namespace {

namespace fs = std::filesystem;

fs::path fixture(const std::string& name) { return *test::fixtures() / "office" / name; }

Document read_fixture(const std::string& name) { return one_document(base::read_file(fixture(name)), name); }

/// The fixture says exactly what stands beside it.
void expect_text(const std::string& name) {
  EXPECT_EQ(read_fixture(name).text, base::read_file(fixture(name + ".expected.txt"))) << name;
}

TEST(Docx, ChangesAreReadAsIfAccepted) { expect_text("docx-tracked-changes.docx"); }
TEST(Docx, ATextBoxIsReadOnceAfterItsParagraph) { expect_text("docx-text-box.docx"); }
TEST(Docx, TablesAreLinesOfCellsUnlessTheyLayOutAPage) { expect_text("docx-tables.docx"); }
TEST(Docx, NotesFollowTheirParagraphOnceAndCommentsAreOut) { expect_text("docx-notes.docx"); }
TEST(Docx, HiddenTextIsOutByRunByStyleAndByInheritance) { expect_text("docx-hidden-text.docx"); }
TEST(Docx, FieldsAreTheirResultsAndBreaksAreBlanks) { expect_text("docx-fields-and-breaks.docx"); }
TEST(Docx, PrefixesPartNamesAndStrictNamespacesDoNotMatter) { expect_text("docx-strict.docx"); }
TEST(Docx, EntitiesOfTheFileAreNeverExpanded) { expect_text("entities.docx"); }

TEST(Docx, TitleAuthorAndDateAreKept) {
  const Document document = read_fixture("docx-metadata.docx");
  EXPECT_EQ(document.title, "휴가 규정");
  EXPECT_EQ(nlohmann::json::parse(document.metadata), (nlohmann::json{{"title", "휴가 규정"},
                                                                      {"author", "김규정"},
                                                                      {"date", "2024-03-05T09:00:00Z"},
                                                                      {"modified", "2024-04-01T10:00:00Z"},
                                                                      {"keywords", "휴가, 규정"}}));
}

TEST(Pptx, SlidesComeInOrderWithTheirTitleFirstAndNotesLast) { expect_text("pptx-slides.pptx"); }
TEST(Xlsx, RowsAreLinesAndDatesAreDates) { expect_text("xlsx-values.xlsx"); }
TEST(Xlsx, DaysCountFromTheYearTheBookSays) { expect_text("xlsx-1904.xlsx"); }
TEST(Odf, ParagraphsNotesFramesAndTablesAreRead) { expect_text("odt-text.odt"); }
TEST(Odf, AFlatFileSaysTheSame) { expect_text("odt-flat.fodt"); }
TEST(Odf, RepeatedCellsAreNotAMillionRows) { expect_text("ods-cells.ods"); }
TEST(Odf, SlidesHaveTheirTitleFirst) { expect_text("odp-slides.odp"); }
TEST(Hwpx, WhatIsInsideAParagraphFollowsIt) { expect_text("hwpx-inside.hwpx"); }
TEST(Hwpx, TheNamespaceOfTheStandardIsKnown) { expect_text("hwpx-standard-namespace.hwpx"); }

TEST(Hwpx, MetadataComesFromThePackage) {
  const Document document = read_fixture("hwpx-inside.hwpx");
  EXPECT_EQ(document.title, "업무 보고");
  const auto facts = nlohmann::json::parse(document.metadata);
  EXPECT_EQ(facts["author"], "이순신");
  EXPECT_EQ(facts["date"], "2023-02-20T05:20:44Z");
}

TEST(Office, WhatAFileIsItsContentSaysNotItsName) {
  const std::string slides = base::read_file(fixture("pptx-slides.pptx")),
                    text = base::read_file(fixture("odt-text.odt")),
                    hangul = base::read_file(fixture("hwpx-inside.hwpx"));
  for (const char* name : {"a.docx", "a.zip", "a", "a.xlsx.gz"}) {
    EXPECT_EQ(one_document(slides, name).title, "Plan") << name;
    EXPECT_EQ(one_document(text, name).title, "규정집") << name;
    EXPECT_EQ(one_document(hangul, name).title, "업무 보고") << name;
  }
  EXPECT_EQ(one_document(gzip(slides), "a.pptx.gz").title, "Plan");
}

TEST(Office, DocumentsOfTheOldKindAreRejectedByNameWithWhatToDo) {
  const std::vector<std::array<std::string, 3>> cases = {
      {"old.doc", "Word document", "save it as .docx"},
      {"old.xls", "spreadsheet", "save it as .xlsx"},
      {"old.ppt", "presentation", "save it as .pptx"},
      {"old.xlsb", "binary spreadsheet", "save it as .xlsx"},
      {"old.msg", "Outlook message", "save it as .eml"}};
  for (const auto& [name, what, advice] : cases) {
    for (const std::string& called : {name, std::string("without-ending"), std::string("wrong.docx")}) {
      const Rejection rejected = one_rejection(base::read_file(fixture(name)), called);
      EXPECT_EQ(rejected.reason, reason::kUnreadableFormat) << name;
      EXPECT_NE(rejected.message.find(what), std::string::npos) << rejected.message;
      EXPECT_NE(rejected.message.find(advice), std::string::npos) << rejected.message;
    }
  }
}

TEST(Office, LockedDocumentsAreRejectedByName) {
  for (const std::string name : {"encrypted.docx", "encrypted.odt", "encrypted.hwpx", "zip-password.docx"}) {
    const Rejection rejected = one_rejection(base::read_file(fixture(name)), name);
    EXPECT_EQ(rejected.reason, reason::kEncrypted) << name;
    EXPECT_NE(rejected.message.find("save"), std::string::npos) << rejected.message;
  }
}

TEST(XlsxNumbers, DaysAreDatesOfTheCalendarThatSpreadsheetsHave) {
  const auto date = [](std::string_view stored, DateSystem system = DateSystem::from_1900) {
    return readable_number(stored, NumberKind::date, system);
  };
  EXPECT_EQ(date("1"), "1900-01-01");
  EXPECT_EQ(date("59"), "1900-02-28");
  EXPECT_EQ(date("61"), "1900-03-01");
  EXPECT_EQ(date("44927"), "2023-01-01");
  EXPECT_EQ(date("2958465"), "9999-12-31");
  EXPECT_EQ(date("2958466"), "2958466");
  EXPECT_EQ(date("-1"), "-1");
  EXPECT_EQ(date("0", DateSystem::from_1904), "1904-01-01");
  EXPECT_EQ(readable_number("44927.999999999", NumberKind::date_time, DateSystem::from_1900),
            "2023-01-02 00:00");
  EXPECT_EQ(readable_number("0.75001", NumberKind::time, DateSystem::from_1900), "18:00:01");
}

TEST(XlsxNumbers, OtherNumbersStayAsStoredWithoutTheNoiseOfBinaryFractions) {
  const auto plain = [](std::string_view stored) {
    return readable_number(stored, NumberKind::plain, DateSystem::from_1900);
  };
  EXPECT_EQ(plain("12.50"), "12.50");
  EXPECT_EQ(plain("0.30000000000000004"), "0.3");
  EXPECT_EQ(plain("1E+100"), "1E+100");
  EXPECT_EQ(plain("nan"), "nan");
  EXPECT_EQ(plain("12 apples"), "12 apples");
}

TEST(XlsxNumbers, FormatsAreDatesByTheLettersOutsideQuotesAndBrackets) {
  const auto kind = [](std::string_view code) { return kind_of_format(code); };
  EXPECT_EQ(kind("yyyy\\-mm\\-dd"), NumberKind::date);
  EXPECT_EQ(kind("[$-412]yyyy\"년\" m\"월\""), NumberKind::date);
  EXPECT_EQ(kind("mmm"), NumberKind::date);
  EXPECT_EQ(kind("h:mm AM/PM"), NumberKind::time);
  EXPECT_EQ(kind("mm:ss"), NumberKind::time);
  EXPECT_EQ(kind("m/d/yy h:mm"), NumberKind::date_time);
  for (const char* number :
       {"General", "0.00", "#,##0\"days\"", "[Red]0", "0.0E+00", "\\d0", "[h]:mm", "@", "0;\"y\"", "_d0"})
    EXPECT_EQ(kind(number), NumberKind::plain) << number;
}

/// Word by word, in order.
std::vector<std::string> words(const std::string& text) {
  std::istringstream in(text);
  return {std::istream_iterator<std::string>(in), {}};
}

TEST(Office, EveryDocumentOfTheHandbookSaysWhatItShouldWordByWord) {
  const auto shared = test::shared();
  if (!shared || !fs::is_directory(*shared / "corpora/handbook"))
    GTEST_SKIP() << "no corpora/handbook: set HONE_SHARED";
  size_t read = 0;
  for (const char* pattern : {"docx/*.docx", "odt/*.odt", "hwpx/*.hwpx"}) {
    for (const fs::path& path : base::glob((*shared / "corpora/handbook" / pattern).string())) {
      const auto expected = words(base::read_file(path.string() + ".expected.txt"));
      const Item item = read_here(base::read_file(path), path.filename()).at(0);
      if (expected.empty()) {
        EXPECT_EQ(std::get<Rejection>(item).reason, reason::kNoText) << path;
        continue;
      }
      ASSERT_TRUE(std::holds_alternative<Document>(item))
          << path << ": " << std::get<Rejection>(item).message;
      EXPECT_EQ(words(std::get<Document>(item).text), expected) << path;
      ++read;
    }
  }
  EXPECT_GE(read, 40u);
}

}  // namespace
}  // namespace hone::document
