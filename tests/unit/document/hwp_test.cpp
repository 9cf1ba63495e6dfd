/// Hangul documents put together by tests/fixtures/containers.py, honest and hostile; real ones are in
/// handbook_parts_test.cpp.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/files.h"
#include "document/hwp_text.h"
#include "reading.h"
#include "support/shared.h"

namespace hone::document {
namespace {

std::string fixture(const std::string& name) {
  return base::read_file(*test::fixtures() / "containers" / name);
}

class Hwp : public testing::Test {
 protected:
  void SetUp() override {
    if (!test::fixtures()) GTEST_SKIP() << "no tests/fixtures";
  }
};

std::string paragraph(std::u16string_view units) {
  std::string bytes, text;
  for (const char16_t unit : units) {
    bytes += static_cast<char>(unit & 0xFF);
    bytes += static_cast<char>(unit >> 8);
  }
  append_hwp_paragraph(bytes, text);
  return text;
}

TEST(HwpText, ControlCharactersBecomeWhatTheyShow) {
  EXPECT_EQ(paragraph(u"가\x0a나\x18다\x1e라\x1f마\x0d바"), "가\n나-다 라 마");
}

TEST(HwpText, InlineAndExtendedControlsAreEightUnitsWide) {
  for (const char16_t control : {1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23}) {
    std::u16string units = u"앞";
    units += std::u16string(1, control) + u"ABCDEF" + std::u16string(1, control) + u"뒤";
    EXPECT_EQ(paragraph(units), "앞뒤") << static_cast<int>(control);
  }
  EXPECT_EQ(paragraph(u"앞\x09"
                      u"ABCDEF\x09뒤"),
            "앞\t뒤");
}

TEST(HwpText, AControlThatIsCutOffEndsTheParagraph) {
  EXPECT_EQ(paragraph(u"앞\x0b"
                      u"AB"),
            "앞");
}

TEST(HwpText, SurrogatesArePairedAndLoneOnesReplaced) {
  EXPECT_EQ(paragraph(u"\xD83D\xDE42"), "🙂");
  EXPECT_EQ(paragraph(u"a\xD83Dz\xDE42"), "a\xEF\xBF\xBDz\xEF\xBF\xBD");
  EXPECT_EQ(paragraph(u"\xD83D"), "\xEF\xBF\xBD");
}

TEST_F(Hwp, ParagraphsStandInTheirOrderAndCellsInRows) {
  for (const char* name : {"packed.hwp", "plain.hwp"}) {
    const Document document = one_document(fixture(name), name);
    const std::string begin =
        "첫 문단 🙂\t둘째 칸\n줄 바꿈-연결 묶음 고정\n표 앞\n품목\t수량\n연필\n지우개\t\t끝\n표 "
        "뒤\n깨진 "
        "\xEF\xBF\xBD글자\n가가";
    EXPECT_EQ(document.text.substr(0, begin.size()), begin) << name;
    EXPECT_NE(document.text.find("\n둘째 구역\n"), std::string::npos) << "sections in order";
    EXPECT_EQ(document.encoding, "utf-16le");
  }
}

TEST_F(Hwp, LongRecordsCarryTheirSizeBehindTheHeader) {
  std::string long_paragraph;
  for (int i = 0; i < 3000; ++i) long_paragraph += "가";
  EXPECT_NE(one_document(fixture("packed.hwp"), "packed.hwp").text.find("\n" + long_paragraph + "\n"),
            std::string::npos);
}

TEST_F(Hwp, TheSummarySaysTitleAuthorAndDate) {
  const Document document = one_document(fixture("packed.hwp"), "a.hwp");
  EXPECT_EQ(document.title, "연간 계획");
  const auto metadata = nlohmann::json::parse(document.metadata);
  EXPECT_EQ(metadata["author"], "기획팀");
  EXPECT_EQ(metadata["date"], "2021-07-06T01:01:00Z");
}

TEST_F(Hwp, LockedDocumentsAreRejectedByNameWithWhatToDo) {
  for (const auto& [name, word] : {std::pair{"password.hwp", "password"},
                                   {"certificate.hwp", "password"},
                                   {"rights.hwp", "rights"},
                                   {"distribution.hwp", "distribution"}}) {
    const Rejection rejected = one_rejection(fixture(name), name);
    EXPECT_EQ(rejected.reason, reason::kEncrypted) << name;
    EXPECT_NE(rejected.message.find(word), std::string::npos) << rejected.message;
    EXPECT_NE(rejected.message.find(';'), std::string::npos) << "what to do: " << rejected.message;
  }
}

TEST_F(Hwp, OtherVersionsAreRejectedByNumber) {
  for (const auto& [name, word] : {std::pair{"version3.hwp", "HWP 3"}, {"version6.hwp", "version 6"}}) {
    const Rejection rejected = one_rejection(fixture(name), name);
    EXPECT_EQ(rejected.reason, reason::kUnreadableFormat) << name;
    EXPECT_NE(rejected.message.find(word), std::string::npos) << rejected.message;
    EXPECT_NE(rejected.message.find(".hwpx"), std::string::npos) << rejected.message;
  }
}

TEST_F(Hwp, ChainsOfSectorsThatNeverEndAreReadOnceOrNotAtAll) {
  for (const char* name :
       {"cycle.hwp", "cycle-one.hwp", "cycle-directory.hwp", "cycle-siblings.hwp", "cross.hwp", "wild.hwp"}) {
    const auto items = read_here(fixture(name), name);
    ASSERT_EQ(items.size(), 1u) << name;
    const auto* document = std::get_if<Document>(&items[0]);
    EXPECT_LE(document == nullptr ? 0u : document->text.size(), 20'000u) << name;
  }
}

TEST_F(Hwp, WhatIsCutOffIsDamaged) {
  for (const char* name : {"cut-record.hwp", "cut-deflate.hwp", "cut-file.hwp"})
    EXPECT_EQ(one_rejection(fixture(name), name).reason, reason::kDamaged) << name;
}

TEST_F(Hwp, UnpackedBytesAreCounted) {
  Input input;
  input.limits.max_document_bytes = 1 << 20;
  EXPECT_EQ(one_rejection(fixture("bomb.hwp"), "bomb.hwp", input).reason, reason::kTooLarge);
}

TEST_F(Hwp, EveryTruncationEndsInOneResult) {
  const std::string whole = fixture("packed.hwp");
  for (size_t size = 8; size < whole.size(); size += 331)
    EXPECT_EQ(read_here(whole.substr(0, size), "a.hwp").size(), 1u) << size;
}

}  // namespace
}  // namespace hone::document
