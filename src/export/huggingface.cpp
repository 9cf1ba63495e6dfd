#include "export/huggingface.h"

#include "base/error.h"
#include "base/files.h"
#include "model/load.h"
#include "model/save.h"
#include "tokenizer/huggingface.h"

namespace hone::exporting {

void export_huggingface(const std::filesystem::path& checkpoint, const tokenizer::Tokenizer& vocabulary,
                        const std::filesystem::path& directory, const ExportOptions& options) {
  const model::Model model = model::load_model(checkpoint, {});
  if (vocabulary.vocabulary_size() > model.config.vocabulary_size)
    throw Error(ExitCode::data, checkpoint.string() + " has fewer rows than the vocabulary has pieces; they do not belong together");
  model::SaveOptions saving;
  saving.dtype = options.dtype;
  model::save_model(model, directory, saving);
  tokenizer::copy_tokenizer(vocabulary, directory);
  // What came with a base model stays as its makers wrote it; a vocabulary of our own has neither file.
  const auto made = tokenizer::huggingface_files(vocabulary, model.config.max_positions);
  const auto add = [&](const char* name, const std::string& content) {
    if (!std::filesystem::exists(directory / name)) base::write_file(directory / name, content);
  };
  add("tokenizer.json", made.tokenizer_json);
  add("tokenizer_config.json", made.tokenizer_config_json);
}

}  // namespace hone::exporting
