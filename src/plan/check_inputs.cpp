#include "plan/check_inputs.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/error.h"
#include "base/files.h"
#include "base/log.h"
#include "corpus/rules.h"
#include "corpus/rules/own_rule.h"
#include "formats/huggingface.h"
#include "plan/tokens_stage.h"
#include "tasks/metric.h"
#include "tokenizer/tokenizer.h"

namespace hone::plan {

namespace {

/// Of the key, or of the nearest one above it that was written.
recipe::Mark mark_of(const recipe::LoadedRecipe& loaded, std::string path) {
  for (;;) {
    const auto found = loaded.given.find(path);
    if (found != loaded.given.end()) return found->second;
    const size_t dot = path.rfind('.');
    if (dot == std::string::npos) return {"recipe", 0, 0};
    path.resize(dot);
  }
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

/// Rules of the organisation's own: what they say, that their names are free, and that their examples come out.
void check_own_rules(std::vector<recipe::Problem>& problems, const recipe::LoadedRecipe& loaded) {
  std::vector<std::string> taken = corpus::rule_names();
  const auto& rules = loaded.recipe.corpus.own_rules;
  for (size_t i = 0; i < rules.size(); ++i) {
    const std::string key = fmt::format("corpus.own_rules.{}", i);
    const auto add = [&](const std::string& below, const std::string& message) {
      problems.push_back({mark_of(loaded, key + "." + below), fmt::format("{}.{}: {}", key, below, message)});
    };
    if (std::find(taken.begin(), taken.end(), rules[i].name) != taken.end()) add("name", rules[i].name + " is the name of another rule");
    taken.push_back(rules[i].name);
    for (const corpus::OwnRuleProblem& problem : corpus::check_own_rule(rules[i])) add(problem.key, problem.message);
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
  const size_t before_rules = problems.size();
  check_own_rules(problems, loaded);
  if (problems.size() == before_rules) attempt(problems, loaded, "corpus.rules", [&] { corpus::make_rules(recipe.corpus); });
  for (size_t i = 0; i < recipe.evaluation.gates.size(); ++i)
    attempt(problems, loaded, fmt::format("evaluation.gates.{}.metric", i), [&] { tasks::parse_metric(recipe.evaluation.gates[i].metric); });
  std::optional<formats::ModelConfig> base;
  if (!recipe.starts_from_random())
    attempt(problems, loaded, "model.path", [&] {
      if (!std::filesystem::is_directory(recipe.model.path))
        throw Error(ExitCode::data, recipe.model.path + " is not a folder; it names a Hugging Face model folder");
      base = formats::read_model_config(recipe.model.path);
    });
  if (base && recipe.training.sequence_len > base->context())
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
  if (problems.empty()) attempt(problems, loaded, "training.chat_template", [&] { check_chat_template(recipe, vocabulary); });
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
