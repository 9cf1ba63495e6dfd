/// What a parser that misbehaves costs: one document. hone-read is told to by texts (document/faults.h).
#include <gtest/gtest.h>

#include <filesystem>

#include "base/files.h"
#include "document/stream.h"
#include "reading.h"
#include "support/shared.h"

namespace hone::document {
namespace {

class Faults : public testing::Test {
 protected:
  void put(const std::string& name, const std::string& content) { base::write_file(folder_ / name, content); }
  std::vector<Item> read(int threads = 1) {
    ReaderOptions options;
    options.threads = threads;
    options.test_faults = true;
    options.limits.seconds_per_document = 0.5;
    options.limits.memory_bytes = UINT64_C(512) << 20;
    return read_stream({{.pattern = (folder_ / "*").string()}}, options);
  }
  static std::string fault(const std::string& what) { return "HONE-READ-TEST-FAULT: " + what; }
  static std::string row(const std::string& text) { return "{\"text\": \"" + text + "\"}\n"; }
  test::TempDir folder_{"faults"};
};

TEST_F(Faults, ACrashCostsOneFile) {
  put("1.txt", "before");
  put("2.txt", fault("crash"));
  put("3.txt", "after");
  EXPECT_EQ(in_short(read()), (std::vector<std::string>{"1.txt: before", "2.txt! crashed", "3.txt: after"}));
}

TEST_F(Faults, ACrashCostsOneRowOfManyInOneFrame) {
  std::string rows;
  for (int i = 1; i <= 100; ++i)
    rows += row(i == 40 || i == 41 || i == 90 ? fault("crash") : "row " + std::to_string(i));
  put("rows.jsonl", rows);
  const auto items = read();
  ASSERT_EQ(items.size(), 100u);
  for (size_t i = 0; i < items.size(); ++i) {
    const bool bad = i == 39 || i == 40 || i == 89;
    EXPECT_EQ(std::holds_alternative<Rejection>(items[i]), bad) << i + 1;
    if (bad)
      EXPECT_EQ(std::get<Rejection>(items[i]).row, i + 1);
    else
      EXPECT_EQ(std::get<Document>(items[i]).text, "row " + std::to_string(i + 1));
  }
}

TEST_F(Faults, AHangIsEndedAfterItsTime) {
  put("1.txt", fault("hang"));
  put("2.txt", fault("sleep"));
  put("3.jsonl", row("fine") + row(fault("hang")) + row("fine too"));
  EXPECT_EQ(in_short(read()),
            (std::vector<std::string>{"1.txt! timed_out", "2.txt! timed_out", "3.jsonl#1: fine",
                                      "3.jsonl#2! timed_out", "3.jsonl#3: fine too"}));
}

#ifdef __SANITIZE_ADDRESS__
constexpr bool kSanitized = true;  // without memory limit and filter: see document/sandbox.cpp
#else
constexpr bool kSanitized = false;
#endif

TEST_F(Faults, ADocumentThatNeedsTooMuchMemoryIsRejectedAsTooLarge) {
  if (kSanitized) GTEST_SKIP() << "no memory limit under a sanitizer";
  put("1.txt", fault("balloon"));
  put("2.jsonl", row("fine") + row(fault("balloon")) + row("fine too"));
  EXPECT_EQ(in_short(read()), (std::vector<std::string>{"1.txt! too_large", "2.jsonl#1: fine",
                                                        "2.jsonl#2! too_large", "2.jsonl#3: fine too"}));
}

TEST_F(Faults, OutcomesDoNotDependOnTheThreads) {
  for (int i = 0; i < 30; ++i)
    put("f" + std::to_string(i) + ".txt", i % 7 == 3 ? fault("crash") : "text " + std::to_string(i));
  EXPECT_EQ(in_short(read(1)), in_short(read(4)));
}

TEST_F(Faults, TheSandboxForbidsWhatAParserNeverNeeds) {
  if (kSanitized) GTEST_SKIP() << "no system call filter under a sanitizer";
  put("1.txt", fault("escape"));
  const auto items = read();
  ASSERT_EQ(items.size(), 1u);
  ASSERT_TRUE(std::holds_alternative<Document>(items[0])) << in_short(items)[0];
  EXPECT_EQ(std::get<Document>(items[0]).text,
            "read a file: Operation not permitted\n"
            "write a file: Operation not permitted\n"
            "socket: Operation not permitted\n"
            "exec: Operation not permitted\n"
            "kill the parent: Operation not permitted\n"
            "executable memory: Operation not permitted\n"
            "fork: Operation not permitted\n");
}

TEST_F(Faults, WithoutTheTestOptionSuchATextIsATextLikeAnyOther) {
  put("1.txt", fault("crash"));
  EXPECT_EQ(in_short(read_stream({{.pattern = (folder_ / "*").string()}})),
            (std::vector<std::string>{"1.txt: " + fault("crash")}));
}

}  // namespace
}  // namespace hone::document
