/// What evaluation tasks take over from Python: its random numbers, its literals, its regular expressions.
#include <gtest/gtest.h>

#include "base/error.h"
#include "tasks/harness/python_literal.h"
#include "tasks/harness/python_random.h"
#include "tasks/harness/python_regex.h"

namespace hone::tasks {
namespace {

using Places = std::vector<size_t>;

TEST(PythonRandom, DrawsWhatCPythonDraws) {  // computed with CPython 3.11
  EXPECT_EQ(PythonRandom(1234).sample(10, 3), (Places{7, 1, 0}));
  EXPECT_EQ(PythonRandom(1234).sample(100, 6), (Places{99, 56, 14, 0, 11, 74}));
  EXPECT_EQ(PythonRandom(1234).sample(1000, 5), (Places{989, 796, 451, 119, 7}));
  EXPECT_EQ(PythonRandom((UINT64_C(1) << 40) + 5).bits(48), UINT64_C(145498478416164));
  EXPECT_DOUBLE_EQ(PythonRandom(0).fraction(), 0.8444218515250481);
}

TEST(PythonLiteral, ReadsBackWhatReprWrites) {
  for (const char* text : {"['a', 'b']", "[1, 2.5, -3]", "('x',)", "{'k': [True, None]}", "'it\\'s'", "\"it's\"", "'한글 \\n \\u00e9'", "[]", "()"}) {
    const auto value = python_literal(text);
    ASSERT_TRUE(value) << text;
    const auto again = python_literal(jinja::repr(*value));
    ASSERT_TRUE(again) << text;
    EXPECT_TRUE(jinja::equal(*value, *again)) << text;
  }
  for (const char* text : {"[1, ", "a", "['a' 1]", "[x]", "'open", "1 2", "__import__('os')", "07", "", "(,)"}) EXPECT_FALSE(python_literal(text)) << text;
  std::string deep(100'000, '[');
  EXPECT_FALSE(python_literal(deep)) << "nesting is bounded";
}

TEST(PythonRegex, FindsWhatReFinds) {
  const auto all = [](const char* pattern, const char* text) {
    std::vector<std::string> found;
    for (const auto& match : PythonRegex(pattern, "test").all(text)) found.push_back(std::string(text).substr(match.begin, match.end - match.begin));
    return found;
  };
  using Texts = std::vector<std::string>;
  EXPECT_EQ(all("(?<=\\$)[0-9]+", "$12 and 13 and $7"), (Texts{"12", "7"}));
  EXPECT_EQ(all("x*", "axb"), (Texts{"", "x", "", ""}));
  EXPECT_EQ(all("\\w+", "한글 text"), (Texts{"한글", "text"}));
  EXPECT_EQ(all("a{,2}", "aaa"), (Texts{"aa", "a", ""}));
  EXPECT_EQ(PythonRegex("(?s).*#### ", "test").replaced("a\nb #### 7", ""), "7");
  EXPECT_THROW(PythonRegex("(", "task"), Error);
  EXPECT_THROW(PythonRegex("(a+)+$", "task").all(std::string(40, 'a') + "b"), Error) << "work is bounded";
}

}  // namespace
}  // namespace hone::tasks
