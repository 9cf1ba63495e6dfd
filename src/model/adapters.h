#pragma once
/// Adapters put on a model: new ones, and those of PEFT folders (formats/adapter_config.h) in and out.
///   adapter_model.safetensors   base_model.model.<layer>.lora_A.weight [r, in], .lora_B.weight [out, r],
///                               .lora_magnitude_vector [out], and of modules_to_save
///                               base_model.model.{model.embed_tokens,lm_head}.weight
/// A model with an adapter trains nothing but it: base weights are in Model::frozen. A head tied to an embedding of
/// modules_to_save stays tied (written with ensure_weight_tying); PEFT folders without that option have parted the two, and
/// so does load_adapter.
#include <cstdint>
#include <filesystem>

#include "formats/adapter_config.h"
#include "model/model.h"
#include "tensor/files.h"

namespace hone::model {

/// New matrices on the layers that `config` targets: A uniform in ±1/√in (Kaiming with a = √5, as PEFT begins), B zero, so the
/// model computes what it did; a magnitude is its row's norm. Each draws from a stream of its own, keyed by seed and layer.
/// Throws usage when nothing is targeted.
void add_adapter(Model& model, const formats::AdapterConfig& config, uint64_t seed);

/// The adapter of a PEFT folder. Throws data naming file and tensor when something is missing, unknown, not finite or of another
/// shape than the base and the config ask for; a vocabulary of another size is named as such.
void load_adapter(Model& model, const std::filesystem::path& folder);

/// Everything of the adapter by PEFT's names, views: what a checkpoint and a PEFT folder hold.
tensor::NamedTensors adapter_tensors(const Model& model);

/// adapter_config.json and adapter_model.safetensors into `folder`, which exists and is not committed yet.
void save_adapter(const Model& model, const std::filesystem::path& folder);

struct AdapterSize {
  int64_t trained = 0;  ///< Values that are trained, of an adapter or not.
  int64_t all = 0;      ///< Those of the base and the adapter together.
};
AdapterSize adapter_size(const Model& model);

}  // namespace hone::model
