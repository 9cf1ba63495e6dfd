#include "export/huggingface.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/files.h"
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

/// What came with a base model stays as its makers wrote it; a vocabulary of our own has neither tokenizer.json nor its config.
void write_vocabulary(const model::Model& model, const tokenizer::Tokenizer& vocabulary, const fs::path& directory, const ExportOptions& options) {
  tokenizer::copy_tokenizer(vocabulary, directory);
  if (!options.chat_template.empty()) base::write_file(directory / "chat_template.jinja", options.chat_template);
  if (fs::exists(directory / "tokenizer.json") && fs::exists(directory / "tokenizer_config.json")) return;
  const auto made = tokenizer::huggingface_files(vocabulary, model.config.max_positions);
  const auto add = [&](const char* name, const std::string& content) {
    if (!fs::exists(directory / name)) base::write_file(directory / name, content);
  };
  add("tokenizer.json", made.tokenizer_json);
  add("tokenizer_config.json", made.tokenizer_config_json);
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
