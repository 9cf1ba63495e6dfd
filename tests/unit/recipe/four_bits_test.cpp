#include <gtest/gtest.h>

#include "base/files.h"
#include "recipe/load.h"
#include "support/shared.h"

namespace hone::recipe {
namespace {

std::string complaints(const std::string& qlora, const std::string& adapter = "qlora") {
  const test::TempDir folder;
  base::write_file(folder / "r.yaml", "corpus: {sources: [{path: docs}]}\nmodel: {path: base, adapter: " + adapter + ", qlora: {" + qlora + "}}\n");
  const LoadedRecipe loaded = load_recipe(folder / "r.yaml", {});
  std::string all;
  for (const auto& list : {loaded.problems, loaded.warnings})
    for (const Problem& problem : list) all += problem.message + "\n";
  return all;
}

TEST(FourBits, BlocksAreOfTheSizesThatBitsAndBytesHas) {
  for (const int64_t size : {32, 64, 128, 256, 512, 1024, 2048, 4096})
    EXPECT_EQ(complaints("block_size: " + std::to_string(size)), "");
  for (const int64_t size : {33, 48, 96, 100, 4095})
    EXPECT_NE(complaints("block_size: " + std::to_string(size)).find("block_size must be 32"), std::string::npos) << size;
  EXPECT_NE(complaints("block_size: 16"), "");
}

TEST(FourBits, OptionsOfQloraWithoutItHaveNoEffect) {
  EXPECT_NE(complaints("double_quant: false", "lora").find("model.qlora.double_quant has no effect"), std::string::npos);
}

}  // namespace
}  // namespace hone::recipe
