/// `hone clean` and `hone tokenize`: the stages that need no tensor.
#include <fmt/format.h>

#include <algorithm>
#include <iostream>

#include "artifact/commit.h"
#include "artifact/lock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/json_file.h"
#include "base/log.h"
#include "commands/clean_for_show.h"
#include "commands/here.h"
#include "dataset/data_report.h"
#include "dataset/show.h"
#include "plan/check_inputs.h"
#include "plan/corpus_stage.h"
#include "plan/model_shape.h"
#include "plan/prepare.h"

namespace hone::commands {

namespace {

plan::RunPlan planned(const Arguments& arguments) {
  const plan::Inputs inputs = arguments.has("verify-inputs") ? plan::Inputs::verify : plan::Inputs::trust_unchanged;
  return plan::make_plan(plan::load_checked(arguments.positional[0], arguments.overrides), arguments.runs, inputs);
}

plan::PrepareOptions prepare_options(const Arguments& arguments) {
  plan::PrepareOptions options;
  options.threads = static_cast<int>(arguments.integer("threads", 0, 0, 1024));
  return options;
}

plan::RunPlan bring_up_to_date(const Arguments& arguments, plan::Stage last, plan::RunPlan plan, const plan::PrepareOptions& options) {
  const artifact::DirectoryLock lock(plan.run.lock());
  artifact::sweep(plan.run.root);
  plan::begin_run(plan, arguments.positional[0]);
  plan::prepare(plan, last, options);
  return plan;
}

/// The shards that are to be put together; none when there are none.
std::vector<std::filesystem::path> shards_of(const Arguments& arguments, const plan::RunPlan& plan) {
  std::vector<std::filesystem::path> shards;
  const bool named = arguments.positional.size() > 1;
  if (named != arguments.has("merge"))
    throw Error(ExitCode::usage, named ? "hone clean takes one recipe; shards are put together with --merge" : "--merge: name the folders of the shards behind the recipe");
  for (size_t i = 1; i < arguments.positional.size(); ++i) shards.emplace_back(arguments.positional[i]);
  const auto count = static_cast<uint64_t>(arguments.integer("shards", 0, 0, 100000));
  for (uint64_t number = 1; number <= count; ++number) shards.push_back(plan::shard_folder(plan, {number, count}));
  return shards;
}

}  // namespace

ExitCode clean(const Arguments& arguments) {
  plan::RunPlan plan = planned(arguments);
  plan::PrepareOptions options = prepare_options(arguments);
  if (arguments.has("shard")) {
    const plan::Shard shard = plan::parse_shard(arguments.text("shard"));
    plan::make_shard(plan, shard, options);
    std::cout << plan::shard_folder(plan, shard).string() << "\n";
    return ExitCode::done;
  }
  if (arguments.has("dry-run")) return show_clean(plan, options);
  options.shards = shards_of(arguments, plan);
  plan = bring_up_to_date(arguments, plan::Stage::corpus, std::move(plan), options);
  std::cout << plan.run.corpus().string() << "\n";
  return ExitCode::done;
}

ExitCode tokenize(const Arguments& arguments) {
  const plan::RunPlan plan = bring_up_to_date(arguments, plan::Stage::tokens, planned(arguments), prepare_options(arguments));
  if (const int64_t count = arguments.integer("show", 0, 0, 1000); count > 0) {
    const auto shards = dataset::ShardSet::open(plan.run.tokens(), "train");
    const auto vocabulary = tokenizer::load_tokenizer(plan.run.tokenizer());
    for (const dataset::Sample& sample : dataset::first_samples(*shards, *vocabulary, static_cast<uint64_t>(count)))
      std::cout << dataset::render(sample, base::output_colours()) << "\n";
    std::cout << std::flush;
    const dataset::Loader loader(shards, plan::loader_options(plan.recipe));
    std::cout << dataset::table(dataset::data_report(loader, base::read_json(plan.run.tokens() / artifact::kStatistics)));
    return ExitCode::done;
  }
  std::cout << plan.run.tokens().string() << "\n";
  return ExitCode::done;
}

}  // namespace hone::commands
