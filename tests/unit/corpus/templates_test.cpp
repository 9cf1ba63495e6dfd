#include <gtest/gtest.h>

#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "corpus/page_lines.h"
#include "corpus/repeated_lines.h"

namespace hone::corpus {
namespace {

using Texts = std::vector<std::string>;

/// What is left of each text when all are the documents of one source.
Texts cleaned(const Texts& texts) {
  std::vector<std::string> packed;
  Page page;
  for (const std::string& text : texts) {
    find_lines(text, page);
    packed.push_back(pack_lines(page));
  }
  RepeatedLines lines{recipe::BoilerplateOptions{}};
  lines.learn({packed.begin(), packed.end()});
  Texts left;
  for (const std::string& text : texts) {
    find_lines(text, page);
    const std::vector<bool> chosen = lines.choose(page);
    std::string rest;
    for (size_t i = 0; i < chosen.size(); ++i) {
      if (!chosen[i]) rest += text.substr(page.lines[i].begin, page.lines[i].end - page.lines[i].begin) + "\n";
    }
    left.push_back(rest);
  }
  return left;
}

std::string without_blank_lines(const std::string& text) {
  std::istringstream stream(text);
  std::string line, result;
  while (std::getline(stream, line)) {
    if (!line.empty()) result += line + "\n";
  }
  return result;
}

size_t ink(const std::string& text) {
  size_t count = 0;
  for (const char c : text) count += c != ' ' && c != '\n' && (static_cast<uint8_t>(c) & 0xC0) != 0x80;
  return count;
}

/// Words that could be of a language, drawn so that short ones come often.
class Speaker {
 public:
  Speaker(uint32_t seed, bool korean) : random_(seed), korean_(korean) {}
  uint32_t below(uint32_t bound) { return static_cast<uint32_t>(random_() % bound); }
  std::string word() {
    static const Texts kSyllables = {"ra", "ten", "mo", "sil", "ka", "ver", "do", "lin", "pa", "stru", "ne", "go", "bi", "tal", "fer", "us"};
    static const Texts kHangul = {"가", "나", "라", "무", "서", "정", "기", "도", "한", "사", "인", "대", "부", "관", "리", "용"};
    const Texts& syllables = korean_ ? kHangul : kSyllables;
    std::string result;
    for (uint32_t i = 0, count = 1 + std::min(below(4), below(4)); i <= count; ++i) result += syllables[below(16)];
    return result;
  }
  std::string words(uint32_t count) {
    std::string result;
    for (uint32_t i = 0; i < count; ++i) result += (i > 0 ? " " : "") + word();
    return result;
  }
  std::string sentence() { return words(5 + below(12)) + (korean_ ? "한다." : "."); }
  std::string paragraph(uint32_t sentences) {
    std::string result;
    for (uint32_t i = 0; i < sentences; ++i) result += (i > 0 ? " " : "") + sentence();
    return result;
  }

 private:
  std::mt19937 random_;
  bool korean_;
};

/// A template: lines of words, some of which are blanks (empty) to fill in.
struct Template {
  std::vector<Texts> lines;
  uint32_t sentences_a_line = 1;
  bool fields = false, korean = false;
};

Template make_template(uint32_t seed, bool korean, bool in_paragraphs, bool fields, double filled) {
  Speaker speaker(seed, korean);
  Template result;
  result.korean = korean;
  result.fields = fields;
  result.sentences_a_line = in_paragraphs ? 4 : 1;
  for (uint32_t line = 0; line < 18; ++line) {
    Texts words;
    const uint32_t length = 6 + speaker.below(9);
    for (uint32_t i = 0; i < length; ++i) words.push_back(speaker.word());
    // Blanks of one or two words, none in every third line: clauses that are the same for everybody.
    for (uint32_t blank = 0; line % 3 != 0 && blank < static_cast<uint32_t>(filled * length + 0.5); ++blank) {
      const uint32_t at = speaker.below(length - 1);
      words[at].clear();
      if (speaker.below(2) == 0) words[at + 1].clear();
    }
    result.lines.push_back(std::move(words));
  }
  return result;
}

std::string fill_in(const Template& form, uint32_t seed) {
  Speaker speaker(seed, form.korean);
  std::string text = form.korean ? "계약서\n\n" : "AGREEMENT\n\n";
  if (form.fields) {
    for (const char* label : {"Name", "Department", "Period", "Purpose"}) text += std::string(label) + ": " + speaker.words(2) + "\n";
    text += "\n";
  }
  for (uint32_t line = 0; line < form.lines.size(); ++line) {
    std::string sentence;
    for (const std::string& word : form.lines[line]) {
      if (!sentence.empty()) sentence += " ";
      sentence += !word.empty() ? word : speaker.below(2) == 0 ? speaker.word() : std::to_string(speaker.below(90000));
    }
    text += sentence + ((line + 1) % form.sentences_a_line == 0 ? ".\n" : ". ");
  }
  return text;
}

TEST(Templates, DocumentsFilledInFromOneStayWhole) {
  for (const uint32_t size : {4U, 5U, 9U, 16U, 40U}) {
    for (const double filled : {0.05, 0.15, 0.3}) {
      for (uint32_t kind = 0; kind < 8; ++kind) {
        const Template form = make_template(kind + 10 * size, (kind & 1) != 0, (kind & 2) != 0, (kind & 4) != 0, filled);
        Texts texts;
        for (uint32_t i = 0; i < size; ++i) texts.push_back(fill_in(form, 1000 + i));
        const Texts left = cleaned(texts);
        for (uint32_t i = 0; i < size; ++i) ASSERT_EQ(left[i], without_blank_lines(texts[i])) << "size " << size << ", filled " << filled << ", kind " << kind;
      }
    }
  }
}

TEST(Templates, OfOnePageWithFewWordsStayWhole) {
  for (const uint32_t size : {4U, 12U, 30U}) {
    Texts texts, minutes;
    for (uint32_t i = 0; i < size; ++i) {
      Speaker speaker(300 + i, true);
      texts.push_back("출장 신청서\n\n성명: " + speaker.word() + "\n부서: " + speaker.words(1) + "\n출장지: " + speaker.word() + "\n기간: 2024-05-0" + std::to_string(i % 9) +
                      "\n목적: " + speaker.words(3) + "\n\n위와 같이 출장을 신청하오니 허가하여 주시기 바랍니다.\n신청인은 여비 규정을 지킨다.\n");
      minutes.push_back("주간 회의록\n\n일시: 2024-05-0" + std::to_string(i % 9) + "\n장소: " + speaker.word() + "\n참석자: " + speaker.words(3) + "\n안건: " + speaker.words(2) + "\n\n1. 지난주 결과\n" +
                        speaker.paragraph(3) + "\n2. 이번 주 계획\n" + speaker.paragraph(3) + "\n\n이상으로 회의를 마친다.\n다음 회의는 같은 시각에 연다.\n");
    }
    for (const Texts& family : {texts, minutes}) {
      const Texts left = cleaned(family);
      for (uint32_t i = 0; i < size; ++i) ASSERT_EQ(left[i], without_blank_lines(family[i])) << size;
    }
  }
}

/// The reverse: between a fifth and two thirds of every page is the site's.
TEST(Templates, PagesOfASiteLoseTheirFurniture) {
  for (const uint32_t size : {5U, 9U, 16U, 40U}) {
    for (const double share : {0.2, 0.4, 0.6}) {
      for (const bool korean : {false, true}) {
        Speaker site(size + 7, korean);
        const std::string menu = site.words(2) + "\n" + site.words(4) + "\n" + site.words(3) + "\n\n";
        Texts bodies, texts;
        for (uint32_t i = 0; i < size; ++i) bodies.push_back(Speaker(5000 + i, korean).paragraph(4 + i % 5) + "\n\n" + Speaker(7000 + i, korean).paragraph(3) + "\n");
        const auto wanted = static_cast<size_t>(share / (1 - share) * static_cast<double>(ink(bodies[0])));
        std::string footer = "\n";
        while (ink(menu + footer) < wanted) footer += site.paragraph(2) + "\n";
        footer += site.paragraph(1) + "\n" + site.paragraph(1) + "\n";
        for (const std::string& body : bodies) texts.push_back(menu + body + footer);
        const Texts left = cleaned(texts);
        for (uint32_t i = 0; i < size; ++i) ASSERT_EQ(left[i], without_blank_lines(bodies[i])) << "size " << size << ", share " << share << (korean ? " ko" : " en");
      }
    }
  }
}

TEST(Templates, AShortNoticeLosesItsLongFooter) {
  Speaker office(77, false);
  std::string footer = "\n";
  for (int i = 0; i < 6; ++i) footer += office.paragraph(2) + "\n";
  Texts texts, notices;
  for (uint32_t i = 0; i < 12; ++i) {
    Speaker speaker(900 + i, false);
    notices.push_back(speaker.paragraph(1 + i % 3) + "\n");
    texts.push_back(notices.back() + footer);
  }
  EXPECT_EQ(cleaned(texts), notices);
}

TEST(Templates, FormsAmongPagesStayWholeAndThePagesLoseTheirFooter) {
  const std::string footer = "\nExample Corporation, 12 Long Street\nTerms of use | Privacy | Contact us\n";
  const Template form = make_template(3, false, true, false, 0.15);
  Texts texts, bodies;
  for (uint32_t i = 0; i < 10; ++i) {
    bodies.push_back(Speaker(400 + i, false).paragraph(6) + "\n");
    texts.push_back(bodies.back() + footer);
  }
  for (uint32_t i = 0; i < 8; ++i) texts.push_back(fill_in(form, 60 + i));
  const Texts left = cleaned(texts);
  for (uint32_t i = 0; i < 10; ++i) EXPECT_EQ(left[i], bodies[i]);
  for (uint32_t i = 10; i < 18; ++i) EXPECT_EQ(left[i], without_blank_lines(texts[i]));
}

}  // namespace
}  // namespace hone::corpus
