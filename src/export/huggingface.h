#pragma once
/// The tuned model as a folder that other tools load: weights, config.json, generation_config.json and the vocabulary with the
/// files that Hugging Face's AutoTokenizer reads. (`export` is a C++ keyword, so this folder's namespace is `exporting`.)
#include <ATen/ATen.h>

#include <filesystem>

#include "tokenizer/tokenizer.h"

namespace hone::exporting {

struct ExportOptions {
  at::ScalarType dtype = at::kBFloat16;  ///< Of the stored weights.
};

/// Writes the model of `checkpoint` into `directory`, which exists and is not committed yet. Throws data when the checkpoint does
/// not load or the vocabulary has more pieces than the model has rows.
void export_huggingface(const std::filesystem::path& checkpoint, const tokenizer::Tokenizer& vocabulary,
                        const std::filesystem::path& directory, const ExportOptions& options);

}  // namespace hone::exporting
