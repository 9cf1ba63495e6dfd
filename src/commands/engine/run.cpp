/// `hone run` and the stages that need a tensor: train, export, evaluate, report.
#include <fmt/format.h>

#include <iostream>
#include <map>

#include "base/log.h"
#include "commands/engine/engine.h"
#include "pipeline/find_learning_rate.h"
#include "pipeline/pipeline.h"
#include "plan/check_inputs.h"
#include "report/report.h"

namespace hone::commands {

namespace {

plan::Stage stage_of(const std::string& verb) {
  static const std::map<std::string, plan::Stage> ends = {{"run", plan::Stage::report},         {"report", plan::Stage::report},
                                                          {"train", plan::Stage::training},     {"export", plan::Stage::exported},
                                                          {"evaluate", plan::Stage::evaluation}};
  return ends.at(verb);
}

ExitCode find_learning_rate(const Arguments& arguments, plan::RunPlan& plan, const pipeline::RunOptions& options) {
  training::FinderOptions finder;
  finder.steps = arguments.integer("steps", finder.steps, 10, 100'000);
  const pipeline::FoundLearningRate found = pipeline::find_learning_rate(plan, options, finder);
  std::cout << found.folder.string() << "\n";
  if (found.line.empty())
    throw Error(ExitCode::diverged, "the loss did not fall at any learning rate; look at " + (found.folder / "lr.svg").string() +
                                        " and at the data, or give more --steps");
  base::say(fmt::format("a tenth of the rate where the smoothed loss was least{}; for the recipe:",
                        found.curve.of_steepest ? fmt::format(" (it fell fastest at {:.1e})", *found.curve.of_steepest) : ""));
  std::cout << "training:\n  " << found.line << "\n";
  return ExitCode::done;
}

}  // namespace

ExitCode run_to(const Arguments& arguments) {
  const std::string& file = arguments.positional[0];
  plan::RunPlan plan = plan::make_plan(plan::load_checked(file, arguments.overrides), arguments.runs,
                                       arguments.has("verify-inputs") ? plan::Inputs::verify : plan::Inputs::trust_unchanged);
  pipeline::RunOptions options;
  options.recipe_file = file;
  options.threads = static_cast<int>(arguments.integer("threads", 0, 0, 1024));
  const plan::Stage last = stage_of(arguments.verb);
  base::say(plan.run.root.string());
  if (arguments.has("find-lr")) return find_learning_rate(arguments, plan, options);
  if (arguments.has("steps")) throw Error(ExitCode::usage, "--steps goes with --find-lr");
  const pipeline::RunOutcome outcome = pipeline::bring_up_to_date(plan, last, options);
  if (outcome.nothing_to_do) base::say("everything is up to date");
  if (last != plan::Stage::report) {
    std::cout << plan.at(last).directory.string() << "\n";
    return ExitCode::done;
  }
  for (const std::string& line : report::closing_lines(outcome.report, plan.run)) std::cout << line << "\n";
  return report::exit_code_of(outcome.report);
}

}  // namespace hone::commands
