// What load_tokenizer takes and what it refuses, in which words.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/error.h"
#include "base/files.h"
#include "base/random.h"
#include "unit/tokenizer/vocabularies.h"

namespace hone::tokenizer {
namespace {

using hone::test::TempDir;
using testing::AllOf;
using testing::HasSubstr;

std::string refusal(const std::filesystem::path& path) {
  try {
    load_tokenizer(path);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::data) << error.what();
    return error.what();
  }
  ADD_FAILURE() << path << " was accepted";
  return {};
}

TEST(LoadTokenizer, TakesAFolderAndBringsItsCompanions) {
  const TempDir folder;
  base::write_file(folder / "tokenizer.model", base::read_file(test::vocabulary("unigram.model")));
  base::write_file(folder / "tokenizer_config.json", R"({"add_bos_token": false})");
  const auto tokenizer = load_tokenizer(folder.path());
  EXPECT_FALSE(tokenizer->adds_bos());
  EXPECT_EQ(tokenizer->sha256(), test::load("unigram")->sha256());
  ASSERT_EQ(tokenizer->files().size(), 2U);
  EXPECT_EQ(tokenizer->files()[0], folder / "tokenizer.model");
  EXPECT_EQ(tokenizer->files()[1], folder / "tokenizer_config.json");
  EXPECT_TRUE(test::load("unigram")->adds_bos());
}

TEST(LoadTokenizer, ReadsTheConfigurationStrictly) {
  const TempDir folder;
  base::write_file(folder / "tokenizer.model", base::read_file(test::vocabulary("unigram.model")));
  base::write_file(folder / "tokenizer_config.json", R"({"add_bos_token": "yes"})");
  EXPECT_THAT(refusal(folder.path()), HasSubstr("add_bos_token"));
  base::write_file(folder / "tokenizer_config.json", "[1]");
  EXPECT_THAT(refusal(folder.path()), HasSubstr("tokenizer_config.json"));
}

TEST(LoadTokenizer, SaysWhatIsReadWhereOnlyTokenizerJsonIs) {
  const TempDir folder;
  base::write_file(folder / "tokenizer.json", "{}");
  EXPECT_THAT(refusal(folder.path()),
              AllOf(HasSubstr("tokenizer.json"), HasSubstr("tokenizer.model"), HasSubstr("tokenizer.train")));
  EXPECT_THAT(refusal(folder / "tokenizer.json"), HasSubstr("tokenizer.model"));
}

TEST(LoadTokenizer, NamesThePathThatIsMissing) {
  const TempDir folder;
  EXPECT_THAT(refusal(folder / "absent.model"), HasSubstr("absent.model"));
  EXPECT_THAT(refusal(folder.path()), HasSubstr("no tokenizer.model in this folder"));
}

TEST(LoadTokenizer, RefusesEveryTruncation) {
  const TempDir folder;
  const std::string whole = base::read_file(test::vocabulary("unigram.model"));
  const auto path = folder / "cut.model";
  for (size_t size = 0; size < whole.size(); size += size < whole.size() - 200 ? 97 : 1) {
    std::ofstream(path, std::ios::binary) << whole.substr(0, size);
    EXPECT_THAT(refusal(path), AllOf(HasSubstr("cut.model"), HasSubstr("copy the file again"))) << size;
  }
}

TEST(LoadTokenizer, DamagedBytesAreRefusedOrHarmless) {
  const TempDir folder;
  const auto path = folder / "damaged.model";
  base::RandomStream random(3, "damage");
  const auto try_damaged = [&](std::string content) {
    for (uint64_t hits = 1 + random.below(8); hits > 0; --hits)
      content[random.below(content.size())] = static_cast<char>(random.below(256));
    std::ofstream(path, std::ios::binary) << content;
    try {
      const auto tokenizer = load_tokenizer(path);
      const auto ids = tokenizer->encode("백업은 every night ２１ ﬁ ①");  // characters that a map rewrites
      tokenizer->decode(ids);
      return 0;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::data) << error.what();
      return 1;
    }
  };
  const std::string whole = base::read_file(test::vocabulary("bpe.model"));
  int refused = 0;
  for (int i = 0; i < 400; ++i) refused += try_damaged(whole);
  EXPECT_GT(refused, 100);
  // A vocabulary with a compiled character map, where there is one.
  const auto golden = hone::test::golden();
  if (!golden) return;
  const std::string with_map = base::read_file(*golden / "tokenizers" / "spm_unigram.model");
  for (int i = 0; i < 400; ++i) try_damaged(with_map);
}

TEST(LoadTokenizer, RefusesWhatIsNoModelAtAll) {
  const TempDir folder;
  const std::vector<std::string> contents = {"", "hello", "{\"a\": 1}", std::string(1000, '\0'),
                                             std::string(1000, '\xff')};
  for (const std::string& content : contents) {
    base::write_file(folder / "other.model", content);
    EXPECT_THAT(refusal(folder / "other.model"), HasSubstr("other.model"));
  }
}

TEST(LoadTokenizer, ACopyIsFoundByItsFolderWhateverTheFileWasCalled) {
  const TempDir folder;
  const auto named_otherwise = load_tokenizer(test::vocabulary("bpe.model"));
  copy_tokenizer(*named_otherwise, folder.path());
  EXPECT_EQ(load_tokenizer(folder.path())->sha256(), named_otherwise->sha256());
}

}  // namespace
}  // namespace hone::tokenizer
