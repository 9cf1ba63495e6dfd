#include "pipeline/find_learning_rate.h"

#include <fmt/format.h>

#include "artifact/lock.h"
#include "base/files.h"
#include "base/json_file.h"
#include "dataset/loader.h"
#include "dataset/shard_set.h"
#include "pipeline/models.h"
#include "plan/model_shape.h"
#include "plan/prepare.h"
#include "tensor/device.h"

namespace hone::pipeline {
namespace {

/// Rates rose together, so those that the recipe spells out are scaled alike.
std::string line_of(const recipe::TrainingOptions& training, double rate) {
  const double by = training.learning_rate > 0.0 ? rate / training.learning_rate : 1.0;
  std::string line = fmt::format("learning_rate: {:.1e}", rate);
  if (training.optimizer == recipe::OptimizerKind::muon) line += fmt::format("\n  muon: {{learning_rate: {:.1e}}}", training.muon.learning_rate * by);
  for (const recipe::ParameterGroupOptions& group : training.parameter_groups)
    if (group.learning_rate) line += fmt::format("\n  # parameter_groups, {}: learning_rate: {:.1e}", group.match, *group.learning_rate * by);
  return line;
}

}  // namespace

FoundLearningRate find_learning_rate(plan::RunPlan& plan, const RunOptions& options, const training::FinderOptions& finder) {
  const artifact::DirectoryLock lock(plan.run.lock());
  plan::begin_run(plan, options.recipe_file);
  plan::PrepareOptions preparing;
  preparing.threads = options.threads;
  plan::prepare(plan, plan::Stage::tokens, preparing);
  const recipe::Recipe& recipe = plan.recipe;
  tensor::prepare_process(static_cast<int>(recipe.training.threads));
  const auto vocabulary = tokenizer::load_tokenizer(plan.vocabulary);
  model::Model model = starting_model(plan, *vocabulary);
  dataset::LoaderOptions order = plan::loader_options(recipe);
  if (recipe.training.micro_batch_size == 0) order.most_rows = 1;  // what fits is found when training begins
  const dataset::Loader training(dataset::ShardSet::open(plan.run.tokens(), "train"), order);
  training::TrainSetup setup;
  setup.options = recipe.training;
  setup.run = plan.run;
  setup.inputs = plan.at(plan::Stage::training).inputs;
  setup.seed = recipe.seed;

  FoundLearningRate found;
  found.curve = training::find_learning_rate(setup, model, training, finder);
  found.folder = plan.run.root / "find-lr";
  std::filesystem::create_directories(found.folder);
  base::replace_file(found.folder / "lr.json", base::json_text(training::to_json(found.curve)));
  base::replace_file(found.folder / "lr.svg", training::to_svg(found.curve));
  if (found.curve.of_least) found.line = line_of(recipe.training, *found.curve.of_least);
  return found;
}

}  // namespace hone::pipeline
