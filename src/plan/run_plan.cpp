#include "plan/run_plan.h"

#include <unicode/uversion.h>

#include <algorithm>

#include "artifact/manifest.h"
#include "base/error.h"
#include "base/files.h"
#include "base/hash.h"
#include "corpus/key.h"
#include "corpus/rules.h"
#include "formats/adapter_config.h"
#include "formats/safetensors.h"
#include "plan/input_hashes.h"
#include "plan/tokens_stage.h"
#include "plan/versions.h"
#include "recipe/show.h"
#include "tasks/metric.h"
#include "tokenizer/tokenizer.h"

namespace hone::plan {
namespace fs = std::filesystem;
using nlohmann::json;

namespace {

/// The folder a pattern starts in, so that files are named the same whatever folder Hone is called from.
fs::path fixed_part(const std::string& pattern) {
  const size_t wildcard = pattern.find_first_of("*?[{");
  if (wildcard == std::string::npos) return fs::is_directory(pattern) ? fs::path(pattern) : fs::path(pattern).parent_path();
  return fs::path(pattern.substr(0, wildcard) + "x").parent_path();
}

/// [[name in the source, SHA-256], …] of every input file, in the order in which they are read.
json content_of(const std::vector<document::SourceSpec>& sources, const std::vector<InputHash>& inputs, uint64_t& bytes) {
  std::vector<std::string> roots;
  for (const document::SourceSpec& source : sources) {
    const std::string root = fixed_part(source.pattern).lexically_normal().string();
    roots.push_back(root.empty() || root.back() == '/' ? root : root + '/');
  }
  base::Sha256 all;
  for (const InputHash& input : inputs) {
    const std::string& path = input.path.native();
    const std::string& root = roots[input.source];
    // Files of a glob lie below its fixed part as it is written; the general way costs a hundred times as much.
    const std::string name = path.starts_with(root) ? path.substr(root.size()) : input.path.lexically_proximate(root).string();
    all.add(name + '\0' + input.sha256 + '\n');
    bytes += input.bytes;
  }
  return {{"files", inputs.size()}, {"bytes", bytes}, {"sha256", all.hex()}};
}

/// What a model folder holds, as far as it changes the weights.
json model_content(const fs::path& folder) {
  if (!fs::exists(folder / artifact::kModelConfig))
    throw Error(ExitCode::data, folder.string() + " is not a model folder: it has no config.json; model.path names a Hugging Face folder");
  json content = {{artifact::kModelConfig, base::sha256_file(folder / artifact::kModelConfig)}};
  if (fs::exists(folder / artifact::kModelIndex)) content[artifact::kModelIndex] = base::sha256_file(folder / artifact::kModelIndex);
  // Named, not walked: in the Hugging Face cache they are links, and adapters of the model may lie in folders below it.
  for (const fs::path& file : formats::safetensors_of_model(folder)) content[file.filename().string()] = base::sha256_file(file);
  return content;
}

/// The same of an adapter folder. What it says besides is read when training begins.
json adapter_content(const fs::path& folder) {
  if (!formats::is_adapter_folder(folder))
    throw Error(ExitCode::data, folder.string() + " is not an adapter folder: it has no adapter_config.json; model.adapter_path names a PEFT folder");
  return {{formats::kAdapterConfig, base::sha256_file(folder / formats::kAdapterConfig)},
          {formats::kAdapterWeights, base::sha256_file(folder / formats::kAdapterWeights)}};
}

/// What the recipe or the base model gives; empty when a vocabulary is trained.
fs::path given_vocabulary(const recipe::Recipe& recipe) {
  if (!recipe.tokenizer.path.empty()) return recipe.tokenizer.path;
  return recipe.starts_from_random() ? fs::path() : fs::path(recipe.model.path);
}

json vocabulary_inputs(const recipe::Recipe& recipe, const std::string& corpus) {
  json inputs = {{"version", kVocabularyVersion}};
  if (const fs::path given = given_vocabulary(recipe); !given.empty()) {
    inputs["sha256"] = tokenizer::load_tokenizer(given)->sha256();
  } else {
    inputs["corpus"] = corpus;
    inputs["options"] = recipe::fingerprint_values(recipe.tokenizer.train);
  }
  if (!recipe.tokenizer.add_tokens.empty()) inputs["add_tokens"] = recipe.tokenizer.add_tokens;
  return inputs;
}

json training_inputs(const recipe::Recipe& recipe, const std::string& tokens) {
  json inputs = {{"version", kTrainingVersion},
                 {"tokens", tokens},
                 {"seed", recipe.seed},
                 {"options", recipe::fingerprint_values(recipe.training)},
                 {"model", recipe::fingerprint_values(recipe.model)}};
  for (const char* key : {"chat_template", "train_on_inputs", "roles_to_train"}) inputs["options"].erase(key);  // in the tokens, where they count
  if (recipe.starts_from_random()) return inputs;
  inputs["model"].erase("shape");
  inputs["base"] = model_content(recipe.model.path);
  if (!recipe.model.adapter_path.empty()) inputs["adapter"] = adapter_content(recipe.model.adapter_path);
  return inputs;
}

json corpus_inputs(const RunPlan& plan, const json& content, const std::vector<std::unique_ptr<corpus::Rule>>& rules) {
  json options = recipe::fingerprint_values(plan.recipe.corpus);
  json inputs = {{"version", kCorpusVersion}, {"options", options}, {"sources", content}, {"icu", U_ICU_VERSION}};
  for (const auto& rule : rules) {
    if (const std::string files = rule->inputs(); !files.empty()) inputs["rules"][std::string{rule->name()}] = base::sha256(files);
  }
  return inputs;
}

}  // namespace

const char* name_of(Stage stage) {
  switch (stage) {
    case Stage::corpus: return "corpus";
    case Stage::vocabulary: return "vocabulary";
    case Stage::tokens: return "tokens";
    case Stage::training: return "training";
    case Stage::exported: return "export";
    case Stage::evaluation: return "evaluation";
    case Stage::report: return "report";
  }
  return "";
}

std::vector<document::SourceSpec> source_specs(const recipe::CorpusOptions& corpus) {
  std::vector<document::SourceSpec> specs;
  for (const recipe::SourceOptions& source : corpus.sources) {
    document::SourceSpec spec;
    spec.name = source.name;
    spec.pattern = source.path;
    spec.licence = source.licence;
    spec.access = source.access;
    spec.origin = source.origin;
    spec.text_field = source.text_field;
    spec.records = {source.format, source.columns};
    spec.measured_only = source.use == recipe::SourceUse::forgetting;
    spec.files = base::glob(source.path);
    if (spec.files.empty())
      throw Error(ExitCode::data, "corpus.sources: " + source.path + " matches no file; check the path, relative to the recipe it stands in");
    specs.push_back(std::move(spec));
  }
  return specs;
}

bool is_up_to_date(const StagePlan& stage) { return artifact::is_up_to_date(stage.directory, stage.fingerprint); }

RunPlan make_plan(const recipe::Recipe& recipe, const fs::path& runs_root, Inputs trust) {
  for (const recipe::GateOptions& gate : recipe.evaluation.gates) tasks::parse_metric(gate.metric);
  RunPlan plan;
  plan.recipe = recipe;
  recipe::PersonalDataOptions& personal = plan.recipe.corpus.personal_data;
  if (corpus::pseudonymises(plan.recipe.corpus)) personal.key = corpus::load_key(personal.key_file);  // other stand-ins, another corpus
  const auto rules = corpus::make_rules(plan.recipe.corpus);  // a rule that does not exist is said before anything is written
  plan.sources = source_specs(recipe.corpus);
  const auto add = [&](Stage stage, json inputs) {
    plan.stages.push_back({stage, {}, inputs, artifact::fingerprint_of(inputs), false});
    return plan.stages.back().fingerprint;
  };
  plan.inputs = hash_inputs(plan.sources, runs_root / artifact::kMemoFolder / recipe.name, trust == Inputs::verify);
  json content = content_of(plan.sources, plan.inputs, plan.source_bytes);
  const std::string corpus = add(Stage::corpus, corpus_inputs(plan, content, rules));
  const std::string vocabulary = add(Stage::vocabulary, vocabulary_inputs(recipe, corpus));
  const std::string tokens = add(Stage::tokens, tokens_inputs(recipe, corpus, vocabulary));
  const std::string training = add(Stage::training, training_inputs(recipe, tokens));
  const std::string exported =
      add(Stage::exported, {{"version", kExportVersion}, {"training", training}, {"options", recipe::fingerprint_values(recipe.exported)}});
  const std::string evaluation = add(Stage::evaluation, {{"version", kEvaluationVersion},
                                                         {"export", exported},
                                                         {"options", recipe::fingerprint_values(recipe.evaluation)}});
  add(Stage::report, {{"version", kReportVersion},
                      {"evaluation", evaluation},
                      {"options", recipe::fingerprint_values(recipe.report)},
                      {"governance", recipe::fingerprint_values(recipe.governance)}});

  plan.lineage = training.substr(0, 12);
  plan.run.root = runs_root / recipe.name / plan.lineage;
  plan.given_vocabulary = given_vocabulary(recipe);
  const bool own = plan.trains_vocabulary() || !recipe.tokenizer.add_tokens.empty();
  plan.vocabulary = own ? plan.run.tokenizer() : plan.given_vocabulary;
  const fs::path places[] = {plan.run.corpus(),   plan.run.tokenizer(),  plan.run.tokens(), plan.run.training(),
                             plan.run.exported(), plan.run.evaluation(), plan.run.report()};
  bool before = true;  // a stage counts as up to date only when all before it are
  for (size_t i = 0; i < plan.stages.size(); ++i) {
    plan.stages[i].directory = places[i];
    plan.stages[i].up_to_date = before = before && is_up_to_date(plan.stages[i]);
  }
  return plan;
}

}  // namespace hone::plan
