#pragma once
/// A model as a Hugging Face folder: config.json, generation_config.json, model.safetensors or its shards
/// with an index.
#include <ATen/ATen.h>

#include <cstdint>
#include <filesystem>
#include <functional>

#include "model/model.h"

namespace hone::model {

struct SaveOptions {
  at::ScalarType dtype = at::kFloat;                   ///< Of the stored weights.
  uint64_t max_shard_bytes = UINT64_C(5'000'000'000);  ///< One file up to this size, shards above it.
  /// Where a parameter's value is taken from when not from the model, such as master weights. Undefined: the model's, with its
  /// adapter merged.
  std::function<at::Tensor(const std::string& name)> value_of;
};

/// Writes into `folder`, which exists and is not committed yet. Each file is fsynced; equal weights give
/// equal bytes.
void save_model(const Model& model, const std::filesystem::path& folder, const SaveOptions& options);

}  // namespace hone::model
