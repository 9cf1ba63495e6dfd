/// Office documents made to hurt: each is one rejection, or a document, in bounded time and memory, in the
/// sandbox in which readers work.
#include <gtest/gtest.h>
#include <zip.h>

#include <map>
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

TEST(HostileOffice, ANamespaceThatIsOnlyTheBeginningOfOneIsNone) {
  const XmlPart xml(R"(<a:b xmlns:a="urn:oasis:names:tc:opendocument:xmlns:1.0"/>)", "x");
  EXPECT_EQ(name_of(xml.root()), "a:b");
}

/// The parts of a package, by their names in lower case.
std::map<std::string, std::string> parts_of(const std::string& content) {
  ZipPackage package(content, {});
  std::map<std::string, std::string> parts;
  for (const auto& [name, index] : package.entries()) parts.emplace(name, package.read(name));
  return parts;
}

std::string packed(const std::map<std::string, std::string>& parts) {
  zip_source_t* target = zip_source_buffer_create(nullptr, 0, 0, nullptr);
  zip_source_keep(target);
  zip_t* package = zip_open_from_source(target, ZIP_CREATE | ZIP_TRUNCATE, nullptr);
  for (const auto& [name, bytes] : parts)
    zip_file_add(package, name.c_str(), zip_source_buffer(package, bytes.data(), bytes.size(), 0),
                 ZIP_FL_ENC_UTF_8);
  EXPECT_EQ(zip_close(package), 0);
  zip_stat_t status;
  zip_source_stat(target, &status);
  std::string content(status.size, '\0');
  zip_source_open(target);
  EXPECT_EQ(zip_source_read(target, content.data(), content.size()),
            static_cast<zip_int64_t>(content.size()));
  zip_source_close(target);
  zip_source_free(target);
  return content;
}

TEST(HostileOffice, DamagedPropertiesCostTheTitleNotTheText) {
  auto parts = parts_of(fixture("docx-metadata.docx"));
  parts["docprops/core.xml"] = "<cp:coreProperties>";
  const Document document = one_document(packed(parts), "a.docx");
  EXPECT_EQ(document.title, "");
  EXPECT_NE(document.text, "");
}

/// A few bytes changed, lost, or copied from elsewhere.
void mutate(std::string& bytes, std::mt19937& random) {
  for (unsigned edits = 1 + random() % 6; edits > 0 && !bytes.empty(); --edits) {
    const size_t at = random() % bytes.size();
    switch (random() % 4) {
      case 0:
        bytes.erase(at, random() % 9);
        break;
      case 1:
        bytes.insert(at, bytes.substr(random() % bytes.size(), random() % 60));
        break;
      case 2:
        bytes[at] = "<>/\"&;09:"[random() % 9];
        break;
      default:
        bytes[at] = static_cast<char>(random());
        break;
    }
  }
}

/// One item, and its text is UTF-8.
void expect_an_end(const std::string& content, const std::string& name) {
  const std::vector<Item> items = read_here(content, name);
  ASSERT_EQ(items.size(), 1u) << name;
  if (const auto* document = std::get_if<Document>(&items[0])) {
    ASSERT_EQ(encoded(document->text, "UTF-8"), document->text);
    ASSERT_EQ(encoded(document->metadata, "UTF-8"), document->metadata);
  }
}

const std::vector<std::string> kSeeds = {"docx-notes.docx",  "docx-fields-and-breaks.docx",
                                         "docx-tables.docx", "docx-hidden-text.docx",
                                         "pptx-slides.pptx", "xlsx-values.xlsx",
                                         "odt-text.odt",     "ods-cells.ods",
                                         "odp-slides.odp",   "hwpx-inside.hwpx"};

/// The ZIP layer and the OLE layer meet damage of the container.
TEST(HostileOffice, DamagedContainersAlwaysEndAsAnItem) {
  std::mt19937 random(4);
  for (std::string name : kSeeds)
    for (int round = 0; round < 150; ++round) {
      std::string content = fixture(name);
      mutate(content, random);
      expect_an_end(content, name);
    }
  for (const char* name : {"old.doc", "encrypted.docx"})
    for (int round = 0; round < 150; ++round) {
      std::string content = fixture(name);
      mutate(content, random);
      const std::vector<Item> items = read_here(content, name);
      ASSERT_EQ(items.size(), 1u);
      ASSERT_TRUE(std::holds_alternative<Rejection>(items[0]));
    }
}

/// The readers meet damage of the parts, in whole containers.
TEST(HostileOffice, DamagedPartsAlwaysEndAsAnItem) {
  std::mt19937 random(7);
  for (const std::string& name : kSeeds) {
    const auto seed = parts_of(fixture(name));
    for (int round = 0; round < 150; ++round) {
      auto parts = seed;
      mutate(std::next(parts.begin(), static_cast<std::ptrdiff_t>(random() % parts.size()))->second, random);
      expect_an_end(packed(parts), name);
    }
  }
}

}  // namespace
}  // namespace hone::document
