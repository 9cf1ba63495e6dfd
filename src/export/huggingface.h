#pragma once
/// The tuned model as folders that other tools load: weights, config.json, generation_config.json, the vocabulary with the files
/// that Hugging Face's AutoTokenizer reads, and the chat template with the end of its turns; or, for an adapter, what PEFT loads
/// beside the base. (`export` is a C++ keyword, so this folder's namespace is `exporting`.)
#include <ATen/ATen.h>

#include <filesystem>
#include <string>
#include <vector>

#include "model/model.h"
#include "tokenizer/tokenizer.h"

namespace hone::exporting {

struct ExportOptions {
  at::ScalarType dtype = at::kBFloat16;  ///< Of the stored weights.
  std::string chat_template;             ///< Written as chat_template.jinja; empty: what travels with the vocabulary.
  std::vector<int32_t> end_ids;          ///< Ends of turns; they join eos_token_id of generation_config.json.
};

/// Writes `model`, its adapter merged, into `directory`, which exists and is not committed yet. Throws data when the vocabulary has
/// more pieces than the model has rows.
void export_huggingface(const model::Model& model, const tokenizer::Tokenizer& vocabulary, const std::filesystem::path& directory,
                        const ExportOptions& options);

/// Writes the adapter of `model` as a PEFT folder with the vocabulary beside it.
void export_adapter(const model::Model& model, const tokenizer::Tokenizer& vocabulary, const std::filesystem::path& directory,
                    const ExportOptions& options);

}  // namespace hone::exporting
