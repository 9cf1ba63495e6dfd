#include "pipeline/pipeline.h"

#include <fmt/format.h>

#include <optional>

#include "artifact/commit.h"
#include "artifact/lock.h"
#include "artifact/manifest.h"
#include "base/error.h"
#include "base/files.h"
#include "base/json_file.h"
#include "base/log.h"
#include "base/stop.h"
#include "base/version.h"
#include "dataset/data_report.h"
#include "dataset/loader.h"
#include "dataset/shard_set.h"
#include "evaluation/evaluate.h"
#include "export/huggingface.h"
#include "export/parity.h"
#include "model/load.h"
#include "pipeline/export_inputs.h"
#include "pipeline/models.h"
#include "plan/cleaning_report.h"
#include "plan/model_shape.h"
#include "plan/prepare.h"
#include "report/report.h"
#include "tensor/device.h"
#include "training/trainer.h"

namespace hone::pipeline {
namespace fs = std::filesystem;
using nlohmann::json;

namespace {

/// Everything below runs with the plan's stages before it up to date.
class Pipeline {
 public:
  Pipeline(plan::RunPlan& plan, const RunOptions& options) : plan_(plan), options_(options) {}

  void prepare(plan::Stage last) {
    plan::PrepareOptions options;
    options.threads = options_.threads;
    plan::prepare(plan_, last, options);
  }

  void make(plan::Stage stage) {
    tensor::prepare_process(static_cast<int>(plan_.recipe.training.threads));
    switch (stage) {
      case plan::Stage::training: return train();
      case plan::Stage::exported: return write_export();
      case plan::Stage::evaluation: return evaluate();
      case plan::Stage::report: return write_report();
      default: break;  // prepared without tensors
    }
  }

 private:
  const recipe::Recipe& recipe() const { return plan_.recipe; }
  std::unique_ptr<tokenizer::Tokenizer> vocabulary() const { return tokenizer::load_tokenizer(plan_.vocabulary); }

  void train() {
    const plan::StagePlan& stage = plan_.at(plan::Stage::training);
    const auto tokenizer = vocabulary();
    model::Model model = starting_model(plan_, *tokenizer);
    const dataset::LoaderOptions order = plan::loader_options(recipe());
    const dataset::Loader training(dataset::ShardSet::open(plan_.run.tokens(), "train"), order);
    std::optional<dataset::Loader> validation;
    const auto held_out = dataset::ShardSet::open(plan_.run.tokens(), "validation");
    if (held_out->documents() > 0) {
      validation.emplace(held_out, dataset::held_out(order));
    } else {
      base::warn("no document is held out: nothing can be said about how good the model is on new text; raise corpus.split.validation or add documents");
    }
    for (const std::string& sentence : dataset::sentences(dataset::data_report(training, base::read_json(plan_.run.tokens() / artifact::kStatistics)))) base::say(sentence);
    training::TrainSetup setup;
    setup.options = recipe().training;
    setup.run = plan_.run;
    setup.inputs = stage.inputs;
    setup.seed = recipe().seed;
    const training::TrainResult result = training::train(setup, model, training, validation ? &*validation : nullptr);

    artifact::Commit commit(stage.directory, "training", stage.inputs);
    json facts = {{"chosen", result.chosen.filename().string()},
                        {"last", result.last.filename().string()},
                        {"steps", result.steps},
                        {"epochs", result.epochs},
                        {"tokens", result.tokens},
                        {"trained_tokens", result.trained_tokens},
                        {"ended_early", result.ended_early},
                        {"method", method_facts(model)},
                        {"first_validation_loss", result.first_validation_loss ? json(*result.first_validation_loss) : json()},
                        {"last_validation_loss", result.last_validation_loss ? json(*result.last_validation_loss) : json()},
                        {"best_validation_loss", result.best_validation_loss ? json(*result.best_validation_loss) : json()}};
    facts.update(result.facts);
    base::write_file(commit.directory() / artifact::kTrainResult, base::json_text(facts));
    commit.finish(facts);
  }

  void write_export() {
    const plan::StagePlan& stage = plan_.at(plan::Stage::exported);
    const json result = base::read_json(plan_.run.training() / artifact::kTrainResult);
    const fs::path chosen = plan_.run.checkpoints() / result.at("chosen").get<std::string>();
    const auto tokenizer = vocabulary();
    const exporting::ExportOptions options = export_options(plan_, *tokenizer);
    const model::Model trained = trained_model(plan_, *tokenizer, chosen);
    json facts = {{"checkpoint", chosen.filename().string()}, {"dtype", names_of(recipe().exported.dtype)[static_cast<size_t>(recipe().exported.dtype)]}};
    if (trained.adapter) {
      artifact::Commit commit(exported_adapter(plan_.run), "adapter", stage.inputs);
      exporting::export_adapter(trained, *tokenizer, commit.directory(), options);
      commit.finish(facts);
    }
    artifact::Commit commit(stage.directory, "export", stage.inputs);
    exporting::export_huggingface(trained, *tokenizer, commit.directory(), options);
    if (trained.adapter) facts["parity"] = check_merge(trained, commit.directory(), options.dtype);
    commit.finish(facts);
  }

  /// What merging and rounding did to a few thousand held-out tokens. Throws data when it is more than they do.
  json check_merge(const model::Model& trained, const fs::path& folder, at::ScalarType dtype) const {
    const exporting::Parity parity =
        exporting::measure_parity(trained, model::load_model(folder, {.dtype = at::kFloat, .device = trained.device()}), dtype, sample_of_text(plan_));
    if (const std::string problem = parity.problem(); !problem.empty()) throw Error(ExitCode::data, "the export is refused: " + problem);
    base::say(parity.sentence());
    return parity.facts();
  }

  void evaluate() {
    const plan::StagePlan& stage = plan_.at(plan::Stage::evaluation);
    const auto tokenizer = vocabulary();
    evaluation::EvaluationInputs inputs;
    inputs.options = recipe().evaluation;
    inputs.seed = recipe().seed;
    inputs.tokens = plan_.run.tokens();
    inputs.tokenizer = tokenizer.get();
    inputs.context = recipe().training.sequence_len;
    inputs.from_random_weights = recipe().starts_from_random();
    inputs.load_base = [&] { return untrained_model(plan_, *tokenizer); };
    inputs.load_tuned = [&] { return exported_model(plan_); };
    artifact::Commit commit(stage.directory, "evaluation", stage.inputs);
    evaluation::evaluate(inputs, commit.directory());
    commit.finish(json::object());
  }

  void write_report() {
    const plan::StagePlan& stage = plan_.at(plan::Stage::report);
    report::ReportInputs inputs;
    inputs.run = plan_.run;
    inputs.recipe = &recipe();
    if (!recipe().starts_from_random()) inputs.base_folder = recipe().model.path;
    inputs.version = base::kVersion;
    artifact::Commit commit(stage.directory, "report", stage.inputs);
    report::write_report(commit.directory(), report::build_report_json(inputs), recipe().report.language);
    plan::refresh_cleaning_report(plan_.run, recipe());
    plan::add_cleaning_report(plan_.run, commit.directory());
    commit.finish(json::object());
  }

  plan::RunPlan& plan_;
  const RunOptions& options_;
};

}  // namespace

RunOutcome bring_up_to_date(plan::RunPlan& plan, plan::Stage last, const RunOptions& options) {
  RunOutcome outcome;
  outcome.nothing_to_do = plan.at(last).up_to_date;
  if (!outcome.nothing_to_do) {
    const artifact::DirectoryLock lock(plan.run.lock());
    artifact::sweep(plan.run.root);
    artifact::sweep(plan.run.checkpoints());
    artifact::sweep(plan.run.exported().parent_path());
    plan::begin_run(plan, options.recipe_file);
    Pipeline pipeline(plan, options);
    pipeline.prepare(std::min(last, plan::Stage::tokens));
    for (plan::StagePlan& stage : plan.stages) {
      if (stage.stage > last) break;
      if (stage.stage <= plan::Stage::tokens) continue;
      if (plan::is_up_to_date(stage)) {
        base::say(fmt::format("{}: up to date", plan::name_of(stage.stage)));
      } else {
        base::throw_if_stopped();
        pipeline.make(stage.stage);
      }
      stage.up_to_date = true;
    }
  }
  if (last == plan::Stage::report) outcome.report = base::read_json(plan.run.report() / artifact::kReportJson);
  return outcome;
}

}  // namespace hone::pipeline
