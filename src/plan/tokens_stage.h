#pragma once
/// The stage `tokens`: what it depends on, and making it.
///
/// Running text depends on the vocabulary alone. With sft and dpo the chat template's text, what is trained and the longest sequence
/// count as well: they decide which tokens there are and which carry loss.
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "plan/prepare.h"
#include "plan/run_plan.h"
#include "tokenizer/chat_template_files.h"

namespace hone::plan {

/// Beside the shards of sft and dpo: the template they were written with, for the exported model. Not there when there was none.
inline constexpr const char* kChatTemplate = "chat_template.jinja";

/// The template of training.chat_template; by default the one beside the vocabulary, else the base model's. Nothing where there is none.
/// Throws usage for a name that there is not, data for a file that cannot be read.
std::optional<tokenizer::ChatTemplateText> chat_template_of(const recipe::Recipe& recipe);

/// Throws usage or data when the recipe's conversations could not be written with its template: there is none, it is malformed, or its
/// answers have no end. `vocabulary`: file or folder to load, empty when one is to be trained.
void check_chat_template(const recipe::Recipe& recipe, const std::string& vocabulary);

/// What goes into the stage's fingerprint.
nlohmann::json tokens_inputs(const recipe::Recipe& recipe, const std::string& corpus, const std::string& vocabulary);

/// Makes the artefact in stage.directory from the run's corpus and vocabulary. Throws data, before anything is written, when the answers
/// of a chat template have no end that a model could learn.
void make_tokens(const RunPlan& plan, const StagePlan& stage, const PrepareOptions& options);

}  // namespace hone::plan
