#pragma once
/// Models from a Hugging Face folder, or from a shape and a seed.
#include <ATen/ATen.h>

#include <cstdint>
#include <filesystem>
#include <optional>

#include "model/model.h"
#include "tensor/nf4.h"

namespace hone::model {

struct LoadOptions {
  at::ScalarType dtype =
      at::kFloat;  ///< Of the weights in memory; the stored ones are widened or rounded to it.
  at::Device device = at::kCPU;
  /// Set: the seven matrices of every layer are brought to four bits (tensor/nf4.h) as they are read, none of them ever dense in
  /// memory; embedding, norms, biases and head stay as they are.
  std::optional<tensor::Nf4Options> four_bits;
};

/// Reads config.json and the safetensors of `folder`. Every parameter must be there with the shape that the
/// config implies, and nothing unknown beside them. Throws data naming file and tensor. The tensors are own
/// memory and may be written to.
Model load_model(const std::filesystem::path& folder, const LoadOptions& options);

/// As transformers initialises: matrices normal(0, initializer_range), norms one, biases zero. Each parameter
/// draws from a stream of its own, keyed by seed and name, so values depend on nothing else.
Model random_model(const formats::ModelConfig& config, uint64_t seed, const LoadOptions& options);

}  // namespace hone::model
