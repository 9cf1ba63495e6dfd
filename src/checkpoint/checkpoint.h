#pragma once
/// The named parts of a training state in and out of an artifact. Knows tensors by name and nothing of
/// trainers.
///   step-000120/  model.safetensors, config.json …  the weights as a model folder that any tool loads
///                 adapter_model.safetensors, adapter_config.json   instead, when an adapter is trained: a PEFT folder;
///                                                   the base stays where it is
///                 optimizer.safetensors             moments, and float32 masters of bfloat16 weights
///                 state.json                        step, totals, machine: what the owner needs to go on
///                 MANIFEST.json                     sizes and SHA-256 of all of these, written last
/// A checkpoint is read only after its manifest has verified, and what is read must fit name by name, shape
/// by shape.
#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "artifact/manifest.h"
#include "model/model.h"
#include "tensor/files.h"

namespace hone::checkpoint {

/// Commits a checkpoint at `target`; on return it is on disk and has been read back. `inputs` says what the
/// training depends on, `facts` what people want to see. Throws storage when the disk refuses; then `target`
/// is as it was.
artifact::Manifest save(const std::filesystem::path& target, const model::Model& model,
                        const tensor::NamedTensors& optimizer, const nlohmann::json& state,
                        const nlohmann::json& inputs, const nlohmann::json& facts);

/// Copies the stored weights into `model` and the stored optimizer tensors into `optimizer`, in place.
/// Throws data naming the file and the tensor that is missing, unknown, or of another shape or type.
void load_into(const std::filesystem::path& folder, model::Model& model,
               const tensor::NamedTensors& optimizer);

/// The first tensor whose bytes differ from the stored ones, or is not there; nothing when all are equal.
std::optional<std::string> first_difference(const std::filesystem::path& folder, const model::Model& model,
                                            const tensor::NamedTensors& optimizer);

/// state.json of a checkpoint. Throws data when it is no JSON object.
nlohmann::json read_state(const std::filesystem::path& folder);

}  // namespace hone::checkpoint
