/// `hone validate`: every mistake of a recipe and its inputs, at once. Writes nothing.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iostream>

#include "base/files.h"
#include "base/log.h"
#include "commands/here.h"
#include "plan/check_inputs.h"
#include "plan/check_pdfs.h"
#include "plan/check_records.h"
#include "recipe/load.h"

namespace hone::commands {

ExitCode validate(const Arguments& arguments) {
  recipe::LoadedRecipe loaded = recipe::load_recipe(arguments.positional[0], arguments.overrides);
  if (loaded.problems.empty()) loaded.problems = plan::check_inputs(loaded);
  for (const recipe::Problem& warning : loaded.warnings) base::warn(recipe::to_string(warning.mark) + ": " + warning.message);
  for (const recipe::Problem& problem : loaded.problems) base::complain(recipe::to_string(problem.mark) + ": " + problem.message);
  if (!loaded.problems.empty()) {
    base::say(fmt::format("{} {} found; nothing was written", loaded.problems.size(), loaded.problems.size() == 1 ? "mistake" : "mistakes"));
    const bool usage = std::any_of(loaded.problems.begin(), loaded.problems.end(), [](const auto& problem) { return problem.code == ExitCode::usage; });
    return usage ? ExitCode::usage : ExitCode::data;
  }
  size_t files = 0;
  for (const recipe::SourceOptions& source : loaded.recipe.corpus.sources) {
    files += base::glob(source.path).size();
    if (source.licence.empty()) base::warn("source " + source.path + " has no licence; the report will name it");
  }
  for (const plan::RecordsFound& found : plan::check_records(loaded.recipe.corpus)) {
    const std::string key = fmt::format("corpus.sources.{}.format", found.source);
    const auto given = loaded.given.find(key);
    const std::string line = (given == loaded.given.end() ? key : recipe::to_string(given->second)) + ": " + found.sentence;
    if (!found.none_fits) {
      base::warn(line);
      continue;
    }
    base::complain(line);
    base::say("1 mistake found; nothing was written");
    return ExitCode::data;
  }
  for (const std::string& sentence : plan::check_pdfs(loaded.recipe.corpus)) base::warn(sentence);
  std::cout << fmt::format("{} is in order: {} {} to read; `hone plan {}` says what would run\n", arguments.positional[0], files,
                           files == 1 ? "file" : "files", arguments.positional[0]);
  return ExitCode::done;
}

}  // namespace hone::commands
