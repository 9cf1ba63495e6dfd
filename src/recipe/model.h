#pragma once
/// The `model` section: the base model to continue from, or a shape to start from random weights.
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "recipe/adapter.h"
#include "recipe/binder.h"

namespace hone::recipe {

/// Of weights in memory while training.
enum class ModelDtype { float32, bfloat16 };
constexpr std::array<std::string_view, 2> names_of(ModelDtype) { return {"float32", "bfloat16"}; }

/// A LLaMA-style architecture in the words of Hugging Face's config.json.
struct ShapeOptions {
  int64_t hidden_size = 256;
  int64_t intermediate_size = 688;
  int64_t num_hidden_layers = 6;
  int64_t num_attention_heads = 4;
  std::optional<int64_t> num_key_value_heads;  ///< Not set: as many as attention heads.
  std::optional<int64_t> head_dim;             ///< Not set: hidden_size / num_attention_heads.
  int64_t max_position_embeddings = 1024;
  double rope_theta = 10000.0;
  double rms_norm_eps = 1e-5;
  bool tie_word_embeddings = true;
  double initializer_range = 0.02;
};

struct ModelOptions {
  std::string path;  ///< Hugging Face folder, or org/name in the local Hugging Face cache; empty: `shape` with random weights.
  ShapeOptions shape;
  ModelDtype dtype = ModelDtype::float32;
  AdapterKind adapter = AdapterKind::none;
  std::string adapter_path;  ///< PEFT adapter folder to go on from; empty: a new adapter, or none.
  LoraOptions lora;
  QloraOptions qlora;
};

void describe(Binder& bind, ShapeOptions& options);
void describe(Binder& bind, ModelOptions& options);

}  // namespace hone::recipe
