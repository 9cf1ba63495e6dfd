// What is written is what is read, and nothing that is not a whole, sound shard is read at all.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <fstream>

#include "base/error.h"
#include "base/files.h"
#include "base/hash.h"
#include "unit/dataset/made_shards.h"

namespace hone::dataset {
namespace {

using hone::test::TempDir;
using testing::AllOf;
using testing::HasSubstr;

class ShardFile : public testing::Test {
 protected:
  void SetUp() override {
    auto documents = test::documents_of({5, 0, 1, 70, 3});
    documents[3].mask.assign(70, 1);
    documents[3].mask[10] = 0;
    ShardWriter writer(folder_.path(), "train", test::writer_options());
    for (const auto& document : documents) writer.add(document);
    writer.close();
    path_ = writer.files().at(0);
    content_ = base::read_file(path_);
    std::memcpy(&header_, content_.data(), sizeof header_);
  }

  /// `content` under the name of the shard, with checksums that fit when asked for.
  void put(std::string content, bool with_checksums) {
    if (with_checksums && content.size() >= kShardHeaderBytes) {
      const uint64_t body = base::hash64(std::string_view(content).substr(kShardHeaderBytes));
      std::memcpy(content.data() + 136, &body, 8);
      const uint64_t head = base::hash64(std::string_view(content).substr(0, 144));
      std::memcpy(content.data() + 144, &head, 8);
    }
    std::ofstream(path_, std::ios::binary) << content;  // without fsync: it is done thousands of times
  }

  template <typename T>
  std::string changed(uint64_t at, T value) const {
    std::string content = content_;
    std::memcpy(content.data() + at, &value, sizeof value);
    return content;
  }

  std::string refusal() const {
    try {
      Shard shard(path_);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::data);
      return error.what();
    }
    return {};
  }

  TempDir folder_;
  std::filesystem::path path_;
  std::string content_;
  ShardHeader header_;
};

TEST_F(ShardFile, GivesBackWhatWasWritten) {
  const Shard shard(path_);
  ASSERT_EQ(shard.header().documents, 5U);
  EXPECT_EQ(shard.header().tokens, 79U);
  EXPECT_EQ(shard.tokenizer_sha256(), std::string(64, 'a'));
  for (const uint64_t i : {0, 1, 2, 3, 4}) {
    const auto expected = test::document_of(i, shard.length(i));
    const DocumentView document = shard.document(i);
    EXPECT_EQ(document.id, expected.id);
    EXPECT_EQ(document.source, expected.source);
    EXPECT_EQ(document.language, expected.language);
    EXPECT_EQ(document.access, "internal");
    EXPECT_EQ(document.licence, "CC0-1.0");
    EXPECT_EQ(document.text_bytes, expected.text_bytes);
    EXPECT_EQ(document.text_characters, expected.text_characters);
    EXPECT_EQ(document.tokens.all(), expected.tokens);
    ASSERT_EQ(document.mask.size(), document.tokens.size());
    for (uint64_t t = 0; t < document.mask.size(); ++t)
      EXPECT_EQ(document.mask[t], i == 3 && t == 10 ? 0 : 1);
  }
}

TEST_F(ShardFile, SmallVocabulariesTakeTwoBytesAToken) {
  auto options = test::writer_options();
  options.vocabulary_size = 65'536;
  ShardWriter writer(folder_.path(), "small", options);
  auto document = test::document_of(0, 0);
  document.tokens = {0, 65'535, 1};
  writer.add(document);
  writer.close();
  const Shard shard(writer.files().at(0));
  EXPECT_EQ(shard.header().token_bytes, 2U);
  EXPECT_EQ(shard.document(0).tokens.all(), document.tokens);
  EXPECT_EQ(shard.document(0).tokens[1], 65'535);
  EXPECT_EQ(shard.header().mask_at, 0U);
  EXPECT_TRUE(shard.document(0).mask.empty());
}

TEST_F(ShardFile, EveryTruncationAndExtensionIsRefused) {
  for (size_t size = 0; size < content_.size(); ++size) {
    put(content_.substr(0, size), true);
    ASSERT_THAT(refusal(),
                AllOf(HasSubstr(path_.string()), HasSubstr("byte "), HasSubstr("run hone tokenize again")))
        << size;
  }
  put(content_ + std::string(8, '\0'), true);
  EXPECT_THAT(refusal(), HasSubstr("bytes and has"));
}

TEST_F(ShardFile, EveryFlippedByteIsNoticed) {
  for (size_t at = 0; at < content_.size(); ++at) {
    if (at >= 152 && at < kShardHeaderBytes) continue;  // unused
    std::string content = content_;
    content[at] = static_cast<char>(content[at] ^ 0x40);
    put(content, false);
    ASSERT_NE(refusal(), "") << "byte " << at;
  }
}

TEST_F(ShardFile, SoundChecksumsDoNotExcuseUnsoundContent) {
  // A file made to harm has checksums that fit: every field must be safe by itself.
  base::RandomStream random(1, "hostile shard");
  for (int i = 0; i < 10'000; ++i) {
    std::string content = content_;
    const uint64_t at =
        i % 2 == 0 ? random.below(136) : header_.table_at + random.below(content.size() - header_.table_at);
    content[at] = static_cast<char>(random.below(256));
    put(content, true);
    try {
      const Shard shard(path_);
      for (uint64_t d = 0; d < shard.header().documents; ++d) {
        const DocumentView document = shard.document(d);
        for (const int32_t id : document.tokens.all()) ASSERT_LT(id, shard.header().vocabulary_size);
        ASSERT_LE(document.id.size(), content.size());
      }
    } catch (const Error& error) {
      ASSERT_EQ(error.code(), ExitCode::data) << error.what();
    }
  }
}

TEST_F(ShardFile, AnIdOutsideTheVocabularyIsNamedWithItsPlace) {
  const uint64_t at = header_.tokens_at + 7 * 4;
  put(changed(at, uint32_t{test::kVocabulary}), true);
  EXPECT_THAT(refusal(), AllOf(HasSubstr("byte " + std::to_string(at)),
                               HasSubstr("token 7 is 1000000, outside the vocabulary")));
  put(changed(at, uint32_t{0xFFFFFFFF}), true);
  EXPECT_THAT(refusal(), HasSubstr("token 7 is 4294967295"));
}

TEST_F(ShardFile, ADamagedIndexIsNamedWithItsPlace) {
  const uint64_t row = header_.table_at + 2 * sizeof(ShardRow);
  put(changed(row, uint64_t{1'000'000'000'000}), true);
  EXPECT_THAT(refusal(),
              AllOf(HasSubstr("byte " + std::to_string(row)), HasSubstr("document 2 begins at token")));
  put(changed(row + 24, uint64_t{1'000'000'000'000}), true);
  EXPECT_THAT(refusal(), HasSubstr("the id of document 2"));
  put(changed(row + 32, uint32_t{77}), true);
  EXPECT_THAT(refusal(), HasSubstr("has no name"));
  put(changed(32, uint64_t{1} << 62), true);
  EXPECT_THAT(refusal(), HasSubstr("tokens"));
  put(changed(24, UINT64_MAX), true);
  EXPECT_THAT(refusal(), HasSubstr("documents"));
}

TEST_F(ShardFile, AnotherVersionIsSaidToBeOne) {
  put(changed(8, uint32_t{3}), true);
  EXPECT_THAT(refusal(), HasSubstr("is version 3, this program reads versions 1 to 2"));
  base::write_file(path_, std::string(1000, 'x'));
  EXPECT_THAT(refusal(), HasSubstr("does not begin as a token shard"));
}

TEST_F(ShardFile, SaysWhoSpeaksEachToken) {
  auto options = test::writer_options();
  ShardWriter writer(folder_.path(), "chat", options);
  auto document = test::document_of(0, 8);
  document.mask = {0, 0, 0, 0, 0, 1, 1, 0};
  document.roles = {{"user", 1, 4}, {"assistant", 5, 7}};
  writer.add(document);
  writer.add(test::document_of(1, 3));  // running text beside it
  writer.close();
  const Shard shard(writer.files().at(0));
  EXPECT_EQ(shard.header().version, 2U);
  EXPECT_EQ(shard.header().flags, kRoles);
  const DocumentView view = shard.document(0);
  const std::vector<std::string> expected = {"", "user", "user", "user", "", "assistant", "assistant", ""};
  for (uint64_t t = 0; t < 8; ++t) {
    EXPECT_EQ(view.mask.role(t), expected[t]) << t;
    EXPECT_EQ(view.mask[t], document.mask[t]) << t;
  }
  EXPECT_EQ(view.mask.trained(1, 8), 2U);
  EXPECT_EQ(view.mask.trained(6, 6), 0U);
  EXPECT_EQ(shard.document(1).mask.trained(0, 3), 3U);
  EXPECT_EQ(shard.document(1).mask.role(2), "");
}

TEST_F(ShardFile, OneCorpusHasAtMost127Roles) {
  ShardWriter writer(folder_.path(), "roles", test::writer_options());
  auto document = test::document_of(0, 200);
  for (uint64_t i = 0; i < 127; ++i) document.roles.push_back({"role " + std::to_string(i), i, i + 1});
  writer.add(document);
  document.roles = {{"one more", 0, 1}};
  EXPECT_THROW(writer.add(document), Error);
}

TEST_F(ShardFile, FlagsAndRolesThatMeanNothingAreRefused) {
  put(changed(44, uint32_t{kPairs}), true);
  EXPECT_THAT(refusal(), HasSubstr("byte 44: flags 0x1 mean nothing in version 1"));
  std::string content = changed(44, uint32_t{4});
  const uint32_t two = 2;
  std::memcpy(content.data() + 8, &two, 4);
  put(content, true);
  EXPECT_THAT(refusal(), HasSubstr("byte 44: flags 0x4 mean nothing in version 2"));
  content = changed(44, uint32_t{kPairs});
  std::memcpy(content.data() + 8, &two, 4);
  put(content, true);
  EXPECT_THAT(refusal(), HasSubstr("byte 24: 5 documents are not pairs"));
  put(changed(header_.mask_at + 7, uint8_t{3}), true);
  EXPECT_THAT(refusal(), HasSubstr("nor names a role"));
}

TEST(ShardSet, JoinsShardsInOrder) {
  const std::vector<uint64_t> lengths = {10, 10, 10, 25, 1, 0, 3};
  const test::MadeShards made(test::documents_of(lengths), 20);
  EXPECT_EQ(made.set->shards().size(), 3U);
  ASSERT_EQ(made.set->documents(), lengths.size());
  EXPECT_EQ(made.set->tokens(), 59U);
  EXPECT_EQ(made.set->text_bytes(), 59U * 4);
  for (uint64_t i = 0; i < lengths.size(); ++i) {
    EXPECT_EQ(made.set->length(i), lengths[i]);
    EXPECT_EQ(made.set->document(i).id, "doc-" + std::to_string(i));
    EXPECT_EQ(made.set->document(i).tokens.all(), test::document_of(i, lengths[i]).tokens);
  }
}

TEST(ShardSet, MissingShardsAndOtherVocabulariesAreRefused) {
  const test::MadeShards made(test::documents_of({10, 10, 10, 10, 10}), 10);
  EXPECT_THROW(ShardSet::open(made.folder.path(), "validation"), Error);
  std::filesystem::remove(made.folder / "train-00002.tokens");
  EXPECT_THROW(ShardSet::open(made.folder.path(), "train"), Error);
  auto options = test::writer_options();
  options.tokenizer_sha256 = std::string(64, 'b');
  ShardWriter writer(made.folder.path(), "other", options);
  writer.add(test::document_of(0, 10));
  writer.close();
  std::filesystem::rename(made.folder / "other-00000.tokens", made.folder / "train-00002.tokens");
  EXPECT_THROW(ShardSet::open(made.folder.path(), "train"), Error);
}

TEST(ShardSet, ASideWithoutDocumentsIsAnEmptyShard) {
  const test::MadeShards made({});
  EXPECT_EQ(made.set->documents(), 0U);
  EXPECT_EQ(made.set->tokens(), 0U);
}

}  // namespace
}  // namespace hone::dataset
