#include "corpus/rules/language.h"

#include <gtest/gtest.h>

#include "corpus/foreign_paragraphs.h"
#include "document/document.h"

namespace hone::corpus {
namespace {

const std::string kEnglish =
    "The service reads its settings when it starts. If the file is missing, it writes one with the default values and says so in "
    "the log. Later changes are picked up within a minute; there is no need to restart anything.";
const std::string kKorean =
    "서비스는 시작할 때 설정 파일을 읽는다. 파일이 없으면 기본값으로 새 파일을 만들고 기록에 남긴다. 나중에 바뀐 값은 일 분 안에 반영되므로 다시 시작할 필요가 없다.";
const std::string kFrench =
    "Le service lit ses réglages au démarrage. Si le fichier manque, il en écrit un avec les valeurs par défaut et le signale dans le "
    "journal. Les changements ultérieurs sont pris en compte en une minute, sans redémarrage.";
const std::string kGerman =
    "Der Dienst liest seine Einstellungen beim Start. Fehlt die Datei, so schreibt er eine mit den üblichen Werten und vermerkt das im "
    "Protokoll. Spätere Änderungen werden binnen einer Minute übernommen, ein Neustart ist nicht nötig.";

Outcome judged(const std::string& text, const std::string& original, std::vector<std::string> wanted = {"en", "ko"}) {
  const document::Document document;
  const Language language = detect_language(original);
  return LanguageFilter(std::move(wanted)).judge({text, original, document, language, 0});
}
Outcome judged(const std::string& text) { return judged(text, text); }

TEST(LanguageFilter, DocumentsInOtherLanguagesGo) {
  const std::vector<std::pair<std::string, std::string>> foreign = {
      {"fr", kFrench},
      {"de", kGerman},
      {"vi", "Dịch vụ đọc các thiết lập của nó khi khởi động. Nếu thiếu tệp, nó sẽ ghi một tệp với các giá trị mặc định và ghi lại điều đó trong nhật ký hệ thống."},
      {"th", "บริการจะอ่านการตั้งค่าเมื่อเริ่มทำงาน หากไม่มีไฟล์ ระบบจะเขียนไฟล์ใหม่ด้วยค่าเริ่มต้นและบันทึกไว้ในบันทึกของระบบ การเปลี่ยนแปลงในภายหลังจะมีผลภายในหนึ่งนาที"},
      {"pl", "Usługa odczytuje swoje ustawienia podczas uruchamiania. Jeśli brakuje pliku, zapisuje nowy z wartościami domyślnymi i odnotowuje to w dzienniku zdarzeń."},
      {"pt", "O serviço lê as suas configurações quando começa. Se o ficheiro não existir, escreve um com os valores predefinidos e regista isso no diário do sistema."},
      {"tr", "Hizmet, başlarken ayarlarını okur. Dosya yoksa varsayılan değerlerle yeni bir dosya yazar ve bunu günlüğe kaydeder. Sonraki değişiklikler bir dakika içinde alınır."},
      {"ar", "تقرأ الخدمة إعداداتها عند بدء التشغيل. إذا كان الملف مفقودًا فإنها تكتب ملفًا جديدًا بالقيم الافتراضية وتسجل ذلك في السجل. تؤخذ التغييرات اللاحقة خلال دقيقة واحدة."},
      {"ja", "サービスは起動時に設定を読み込みます。ファイルがない場合は、既定値で新しいファイルを書き込み、その旨をログに記録します。後の変更は一分以内に反映されるため、再起動の必要はありません。変更内容は必ず記録に残り、後から誰でも確認することができます。"},
  };
  for (const auto& [code, text] : foreign) {
    const Outcome outcome = judged(text);
    EXPECT_EQ(outcome.verdict, Verdict::drop) << code;
    EXPECT_EQ(outcome.reason, code);
  }
}

TEST(LanguageFilter, DocumentsInWantedLanguagesAndMixturesStay) {
  for (const std::string& text : {kEnglish, kKorean, kEnglish + "\n\n" + kKorean, kKorean + " (" + kEnglish.substr(0, 90) + ")"}) {
    const Outcome outcome = judged(text);
    EXPECT_EQ(outcome.verdict, Verdict::keep) << text;
    EXPECT_TRUE(outcome.flags.empty()) << text;
  }
  EXPECT_EQ(judged(kFrench, kFrench, {}).verdict, Verdict::keep);
  EXPECT_EQ(judged(kFrench, kFrench, {"fr"}).verdict, Verdict::keep);
}

TEST(DetectLanguages, EnglishIsToldByItsSmallWordsAndHangulBesideItIsCounted) {
  const std::vector<Language> english = detect_languages(kEnglish + " " + kEnglish + " " + kEnglish);
  ASSERT_EQ(english.size(), 1U);
  EXPECT_EQ(english.front().code, "en");
  EXPECT_EQ(english.front().share, 1.0);
  const std::vector<Language> both = detect_languages(kEnglish + "\n\n" + kEnglish + "\n\n" + kKorean);
  ASSERT_EQ(both.size(), 2U);
  EXPECT_EQ(both.front().code, "en");
  EXPECT_EQ(both.back().code, "ko");
  EXPECT_NEAR(both.front().share + both.back().share, 1.0, 0.05);
}

TEST(DetectLanguages, AForeignThirdIsNotTakenForEnglish) {
  const std::string dutch =
      "De dienst leest de instellingen bij het starten. Als het bestand ontbreekt, schrijft hij er een met de standaardwaarden en meldt dat in "
      "het logboek. Latere wijzigingen worden binnen een minuut overgenomen; opnieuw starten is niet nodig.";
  for (const std::string& text : {kEnglish + kEnglish + dutch, dutch + kEnglish + kEnglish, kEnglish + dutch + kEnglish}) {
    const std::vector<Language> found = detect_languages(text);
    ASSERT_FALSE(found.empty());
    EXPECT_LT(found.front().share, 0.9);
  }
}

TEST(LanguageFilter, SeveralForeignLanguagesAreForeignTogether) {
  const std::string polish = "Usługa odczytuje swoje ustawienia podczas uruchamiania. Jeśli brakuje pliku, zapisuje nowy z wartościami domyślnymi i odnotowuje to w dzienniku.";
  const std::string turkish = "Hizmet, başlarken ayarlarını okur. Dosya yoksa varsayılan değerlerle yeni bir dosya yazar ve bunu günlüğe kaydeder. Değişiklikler alınır.";
  EXPECT_EQ(judged(polish + "\n\n" + turkish + "\n\n" + kFrench.substr(0, 150)).verdict, Verdict::drop);
}

TEST(LanguageFilter, ShortTextsAndCodeStay) {
  EXPECT_EQ(judged("Guten Tag, wie geht es Ihnen?").verdict, Verdict::keep);
  EXPECT_EQ(judged("for (size_t i = 0; i < n; ++i) {\n  sum += values[i] * weights[i];\n}\nreturn sum / total;\n\nint main(int argc, char** argv) { return run(argc, argv); }").verdict,
            Verdict::keep);
}

TEST(LanguageFilter, AForeignDocumentFullOfNamesOfCommandsGoes) {
  std::string text = "kubectl get pods --namespace default --output yaml\nkubectl apply -f deployment.yaml\n\n";
  for (int i = 0; i < 4; ++i) text += kGerman + "\n\nkubectl rollout status deployment/nginx --watch\n\n";
  EXPECT_EQ(judged(text).verdict, Verdict::drop);
}

TEST(LanguageFilter, AForeignParagraphInAGoodDocumentIsPointedOutAndLeft) {
  const std::string text = kEnglish + "\n\n" + kFrench + "\n\n" + kEnglish;
  const Outcome outcome = judged(text);
  EXPECT_EQ(outcome.verdict, Verdict::keep);
  ASSERT_EQ(outcome.flags.size(), 1U);
  EXPECT_EQ(text.substr(outcome.flags[0].begin, outcome.flags[0].end - outcome.flags[0].begin), kFrench);
}

TEST(LanguageFilter, AQuotationIsNotPointedOut) {
  EXPECT_TRUE(judged(kEnglish + "\n\n“" + kFrench + "”\n\n" + kEnglish).flags.empty());
  EXPECT_TRUE(judged(kKorean + "\n\n> " + kGerman + "\n\n" + kKorean).flags.empty());
}

TEST(LanguageFilter, ATextMadeReadableByAnEarlierRuleIsJudgedAgain) {
  std::string garbled;
  for (int i = 0; i < 3; ++i) garbled += kFrench;
  EXPECT_EQ(judged(kKorean, garbled).verdict, Verdict::keep);
}

TEST(ForeignParagraphs, AreTakenOutByTheRuleOfThatName) {
  const std::string text = kKorean + "\n\n" + kGerman + "\n\n" + kKorean;
  const document::Document document;
  const Language language;
  const Outcome outcome = ForeignParagraphs({"en", "ko"}).judge({text, text, document, language, 0});
  ASSERT_EQ(outcome.edits.size(), 1U);
  std::string left = text;
  left.erase(outcome.edits[0].begin, outcome.edits[0].end - outcome.edits[0].begin);
  EXPECT_EQ(left, kKorean + "\n\n" + kKorean);
}

}  // namespace
}  // namespace hone::corpus
