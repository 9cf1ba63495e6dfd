#include "export/huggingface.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/files.h"
#include "base/json_file.h"
#include "model/adapters.h"
#include "model/save.h"
#include "tokenizer/huggingface.h"

namespace hone::exporting {
namespace {

namespace fs = std::filesystem;

void require_rows(const model::Model& model, const tokenizer::Tokenizer& vocabulary) {
  if (vocabulary.vocabulary_size() > model.config.vocabulary_size)
    throw Error(ExitCode::data, fmt::format("the vocabulary has {} pieces, more than the trained model's {} rows; they do not belong together",
                                            vocabulary.vocabulary_size(), model.config.vocabulary_size));
}

/// tokenizer_config.json as its makers wrote it, with what ours says besides: that tokenizer.json is a translation, and of what.
std::string joined_config(const fs::path& file, const std::string& ours) {
  if (!fs::exists(file)) return ours;
  nlohmann::json config = base::read_json(file);
  const nlohmann::json more = nlohmann::json::parse(ours);
  for (const auto& [key, value] : more.items())
    if (!config.contains(key) || key == "hone_translation") config[key] = value;
  return base::json_text(config);
}

/// What came with a base model stays as its makers wrote it; a SentencePiece vocabulary without tokenizer.json gets one for tools
/// that read nothing else.
void write_vocabulary(const model::Model& model, const tokenizer::Tokenizer& vocabulary, const fs::path& directory,
                      const ExportOptions& options) {
  tokenizer::copy_tokenizer(vocabulary, directory);
  if (!options.chat_template.empty()) base::write_file(directory / "chat_template.jinja", options.chat_template);
  if (fs::exists(directory / "tokenizer.json")) return;
  const auto made = tokenizer::huggingface_files(vocabulary, model.config.max_positions);
  base::write_file(directory / "tokenizer.json", made.tokenizer_json);
  base::write_file(directory / "tokenizer_config.json", joined_config(directory / "tokenizer_config.json", made.tokenizer_config_json));
}

}  // namespace

void export_huggingface(const model::Model& model, const tokenizer::Tokenizer& vocabulary, const fs::path& directory,
                        const ExportOptions& options) {
  require_rows(model, vocabulary);
  model::Model ending = model;  // the same tensors
  for (const int32_t id : options.end_ids)
    if (std::find(ending.config.eos_ids.begin(), ending.config.eos_ids.end(), id) == ending.config.eos_ids.end()) ending.config.eos_ids.push_back(id);
  model::save_model(ending, directory, {.dtype = options.dtype});
  write_vocabulary(model, vocabulary, directory, options);
}

void export_adapter(const model::Model& model, const tokenizer::Tokenizer& vocabulary, const fs::path& directory, const ExportOptions& options) {
  require_rows(model, vocabulary);
  model::save_adapter(model, directory);
  write_vocabulary(model, vocabulary, directory, options);
}

}  // namespace hone::exporting
