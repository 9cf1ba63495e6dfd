/// `hone clean` and `hone tokenize`: the stages that need no tensor.
#include <fmt/format.h>

#include <algorithm>
#include <iostream>

#include "artifact/commit.h"
#include "artifact/lock.h"
#include "base/files.h"
#include "base/log.h"
#include "commands/here.h"
#include "dataset/show.h"
#include "plan/prepare.h"
#include "recipe/load.h"

namespace hone::commands {

namespace {

plan::RunPlan bring_up_to_date(const Arguments& arguments, plan::Stage last) {
  const std::string& file = arguments.positional[0];
  plan::RunPlan plan = plan::make_plan(recipe::load_or_throw(file, arguments.overrides), arguments.runs);
  const artifact::DirectoryLock lock(plan.run.lock());
  artifact::sweep(plan.run.root);
  plan::begin_run(plan, file);
  plan::PrepareOptions options;
  options.threads = static_cast<int>(arguments.integer("threads", 0, 0, 1024));
  plan::prepare(plan, last, options);
  return plan;
}

}  // namespace

ExitCode clean(const Arguments& arguments) {
  const plan::RunPlan plan = bring_up_to_date(arguments, plan::Stage::corpus);
  std::cout << plan.run.corpus().string() << "\n";
  return ExitCode::done;
}

ExitCode tokenize(const Arguments& arguments) {
  const plan::RunPlan plan = bring_up_to_date(arguments, plan::Stage::tokens);
  if (const int64_t count = arguments.integer("show", 0, 0, 1000); count > 0) {
    std::cout << dataset::show_samples(plan.run.tokens(), plan.run.tokenizer(), count, base::output_colours());
    return ExitCode::done;
  }
  std::cout << plan.run.tokens().string() << "\n";
  return ExitCode::done;
}

}  // namespace hone::commands
