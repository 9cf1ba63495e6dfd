#include "corpus/mojibake.h"

#include <gtest/gtest.h>
#include <unicode/ucnv.h>

#include <array>
#include <fstream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/lines.h"
#include "corpus/rules/encoding.h"
#include "corpus/unicode.h"
#include "document/document.h"
#include "support/shared.h"
#include "unit/corpus/labelled.h"

namespace hone::corpus {
namespace {

const std::string kKorean = "서비스는 시작할 때 설정 파일을 읽습니다. 파일이 없으면 기본값으로 새 파일을 만들고, 그 사실을 기록에 남깁니다.";
const std::string kEnglish = "The café’s menu — “naïve” as it is — costs €50… and the façade is Ångström’s.";

std::string repaired(const std::string& text) {
  std::string result;
  size_t copied = 0;
  for (const Repair& repair : diagnose(text).repairs) {
    result.append(text, copied, repair.begin - copied);
    result += repair.text;
    copied = repair.end;
  }
  return result.append(text, copied);
}

/// The bytes of `text` read as Latin-1, or as windows-1252 with what it leaves undefined as controls or as U+FFFD.
enum class Wrong { latin_1, windows_1252, windows_1252_lossy };
std::string misread(const std::string& bytes, Wrong how) {
  static constexpr std::array<char16_t, 32> kSpecial = {0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
                                                        0x2039, 0x0152, 0x8D, 0x017D, 0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
                                                        0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D, 0x017E, 0x0178};
  std::string text;
  for (const char byte : bytes) {
    char32_t c = static_cast<uint8_t>(byte);
    if (how != Wrong::latin_1 && c >= 0x80 && c < 0xA0) c = kSpecial[c - 0x80];
    if (how == Wrong::windows_1252_lossy && c >= 0x80 && c < 0xA0) c = 0xFFFD;
    append_code_point(text, c);
  }
  return text;
}

std::string to_bytes(const std::string& text, const char* charset) {
  UErrorCode error = U_ZERO_ERROR;
  std::string bytes(text.size() * 2, '\0');
  const int32_t size = ucnv_convert(charset, "UTF-8", bytes.data(), static_cast<int32_t>(bytes.size()), text.data(), static_cast<int32_t>(text.size()), &error);
  EXPECT_TRUE(U_SUCCESS(error)) << u_errorName(error);
  bytes.resize(static_cast<size_t>(size));
  return bytes;
}

std::string from_bytes(const std::string& bytes, const char* charset) {
  UErrorCode error = U_ZERO_ERROR;
  std::string text(bytes.size() * 4, '\0');
  const int32_t size = ucnv_convert("UTF-8", charset, text.data(), static_cast<int32_t>(text.size()), bytes.data(), static_cast<int32_t>(bytes.size()), &error);
  EXPECT_TRUE(U_SUCCESS(error)) << u_errorName(error);
  text.resize(static_cast<size_t>(size));
  return text;
}

std::optional<std::filesystem::path> shared_corpora() {
  const auto shared = hone::test::shared();
  if (!shared || !std::filesystem::exists(*shared / "corpora")) return std::nullopt;
  return *shared / "corpora";
}

Outcome judged(const std::string& text) {
  const document::Document document;
  const Language language;
  return Encoding().judge({text, text, document, language, 0});
}

/// Good text of many languages; each must stay to the last byte.
const std::vector<std::string>& clean_texts() {
  static const std::vector<std::string> kTexts = {
      "plain ASCII text; nothing to see",
      "« Le café\u00A0»\u00A0: “Olé”… l’été à Noël\u00A0! Ça va\u00A0? créée, réélu, Œuvre naïve, où ça\u00A0; 12\u00A0€, 5\u00A0°, 3½ m²",
      "MAÇÃ… SÃO PAULO, NÃO! “IRMÔ — coração, ação, às vezes; À la carte ÉTÉ É“",
      "«IRM\u00C3\u00BB e «MAÇ\u00C3\u00BB: quem fala? A LÃ\u00BB",
      "Größe Straße „Spaß“ Übung Ähre Öl ÄÖÜ äöü “Spaß” »Ä« Ä… Fuß–Maß",
      "Zażółć gęślą jaźń „Łódź” świętość ŻÓŁĆ",
      "Tiếng Việt có dấu: đường phố, ngày mai, ừ, Ấn Độ, “Đà Nẵng”… ÂM NHẠC – Ô tô, ấy",
      "Český řeč „příliš žluťoučký kůň“ úpěl ďábelské ódy",
      "Türkçe: İstanbul, ığüşöç, “çalışma”…",
      "Íslenska: æðöþ, Þetta er góð bók… „Æðar“ áðöæ ÁÉÍÓÚÝÆÖÐÞ",
      "¿Él? ¡Ánimo! España año niño “Ñandú” ½ kg, 20 °C, nº 1ª",
      "Smörgåsbord på sjön — ”Å”, ÅÄÖ åäö; ÅNGSTRÖM Å, Ã, Â, ñ, Ñ, Ã",
      "5 µm ± 0.3 µm, 10 Ω, £5, ¥100, §3, ¶, © 2020 ® ™ • † ‡ ¬ × ÷ ¼ ¾, ƒ(x) = x² – 5°",
      "日本語のテキスト。café と Größe。中文文本，한국어 텍스트 漢字(한자) 大韓民國 韓國語 李白 金氏",
      "ㅋㅋㅋ ㅠㅠ 安寧하세요 大韓民國은 民主共和國이다. 第1條 ㄱ. ㄴ. 가·나·다",
      "Привет, мир! Київ — столиця. Ελληνικά γλώσσα, ภาษาไทย العربية עברית हिन्दी",
      "👩‍👩‍👧 ❤️ ✓ → ⇒ ≤ ≥ “q” ‘q’ …",
  };
  return kTexts;
}

TEST(Mojibake, CleanTextOfAnyLanguageStays) {
  for (const std::string& text : clean_texts()) EXPECT_EQ(repaired(text), text);
  EXPECT_EQ(repaired(kKorean), kKorean);
  EXPECT_EQ(repaired(kEnglish), kEnglish);
}

TEST(Mojibake, Utf8ReadAsLatinIsRead) {
  for (const std::string& text : {kKorean, kEnglish, std::string{"Привет, мир! Это проверка."}, std::string{"日本語の文書です。"}}) {
    EXPECT_EQ(repaired(misread(text, Wrong::latin_1)), text);
    EXPECT_EQ(repaired(misread(text, Wrong::windows_1252)), text);
  }
}

TEST(Mojibake, UndoesItTwiceAndThrice) {
  for (const std::string& text : {kKorean, kEnglish}) {
    const std::string once = misread(text, Wrong::windows_1252), twice = misread(once, Wrong::windows_1252);
    EXPECT_EQ(repaired(twice), text);
    EXPECT_EQ(repaired(misread(twice, Wrong::windows_1252)), text);
  }
}

TEST(Mojibake, Cp949ReadAsLatinIsRead) {
  const std::string bytes = to_bytes(kKorean, "windows-949");
  EXPECT_EQ(repaired(misread(bytes, Wrong::latin_1)), kKorean);
  EXPECT_EQ(repaired(misread(bytes, Wrong::windows_1252)), kKorean);
}

TEST(Mojibake, QuotationMarksOfCp949InEnglishTextAreRead) {
  const std::string text = "The term “pod” and the word ‘node’ are used as everybody does…";
  EXPECT_EQ(repaired(misread(to_bytes(text, "windows-949"), Wrong::latin_1)), text);
  EXPECT_EQ(repaired("¡Él! ¡«No»! ¡Ánimo!"), "¡Él! ¡«No»! ¡Ánimo!");
}

TEST(Mojibake, Cp949OfRareSyllablesUsesLettersAsTrailBytes) {
  const std::string text = kKorean + " 뷁 똠방각하 펲시맨은 쓩 하고 지나갔다.";
  EXPECT_EQ(repaired(misread(to_bytes(text, "windows-949"), Wrong::latin_1)), text);
}

TEST(Mojibake, Utf8ReadAsCp949IsReadWhereNothingWasLost) {
  // Syllables whose bytes fall into pairs that CP949 has: the lead byte with a trail from A1, or a lead below C7.
  const std::string text = "비자발적 중단, 메모리의 경우, 컨트롤러 버전";
  const std::string wrong = from_bytes(text, "windows-949");
  ASSERT_EQ(wrong.find("\uFFFD"), std::string::npos) << wrong;
  EXPECT_EQ(repaired(wrong), text);
}

TEST(Mojibake, APartInsideGoodTextIsFound) {
  const std::string good = "이 문단은 멀쩡합니다. It costs 5 € in the café, naïvely.";
  for (const Wrong how : {Wrong::latin_1, Wrong::windows_1252}) {
    EXPECT_EQ(repaired(good + "\n\n" + misread(kKorean, how) + "\n\n" + good), good + "\n\n" + kKorean + "\n\n" + good);
    EXPECT_EQ(repaired(good + "\n\n" + misread(to_bytes(kKorean, "windows-949"), how) + "\n\n" + good), good + "\n\n" + kKorean + "\n\n" + good);
  }
  EXPECT_EQ(repaired("The caf\u00C3\u00A9 is open."), "The caf\u00E9 is open.");
  EXPECT_EQ(repaired("Itâ€™s done"), "It’s done");
}

TEST(Mojibake, AQuoteWhoseLastByteWasLostIsPutBack) {
  EXPECT_EQ(repaired("â€œquotedâ€\uFFFD text"), "“quoted” text");
}

TEST(Mojibake, KoreanWithLostBytesIsMostlyRead) {
  const std::string damaged = misread(kKorean, Wrong::windows_1252_lossy);
  const std::string result = repaired(damaged);
  size_t hangul = 0;
  for (size_t i = 0; i < result.size();) hangul += is_hangul_syllable(next_code_point(result, i));
  EXPECT_GT(hangul, 25U) << result;
}

TEST(Mojibake, RepairingTwiceChangesNothingMore) {
  for (const std::string& text : clean_texts()) {
    const std::string once = repaired(misread(text, Wrong::windows_1252));
    EXPECT_EQ(repaired(once), once);
  }
}

TEST(Mojibake, ATextInPiecesIsGivenUp) {
  std::string lost;
  for (int i = 0; i < 20; ++i) lost += "\uFFFD\uFFFD\uFFFD \uFFFD\uFFFD abc\n";
  const Outcome outcome = judged(lost);
  EXPECT_EQ(outcome.verdict, Verdict::drop);
  EXPECT_EQ(outcome.reason, "beyond_repair");
}

TEST(Mojibake, ALineInPiecesIsTakenOut) {
  std::string good;
  for (int i = 0; i < 10; ++i) good += kKorean + "\n";
  const Outcome outcome = judged(good + "\uFFFD\uFFFD\uFFFD 臾몄꽌\uFFFD\uFFFD\n" + good);
  ASSERT_EQ(outcome.verdict, Verdict::edit);
  ASSERT_EQ(outcome.edits.size(), 1U);
  EXPECT_EQ(outcome.edits[0].kind, "beyond_repair");
}

TEST(Mojibake, OneLostCharacterIsNoReason) { EXPECT_EQ(judged("A line with one \uFFFD in it.\n" + kKorean).verdict, Verdict::keep); }

TEST(Mojibake, EditsLieOnCharactersAndDoNotOverlap) {
  std::string text;
  for (const std::string& part : clean_texts()) text += misread(part, Wrong::windows_1252) + "\n" + part + "\n";
  size_t end = 0;
  for (const Repair& repair : diagnose(text).repairs) {
    EXPECT_GE(repair.begin, end);
    EXPECT_LT(repair.begin, repair.end);
    end = repair.end;
    EXPECT_TRUE(is_valid_utf8(text.substr(repair.begin, repair.end - repair.begin)));
    EXPECT_TRUE(is_valid_utf8(repair.text));
  }
}

TEST(Mojibake, AllTextOfTheSharedCorporaStays) {
  const auto shared = shared_corpora();
  if (!shared) GTEST_SKIP() << "no shared corpora: set HONE_SHARED";
  size_t files = 0;
  for (const char* folder : {"k8s-docs", "more-docs"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(*shared / folder)) {
      if (entry.path().extension() != ".md") continue;
      std::ifstream file(entry.path(), std::ios::binary);
      std::stringstream content;
      content << file.rdbuf();
      const std::string text = content.str();
      if (!is_valid_utf8(text)) continue;
      ++files;
      const Diagnosis diagnosis = diagnose(text);
      EXPECT_TRUE(diagnosis.repairs.empty() && !diagnosis.beyond_repair) << entry.path();
    }
  }
  EXPECT_GT(files, 100U);
}

TEST(Mojibake, EveryLabelledCaseIsRepairedAndNothingElseTouched) {
  const auto shared = shared_corpora();
  if (!shared) GTEST_SKIP() << "no labelled set: set HONE_SHARED";
  std::map<std::string, std::string> originals;
  base::LineReader labels(*shared / "labelled/labels.jsonl.gz");
  while (const auto line = labels.next()) {
    const auto label = nlohmann::json::parse(*line);
    if (label.at("class") == "mojibake") originals[label.at("id")] = label.at("original");
  }
  for (const document::Document& document : test::read_rows(*shared / "labelled/documents.jsonl.gz")) {
    const auto original = originals.find(document.id);
    EXPECT_EQ(repaired(document.text), original == originals.end() ? document.text : original->second) << document.id;
  }
}

}  // namespace
}  // namespace hone::corpus
