#include "plan/check_inputs.h"

#include <fmt/format.h>

#include <filesystem>

#include "base/error.h"
#include "base/files.h"
#include "base/log.h"
#include "corpus/rules.h"
#include "formats/huggingface.h"
#include "tasks/metric.h"
#include "tokenizer/tokenizer.h"

namespace hone::plan {

namespace {

recipe::Mark mark_of(const recipe::LoadedRecipe& loaded, const std::string& path) {
  const auto found = loaded.given.find(path);
  return found == loaded.given.end() ? recipe::Mark{"recipe", 0, 0} : found->second;
}

/// Runs a check and files its error under the key that caused it.
template <typename Check>
void attempt(std::vector<recipe::Problem>& problems, const recipe::LoadedRecipe& loaded, const std::string& key, Check check) {
  try {
    check();
  } catch (const Error& error) {
    const std::string message = error.what();
    problems.push_back({mark_of(loaded, key), message.rfind(key, 0) == 0 ? message : key + ": " + message, error.code()});
  }
}

}  // namespace

std::vector<recipe::Problem> check_inputs(const recipe::LoadedRecipe& loaded) {
  std::vector<recipe::Problem> problems;
  const recipe::Recipe& recipe = loaded.recipe;
  for (size_t i = 0; i < recipe.corpus.sources.size(); ++i) {
    const std::string key = fmt::format("corpus.sources.{}.path", i);
    const std::string& pattern = recipe.corpus.sources[i].path;
    attempt(problems, loaded, key, [&] {
      if (!pattern.empty() && base::glob(pattern).empty()) throw Error(ExitCode::data, pattern + " matches no file");
    });
  }
  attempt(problems, loaded, "corpus.rules", [&] { corpus::make_rules(recipe.corpus); });
  for (size_t i = 0; i < recipe.evaluation.gates.size(); ++i)
    attempt(problems, loaded, fmt::format("evaluation.gates.{}.metric", i), [&] { tasks::parse_metric(recipe.evaluation.gates[i].metric); });
  std::optional<formats::ModelConfig> base;
  if (!recipe.starts_from_random())
    attempt(problems, loaded, "model.path", [&] {
      if (!std::filesystem::is_directory(recipe.model.path))
        throw Error(ExitCode::data, recipe.model.path + " is not a folder; it names a Hugging Face model folder");
      base = formats::read_model_config(recipe.model.path);
    });
  if (base && recipe.training.sequence_len > base->max_positions)
    problems.push_back({mark_of(loaded, loaded.given.count("training.sequence_len") ? "training.sequence_len" : "model.path"),
                        fmt::format("training.sequence_len ({}) is longer than the base model's context of {} tokens",
                                    recipe.training.sequence_len, base->max_positions)});
  const bool own = !recipe.tokenizer.path.empty();
  const std::string vocabulary = own ? recipe.tokenizer.path : recipe.model.path;
  if (own || base)
    attempt(problems, loaded, own ? "tokenizer.path" : "model.path", [&] {
      const auto loaded_tokenizer = tokenizer::load_tokenizer(vocabulary);
      if (base && loaded_tokenizer->vocabulary_size() > base->vocabulary_size)
        throw Error(ExitCode::data, fmt::format("the vocabulary has {} pieces, more than the base model's {} rows; use the model's own",
                                                loaded_tokenizer->vocabulary_size(), base->vocabulary_size));
    });
  return problems;
}

recipe::Recipe load_checked(const std::filesystem::path& path, const std::vector<std::string>& overrides) {
  recipe::LoadedRecipe loaded = recipe::load_recipe(path, overrides);
  for (const recipe::Problem& warning : loaded.warnings) base::warn(recipe::to_string(warning.mark) + ": " + warning.message);
  if (loaded.problems.empty()) loaded.problems = check_inputs(loaded);
  if (!loaded.problems.empty()) recipe::refuse(loaded.problems);
  return std::move(loaded.recipe);
}

}  // namespace hone::plan
