#include "formats/window_config.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "base/error.h"

namespace hone::formats {
namespace {

using nlohmann::json;

constexpr int64_t kUsualWindow = 4096;
constexpr int64_t kUsualFullLayers = 28;
constexpr int64_t kMaxWindow = int64_t{1} << 31;
constexpr const char* kFull = "full_attention";
constexpr const char* kSliding = "sliding_attention";

bool is_qwen(Family family) { return family == Family::qwen2 || family == Family::qwen3; }

/// layer_types, one entry a layer; true: slides.
std::optional<std::vector<bool>> read_layer_types(ConfigReader& reader, const ModelConfig& config) {
  const json* types = reader.list("layer_types");
  if (types == nullptr) return std::nullopt;
  if (types->size() != static_cast<size_t>(config.layers))
    reader.refuse("layer_types", "names " + std::to_string(types->size()) + " layers where num_hidden_layers is " +
                                     std::to_string(config.layers));
  std::vector<bool> slides;
  for (const json& type : *types) {
    if (type != kFull && type != kSliding)
      reader.refuse("layer_types", std::string("names something other than ") + kFull + " and " + kSliding +
                                       "; this is not supported");
    slides.push_back(type == kSliding);
  }
  return slides;
}

bool any(const std::vector<bool>& slides) { return std::find(slides.begin(), slides.end(), true) != slides.end(); }
bool all(const std::vector<bool>& slides) { return std::find(slides.begin(), slides.end(), false) == slides.end(); }

void read_qwen(ConfigReader& reader, ModelConfig& config, bool used, std::optional<int64_t> window) {
  const int64_t first = reader.integer("max_window_layers", 0, kMaxWindow).value_or(kUsualFullLayers);
  const auto listed = read_layer_types(reader, config);
  if (!reader.has("sliding_window")) window = kUsualWindow;
  if (used && !window) reader.refuse("use_sliding_window", "is true, but sliding_window is null");
  if (!used) window.reset();
  std::vector<bool> slides(static_cast<size_t>(config.layers), false);
  for (int64_t layer = first; window && layer < config.layers; ++layer) slides[static_cast<size_t>(layer)] = true;
  if (listed) slides = *listed;
  if (!any(slides)) return;
  if (!window) reader.refuse("layer_types", "has sliding layers, but use_sliding_window is not true");
  config.sliding_window = *window;
  config.sliding_layers = slides;
}

/// Llama and Mistral: one window for all layers, or none.
void read_uniform(ConfigReader& reader, ModelConfig& config, std::optional<bool> used, std::optional<int64_t> window) {
  const bool mistral = config.family == Family::mistral;
  reader.ignore("max_window_layers");  // left by conversions; the family has no such layers
  if (mistral && !reader.has("sliding_window")) window = kUsualWindow;
  if (!mistral && used == false) window.reset();  // Qwen2 models rewritten as llama keep the number and say false
  if (!mistral && (window || used == true))
    reader.refuse(window ? "sliding_window" : "use_sliding_window", "asks for a sliding window, which llama models do not have");
  if (mistral && used && *used != window.has_value())
    reader.refuse("use_sliding_window", "contradicts sliding_window, which alone decides for mistral models");
  if (const auto listed = read_layer_types(reader, config); listed && (window ? !all(*listed) : any(*listed)))
    reader.refuse("layer_types", mistral ? "contradicts sliding_window, which holds for every layer of a mistral model"
                                         : "has sliding layers, which llama models do not have");
  if (!window) return;
  config.sliding_window = *window;
  config.sliding_layers.assign(static_cast<size_t>(config.layers), true);
}

}  // namespace

void read_windows(ConfigReader& reader, ModelConfig& config) {
  const std::optional<bool> used = reader.boolean("use_sliding_window");
  const std::optional<int64_t> window = reader.integer("sliding_window", 1, kMaxWindow);
  if (is_qwen(config.family))
    read_qwen(reader, config, used.value_or(false), window);
  else
    read_uniform(reader, config, used, window);
}

void check_windows(const ModelConfig& config, const std::string& where) {
  const auto require = [&](bool holds, const char* what) {
    if (!holds) throw Error(ExitCode::data, where + ": " + what);
  };
  const std::vector<bool>& slides = config.sliding_layers;
  require(slides.empty() || slides.size() == static_cast<size_t>(config.layers), "layer_types must name every layer once");
  require((config.sliding_window > 0) == any(slides), "sliding_window and the layers that slide contradict each other");
  if (config.family == Family::llama) require(!any(slides), "llama models have no sliding window");
  if (config.family == Family::mistral) require(slides.empty() || all(slides), "mistral models slide in every layer or in none");
}

void add_windows(const ModelConfig& config, json& out) {
  const bool slides = config.sliding_window > 0;
  if (config.family == Family::mistral) out["sliding_window"] = slides ? json(config.sliding_window) : json(nullptr);
  if (!is_qwen(config.family)) return;
  out["use_sliding_window"] = slides;
  if (!slides) return;
  out["sliding_window"] = config.sliding_window;
  const auto first = std::find(config.sliding_layers.begin(), config.sliding_layers.end(), true);
  out["max_window_layers"] = first - config.sliding_layers.begin();
  json types = json::array();
  for (const bool each : config.sliding_layers) types.push_back(each ? kSliding : kFull);
  out["layer_types"] = std::move(types);
}

}  // namespace hone::formats
