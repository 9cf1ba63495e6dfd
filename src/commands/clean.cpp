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
#include "plan/check_inputs.h"
#include "plan/prepare.h"

namespace hone::commands {

namespace {

plan::RunPlan bring_up_to_date(const Arguments& arguments, plan::Stage last) {
  const std::string& file = arguments.positional[0];
  plan::RunPlan plan = plan::make_plan(plan::load_checked(file, arguments.overrides), arguments.runs);
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
    const auto shards = dataset::ShardSet::open(plan.run.tokens(), "train");
    const auto vocabulary = tokenizer::load_tokenizer(plan.run.tokenizer());
    for (const dataset::Sample& sample : dataset::draw_samples(*shards, *vocabulary, static_cast<uint64_t>(count), plan.recipe.seed))
      std::cout << dataset::render(sample, base::output_colours()) << "\n";
    return ExitCode::done;
  }
  std::cout << plan.run.tokens().string() << "\n";
  return ExitCode::done;
}

}  // namespace hone::commands
