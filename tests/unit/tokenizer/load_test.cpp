// What load_tokenizer takes and what it refuses, in which words.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
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

/// "ab" and "<s>", "<e>"; bytes are tokens of their own.
const char* const kSmallJson = R"({"model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2, "<s>": 3, "<e>": 4}, "merges": ["a b"]},
  "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false}, "decoder": {"type": "ByteLevel"},
  "added_tokens": [{"id": 3, "content": "<s>", "special": true}]})";

TEST(LoadTokenizer, ReadsTokenizerJsonAndTheNamesBesideIt) {
  const TempDir folder;
  base::write_file(folder / "tokenizer.json", kSmallJson);
  base::write_file(folder / "tokenizer_config.json", R"({"eos_token": {"content": "<e>"}, "add_bos_token": true, "pad_token": null})");
  base::write_file(folder / "special_tokens_map.json", R"({"bos_token": "<s>", "pad_token": "<e>"})");
  const auto tokenizer = load_tokenizer(folder.path());
  EXPECT_EQ(tokenizer->bos_id(), 3);
  EXPECT_EQ(tokenizer->eos_id(), 4);
  EXPECT_EQ(tokenizer->pad_id(), -1);  // tokenizer_config.json has the last word
  EXPECT_TRUE(tokenizer->adds_bos());
  EXPECT_TRUE(tokenizer->byte_level());
  EXPECT_EQ(tokenizer->encode_markup("<s>aab<e>"), (std::vector<int32_t>{3, 0, 2, 4}));
  EXPECT_EQ(tokenizer->files().size(), 3U);
  const TempDir copy;
  copy_tokenizer(*tokenizer, copy.path());
  EXPECT_EQ(load_tokenizer(copy.path())->sha256(), tokenizer->sha256());
}

TEST(LoadTokenizer, ADamagedTokenizerJsonIsNamed) {
  const TempDir folder;
  base::write_file(folder / "tokenizer.json", "{}");
  EXPECT_THAT(refusal(folder.path()), HasSubstr("tokenizer.json"));
  base::write_file(folder / "tokenizer.json", "{");
  EXPECT_THAT(refusal(folder / "tokenizer.json"), HasSubstr("tokenizer.json"));
}

TEST(LoadTokenizer, OfTwoFilesTokenizerJsonCounts) {
  const TempDir folder;
  base::write_file(folder / "tokenizer.model", base::read_file(test::vocabulary("unigram.model")));
  base::write_file(folder / "tokenizer.json", kSmallJson);
  EXPECT_EQ(load_tokenizer(folder.path())->vocabulary_size(), 5);
  EXPECT_GT(load_tokenizer(folder / "tokenizer.model")->vocabulary_size(), 5);
}

TEST(LoadTokenizer, NamesThePathThatIsMissing) {
  const TempDir folder;
  EXPECT_THAT(refusal(folder / "absent.model"), HasSubstr("absent.model"));
  EXPECT_THAT(refusal(folder.path()), HasSubstr("no tokenizer.model and no tokenizer.json in this folder"));
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

/// The model with a character map of this index and these strings; behind a model a section is merged into
/// the one there.
std::string with_character_map(const std::vector<uint32_t>& units, const std::string& strings) {
  std::string map(4 + units.size() * 4, '\0');
  const auto bytes = static_cast<uint32_t>(units.size() * 4);
  std::memcpy(map.data(), &bytes, 4);
  std::memcpy(map.data() + 4, units.data(), bytes);
  map += strings;
  const auto field = [](char tag, const std::string& content) {
    std::string out(1, tag);
    for (size_t rest = content.size();
         out += static_cast<char>((rest & 0x7F) | (rest > 0x7F ? 0x80 : 0)), rest > 0x7F;)
      rest >>= 7;
    return out + content;
  };
  return base::read_file(test::vocabulary("bpe.model")) + field('\x1a', field('\x12', map));
}

TEST(LoadTokenizer, ACharacterMapThatLeadsAstrayIsRefused) {
  const TempDir folder;
  const auto path = folder / "map.model";
  constexpr uint32_t kValue = 1U << 31, kHasLeaf = 1U << 8;
  const auto put = [&](size_t place, uint32_t unit, const std::string& strings) {
    std::vector<uint32_t> units(256, 0);
    units[place] = unit;
    base::write_file(path, with_character_map(units, strings));
  };
  put(7, 0, std::string("a\0", 2));
  EXPECT_NO_THROW(load_tokenizer(path)->encode("every night"));
  put(7, 256U << 10, std::string("a\0", 2));
  EXPECT_THAT(refusal(path), HasSubstr("a link beyond its end"));
  put(7, kValue | 2, std::string("a\0", 2));
  EXPECT_THAT(refusal(path), HasSubstr("a string beyond its end"));
  put(7, kHasLeaf | 1U << 10, std::string("a\0", 2));
  EXPECT_THAT(refusal(path), HasSubstr("a value that is none"));
  put(7, 0, "a");
  EXPECT_THAT(refusal(path), HasSubstr("last string without an end"));
  base::write_file(path, with_character_map(std::vector<uint32_t>(100, 0), std::string("a\0", 2)));
  EXPECT_THAT(refusal(path), HasSubstr("size of its index"));
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
