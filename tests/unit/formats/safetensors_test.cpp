#include "formats/safetensors.h"

#include <gtest/gtest.h>

#include <cstring>
#include <functional>

#include "base/error.h"
#include "base/files.h"
#include "base/random.h"
#include "support/shared.h"

namespace hone::formats {
namespace {

namespace fs = std::filesystem;

std::string with_length(const std::string& header, const std::string& data) {
  const uint64_t length = header.size();
  std::string file(8, '\0');
  std::memcpy(file.data(), &length, 8);
  return file + header + data;
}

/// True when the file is accepted; any refusal must be Error(data) that names the file.
bool accepted(const std::string& file) {
  try {
    const SafetensorsHeader header = parse_safetensors_header(file, "model.safetensors");
    for (const TensorRecord& tensor : header.tensors) {
      EXPECT_LE(tensor.begin + tensor.bytes, file.size());
      EXPECT_EQ(static_cast<uint64_t>(tensor.elements() * element_bytes(tensor.dtype)), tensor.bytes);
    }
    return true;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::data) << error.what();
    EXPECT_NE(std::string(error.what()).find("model.safetensors"), std::string::npos) << error.what();
    return false;
  }
}

const std::string kTwo =
    R"({"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"b":{"dtype":"BF16","shape":[4],"data_offsets":[24,32]}})";
const std::string kData(32, 'x');

TEST(Safetensors, WellFormedFilesAreRead) {
  const SafetensorsHeader header = parse_safetensors_header(with_length(kTwo + "   ", kData), "f");
  ASSERT_EQ(header.tensors.size(), 2u);
  EXPECT_EQ(header.tensors[0].name, "a");
  EXPECT_EQ(header.tensors[0].shape, (std::vector<int64_t>{2, 3}));
  EXPECT_EQ(header.tensors[1].dtype, DType::bfloat16);
  EXPECT_EQ(header.tensors[1].begin, 8 + kTwo.size() + 3 + 24);
  EXPECT_EQ(header.metadata.at("format"), "pt");
  EXPECT_TRUE(accepted(with_length("{}", "")));
  EXPECT_TRUE(accepted(with_length(R"({"s":{"dtype":"F32","shape":[],"data_offsets":[0,4]}})", "1234")));
  EXPECT_TRUE(accepted(with_length(R"({"e":{"dtype":"F32","shape":[0,7],"data_offsets":[0,0]}})", "")));
}

TEST(Safetensors, HostileHeadersAreRefused) {
  const auto one = [](const std::string& entry) { return with_length("{\"a\":" + entry + "}", "12345678"); };
  ASSERT_TRUE(accepted(one(R"({"dtype":"F32","shape":[2],"data_offsets":[0,8]})")));
  const std::string refused[] = {
      "",
      "1234567",
      std::string(8, '\0'),
      std::string(8, '\xff') + "{}",
      with_length("{}", "trailing"),
      with_length("[]", ""),
      with_length(" {}", ""),
      with_length("{", ""),
      with_length("{}}", ""),
      with_length(R"({"a":1})", ""),
      with_length(R"({"__metadata__":{"n":1}})", ""),
      with_length(R"({"__metadata__":[]})", ""),
      with_length(std::string(300, '[') + std::string(300, ']'), ""),
      with_length("{\"a\":" + std::string(300, '[') + std::string(300, ']') + "}", ""),
      one("null"),
      one("{}"),
      one(R"({"dtype":"F32","shape":[2]})"),
      one(R"({"dtype":"F32","shape":[2],"data_offsets":[0,8],"more":1})"),
      one(R"({"dtype":"F31","shape":[2],"data_offsets":[0,8]})"),
      one(R"({"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]})"),
      one(R"({"dtype":7,"shape":[2],"data_offsets":[0,8]})"),
      one(R"({"dtype":"F32","shape":[3],"data_offsets":[0,8]})"),
      one(R"({"dtype":"F32","shape":2,"data_offsets":[0,8]})"),
      one(R"({"dtype":"F32","shape":[-2],"data_offsets":[0,8]})"),
      one(R"({"dtype":"F32","shape":[2.0],"data_offsets":[0,8]})"),
      one(R"({"dtype":"F32","shape":["2"],"data_offsets":[0,8]})"),
      one(R"({"dtype":"F32","shape":[1,1,1,1,1,1,1,1,2],"data_offsets":[0,8]})"),
      one(R"({"dtype":"F32","shape":[4294967296,4294967296,2],"data_offsets":[0,8]})"),
      one(R"({"dtype":"F32","shape":[18446744073709551615],"data_offsets":[0,8]})"),
      one(R"({"dtype":"F32","shape":[1e400],"data_offsets":[0,8]})"),
      one(R"({"dtype":"F32","shape":[2],"data_offsets":[0]})"),
      one(R"({"dtype":"F32","shape":[2],"data_offsets":[8,0]})"),
      one(R"({"dtype":"F32","shape":[2],"data_offsets":[1,9]})"),
      one(R"({"dtype":"F32","shape":[2],"data_offsets":[-8,0]})"),
      one(R"({"dtype":"F32","shape":[1],"data_offsets":[4,8]})"),
      one(R"({"dtype":"F32","shape":[1],"data_offsets":[0,4]})"),
      one(R"({"dtype":"F32","shape":[2],"data_offsets":[0,9223372036854775807]})"),
      one(R"({"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]})"),
      one(R"({"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]})"),
      one(R"({"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]})"),
      one(R"({"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[3],"data_offsets":[5,8]})"),
  };
  for (const std::string& file : refused) EXPECT_FALSE(accepted(file)) << file.substr(0, 200);
}

TEST(Safetensors, EveryTruncationIsRefused) {
  const std::string whole = with_length(kTwo, kData);
  ASSERT_TRUE(accepted(whole));
  for (size_t length = 0; length < whole.size(); ++length)
    EXPECT_FALSE(accepted(whole.substr(0, length))) << length;
}

TEST(Safetensors, DamagedBytesNeverLeadOutsideTheFile) {
  const std::string whole = with_length(kTwo, kData);
  base::RandomStream random(7, "damage");
  for (int trial = 0; trial < 4000; ++trial) {
    std::string damaged = whole;
    for (uint64_t hits = 1 + random.below(3); hits > 0; --hits)
      damaged[random.below(8 + kTwo.size())] = static_cast<char>(random.below(256));
    accepted(damaged);  // checks the records of what it accepts
  }
}

TEST(Safetensors, WhatIsWrittenIsReadBackAndAlwaysTheSameBytes) {
  const test::TempDir folder;
  const std::vector<float> values = {1.0f, -2.5f, 3.0f};
  const auto bytes = std::as_bytes(std::span(values));
  const TensorView views[] = {
      {.name = "z", .dtype = DType::float32, .shape = {3, 1}, .bytes = bytes},
      {.name = "한국어 \"a\"", .dtype = DType::uint8, .shape = {5}, .bytes = bytes.first(5)},
      {.name = "empty", .dtype = DType::int64, .shape = {0}, .bytes = {}}};
  write_safetensors(folder / "one", views, {{"format", "pt"}});
  write_safetensors(folder / "two", views, {{"format", "pt"}});
  EXPECT_EQ(base::read_file(folder / "one"), base::read_file(folder / "two"));
  const SafetensorsFile file(folder / "one");
  ASSERT_EQ(file.tensors().size(), 3u);
  ASSERT_NE(file.find("z"), nullptr);
  EXPECT_EQ(file.find("z")->begin % 64, 0u);
  EXPECT_EQ(std::memcmp(file.bytes(*file.find("z")).data(), values.data(), bytes.size()), 0);
  EXPECT_EQ(file.find("한국어 \"a\"")->shape, (std::vector<int64_t>{5}));
  EXPECT_EQ(file.find("absent"), nullptr);
}

class ShardedModel : public testing::Test {
 protected:
  void write_shard(const std::string& file, const std::string& tensor) {
    const TensorView view[] = {
        {.name = tensor, .dtype = DType::uint8, .shape = {1}, .bytes = std::as_bytes(std::span("x", 1))}};
    write_safetensors(folder_ / file, view);
  }
  void write_index(const std::string& map) {
    base::write_file(folder_ / "model.safetensors.index.json", "{\"weight_map\":" + map + "}");
  }
  void expect_refused(const std::string& words) {
    try {
      safetensors_of_model(folder_.path());
      FAIL() << "accepted; expected: " << words;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::data);
      EXPECT_NE(std::string(error.what()).find(words), std::string::npos) << error.what();
    }
  }
  test::TempDir folder_;
};

TEST_F(ShardedModel, IsReadInNameOrder) {
  write_shard("m-2.safetensors", "b");
  write_shard("m-1.safetensors", "a");
  write_index(R"({"b":"m-2.safetensors","a":"m-1.safetensors"})");
  EXPECT_EQ(safetensors_of_model(folder_.path()),
            (std::vector<fs::path>{folder_ / "m-1.safetensors", folder_ / "m-2.safetensors"}));
}

TEST_F(ShardedModel, IndexMayOnlyNameFilesOfItsFolder) {
  for (const std::string name :
       {"../m.safetensors", "/etc/m.safetensors", "sub/m.safetensors", "", ".", "..", "m.bin"}) {
    write_index("{\"a\":\"" + name + "\"}");
    expect_refused("not a .safetensors file of this folder");
  }
  write_index(R"({"a":3})");
  expect_refused("not a file name");
}

TEST_F(ShardedModel, IndexAndShardsMustAgree) {
  expect_refused("neither");
  write_index("[]");
  expect_refused("weight_map");
  write_index("{}");
  expect_refused("weight_map");
  write_shard("m-1.safetensors", "a");
  write_index(R"({"a":"m-1.safetensors","b":"m-1.safetensors"})");
  expect_refused("lacks tensor \"b\"");
  write_index(R"({"b":"m-1.safetensors"})");
  expect_refused("does not place there");
  write_index(R"({"a":"m-1.safetensors","b":"absent.safetensors"})");
  expect_refused("absent.safetensors");
}

}  // namespace
}  // namespace hone::formats
