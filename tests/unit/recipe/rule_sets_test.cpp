#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "base/files.h"
#include "recipe/load.h"
#include "recipe/show.h"
#include "recipe/source_thresholds.h"
#include "support/shared.h"

namespace hone::recipe {
namespace {

namespace fs = std::filesystem;

nlohmann::json::json_pointer pointer_to(std::string path) {
  for (char& c : path) {
    if (c == '.') c = '/';
  }
  return nlohmann::json::json_pointer("/" + path);
}

LoadedRecipe loaded_from(const std::string& yaml) {
  const test::TempDir folder("rules");
  std::ofstream(folder / "r.yaml") << yaml;
  return load_recipe(folder / "r.yaml", {});
}

std::string problems_of(const std::string& yaml) {
  std::string all;
  for (const Problem& problem : loaded_from(yaml).problems) all += fs::path(to_string(problem.mark)).filename().string() + ": " + problem.message + "\n";
  return all;
}

TEST(RuleSets, ValuesWrittenInThemAreTheBuiltInDefaults) {
  const nlohmann::json defaults = resolved_json(Recipe{});
  size_t compared = 0;
  for (const auto& entry : fs::directory_iterator(test::source() / "configs" / "rules")) {
    LoadedRecipe loaded = load_recipe(entry.path(), {});
    for (const Problem& problem : loaded.problems) EXPECT_NE(problem.message.find("corpus.sources is missing"), std::string::npos) << problem.message;
    const nlohmann::json written = resolved_json(loaded.recipe);
    for (const auto& [path, mark] : loaded.given) {
      if (path.rfind("corpus.rules", 0) == 0 || !written.contains(pointer_to(path)) || written.at(pointer_to(path)).is_object()) continue;
      EXPECT_EQ(written.at(pointer_to(path)), defaults.at(pointer_to(path))) << entry.path() << ": " << path;
      ++compared;
    }
  }
  EXPECT_GT(compared, 60U);
}

TEST(RuleSets, KoreanDefaultsAreThoseOfThePublishedTable) {
  const nlohmann::json defaults = resolved_json(Recipe{});
  std::istringstream page(base::read_file(test::source() / "docs" / "korean-thresholds.md"));
  size_t rows = 0;
  for (std::string line; std::getline(page, line);) {
    if (line.rfind("| `", 0) != 0) continue;
    std::vector<std::string> cells;
    std::istringstream row(line);
    for (std::string cell; std::getline(row, cell, '|');) cells.push_back(cell);
    const std::string option = cells.at(1).substr(2, cells.at(1).size() - 4);
    const size_t dot = option.find('.');
    const auto value = [&](const char* language) {
      return defaults.at(pointer_to("corpus." + option.substr(0, dot) + "." + language + option.substr(dot))).get<double>();
    };
    EXPECT_DOUBLE_EQ(std::stod(cells.at(3)), value("en")) << option;
    EXPECT_DOUBLE_EQ(std::stod(cells.at(5)), value("ko")) << option;
    ++rows;
  }
  EXPECT_GE(rows, 25U);
}

TEST(SourceThresholds, AreWrittenAsAMappingOrAsAList) {
  for (const char* form : {"{quality: {min_characters: 20}, gopher_quality: {ko: {stop_words: [\"a\", 이]}}}",
                           "[quality.min_characters=20, \"gopher_quality.ko.stop_words=[a, 이]\"]"}) {
    const LoadedRecipe loaded = loaded_from("corpus:\n  sources:\n    - {path: x.txt, name: x, thresholds: " + std::string(form) + "}\n");
    ASSERT_TRUE(loaded.problems.empty()) << loaded.problems.front().message;
    const CorpusOptions& corpus = loaded.recipe.corpus;
    const CorpusOptions own = options_for(corpus.sources.front(), corpus);
    EXPECT_EQ(own.quality.min_characters, 20);
    EXPECT_EQ(own.web.gopher_quality.ko.stop_words, (std::vector<std::string>{"a", "이"}));
    EXPECT_EQ(corpus.quality.min_characters, 50);
    const LoadedRecipe again = loaded_from(resolved_yaml(loaded.recipe));
    EXPECT_TRUE(again.problems.empty());
    EXPECT_EQ(options_for(again.recipe.corpus.sources.front(), again.recipe.corpus).quality.min_characters, 20);
  }
}

TEST(SourceThresholds, MistakesAreAnsweredAtTheirPlace) {
  const auto with = [](const std::string& thresholds) {
    return problems_of("corpus:\n  sources:\n    - path: x.txt\n      name: x\n      thresholds: " + thresholds + "\n");
  };
  EXPECT_NE(with("{quality: {min_character: 20}}").find("r.yaml:5:7: corpus.sources.0.thresholds: quality.min_character is not an option; did you mean min_characters?"),
            std::string::npos) << with("{quality: {min_character: 20}}");
  EXPECT_NE(with("{quality: {min_letter_share: 2}}").find("must lie between 0 and 1"), std::string::npos);
  EXPECT_NE(with("{split: {validation: 0.2}}").find("a source may have its own options of quality"), std::string::npos);
  EXPECT_NE(with("[quality]").find("is not written section.option=value"), std::string::npos);
  EXPECT_NE(with("[quality=3]").find("is a section"), std::string::npos);
  EXPECT_NE(problems_of("corpus:\n  sources:\n    - {path: x.txt, thresholds: {quality: {min_characters: 20}}}\n").find("needs `name:` beside it"),
            std::string::npos);
}

}  // namespace
}  // namespace hone::recipe
