#include <filesystem>
#include <nlohmann/json.hpp>

#include "artifact/manifest.h"
#include "base/error.h"
#include "base/json_file.h"
#include "formats/huggingface.h"
#include "recipe/show.h"
#include "report/collect.h"
#include "report/look.h"
#include "report/report.h"

namespace hone::report {

namespace {

using nlohmann::json;
namespace fs = std::filesystem;

}  // namespace

json collect_artefacts(const artifact::RunDirectory& run) {
  json artefacts = json::array();
  for (const fs::path& folder :
       {run.corpus(), run.tokenizer(), run.tokens(), run.training(), run.exported(), run.evaluation()}) {
    const auto manifest = artifact::read_manifest(folder);
    if (!manifest) continue;
    uint64_t bytes = 0;
    for (const auto& [name, entry] : manifest->files) bytes += entry.size;
    artefacts.push_back({{"name", folder.lexically_relative(run.root).string()},
                         {"kind", manifest->kind},
                         {"fingerprint", manifest->fingerprint},
                         {"files", manifest->files.size()},
                         {"bytes", bytes}});
  }
  return artefacts;
}

json collect_model_files(const artifact::RunDirectory& run) {
  json files = json::array();
  const auto manifest = artifact::read_manifest(run.exported());
  if (!manifest) return files;
  for (const auto& [name, entry] : manifest->files)
    files.push_back({{"name", name}, {"bytes", entry.size}, {"sha256", entry.sha256}});
  return files;
}

json collect_model(const ReportInputs& inputs) {
  // The folder's own name: where it lies on this machine is nobody's business who reads the report.
  fs::path base = inputs.base_folder.lexically_normal();
  if (!base.empty() && base.filename().empty()) base = base.parent_path();
  json model = {{"base", base.filename().string()}};
  if (!fs::exists(inputs.run.exported() / artifact::kModelConfig)) return model;
  const formats::ModelConfig config = formats::read_model_config(inputs.run.exported());
  model["shape"] = {{"family", formats::family_name(config.family)},
                    {"layers", config.layers},
                    {"hidden_size", config.hidden_size},
                    {"intermediate_size", config.intermediate_size},
                    {"attention_heads", config.heads},
                    {"key_value_heads", config.kv_heads},
                    {"vocabulary_size", config.vocabulary_size},
                    {"context", config.max_positions},
                    {"tied_embeddings", config.tied_embeddings},
                    {"parameters", formats::parameter_count(config)}};
  return model;
}

json build_report_json(const ReportInputs& inputs) {
  HONE_ASSERT(inputs.recipe != nullptr);
  const artifact::RunDirectory& run = inputs.run;
  const recipe::Recipe& recipe = *inputs.recipe;
  const fs::path evaluation = run.evaluation() / artifact::kFacts;
  if (!fs::exists(evaluation))
    throw Error(ExitCode::data,
                run.root.string() +
                    " has not been evaluated, so there is nothing to report; run hone evaluate first");
  json facts = {{"evaluation", base::read_json(evaluation)},
                {"samples", collect_samples(run)},
                {"training", collect_training(run, recipe)},
                {"data", collect_data(run)},
                {"sources", collect_sources(run, recipe)},
                {"model", collect_model(inputs)},
                {"artefacts", collect_artefacts(run)},
                {"model_files", collect_model_files(run)},
                {"recipe", recipe::resolved_yaml(recipe)},
                {"seed", recipe.seed},
                {"governance",
                 {{"purpose", recipe.governance.purpose},
                  {"not_for", recipe.governance.not_for},
                  {"owner", recipe.governance.owner},
                  {"privacy_officer", recipe.governance.privacy_officer}}}};
  const fs::path tokens = run.tokens() / artifact::kStatistics;
  facts["tokens"] = fs::exists(tokens) ? base::read_json(tokens) : json();
  return {{"schema", 1},
          {"name", recipe.name},
          {"lineage", run.root.filename().string()},
          {"version", inputs.version},
          {"facts", facts},
          {"measured", collect_measured(run)}};
}

}  // namespace hone::report
