#pragma once
/// What MODEL means on a command line: a run, a checkpoint, or a Hugging Face folder.
#include <filesystem>
#include <string>

namespace hone::commands {

struct ModelPlace {
  std::filesystem::path weights;     ///< Folder with config.json and safetensors.
  std::filesystem::path vocabulary;  ///< Folder with tokenizer.model.
};

/// A run stands for its exported model, or its newest checkpoint while it has none. Throws data saying what was looked for.
ModelPlace find_model(const std::string& text, const std::filesystem::path& runs_root);

/// The weights alone, for what needs no vocabulary.
std::filesystem::path find_weights(const std::string& text, const std::filesystem::path& runs_root);

}  // namespace hone::commands
