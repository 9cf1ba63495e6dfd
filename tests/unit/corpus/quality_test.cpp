#include "corpus/rules/quality.h"

#include <gtest/gtest.h>

#include <functional>
#include <random>

#include "corpus/encoded_blocks.h"
#include "corpus/language.h"
#include "corpus/unicode.h"
#include "document/document.h"

namespace hone::corpus {
namespace {

Outcome judged(const std::string& text, recipe::QualityOptions options = {}) {
  const document::Document document;
  const Language language = detect_language(text);
  return Quality(options).judge({text, text, document, language, 0});
}

std::string drawn(size_t count, std::u32string_view alphabet, uint32_t seed, int space_every, int line_every = 0) {
  std::mt19937 random(seed);
  std::string text;
  for (size_t i = 0; i < count; ++i) {
    append_code_point(text, alphabet[random() % alphabet.size()]);
    if (space_every > 0 && random() % static_cast<uint32_t>(space_every) == 0) text += ' ';
    if (line_every > 0 && i % static_cast<size_t>(line_every) == static_cast<size_t>(line_every) - 1) text += '\n';
  }
  return text;
}

const std::u32string kLower = U"abcdefghijklmnopqrstuvwxyz";
const std::u32string kBase64 = U"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

const std::string kEnglish =
    "The service reads its settings when it starts. If the file is missing, it writes one with the default values and says so in "
    "the log. Later changes are picked up within a minute; there is no need to restart anything. Values that make no sense are "
    "refused with the line they stand on, and the old ones stay in force until somebody corrects them.";
const std::string kKorean =
    "서비스는 시작할 때 설정 파일을 읽는다. 파일이 없으면 기본값으로 새 파일을 만들고 기록에 남긴다. 나중에 바뀐 값은 일 분 안에 반영되므로 다시 시작할 필요가 없다. "
    "말이 되지 않는 값은 어느 줄에 있는지 알려 주며 받아들이지 않고, 고칠 때까지 이전 값을 그대로 쓴다.";

TEST(Quality, OrdinaryTextStays) {
  EXPECT_EQ(judged(kEnglish).reason, "");
  EXPECT_EQ(judged(kKorean).reason, "");
  EXPECT_EQ(judged(kKorean + "\n" + kEnglish).reason, "");
  EXPECT_EQ(judged("짧지만 뜻이 있는 한국어 문장이라서 이것은 그대로 남아야 한다.").reason, "");
  EXPECT_EQ(judged("| Version | Date | Size |\n| --- | --- | --- |\n| one | May | large |\n| two | June | small |\n" + kEnglish).reason, "");
  EXPECT_EQ(judged("1. Check the power.\n2. Check the cable.\n3. Check the settings.\n4. Check the rights.\n5. Check the log.\n6. Check the backup.\n").reason, "");
  EXPECT_EQ(judged("ㅋㅋㅋㅋ ㅎㅎㅎ 정말 재미있는 이야기였습니다. " + kKorean).reason, "");
}

TEST(Quality, KeysAndAddressesDoNotCondemnTheTextAroundThem) {
  const std::string key = drawn(640, kBase64, 4, 0, 64);
  EXPECT_EQ(judged(kEnglish + "\n" + key + kEnglish + kEnglish).reason, "");
  EXPECT_EQ(judged(kKorean + kKorean + "\n" + key).reason, "");
}

TEST(Quality, WhatIsNoLanguageGoes) {
  std::u32string syllables, jamo, signs;
  for (char32_t c = 0xAC00; c <= 0xD7A3; ++c) syllables += c;
  for (char32_t c = 0x3131; c <= 0x3163; ++c) jamo += c;
  for (char32_t c = 0x21; c < 0x7F; ++c) {
    if (!std::isalnum(static_cast<int>(c))) signs += c;
  }
  const std::vector<std::pair<const char*, std::function<std::string(uint32_t)>>> forms = {
      {"random letters", [](uint32_t s) { return drawn(900, kLower, s, 6); }},
      {"keyboard rows", [](uint32_t s) { return drawn(600, U"asdfjkl;qweruiop", s, 0, 17); }},
      {"base64", [](uint32_t s) { return drawn(900, kBase64, s, 0, 76); }},
      {"short base64 lines", [](uint32_t s) { return drawn(900, kBase64, s, 0, 32); }},
      {"hexadecimal", [](uint32_t s) { return drawn(900, U"0123456789abcdef", s, 0, 64); }},
      {"hexadecimal pairs", [](uint32_t s) { return drawn(900, U"0123456789ABCDEF", s, 3); }},
      {"random syllables", [&](uint32_t s) { return drawn(500, syllables, s, 3); }},
      {"random jamo", [&](uint32_t s) { return drawn(500, jamo, s, 4); }},
      {"signs", [&](uint32_t s) { return drawn(900, signs, s, 9); }},
      {"digits", [](uint32_t s) { return drawn(900, U"0123456789", s, 5); }},
      {"upper case", [](uint32_t s) { return drawn(900, U"ABCDEFGHIJKLMNOPQRSTUVWXYZ", s, 7); }},
  };
  for (const auto& [name, make] : forms) {
    for (uint32_t seed = 1; seed <= 20; ++seed) EXPECT_EQ(judged(make(seed)).verdict, Verdict::drop) << name << ": " << make(seed).substr(0, 60);
  }
}

TEST(Quality, MinifiedCodeGoes) {
  std::string script = "!function(e,t){\"object\"==typeof exports?module.exports=t():e.lib=t()}(this,function(){";
  for (int i = 0; i < 30; ++i) script += "var n=e[" + std::to_string(i) + "];if(!n||n.r<t.q){return\"use strict\",void 0!==n?n.call(t,e):null}";
  EXPECT_EQ(judged(script).reason, "long_words");
  std::string style;
  for (int i = 0; i < 40; ++i) style += ".c" + std::to_string(i) + "{margin:0;padding:" + std::to_string(i) + "px;color:#fff}.a>b{display:none}";
  EXPECT_EQ(judged(style).verdict, Verdict::drop);
}

TEST(Quality, BadRecognitionGoes) {
  std::mt19937 random(5);
  std::string english, korean;
  for (const char c : kEnglish + kEnglish) {
    static const std::string kFrom = "oiselat", kTo = "0|5c1@+";
    const size_t at = kFrom.find(c);
    english += at != std::string::npos && random() % 2 == 0 ? kTo[at] : c;
  }
  EXPECT_EQ(judged(english).reason, "broken_words");
  const std::string korean_text = kKorean + kKorean;
  for (size_t i = 0; i < korean_text.size();) {
    const char32_t c = next_code_point(korean_text, i);
    const bool syllable = is_hangul_syllable(c) && random() % 8 == 0;
    append_code_point(korean, syllable ? U'ㄱ' + (c - 0xAC00) / 588 : c);
  }
  EXPECT_EQ(judged(korean).reason, "broken_words");
}

TEST(Quality, TheSameOverAndOverGoes) {
  std::string lines, phrase, sentences;
  for (int i = 0; i < 40; ++i) {
    lines += "Please contact the service desk for prices.\n";
    phrase += "가격 문의 ";
    sentences += i % 2 == 0 ? "This page was printed from the intranet. " : "Ask before you copy it, please. ";
  }
  EXPECT_EQ(judged(lines).reason, "repetitive");
  EXPECT_EQ(judged(phrase).reason, "repetitive");
  EXPECT_EQ(judged(sentences).reason, "repetitive");
}

TEST(Quality, ShortIsCountedWithHangulTwice) {
  EXPECT_EQ(judged("See attachment.").reason, "too_short");
  EXPECT_EQ(judged("(내용 없음)").reason, "too_short");
  EXPECT_EQ(judged("").reason, "too_short");
  EXPECT_EQ(judged("Turn the key.", {.min_characters = 10}).reason, "");
}

/// Words put together from syllables that can be spoken.
std::string spoken_nonsense(uint32_t seed) {
  std::mt19937 random(seed);
  const std::string consonants = "bcdfghjklmnprstvwz", vowels = "aeiou";
  std::string text;
  for (int word = 0; word < 140; ++word) {
    for (uint32_t syllable = 0; syllable <= random() % 3; ++syllable) {
      text += consonants[random() % consonants.size()];
      text += vowels[random() % vowels.size()];
    }
    text += ' ';
  }
  return text;
}

TEST(Quality, NonsenseThatCouldBeSpokenGoes) {
  for (uint32_t seed = 1; seed <= 20; ++seed) EXPECT_EQ(judged(spoken_nonsense(seed)).reason, "no_words") << spoken_nonsense(seed).substr(0, 60);
}

TEST(Quality, CommonSyllablesInAnyOrderGo) {
  const std::u32string syllables =
      U"다이는하에를을로스한니트의가서지드수용리사있기은시해할인정고파성러으일어자습제도되포그경터면요합된버대라여적우전과동모것만와클플보나위않더컴상데입작컨"
      U"레들부구함비네세테션문실행생음예게넌소프설변노링야크티반오때아필중업개너화출유록호케내같값공운타든방능렌브장래명임선환마쿠또메확미추려른결본거원코언단";
  for (uint32_t seed = 1; seed <= 20; ++seed) EXPECT_EQ(judged(drawn(500, syllables, seed, 4)).reason, "no_words");
}

TEST(Quality, OtherLanguagesStay) {
  EXPECT_EQ(judged("Der Dienst liest seine Einstellungen beim Start. Fehlt die Datei, so schreibt er eine mit den Vorgaben und vermerkt es im "
                   "Protokoll. Spätere Änderungen gelten innerhalb einer Minute, ein Neustart ist nicht nötig.").reason, "");
  EXPECT_EQ(judged("Le service lit ses réglages au démarrage. Si le fichier manque, il en écrit un avec les valeurs par défaut et le note dans "
                   "le journal. Les valeurs absurdes sont refusées avec le numéro de la ligne.").reason, "");
  EXPECT_EQ(judged("Служба читает настройки при запуске. Если файла нет, она создаёт новый со значениями по умолчанию и пишет об этом в журнал. "
                   "Более поздние изменения вступают в силу в течение минуты.").reason, "");
}

TEST(Quality, OtherEncodingsOfBytesGo) {
  const std::vector<std::pair<const char*, std::function<std::string(uint32_t)>>> forms = {
      {"base32", [](uint32_t s) { return drawn(900, U"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", s, 0, 64); }},
      {"base85", [](uint32_t s) { return drawn(900, U"!#$%&()*+-;<=>?@^_`{|}~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", s, 0, 75); }},
      {"data URI", [](uint32_t s) { return "data:image/png;base64," + drawn(900, kBase64, s, 0); }},
      {"C array", [](uint32_t s) {
         std::string text;
         std::mt19937 random(s);
         for (int i = 0; i < 200; ++i) text += "0x" + std::string(1, "0123456789abcdef"[random() % 16]) + "f, ";
         return text;
       }},
  };
  for (const auto& [name, make] : forms) {
    for (uint32_t seed = 1; seed <= 10; ++seed) EXPECT_EQ(judged(make(seed)).verdict, Verdict::drop) << name;
  }
}

TEST(Quality, EncodedDataInsideGoodTextGoesAndTheTextStays) {
  const std::string block = drawn(64 * 9 + 30, kBase64, 5, 0, 64);
  const std::string text = kEnglish + "\n" + block + "\n" + kEnglish + "\n";
  const Outcome outcome = judged(text);
  ASSERT_EQ(outcome.verdict, Verdict::edit);
  ASSERT_EQ(outcome.edits.size(), 1U);
  EXPECT_EQ(outcome.edits[0].kind, "encoded_data");
  std::string rest = text;
  rest.erase(outcome.edits[0].begin, outcome.edits[0].end - outcome.edits[0].begin);
  EXPECT_EQ(rest, kEnglish + "\n" + kEnglish + "\n");
  EXPECT_EQ(judged(rest).verdict, Verdict::keep);
  EXPECT_EQ(judged(text, {.remove_encoded_blocks = false}).verdict, Verdict::keep);
  EXPECT_EQ(judged(block + block).verdict, Verdict::drop);
}

TEST(Quality, KeysAreLeftToTheRuleForSecrets) {
  const std::string key = "-----BEGIN PRIVATE KEY-----\n" + drawn(64 * 20, kBase64, 6, 0, 64) + "-----END PRIVATE KEY-----\n";
  EXPECT_TRUE(find_encoded_blocks(kEnglish + "\n" + key).empty());
  EXPECT_EQ(find_encoded_blocks(key + drawn(64 * 4, kBase64, 6, 0, 64)).size(), 1U);
  EXPECT_TRUE(find_encoded_blocks(std::string(600, '-') + "\n" + std::string(600, '=')).empty());
}

TEST(Quality, RepetitionWithoutRunsOfWordsGoes) {
  std::string unspaced, short_list, log;
  std::mt19937 random(2);
  for (int i = 0; i < 120; ++i) {
    unspaced += "가격문의환영";
    short_list += std::vector<std::string>{"buy", "now", "cheap", "deal"}[random() % 4] + " ";
    log += "2024-03-01 12:00:" + std::to_string(10 + i % 50) + " INFO [worker] Request handled in " + std::to_string(random() % 100) + " ms\n";
  }
  EXPECT_EQ(judged(unspaced).reason, "repetitive");
  EXPECT_EQ(judged(short_list).reason, "repetitive");
  EXPECT_NE(judged(log).reason, "");
}

TEST(Quality, ListsFormsAndTalkStay) {
  std::string prices, talk, api;
  for (int i = 1; i <= 12; ++i) {
    prices += "연필 세트 " + std::to_string(i * 7) + "개 묶음 " + std::to_string(i * 13) + ",500원\n";
    api += "GET /api/v1/items" + std::to_string(i) + "/{id} returns one of the items that the list has.\n";
  }
  talk = "안녕하세요ㅎㅎ 어제 말씀드린 자료 보내드려요~\n네네 감사합니다!! ㅋㅋㅋ 확인해볼게요\n혹시 오류 나면 바로 말해주세요ㅠㅠ 제가 다시 볼게요\n"
         "아 그리고 회의는 3시로 옮겼어요ㅎㅎ 괜찮으시죠?\n넵 괜찮아요 이따 봬요~";
  EXPECT_EQ(judged(prices).reason, "");
  EXPECT_EQ(judged(talk).reason, "");
  EXPECT_EQ(judged(api).reason, "");
  EXPECT_EQ(judged("Name: ____________\nAddress: ____________\nTelephone: ____________\nDate of birth: ____________\nSignature: ____________\n").reason, "");
}

TEST(Quality, FindingsAreKeptWhateverTheVerdict) { EXPECT_GE(judged(kEnglish).findings.size(), 6U); }

}  // namespace
}  // namespace hone::corpus
