#pragma once
/// What MODEL means on a command line: a run, a checkpoint, a Hugging Face folder, or a PEFT adapter beside its base.
#include <filesystem>
#include <optional>
#include <string>

#include "commands/verb.h"
#include "model/load.h"

namespace hone::commands {

struct ModelPlace {
  std::filesystem::path weights;     ///< Folder with config.json and safetensors: the model, or an adapter's base.
  std::filesystem::path vocabulary;  ///< Folder with the vocabulary; empty when none was found.
  std::optional<std::filesystem::path> adapter;
};

/// A run stands for its exported model, or its newest checkpoint while it has none. --adapter FOLDER puts an adapter on MODEL; where MODEL
/// itself is an adapter its base is --base FOLDER, else the one that adapter_config.json names (from here, or from beside the
/// adapter). Throws data saying what was looked for.
ModelPlace find_model(const Arguments& arguments);

/// The vocabulary of a place. Throws data when there is none.
std::filesystem::path vocabulary_of(const ModelPlace& place);

/// Base and adapter in memory.
model::Model load(const ModelPlace& place, const model::LoadOptions& options);

}  // namespace hone::commands
