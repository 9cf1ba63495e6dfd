/// Mails and mailboxes: what their authors wrote, what they quote, what hangs on them.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/files.h"
#include "document/mail_header.h"
#include "document/mail_text.h"
#include "reading.h"
#include "support/shared.h"

namespace hone::document {
namespace {

using nlohmann::json;

const std::string kHead = "From: ops@example.com\nSubject: Plan\nDate: Tue, 06 Jul 2021 10:01:00 +0900\n";

std::string mail(const std::string& type, const std::string& body, const std::string& more = "") {
  return kHead + "MIME-Version: 1.0\nContent-Type: " + type + "\n" + more + "\n" + body;
}

std::string multipart(const std::string& kind, const std::vector<std::string>& parts) {
  std::string body;
  for (const std::string& part : parts) body += "--b0\n" + part + "\n";
  return mail("multipart/" + kind + "; boundary=b0", body + "--b0--\n");
}

std::string attached(const std::string& disposition, const std::string& content,
                     const std::string& type = "application/octet-stream") {
  return "Content-Type: " + type + "\nContent-Disposition: " + disposition + "\n\n" + content;
}

json metadata_of(const Item& item) { return json::parse(std::get<Document>(item).metadata); }

// ---- quotations

struct Quoting {
  const char* name;
  const char* introduction;
  const char* quoted;
};

class QuotationForms : public testing::TestWithParam<Quoting> {};

TEST_P(QuotationForms, AreToldFromWhatIsNew) {
  const std::string fresh = "Thank you, it works.\n\nBest regards,\nOperations";
  const std::string quoted = std::string(GetParam().introduction) + "\n" + GetParam().quoted;
  const MailText split = split_mail_text(fresh + "\n\n" + quoted + "\n");
  EXPECT_EQ(split.fresh, fresh);
  EXPECT_EQ(split.quoted, quoted);
  EXPECT_EQ(split.signature, "");
}

INSTANTIATE_TEST_SUITE_P(
    Mailers, QuotationForms,
    testing::Values(
        Quoting{"Gmail", "On Mon, Jul 5, 2021 at 9:12 AM Planning <planning@example.com> wrote:",
                "> Does it work?\n>\n> Regards"},
        Quoting{"GmailWrapped",
                "On Mon, Jul 5, 2021 at 9:12 AM A Department With a Long Name\n<planning@example.com> wrote:",
                "> Does it work?"},
        Quoting{"GmailKorean",
                "2021년 7월 5일 (월) 오전 9:12, 기획팀 <planning@example.com>님이 작성:", "> 됩니까?"},
        Quoting{"AppleMail",
                "On 5 Jul 2021, at 09:12, Planning <planning@example.com> wrote:", "> Does it work?"},
        Quoting{"AppleMailKorean", "2021. 7. 5. 오전 9:12, 기획팀 <planning@example.com> 작성:", "> 됩니까?"},
        Quoting{"ThunderbirdKorean", "2021-07-05 오전 9:12에 기획팀 이(가) 쓴 글:", "> 됩니까?"},
        Quoting{"German", "Am 05.07.2021 um 09:12 schrieb Planung:", "> Geht es?"},
        Quoting{"VerbInTheMiddle", "Planning wrote on 2021-07-05 09:12:", "> Does it work?"},
        Quoting{"NameAndAddress", "Planning <planning@example.com>:", "> Does it work?"},
        Quoting{"KoreanVerb", "기획팀님이 7월 5일에 쓰신 글입니다:", "> 됩니까?"},
        Quoting{"OutlookBold", "*From:* Planning <planning@example.com>",
                "*Sent:* Monday, July 5, 2021\n*To:* Operations\n*Subject:* Plan\n\nDoes it work?"},
        Quoting{"MarksOnly", "> an older line", "> and another"},
        Quoting{"Nested",
                "On Monday Bob wrote:", "> On Sunday Alice wrote:\n> > Does it work?\n> Let us see."},
        Quoting{"Outlook", "-----Original Message-----",
                "From: Planning\nSent: Monday, July 5, 2021 9:12 AM\nTo: Operations\nSubject: Plan\n\nDoes "
                "it work?"},
        Quoting{"OutlookKorean", "-----원본 메시지-----",
                "보낸 사람: 기획팀\n보낸 날짜: 2021년 7월 5일\n받는 사람: 운영팀\n제목: 일정\n\n됩니까?"},
        Quoting{"NaverMail", "---------- 원본 메일 ----------",
                "보낸사람: 기획팀\n날짜: 2021-07-05\n\n됩니까?"},
        Quoting{"OutlookWeb", "________________________________\nFrom: Planning <planning@example.com>",
                "Sent: Monday, July 5, 2021 9:12 AM\nTo: Operations\nSubject: Plan\n\nDoes it work?"},
        Quoting{"OutlookHeaderAlone", "보낸 사람: 기획팀 <planning@example.com>",
                "보낸 날짜: 2021년 7월 5일 월요일 오전 9:12\n받는 사람: 운영팀\n제목: 일정\n\n됩니까?"},
        Quoting{"Forwarded", "---------- Forwarded message ---------",
                "From: Planning <planning@example.com>\nDate: Mon\nSubject: Plan\nTo: "
                "<ops@example.com>\n\nDoes it work?"},
        Quoting{"ForwardedKorean", "---------- 전달된 메시지 ----------", "보낸 사람: 기획팀\n\n됩니까?"},
        Quoting{"ForwardedByApple",
                "Begin forwarded message:", "From: Planning\nSubject: Plan\n\nDoes it work?"},
        Quoting{"UnmarkedBehindAnIntroduction",
                "On Mon, Jul 5, 2021 at 9:12 AM Planning <planning@example.com> wrote:", "Does it work?"}),
    [](const auto& tested) { return tested.param.name; });

TEST(MailText, AnswersBetweenQuotedLinesAreNew) {
  const MailText split = split_mail_text(
      "On Monday Bob wrote:\n> First question?\n\nFirst answer.\n\n> Second question?\n\nSecond answer.\n");
  EXPECT_EQ(split.fresh, "First answer.\n\nSecond answer.");
  EXPECT_EQ(split.quoted, "On Monday Bob wrote:\n> First question?\n\n> Second question?");
}

TEST(MailText, SentencesThatLookALittleLikeQuotationsStay) {
  for (const std::string text :
       {"In his book he wrote:\n\nBe brief.", "The message was: original message follows",
        "From: the heart\nI thank you.", "a --- b\n--- c ---",
        "To: all\nSubject: a memorandum\n\nFrom: me\nText.",
        "발신: 총무팀\n수신: 전 직원\n제목: 휴무 안내\n\n내용입니다.", "5 > 3, and so on.",
        "담당자가 보고서를 작성:\n\n내용", "값:\n1: 하나\n2: 둘"})
    EXPECT_EQ(split_mail_text(text).fresh, text);
}

TEST(MailText, AMemorandumAtTheTopIsTheAuthorsOwn) {
  const std::string memo =
      "From: Planning\nDate: July 5\nTo: Operations\nSubject: Rooms\n\nRoom 2 is closed.";
  EXPECT_EQ(split_mail_text(memo).fresh, memo);
}

TEST(MailText, SignaturesStandApart) {
  const MailText split = split_mail_text("Text.\n\n-- \nJane Doe\nExample Corp.\n\n> quoted\n");
  EXPECT_EQ(split.fresh, "Text.");
  EXPECT_EQ(split.signature, "-- \nJane Doe\nExample Corp.");
  EXPECT_EQ(split.quoted, "> quoted");
  EXPECT_EQ(split_mail_text("글\n\n나의 iPhone에서 보냄").fresh, "글");
  EXPECT_EQ(split_mail_text("Text\n\nSent from my iPhone").signature, "Sent from my iPhone");
  EXPECT_EQ(split_mail_text("Text\n\nGet Outlook for iOS\n").fresh, "Text");
}

TEST(MailText, AMailingListsFooterIsASignature) {
  const MailText split = split_mail_text(
      "Text.\n-- \nJane\n_______________________________________________\nusers mailing "
      "list\nhttp://lists.example.com/listinfo/users\n");
  EXPECT_EQ(split.fresh, "Text.");
}

TEST(MailText, ALongTextBehindDashesIsNoSignature) {
  std::string text = "Before\n--\n";
  for (int i = 0; i < 60; ++i) text += "line " + std::to_string(i) + "\n";
  EXPECT_NE(split_mail_text(text).fresh.find("line 59"), std::string::npos);
}

TEST(MailText, NoWordIsLost) {
  const std::string text =
      "a\n\n> b\nc\n\nOn 2021-01-01 10:00 x@example.com wrote:\n> d\n\n-- \ne\n-----Original "
      "Message-----\nf\n";
  const MailText split = split_mail_text(text);
  for (const char word : std::string("abcdef"))
    EXPECT_NE((split.fresh + split.quoted + split.signature).find(word), std::string::npos) << word;
}

TEST(MailText, FlowedLinesAreJoined) {
  EXPECT_EQ(unflowed("one \ntwo\nthree\n", false), "one two\nthree\n");
  EXPECT_EQ(unflowed("한 \n글\n", true), "한글\n");
  EXPECT_EQ(unflowed("> a \n> b\n>> c\nd\n", false), "> a b\n>> c\nd\n");
  EXPECT_EQ(unflowed(" From here\n-- \nname\n", false), "From here\n-- \nname\n");
}

// ---- headers

TEST(MailHeader, EncodedWordsAreJoinedBeforeTheyAreDecoded) {
  EXPECT_EQ(decode_words("=?utf-8?B?7ZWc?= =?utf-8?B?6riA?="), "한글");
  EXPECT_EQ(decode_words("=?utf-8?B?7Zw=?=\r\n =?utf-8?B?nA==?="), "휜")
      << "cut in the middle of a character";
  EXPECT_EQ(decode_words("Re: =?euc-kr?q?=C7=D1_=B1=DB?= (2)"), "Re: 한 글 (2)");
  EXPECT_EQ(decode_words("=?UTF-8*ko?Q?=ED=95=9C?= x"), "한 x");
  EXPECT_EQ(decode_words("plain"), "plain");
  EXPECT_EQ(decode_words("=?broken"), "=?broken");
}

TEST(MailHeader, RawBytesAreReadInTheCharsetOfTheBody) {
  EXPECT_EQ(decode_words(encoded("회의 안내", "UHC"), "euc-kr"), "회의 안내");
}

TEST(MailHeader, FileNamesInEverySpelling) {
  EXPECT_EQ(parameter("attachment; filename=\"a b.txt\"", "filename"), "a b.txt");
  EXPECT_EQ(parameter("attachment; filename=plain.txt; size=3", "filename"), "plain.txt");
  EXPECT_EQ(parameter("attachment;\r\n filename*=utf-8''%ED%95%9C.txt", "filename"), "한.txt");
  EXPECT_EQ(parameter("attachment; filename*=euc-kr''%C7%D1.txt", "filename"), "한.txt");
  EXPECT_EQ(
      parameter("attachment; filename*0*=utf-8'ko'%ED%95;\r\n filename*1*=%9C; filename*2=.txt", "filename"),
      "한.txt");
  EXPECT_EQ(parameter("attachment; filename=\"=?EUC-KR?B?x9E=?=.txt\"", "filename"), "한.txt");
  EXPECT_EQ(parameter("attachment; filename=\"say \\\"so\\\".txt\"", "filename"), "say \"so\".txt");
  EXPECT_EQ(parameter("attachment; filename=old.txt; filename*=utf-8''new.txt", "filename"), "new.txt");
  EXPECT_EQ(parameter("attachment", "filename"), "");
}

// ---- whole mails

TEST(Mail, HeadersBecomeTitleAndMetadata) {
  const auto items =
      read_here("Message-ID: <1@example.com>\nIn-Reply-To: <0@example.com>\n" + kHead + "\nText.\n", "a.eml");
  ASSERT_EQ(items.size(), 1u);
  const auto& document = std::get<Document>(items[0]);
  EXPECT_EQ(document.title, "Plan");
  EXPECT_EQ(document.text, "Text.\n");
  EXPECT_EQ(metadata_of(items[0]), json({{"author", "ops@example.com"},
                                         {"date", "2021-07-06T10:01:00+09:00"},
                                         {"message_id", "1@example.com"},
                                         {"in_reply_to", "0@example.com"}}));
}

TEST(Mail, CharsetsAreReadAsTheyAreNotOnlyAsTheySay) {
  const std::string text = "안녕하세요. 다음 달 일정을 알려 드립니다. 확인 부탁드립니다.";
  const std::string iso2022 = encoded(text, "ISO-2022-KR"),
                    cp949 = encoded(text + " 똠방각하 펲시콜라", "UHC");
  EXPECT_EQ(one_document(mail("text/plain; charset=iso-2022-kr", iso2022), "a.eml").text, text + "\n");
  EXPECT_EQ(one_document(mail("text/plain", iso2022), "a.eml").text, text + "\n") << "unlabelled";
  for (const char* charset :
       {"euc-kr", "ks_c_5601-1987", "\"CP949\"", "us-ascii", "iso-8859-1", "utf-8", "x-unknown"})
    EXPECT_EQ(one_document(mail("text/plain; charset=" + std::string(charset), cp949), "a.eml").text,
              text + " 똠방각하 펲시콜라\n")
        << charset;
  EXPECT_EQ(one_document(mail("text/plain; charset=euc-kr", text), "a.eml").text, text + "\n")
      << "UTF-8 in disguise";
  EXPECT_EQ(one_document(mail("text/plain; charset=iso-8859-1", "Un caf\xE9 cr\xE8me, s'il vous pla\xEEt."),
                         "a.eml")
                .text,
            "Un café crème, s'il vous plaît.\n");
}

TEST(Mail, PlainTextIsPreferredToHtml) {
  const std::string both = multipart("alternative", {"Content-Type: text/plain\n\nplain words",
                                                     "Content-Type: text/html\n\n<p>html words</p>"});
  EXPECT_EQ(one_document(both, "a.eml").text, "plain words\n");
  const std::string only = multipart(
      "alternative", {"Content-Type: text/plain\n\n \n", "Content-Type: text/html\n\n<p>html words</p>"});
  EXPECT_EQ(one_document(only, "a.eml").text, "html words\n");
}

TEST(Mail, QuotationsInHtmlStandApart) {
  for (const char* quote : {"<div class=\"gmail_quote\"><div class=gmail_attr>On Monday Bob "
                            "wrote:</div><blockquote>older words</blockquote></div>",
                            "<blockquote type=\"cite\">older words</blockquote>",
                            "<div id=\"divRplyFwdMsg\">From: Bob</div><div>older words</div>",
                            "<div id=appendonsend></div><hr><div>older words</div>"}) {
    const auto items =
        read_here(mail("text/html; charset=utf-8",
                       "<html><body><p>new words</p><div class=\"gmail_signature\">Jane</div>" +
                           std::string(quote) + "</body></html>"),
                  "a.eml");
    ASSERT_EQ(items.size(), 1u);
    EXPECT_EQ(std::get<Document>(items[0]).text, "new words\n") << quote;
    EXPECT_NE(metadata_of(items[0])["quoted"].get<std::string>().find("older words"), std::string::npos)
        << quote;
    EXPECT_EQ(metadata_of(items[0])["signature"], "Jane");
  }
}

TEST(Mail, AttachmentsAreDocumentsOfTheirOwn) {
  const auto items =
      read_here(multipart("mixed", {"Content-Type: text/plain\n\nSee the files.",
                                    attached("attachment; filename=\"notes.md\"", "# Notes\n"),
                                    attached("attachment; filename*=utf-8''%ED%91%9C.csv", "a,b\n1,2\n"),
                                    attached("attachment; filename=photo.png", "\x89PNG....")}),
                "mail.eml");
  EXPECT_EQ(in_short(items),
            (std::vector<std::string>{"mail.eml: See the files.\n", "mail.eml!notes.md: # Notes\n",
                                      "mail.eml!표.csv: [\"a\", \"b\"]\n[\"1\", \"2\"]\n",
                                      "mail.eml!photo.png! unreadable_format"}));
  EXPECT_EQ(metadata_of(items[0])["attachments"], json({"notes.md", "표.csv", "photo.png"}));
}

TEST(Mail, TextAttachmentsKeepTheCharsetThatOnlyTheMailKnows) {
  const auto items = read_here(
      multipart("mixed", {"Content-Type: text/plain\n\nx",
                          attached("attachment; filename=a.txt", encoded("한글 문서", "ISO-2022-KR"),
                                   "text/plain; charset=iso-2022-kr")}),
      "m.eml");
  EXPECT_EQ(in_short(items).at(1), "m.eml!a.txt: 한글 문서");
}

TEST(Mail, PicturesOfTheHtmlAreNotAttachments) {
  const std::string related =
      "Content-Type: multipart/related; boundary=r\n\n--r\nContent-Type: "
      "text/html\n\n<p>words</p>\n--r\nContent-Type: image/png\nContent-ID: <1>\n\nPNG\n--r--";
  EXPECT_EQ(read_here(multipart("mixed", {related}), "a.eml").size(), 1u);
}

TEST(Mail, MessagesInsideAreReadFourDeep) {
  std::string inner = kHead + "\nbottom";
  for (int i = 0; i < 3; ++i)
    inner = multipart(
        "mixed",
        {"Content-Type: text/plain\n\nlevel",
         "Content-Type: message/rfc822\nContent-Disposition: attachment; filename=in.eml\n\n" + inner});
  // The boundaries are the same on every level, which no mailer does: give each its own.
  std::string nested = kHead + "\nbottom\n";
  for (const char* name : {"c", "b", "a"})
    nested = kHead + "Content-Type: multipart/mixed; boundary=" + name + "\n\n--" + name +
             "\nContent-Type: text/plain\n\nlevel " + name + "\n--" + name +
             "\nContent-Type: message/rfc822\n\n" + nested + "\n--" + name + "--\n";
  EXPECT_EQ(in_short(read_here(nested, "m.eml")),
            (std::vector<std::string>{"m.eml: level a\n", "m.eml!Plan.eml: level b\n",
                                      "m.eml!Plan.eml!Plan.eml: level c\n",
                                      "m.eml!Plan.eml!Plan.eml!Plan.eml: bottom\n"}));
  const std::string deeper = kHead +
                             "Content-Type: multipart/mixed; boundary=z\n\n--z\nContent-Type: "
                             "text/plain\n\ntop\n--z\nContent-Type: message/rfc822\n\n" +
                             nested + "\n--z--\n";
  const auto lines = in_short(read_here(deeper, "m.eml"));
  ASSERT_FALSE(lines.empty());
  EXPECT_NE(lines.back().find("! too_large"), std::string::npos) << lines.back();
}

TEST(Mail, EncryptedAndWrappedPartsAreNamed) {
  const Rejection pgp = one_rejection(
      multipart("encrypted", {"Content-Type: application/pgp-encrypted\n\nVersion: 1",
                              "Content-Type: application/octet-stream\n\n-----BEGIN PGP MESSAGE-----"}),
      "a.eml");
  EXPECT_EQ(pgp.reason, reason::kEncrypted);
  EXPECT_EQ(
      one_rejection(mail("application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m", "x"), "a.eml")
          .reason,
      reason::kEncrypted);
  EXPECT_EQ(
      one_rejection(mail("text/plain", "-----BEGIN PGP MESSAGE-----\n\nabc\n-----END PGP MESSAGE-----\n"),
                    "a.eml")
          .reason,
      reason::kEncrypted);
  const auto winmail = read_here(
      multipart("mixed", {"Content-Type: text/plain\n\ntext",
                          attached("attachment; filename=winmail.dat", "x", "application/ms-tnef")}),
      "a.eml");
  ASSERT_EQ(winmail.size(), 2u);
  EXPECT_NE(std::get<Rejection>(winmail[1]).message.find("winmail.dat"), std::string::npos);
}

TEST(Mail, AnEncryptedPartBesideTextIsNamedToo) {
  const auto lines = in_short(
      read_here(multipart("mixed", {"Content-Type: text/plain\n\nwords",
                                    "Content-Type: application/pkcs7-mime; smime-type=enveloped-data\n\nx"}),
                "a.eml"));
  EXPECT_EQ(lines, (std::vector<std::string>{"a.eml: words\n", "a.eml!encrypted part! encrypted"}));
}

TEST(Mail, TheFormThatIsNotTakenLeavesNothingBehind) {
  const auto items = read_here(
      multipart("alternative", {"Content-Type: text/html\n\n<p>new</p><blockquote type=cite>old</blockquote>",
                                "Content-Type: text/plain\n\nnew\n\n> old"}),
      "a.eml");
  EXPECT_EQ(std::get<Document>(items.at(0)).text, "new\n");
  EXPECT_EQ(metadata_of(items[0])["quoted"], "> old");
}

TEST(Mail, SignedTextLosesItsArmour) {
  EXPECT_EQ(one_document(mail("text/plain",
                              "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nWords.\n- -- "
                              "dashed\n-----BEGIN PGP SIGNATURE-----\nabc\n-----END PGP SIGNATURE-----\n"),
                         "a.eml")
                .text,
            "Words.\n-- dashed\n");
  EXPECT_EQ(in_short(read_here(multipart("signed", {"Content-Type: text/plain\n\nWords.",
                                                    "Content-Type: application/pgp-signature\n\nabc"}),
                               "a.eml")),
            std::vector<std::string>{"a.eml: Words.\n"});
}

TEST(Mail, PartsWithoutABoundaryAreText) {
  EXPECT_EQ(one_document(mail("multipart/mixed", "body text\n"), "a.eml").text, "body text\n");
  EXPECT_EQ(one_document(mail("multipart/mixed; boundary=never", "body text\n"), "a.eml").text,
            "body text\n");
}

TEST(Mail, AppleMailsWrappingIsTakenOff) {
  const std::string letter = kHead + "\nText.\n";
  EXPECT_EQ(
      one_document(std::to_string(letter.size()) + "        \n" + letter + "<?xml version=\"1.0\"?><plist/>",
                   "1.emlx")
          .text,
      "Text.\n");
}

TEST(Mail, WhatIsNoMailIsDamaged) {
  EXPECT_EQ(one_rejection("no mail at all\n", "a.eml").reason, reason::kDamaged);
  EXPECT_EQ(one_rejection(kHead + "\n> only quoted\n", "a.eml").reason, reason::kNoText);
}

TEST(Mail, DeepPartsEndAsACountedRejection) {
  std::string body = kHead;
  for (int i = 0; i < 3000; ++i)
    body += "Content-Type: multipart/mixed; boundary=b" + std::to_string(i) + "\n\n--b" + std::to_string(i) +
            "\n";
  EXPECT_EQ(one_rejection(body + "\nx\n", "a.eml").reason, reason::kTooLarge);
}

TEST(Mail, ManyPartsEndAsACountedRejection) {
  std::vector<std::string> parts(5000, "Content-Type: text/plain\n\nx");
  EXPECT_EQ(one_rejection(multipart("mixed", parts), "a.eml").reason, reason::kTooLarge);
}

TEST(Mail, IsRecognisedByItsHeaderWhereTheNameSaysNothing) {
  const std::string letter = "Return-Path: <a@example.com>\n" + kHead + "\nText.\n";
  EXPECT_EQ(one_document(letter, "1625533260.M1P2.host:2,S").title, "Plan");
  EXPECT_EQ(one_document("From ops@example.com Tue Jul  6 10:01:00 2021\n" + letter, "Inbox").id, "Inbox#1");
  EXPECT_EQ(one_document("From: me\nTo: you\n\nA note.\n", "note").text, "From: me\nTo: you\n\nA note.\n");
  EXPECT_EQ(one_document(letter, "letter.txt").text, letter) << "a name that says text is believed";
}

// ---- mailboxes

TEST(Mailbox, EachMessageIsARow) {
  if (!test::fixtures()) GTEST_SKIP() << "no tests/fixtures";
  const std::string box = base::read_file(*test::fixtures() / "containers/letters.mbox");
  const auto items = read_here(box, "letters.mbox");
  EXPECT_EQ(in_short(items), (std::vector<std::string>{
                                 "letters.mbox#1: First body.\nFrom here on it is text.\nFrom the start.\n",
                                 "letters.mbox#2: 둘째 편지입니다.\n", "letters.mbox#3: Third.\n"}));
  for (size_t i = 0; i < items.size(); ++i) EXPECT_EQ(std::get<Document>(items[i]).row, i + 1);
  Input second;
  second.first_row = 1;
  EXPECT_EQ(in_short(read_here(box, "letters.mbox", second)).at(0), "letters.mbox#2: 둘째 편지입니다.\n");
}

TEST(Mailbox, AttachmentsAreOfTheirMessagesRow) {
  const std::string letter =
      multipart("mixed", {"Content-Type: text/plain\n\nx", attached("attachment; filename=a.txt", "inside")});
  const std::string from = "From ops@example.com Tue Jul  6 10:01:00 2021\n";
  const auto items = read_here(from + letter + "\n" + from + letter, "b.mbox");
  EXPECT_EQ(in_short(items), (std::vector<std::string>{"b.mbox#1: x\n", "b.mbox#1!a.txt: inside",
                                                       "b.mbox#2: x\n", "b.mbox#2!a.txt: inside"}));
  EXPECT_EQ(std::get<Document>(items[3]).row, 2u);
}

TEST(Mailbox, SentencesThatBeginWithFromDivideNothing) {
  const std::string from = "From ops@example.com Tue Jul  6 10:01:00 2021\n";
  const auto items = read_here(
      from + kHead + "\nFirst.\n\nFrom now on we meet at 10.\n\nFrom 2021 to 2022 nothing.\n", "b.mbox");
  ASSERT_EQ(items.size(), 1u);
}

TEST(Mailbox, LongLinesAndLargeMessagesAreBounded) {
  const std::string from = "From ops@example.com Tue Jul  6 10:01:00 2021\n";
  Input input;
  input.limits.max_document_bytes = 1 << 20;
  const std::string box =
      from + kHead + "\n" + std::string(3 << 20, 'x') + "\n\n" + from + kHead + "\nsmall\n";
  EXPECT_EQ(in_short(read_here(box, "b.mbox", input)),
            (std::vector<std::string>{"b.mbox#1! too_large", "b.mbox#2: small\n"}));
  EXPECT_EQ(one_rejection("Subject: x\n\nno From line\n", "b.mbox").reason, reason::kDamaged);
}

}  // namespace
}  // namespace hone::document
