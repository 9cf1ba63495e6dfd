#pragma once
/// Which layers of a config.json slide, and how far. A query at position i of a sliding layer sees the keys j with
/// i − j < sliding_window; of other layers all j ≤ i. As transformers 5.23 reads the keys:
///   llama         no layer slides
///   mistral       every layer, by sliding_window (not written: 4096; null: none)
///   qwen2, qwen3  only with use_sliding_window: the layers that layer_types calls sliding_attention, or without
///                 layer_types those from max_window_layers on
/// A contradiction between these keys is Error(data) naming one of them.
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "formats/config_reader.h"
#include "formats/huggingface.h"

namespace hone::formats {

/// Sets sliding_window and sliding_layers; config.family and config.layers must be known.
void read_windows(ConfigReader& reader, ModelConfig& config);

/// Throws data unless the layers that slide are ones the family can say.
void check_windows(const ModelConfig& config, const std::string& where);

/// Adds the family's own keys to a config.json.
void add_windows(const ModelConfig& config, nlohmann::json& json);

}  // namespace hone::formats
