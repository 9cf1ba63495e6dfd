/// `hone plan`: what would run, what is up to date, and what it will cost. Writes nothing.
#include <fmt/format.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "base/log.h"
#include "commands/here.h"
#include "plan/check_inputs.h"
#include "plan/estimate.h"
#include "plan/run_plan.h"

namespace hone::commands {

namespace {

nlohmann::json as_json(const plan::RunPlan& run, const plan::Estimate& cost) {
  nlohmann::json stages = nlohmann::json::array();
  for (const plan::StagePlan& stage : run.stages)
    stages.push_back({{"stage", plan::name_of(stage.stage)},
                      {"directory", stage.directory.string()},
                      {"fingerprint", stage.fingerprint},
                      {"up_to_date", stage.up_to_date}});
  return {{"run", run.run.root.string()},
          {"lineage", run.lineage},
          {"stages", stages},
          {"parameters", cost.parameters},
          {"trained_parameters", cost.trained_parameters},
          {"source_bytes", cost.source_bytes},
          {"training_tokens_per_epoch", cost.training_tokens},
          {"tokens_are_exact", cost.tokens_are_exact},
          {"steps_per_epoch", cost.steps_per_epoch},
          {"steps", cost.steps},
          {"flops", cost.flops},
          {"memory_bytes", cost.memory_bytes},
          {"checkpoint_bytes", cost.checkpoint_bytes},
          {"disk_bytes", cost.disk_bytes}};
}

}  // namespace

ExitCode plan_run(const Arguments& arguments) {
  const plan::RunPlan run = plan::make_plan(plan::load_checked(arguments.positional[0], arguments.overrides), arguments.runs);
  const plan::Estimate cost = plan::estimate(run);
  if (arguments.has("json")) {
    std::cout << as_json(run, cost).dump(2) << "\n";
    return ExitCode::done;
  }
  std::string text = fmt::format("{}\n\n", run.run.root.string());
  bool anything = false;
  for (const plan::StagePlan& stage : run.stages) {
    const bool continues = stage.stage == plan::Stage::training && !stage.up_to_date && !run.run.checkpoint_steps().empty();
    anything = anything || !stage.up_to_date;
    text += fmt::format("  {:<12} {}\n", plan::name_of(stage.stage),
                        stage.up_to_date ? "up to date"
                        : continues      ? fmt::format("would continue from step {}", run.run.checkpoint_steps().back())
                                         : "would run");
  }
  const char* about = cost.tokens_are_exact ? "" : "about ";
  text += fmt::format("\n  documents    {} in {} sources\n", base::human_bytes(static_cast<double>(cost.source_bytes)), run.sources.size());
  text += fmt::format("  parameters   {}\n", base::human_count(static_cast<uint64_t>(cost.parameters)));
  if (cost.trained_parameters != cost.parameters)
    text += fmt::format("  trained      {} ({:.2f}% beside the frozen base)\n", base::human_count(static_cast<uint64_t>(cost.trained_parameters)),
                        100.0 * static_cast<double>(cost.trained_parameters) / static_cast<double>(cost.parameters));
  text += fmt::format("  tokens       {}{} an epoch\n", about, base::human_count(static_cast<uint64_t>(cost.training_tokens)));
  const int64_t epochs = run.recipe.training.num_epochs;
  const bool alike = cost.steps == epochs * cost.steps_per_epoch;
  text += fmt::format("  steps        {}{} ({} epochs{} {})\n", about, base::human_count(static_cast<uint64_t>(cost.steps)), epochs,
                      alike ? " of" : "; in the first", cost.steps_per_epoch);
  text += fmt::format("  arithmetic   {}{:.2g} floating-point operations\n", about, cost.flops);
  text += fmt::format("  memory       about {}\n", base::human_bytes(static_cast<double>(cost.memory_bytes)));
  text += fmt::format("  disk         about {} ({} a checkpoint)\n", base::human_bytes(static_cast<double>(cost.disk_bytes)),
                      base::human_bytes(static_cast<double>(cost.checkpoint_bytes)));
  if (!anything) text += "\nnothing to do\n";
  std::cout << text;
  return ExitCode::done;
}

}  // namespace hone::commands
