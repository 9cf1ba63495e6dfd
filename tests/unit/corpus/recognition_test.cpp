#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "corpus/language.h"
#include "corpus/rules/quality.h"
#include "corpus/unicode.h"
#include "corpus/word_noise.h"
#include "document/document.h"
#include "support/shared.h"

namespace hone::corpus {
namespace {

namespace fs = std::filesystem;

std::string reason(const std::string& text) {
  const document::Document document;
  const Language language = detect_language(text);
  return Quality(recipe::QualityOptions{}).judge({text, text, document, language, 0}).reason;
}

std::vector<std::string> texts_below(const fs::path& folder, const std::vector<std::string>& endings) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (entry.is_regular_file() && std::any_of(endings.begin(), endings.end(), [&](const std::string& ending) { return name.ends_with(ending); })) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<std::string> texts;
  for (const fs::path& file : files) {
    std::ifstream stream(file, std::ios::binary);
    texts.emplace_back(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
  }
  return texts;
}

/// Paragraphs of prose of the manual, some 800 bytes a text.
std::vector<std::string> prose(const std::string& language) {
  std::vector<std::string> pieces;
  for (const std::string& text : texts_below(test::source() / "docs/manual" / language, {".md"})) {
    std::string piece;
    for (size_t begin = 0; begin < text.size();) {
      const size_t end = std::min(text.find("\n\n", begin), text.size());
      const std::string paragraph = text.substr(begin, end - begin);
      begin = end + 2;
      if (paragraph.size() < 150 || paragraph.find_first_of("|`#") != std::string::npos) continue;
      piece += paragraph + "\n\n";
      if (piece.size() < 800) continue;
      pieces.push_back(std::move(piece));
      piece.clear();
    }
  }
  return pieces;
}

/// As a bad scan is read: of `share` of the characters a quarter is lost, half is something else, and a quarter has something behind it.
std::string misread(const std::string& text, double share, std::u32string_view noise, std::mt19937& random) {
  std::string result;
  for (size_t i = 0; i < text.size();) {
    const char32_t c = next_code_point(text, i);
    const double roll = static_cast<double>(random() % 10'000) / 10'000;
    if (c == '\n' || roll >= share) {
      append_code_point(result, c);
      continue;
    }
    const char32_t other = noise[random() % noise.size()];
    if (roll < share / 4) continue;
    if (roll > share * 3 / 4) append_code_point(result, c);
    append_code_point(result, other);
  }
  return result;
}

TEST(Recognition, MisreadTextGoesAndTheSameTextStays) {
  std::mt19937 random(11);
  for (const std::string language : {"en", "ko"}) {
    const std::vector<std::string> texts = prose(language);
    ASSERT_GE(texts.size(), 20U);
    for (const std::string& text : texts) EXPECT_EQ(reason(text), "");
    for (const std::u32string_view noise : {U"|\u00A6l1I0O~^*_`'\u00B0\u00B7\u00AC", U"|!lI1~^\\{}$*", U"0O1lI|'`^~\u00A7\u2022\u00A2"}) {
      for (const double share : {0.12, 0.15, 0.2, 0.25}) {
        size_t gone = 0;
        for (const std::string& text : texts) gone += !reason(misread(text, share, noise, random)).empty();
        EXPECT_GE(static_cast<double>(gone), (share < 0.15 ? 0.9 : 0.95) * static_cast<double>(texts.size())) << language << " " << share;
      }
    }
  }
}

TEST(Recognition, TechnicalTextStays) {
  std::vector<std::string> texts = texts_below(test::source() / "docs", {".md"});
  for (const auto& [folder, endings] : std::vector<std::pair<std::string, std::vector<std::string>>>{{"src/corpus", {".cpp", ".h"}}, {"tests/system", {".py", ".sh"}}}) {
    for (std::string& text : texts_below(test::source() / folder, endings)) texts.push_back(std::move(text));
  }
  if (const auto shared = test::shared(); shared) {
    for (const char* corpus : {"k8s-docs", "more-docs", "handbook", "speech"}) {
      if (!fs::exists(*shared / "corpora" / corpus)) continue;
      for (std::string& text : texts_below(*shared / "corpora" / corpus, {".md", ".expected.txt", ".ko.txt", ".en.txt"})) texts.push_back(std::move(text));
    }
  }
  for (const std::string& text : texts) EXPECT_NE(reason(text), "broken_words") << text.substr(0, 300);
}

TEST(Recognition, FormsOfOrdinaryWriting) {
  std::string table = "id,name,e-mail,note\n";
  for (int i = 0; i < 30; ++i) table += std::to_string(i) + ",\"Lee, J.\",lee" + std::to_string(i) + "@example.com,'checked'\n";
  EXPECT_EQ(reason(table).find("broken"), std::string::npos);
  EXPECT_NE(reason("Use `kubectl get pods` to list *all* pods, **never** `rm -rf ~/data`; see /usr/local/lib/lib_a.so, C:\\Users\\me and ~/.bashrc. The macro MAX_LEN is 1'000, the type "
                   "std::vector<int>, the ranges are 3~5 and a|b. Don't quote 'single words' or the users' names; § 12 (1) of the act and Art. 3° apply to v1beta1, x86_64 and k8s."),
            "broken_words");
  EXPECT_NE(reason("`kubectl`을 실행하면 **파드**가 나오고 `노드`는 *그대로* 남는다. 월~금요일 9시~18시에 한·중·일 회의를 연다. 제1항과 제2호는 'A안'으로 하고 B안은 버린다. 3D 모델링과 4K영상, "
                   "CPU와 GPU를 함께 쓰며 my_table의 user_id는 그대로 두고 '가'와 '나'를 고른다. ~/data와 $HOME을 지우지 말고 `a|b`로 적는다."),
            "broken_words");
}

TEST(Recognition, WordsAndTheirNoise) {
  for (const char* word : {"wi|l", "re^d", "th`t", "a~d", "rec0rd", "reaIly", "o·her", "s'gn", "문|서", "조I사", "파l일", "규1칙", "낱_말", "못°한", "c¬me", "wo\\d"}) EXPECT_EQ(noise_of(word), WordNoise::inside) << word;
  for (const char* word : {"word|", "^word", "`한글", "글·", "text'", "_그"}) EXPECT_EQ(noise_of(word), WordNoise::at_end) << word;
  for (const char* word : {"¦", "^", "°"}) EXPECT_EQ(noise_of(word), WordNoise::alone) << word;
  for (const char* word : {"word", "don't", "we're", "O'Neil's", "`word`", "**word**", "`kubectl`을", "한·중", "월~금", "snake_case", "MAX_LEN", "iPhone", "OpenID", "CPU와", "제1항", "100%", "|", "*", "http://a.b/c~d", "it's"}) {
    EXPECT_EQ(noise_of(word), WordNoise::none) << word;
  }
}

}  // namespace
}  // namespace hone::corpus
