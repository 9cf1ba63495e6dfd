#include "plan/tokens_stage.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "artifact/commit.h"
#include "base/error.h"
#include "base/files.h"
#include "base/hash.h"
#include "base/log.h"
#include "corpus/documents.h"
#include "dataset/samples.h"
#include "dataset/tokenize.h"
#include "formats/huggingface.h"
#include "plan/versions.h"
#include "tokenizer/chat_template.h"
#include "tokenizer/tokenizer.h"

namespace hone::plan {
namespace fs = std::filesystem;
using nlohmann::json;
using recipe::Objective;

namespace {

/// The templates and the encoder that records need.
class Records {
 public:
  Records(const recipe::Recipe& recipe, const tokenizer::Tokenizer& vocabulary) {
    const recipe::TrainingOptions& training = recipe.training;
    if (training.objective == Objective::pretrain) return;
    dataset::SampleOptions options;
    text_ = chat_template_of(recipe);
    if (text_) options.chat = &chat_.emplace(text_->text, text_->where, vocabulary);
    const tokenizer::ChatTemplateText alpaca = tokenizer::find_chat_template("alpaca", {}).value();
    const bool asks_for_alpaca = std::any_of(recipe.corpus.sources.begin(), recipe.corpus.sources.end(),
                                             [](const recipe::SourceOptions& source) { return source.format == recipe::SourceFormat::alpaca; });
    if (!text_ && asks_for_alpaca) options.alpaca = &alpaca_.emplace(alpaca.text, alpaca.where, vocabulary);
    options.train_on_inputs = training.train_on_inputs && training.objective == Objective::sft;
    if (training.objective == Objective::sft) options.roles_to_train = training.roles_to_train;
    options.max_tokens = static_cast<uint64_t>(training.sequence_len);
    encoder_.emplace(vocabulary, options);
    if (text_) check_stop(recipe, vocabulary);
  }

  const dataset::SampleEncoder* encoder() const { return encoder_ ? &*encoder_ : nullptr; }
  const std::optional<tokenizer::ChatTemplateText>& text() const { return text_; }

 private:
  /// A model that learns to end its turns with something else than what stops it goes on talking.
  void check_stop(const recipe::Recipe& recipe, const tokenizer::Tokenizer& vocabulary) const {
    const std::vector<int32_t>& end = encoder_->terminator();
    std::vector<int32_t> stops = {vocabulary.eos_id()};
    if (!recipe.starts_from_random()) {
      const std::vector<int32_t> of_model = formats::read_model_config(recipe.model.path).eos_ids;
      stops.insert(stops.end(), of_model.begin(), of_model.end());
    }
    const std::string spelled = chat_->terminator();
    if (end.size() != 1)
      base::warn(fmt::format("{} ends answers with {}, which is {} tokens of this vocabulary and stops no model; add it with tokenizer.add_tokens, or choose "
                             "another template",
                             text_->where, spelled, end.size()));
    else if (std::find(stops.begin(), stops.end(), end.front()) == stops.end())
      base::warn(fmt::format("{} ends answers with {}, which is not among the base model's ends of text; whoever runs the model has to stop there", text_->where, spelled));
  }

  std::optional<tokenizer::ChatTemplateText> text_;
  std::optional<tokenizer::ChatTemplate> chat_, alpaca_;
  std::optional<dataset::SampleEncoder> encoder_;
};

}  // namespace

std::optional<tokenizer::ChatTemplateText> chat_template_of(const recipe::Recipe& recipe) {
  auto found = tokenizer::find_chat_template(recipe.training.chat_template, recipe.tokenizer.path);
  if (!found && recipe.training.chat_template.empty() && !recipe.model.path.empty()) found = tokenizer::model_chat_template(recipe.model.path);
  return found;
}

void check_chat_template(const recipe::Recipe& recipe, const std::string& vocabulary) {
  if (recipe.training.objective == Objective::pretrain) return;
  const auto text = chat_template_of(recipe);
  if (text && !vocabulary.empty()) {
    const auto loaded = tokenizer::load_tokenizer(vocabulary);
    static_cast<void>(tokenizer::ChatTemplate(text->text, text->where, *loaded).terminator());
  }
  if (text) return;
  for (const recipe::SourceOptions& source : recipe.corpus.sources) {
    if (source.format != recipe::SourceFormat::messages && source.format != recipe::SourceFormat::sharegpt) continue;
    throw Error(ExitCode::data, fmt::format("{} holds conversations, and {}; name one of {} or a .jinja file", source.path,
                                            recipe.training.chat_template.empty() ? "the model has no chat template" : "there is no chat template",
                                            fmt::join(tokenizer::own_chat_templates(), ", ")));
  }
}

json tokens_inputs(const recipe::Recipe& recipe, const std::string& corpus, const std::string& vocabulary) {
  json inputs = {{"version", kTokensVersion}, {"corpus", corpus}, {"vocabulary", vocabulary}};
  const recipe::TrainingOptions& training = recipe.training;
  if (training.objective == Objective::pretrain) return inputs;
  const auto text = chat_template_of(recipe);
  inputs["samples"] = kSamplesVersion;
  inputs["objective"] = names_of(training.objective)[static_cast<size_t>(training.objective)];
  inputs["chat_template"] = text ? base::sha256(text->text) : "none";
  inputs["sequence_len"] = training.sequence_len;
  if (training.objective != Objective::sft) return inputs;
  inputs["train_on_inputs"] = training.train_on_inputs;
  if (!training.train_on_inputs) inputs["roles_to_train"] = training.roles_to_train;
  return inputs;
}

void make_tokens(const RunPlan& plan, const StagePlan& stage, const PrepareOptions& options) {
  const auto vocabulary = tokenizer::load_tokenizer(plan.run.tokenizer());
  const Records records(plan.recipe, *vocabulary);
  corpus::DocumentReader documents(plan.run.corpus());
  artifact::Commit commit(stage.directory, "tokens", stage.inputs);
  dataset::TokenizeOptions tokenizing;
  tokenizing.threads = options.threads;
  tokenizing.samples = records.encoder();
  tokenizing.pairs = plan.recipe.training.objective == Objective::dpo;
  const auto next = [&] { return documents.next(); };
  const dataset::TokenizeSummary summary = dataset::tokenize(*vocabulary, next, commit.directory(), tokenizing);
  if (records.text()) base::write_file(commit.directory() / kChatTemplate, records.text()->text);
  for (const std::string& warning : summary.warnings()) base::warn(warning);
  commit.finish({{"tokens", summary.tokens}, {"bytes", summary.bytes}, {"samples", summary.samples}, {"truncated", summary.truncated},
                 {"unlabelled", summary.left_out.unlabelled}, {"refused", summary.left_out.refused}});
}

}  // namespace hone::plan
