#pragma once
/// Where chat templates are: with the model, among Hone's own, or in a file.
///
/// Of a model folder chat_template.jinja counts before tokenizer_config.json's chat_template (a string, or a list of named ones, of which
/// `default` is taken), as it does for transformers. Hone's own lie in configs/chat and are part of the program.
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace hone::tokenizer {

struct ChatTemplateText {
  std::string text;
  std::string where;  ///< For errors: "base/tokenizer_config.json: chat_template".
};

/// alpaca, chatml, llama3, mistral.
std::vector<std::string> own_chat_templates();

/// The template that travels with a model, looked for in `folder`, or beside it when it is a file. Throws data when it is malformed.
std::optional<ChatTemplateText> model_chat_template(const std::filesystem::path& folder);

/// What training.chat_template says: empty for the model's own, a name, or a file that ends in .jinja. Nothing for `none`, and for empty
/// where the model has none. Throws usage for a name that there is not, data for a file that cannot be read.
std::optional<ChatTemplateText> find_chat_template(const std::string& choice, const std::filesystem::path& folder);

}  // namespace hone::tokenizer
