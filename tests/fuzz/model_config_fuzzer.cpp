/// A config.json of any content is a model whose parameters can be named and counted, and that comes back as it was, or an Error.
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "formats/huggingface.h"
#include "formats/strict_json.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace hone::formats;
  try {
    const ModelConfig config = parse_model_config(parse_strict_json({reinterpret_cast<const char*>(data), size}, "fuzz", 64), "fuzz");
    if (parameter_count(config) <= 0) std::abort();
    const nlohmann::json written = model_config_json(config);
    if (model_config_json(parse_model_config(written, "fuzz")) != written) std::abort();
  } catch (const hone::Error&) {
  }
  return 0;
}
