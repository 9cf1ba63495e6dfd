#pragma once
/// The rotary part of config.json: `rope_parameters` (newer) or `rope_scaling` (older) with rope_theta inside or
/// beside it, and back again in the newer form. What transformers 5.23 takes as a default is taken here; a key that
/// the named type does not have is Error(data) naming it.
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "formats/config_reader.h"
#include "formats/huggingface.h"

namespace hone::formats {

/// Reads the keys of `reader`'s object; config.max_positions must be known. `where` names the file in errors.
RopeConfig read_rope(ConfigReader& reader, const ModelConfig& config, const std::string& where);

/// Throws data unless the numbers give finite frequencies for config.head_dim.
void check_rope(const ModelConfig& config, const std::string& where);

/// The value of `rope_parameters`.
nlohmann::json rope_json(const RopeConfig& rope);

}  // namespace hone::formats
