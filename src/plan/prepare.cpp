#include "plan/prepare.h"

#include <fmt/format.h>

#include "artifact/commit.h"
#include "artifact/manifest.h"
#include "base/error.h"
#include "base/files.h"
#include "base/json_file.h"
#include "base/log.h"
#include "base/progress.h"
#include "base/stop.h"
#include "base/version.h"
#include "corpus/documents.h"
#include "plan/cleaning_report.h"
#include "plan/corpus_stage.h"
#include "plan/tokens_stage.h"
#include "recipe/show.h"
#include "tokenizer/new_tokens.h"
#include "tokenizer/tokenizer.h"
#include "tokenizer/train.h"

namespace hone::plan {
namespace fs = std::filesystem;
using nlohmann::json;

namespace {

void make_vocabulary(const RunPlan& plan, const StagePlan& stage) {
  artifact::Commit commit(stage.directory, "tokenizer", stage.inputs);
  if (!plan.trains_vocabulary()) {  // the run keeps a copy, so that it stands by itself
    const auto given = tokenizer::load_tokenizer(plan.given_vocabulary);
    if (plan.recipe.tokenizer.add_tokens.empty()) tokenizer::copy_tokenizer(*given, commit.directory());
    else tokenizer::write_with_tokens(*given, plan.recipe.tokenizer.add_tokens, commit.directory());
    const int32_t pieces = tokenizer::load_tokenizer(commit.directory())->vocabulary_size();
    commit.finish({{"pieces", pieces}, {"added", pieces - given->vocabulary_size()}, {"trained", false}});
    return;
  }
  base::Progress progress("vocabulary", 0, "documents");
  corpus::DocumentReader documents(plan.run.corpus());
  uint64_t read = 0;
  const auto next_training_text = [&]() -> std::optional<std::string> {
    while (auto document = documents.next())
      if (document->side == corpus::Side::train) {
        progress.update(++read, "learning pieces");
        return std::move(document->text);
      }
    return std::nullopt;
  };
  recipe::TokenizerTrainingOptions options = plan.recipe.tokenizer.train;
  options.user_defined_symbols.insert(options.user_defined_symbols.end(), plan.recipe.tokenizer.add_tokens.begin(), plan.recipe.tokenizer.add_tokens.end());
  const tokenizer::TrainedTokenizer trained =
      tokenizer::train_sentencepiece(options, plan.recipe.seed, next_training_text, commit.directory() / artifact::kTokenizerModel);
  progress.finish(fmt::format("{} pieces from {}", base::human_count(static_cast<uint64_t>(trained.vocabulary_size)),
                              base::human_bytes(static_cast<double>(trained.bytes_used))));
  commit.finish({{"pieces", trained.vocabulary_size}, {"bytes_used", trained.bytes_used}, {"trained", true}});
}

}  // namespace

void begin_run(const RunPlan& plan, const fs::path& recipe_file) {
  std::error_code problem;
  fs::create_directories(plan.run.root, problem);
  if (problem) throw system_error("cannot create " + plan.run.root.string(), problem.value());
  recipe::Recipe portable = plan.recipe;  // places become absolute, so that the stored recipe runs from anywhere
  for (recipe::SourceOptions& source : portable.corpus.sources) source.path = fs::absolute(source.path).lexically_normal().string();
  for (std::string* path : {&portable.model.path, &portable.tokenizer.path})
    if (!path->empty()) *path = fs::absolute(*path).lexically_normal().string();
  std::string& chat = portable.training.chat_template;
  if (chat.ends_with(".jinja")) chat = fs::absolute(chat).lexically_normal().string();
  base::replace_file(plan.run.recipe(), recipe::resolved_yaml(portable));
  if (fs::exists(plan.run.facts())) return;
  base::replace_file(plan.run.facts(), base::json_text({{"name", plan.recipe.name},
                                                        {"lineage", plan.lineage},
                                                        {"recipe", recipe_file.string()},
                                                        {"started", base::utc_now()},
                                                        {"hone", base::kVersion}}));
}

void prepare(RunPlan& plan, Stage last, const PrepareOptions& options) {
  for (StagePlan& stage : plan.stages) {
    if (stage.stage > last || stage.stage > Stage::tokens) break;
    base::throw_if_stopped();
    if (is_up_to_date(stage)) {
      base::say(fmt::format("{}: up to date", name_of(stage.stage)));
    } else if (adopt_from_siblings(plan, stage)) {
      base::say(fmt::format("{}: taken over from an earlier run", name_of(stage.stage)));
    } else if (stage.stage == Stage::corpus) {
      make_corpus(plan, stage, options);
    } else if (stage.stage == Stage::vocabulary) {
      make_vocabulary(plan, stage);
    } else {
      make_tokens(plan, stage, options);
    }
    stage.up_to_date = true;
  }
  refresh_cleaning_report(plan.run, plan.recipe);  // tokens are among its figures
}

}  // namespace hone::plan
