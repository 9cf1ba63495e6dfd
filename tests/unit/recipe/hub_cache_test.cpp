// model.path: org/name in a made-up Hugging Face cache. Nothing here touches a network or the user's own cache.
#include "recipe/hub_cache.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "base/error.h"
#include "base/files.h"
#include "recipe/load.h"
#include "support/shared.h"

namespace hone::recipe {
namespace {
namespace fs = std::filesystem;
using ::testing::HasSubstr;

class HubCache : public ::testing::Test {
 protected:
  void SetUp() override {
    before_ = std::getenv("HF_HUB_CACHE") != nullptr ? std::getenv("HF_HUB_CACHE") : "";
    setenv("HF_HUB_CACHE", cache_.c_str(), 1);
  }
  void TearDown() override {
    if (before_.empty()) unsetenv("HF_HUB_CACHE");
    else setenv("HF_HUB_CACHE", before_.c_str(), 1);
  }
  fs::path put(const std::string& commit, const std::string& file, const std::string& text = "{}") {
    const fs::path path = repository_ / "snapshots" / commit / file;
    fs::create_directories(path.parent_path());
    base::write_file(path, text);
    return path.parent_path();
  }
  void refer(const std::string& name, const std::string& commit) {
    fs::create_directories((repository_ / "refs" / name).parent_path());
    base::write_file(repository_ / "refs" / name, commit + "\n");
  }
  std::string refusal(const std::string& name) {
    try {
      find_in_hub_cache(*parse_hub_name(name), cache_);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::data);
      return error.what();
    }
    return "";
  }
  test::TempDir folder_;
  fs::path cache_ = folder_.path() / "hub", repository_ = cache_ / "models--acme--tiny";
  std::string before_;
};

TEST_F(HubCache, NamesHaveOneSlashAndNothingStrange) {
  EXPECT_TRUE(parse_hub_name("Qwen/Qwen2.5-0.5B"));
  EXPECT_EQ(parse_hub_name("acme/tiny@v1.0")->revision, "v1.0");
  for (const char* other : {"tiny", "./acme/tiny", "../tiny", "/models/tiny", "a/b/c", "acme/", "/tiny", "acme/ti ny", "acme/..", "acme/tiny@../../etc", "acme/tiny@"})
    EXPECT_FALSE(parse_hub_name(other)) << other;
}

TEST_F(HubCache, MainNamesTheSnapshot) {
  const fs::path snapshot = put("0a1b", "config.json");
  put("0a1b", "model.safetensors", "x");
  refer("main", "0a1b");
  EXPECT_EQ(find_in_hub_cache(*parse_hub_name("acme/tiny"), cache_), snapshot);
  EXPECT_EQ(find_in_hub_cache(*parse_hub_name("acme/tiny@0a1b"), cache_), snapshot) << "a commit is a revision";
}

TEST_F(HubCache, WhatIsMissingComesWithTheCommandThatGetsIt) {
  EXPECT_THAT(refusal("acme/tiny"), HasSubstr("hf download acme/tiny --include \"*.json\" --include \"*.safetensors\""));
  refer("main", "0a1b");
  EXPECT_THAT(refusal("acme/tiny"), HasSubstr("0a1b"));
  put("0a1b", "config.json");
  EXPECT_THAT(refusal("acme/tiny"), HasSubstr("model.safetensors of commit 0a1b"));
  put("0a1b", "model.safetensors.index.json", R"({"weight_map": {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}})");
  put("0a1b", "model-00001-of-00002.safetensors", "x");
  EXPECT_THAT(refusal("acme/tiny"), HasSubstr("model-00002-of-00002.safetensors"));
  EXPECT_THAT(refusal("acme/tiny@v2"), HasSubstr("--revision v2"));
}

TEST_F(HubCache, ALinkToABlobThatIsGoneCountsAsMissing) {
  const fs::path snapshot = put("0a1b", "config.json");
  refer("main", "0a1b");
  fs::create_symlink("../../blobs/none", snapshot / "model.safetensors");
  EXPECT_THAT(refusal("acme/tiny"), HasSubstr("model.safetensors"));
}

TEST_F(HubCache, ARecipeTakesItByNameAndAFolderOfThatNameWins) {
  const fs::path snapshot = put("0a1b", "config.json"), file = folder_.path() / "r.yaml";
  put("0a1b", "model.safetensors", "x");
  refer("main", "0a1b");
  base::write_file(file, "corpus:\n  sources:\n    - path: docs\nmodel:\n  path: acme/tiny\n");
  LoadedRecipe loaded = load_recipe(file, {});
  EXPECT_TRUE(loaded.problems.empty()) << loaded.problems[0].message;
  EXPECT_EQ(loaded.recipe.model.path, snapshot.string()) << "the commit is part of what is recorded";
  fs::create_directories(folder_.path() / "acme" / "tiny");
  EXPECT_EQ(load_recipe(file, {}).recipe.model.path, (folder_.path() / "acme" / "tiny").string());
}

TEST_F(HubCache, ARecipePointsAtTheKeyAndIsADataError) {
  const fs::path file = folder_.path() / "r.yaml";
  base::write_file(file, "corpus:\n  sources:\n    - path: docs\nmodel:\n  path: acme/other\n");
  const LoadedRecipe loaded = load_recipe(file, {});
  ASSERT_EQ(loaded.problems.size(), 1u);
  EXPECT_EQ(loaded.problems[0].mark.line, 5);
  EXPECT_EQ(loaded.problems[0].code, ExitCode::data);
  EXPECT_THAT(loaded.problems[0].message, HasSubstr("hf download acme/other"));
}

}  // namespace
}  // namespace hone::recipe
