/// Office documents made to hurt: each is one rejection, or a document, in bounded time and memory, in the
/// sandbox in which readers work.
#include <gtest/gtest.h>

#include <random>

#include "base/files.h"
#include "document/office_text.h"
#include "document/xml_part.h"
#include "document/zip_package.h"
#include "reading.h"
#include "support/shared.h"

namespace hone::document {
namespace {

std::string fixture(const std::string& name) { return base::read_file(*test::fixtures() / "office" / name); }

std::vector<std::string> read_confined(const std::string& name) {
  return in_short(read_stream({{.pattern = (*test::fixtures() / "office" / name).string()}}, {.threads = 1}));
}

TEST(HostileOffice, BombsAreRefusedAsTooLarge) {
  EXPECT_EQ(read_confined("bomb.xlsx"), (std::vector<std::string>{"bomb.xlsx! too_large"}));
  EXPECT_EQ(read_confined("shown-often.xlsx"), (std::vector<std::string>{"shown-often.xlsx! too_large"}));
}

TEST(HostileOffice, DeepNestingIsRefused) {
  EXPECT_EQ(read_confined("deep.docx"), (std::vector<std::string>{"deep.docx! too_large"}));
}

TEST(HostileOffice, ReadersWorkBehindTheFilter) {
  for (const char* name :
       {"docx-notes.docx", "pptx-slides.pptx", "xlsx-values.xlsx", "odt-text.odt", "hwpx-inside.hwpx"})
    EXPECT_EQ(read_confined(name), (std::vector<std::string>{std::string(name) + ": " +
                                                             fixture(std::string(name) + ".expected.txt")}));
  EXPECT_EQ(read_confined("encrypted.docx"), (std::vector<std::string>{"encrypted.docx! encrypted"}));
  EXPECT_EQ(read_confined("old.doc"), (std::vector<std::string>{"old.doc! unreadable_format"}));
}

TEST(HostileOffice, AFileCutShortIsDamagedWhereverItIsCut) {
  for (const char* name : {"docx-notes.docx", "hwpx-inside.hwpx"}) {
    const std::string whole = fixture(name);
    for (size_t size = 64; size < whole.size(); size += 64)
      EXPECT_EQ(one_rejection(std::string_view(whole).substr(0, size), name).reason, reason::kDamaged)
          << name << " " << size;
  }
  EXPECT_EQ(one_rejection(fixture("truncated.docx"), "a.docx").reason, reason::kDamaged);
}

TEST(HostileOffice, ABudgetCountsAllThatIsUnpacked) {
  ReaderLimits limits;
  limits.max_document_bytes = 3000;
  ZipPackage package(fixture("pptx-slides.pptx"), limits);
  EXPECT_GT(package.read("ppt/slides/slide2.xml").size(), 1000u);
  EXPECT_THROW(
      {
        for (int i = 0; i < 3; ++i) package.read("ppt/slides/slide2.xml");
      },
      Refused);
}

TEST(HostileOffice, TextThatIsShownAgainAndAgainCountsEachTime) {
  OfficeText text(100);
  for (int i = 0; i < 9; ++i) text.paragraph("ten bytes");
  EXPECT_THROW(
      {
        for (int i = 0; i < 3; ++i) text.paragraph("ten bytes");
      },
      Refused);
}

TEST(HostileOffice, XmlIsRefusedPastItsDepthAndReadAtIt) {
  const auto nested = [](int depth) {
    std::string xml;
    for (int i = 0; i < depth; ++i) xml += "<a>";
    for (int i = 0; i < depth; ++i) xml += "</a>";
    return xml;
  };
  EXPECT_NO_THROW(XmlPart(nested(kMaxXmlDepth), "x"));
  EXPECT_THROW(XmlPart(nested(kMaxXmlDepth + 1), "x"), Refused);
  EXPECT_THROW(XmlPart("<a><b></a>", "x"), Error);
  EXPECT_THROW(XmlPart("", "x"), Error);
}

TEST(HostileOffice, NamesAreComparedByNamespaceWhateverTheirPrefix) {
  const XmlPart xml(
      R"(<x:document xmlns:x="http://purl.oclc.org/ooxml/wordprocessingml/main"><x:body x:a="1" b="2">)"
      R"(<p xmlns="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/><x:p/><p/></x:body></x:document>)",
      "x");
  const pugi::xml_node body = xml.root().child("w:body");
  EXPECT_EQ(name_of(xml.root()), "w:document");
  EXPECT_EQ(attribute(body, "w:a"), "1");
  EXPECT_EQ(attribute(body, "b"), "2");
  std::vector<std::string> names;
  for (const pugi::xml_node node : body.children()) names.emplace_back(name_of(node));
  EXPECT_EQ(names, (std::vector<std::string>{"w:p", "w:p", "p"}));
}

/// Whatever is done to a package, or to the parts in it, its reader ends with one item, whose text is UTF-8.
TEST(HostileOffice, MutatedDocumentsAlwaysEndAsAnItem) {
  std::mt19937 random(4);
  const std::vector<std::string> names = {"docx-notes.docx",  "docx-fields-and-breaks.docx",
                                          "pptx-slides.pptx", "xlsx-values.xlsx",
                                          "odt-flat.fodt",    "odt-text.odt",
                                          "hwpx-inside.hwpx", "old.doc",
                                          "encrypted.docx"};
  std::vector<std::string> seeds;
  for (const std::string& name : names) seeds.push_back(fixture(name));
  for (int round = 0; round < 3000; ++round) {
    const size_t which = random() % seeds.size();
    std::string content = seeds[which];
    for (unsigned edits = 1 + random() % 8; edits > 0; --edits) {
      const size_t at = random() % content.size();
      if (random() % 4 == 0)
        content.erase(at, random() % 5);
      else
        content[at] = static_cast<char>(random());
    }
    const std::vector<Item> items = read_here(content, names[which]);
    ASSERT_EQ(items.size(), 1u) << names[which] << " round " << round;
    if (const auto* document = std::get_if<Document>(&items[0])) {
      ASSERT_EQ(encoded(document->text, "UTF-8"), document->text);
    }
  }
}

}  // namespace
}  // namespace hone::document
