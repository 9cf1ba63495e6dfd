#include "commands/engine/model_place.h"

#include <fmt/format.h>

#include "artifact/names.h"
#include "base/error.h"
#include "formats/adapter_config.h"
#include "model/adapters.h"
#include "recipe/hub_cache.h"
#include "registry/runs.h"
#include "tokenizer/tokenizer.h"

namespace hone::commands {
namespace fs = std::filesystem;

namespace {

bool is_model_folder(const fs::path& folder) { return fs::exists(folder / artifact::kModelConfig); }

/// The vocabulary that goes with a folder: its own, or its run's when it is …/checkpoints/step-000120.
fs::path vocabulary_beside(const fs::path& folder) {
  if (tokenizer::holds_tokenizer(folder)) return folder;
  const fs::path run = fs::absolute(folder).lexically_normal().parent_path().parent_path();
  const artifact::RunDirectory owner{run.filename() == "checkpoints" ? run.parent_path() : run};
  return tokenizer::holds_tokenizer(owner.tokenizer()) ? owner.tokenizer() : fs::path();
}

fs::path base_of(const fs::path& adapter, const Arguments& arguments) {
  if (arguments.has("base")) {
    const fs::path base = arguments.text("base");
    if (!is_model_folder(base)) throw Error(ExitCode::data, base.string() + " has no config.json; --base names the Hugging Face folder that the adapter belongs to");
    return base;
  }
  const std::string named = formats::read_adapter_config(adapter).base_model;
  if (!named.empty())
    for (const fs::path& base : {fs::path(named), adapter / named, adapter.parent_path() / named})
      if (is_model_folder(base)) return base;
  // PEFT writes what the model was loaded by, which is often its name on the Hub.
  if (const auto hub = recipe::parse_hub_name(named); hub && !fs::path(named).is_absolute())
    try {
      return recipe::find_in_hub_cache(*hub, recipe::hub_cache_folder());
    } catch (const Error& problem) {
      throw Error(ExitCode::data, fmt::format("{} belongs to the base model \"{}\": {}; or name its folder with --base FOLDER", adapter.string(), named, problem.what()));
    }
  throw Error(ExitCode::data, fmt::format("{} belongs to the base model \"{}\", which is not there; name its folder with --base FOLDER", adapter.string(), named));
}

ModelPlace place_of(const fs::path& folder, const Arguments& arguments) {
  if (!formats::is_adapter_folder(folder)) return {folder, vocabulary_beside(folder), std::nullopt};
  const fs::path base = base_of(folder, arguments), own = vocabulary_beside(folder);
  return {base, own.empty() ? vocabulary_beside(base) : own, folder};
}

ModelPlace place_in_run(const artifact::RunDirectory& run, const Arguments& arguments) {
  if (fs::exists(run.exported() / artifact::kManifest)) return {run.exported(), run.exported(), std::nullopt};
  const auto steps = run.checkpoint_steps();
  if (steps.empty()) throw Error(ExitCode::data, run.root.string() + " has no exported model and no checkpoint yet; hone run its recipe");
  return place_of(run.checkpoint(steps.back()), arguments);
}

}  // namespace

ModelPlace find_model(const Arguments& arguments) {
  const std::string& text = arguments.positional[0];
  const fs::path path(text);
  const bool folder = is_model_folder(path) || formats::is_adapter_folder(path);
  ModelPlace place = folder ? place_of(path, arguments) : place_in_run(registry::find_run(text, arguments.runs), arguments);
  if (!arguments.has("adapter")) return place;
  if (place.adapter) throw Error(ExitCode::usage, text + " is an adapter itself; name the base model and one adapter");
  place.adapter = arguments.text("adapter");
  if (!formats::is_adapter_folder(*place.adapter))
    throw Error(ExitCode::data, place.adapter->string() + " has no adapter_config.json; --adapter names a PEFT folder");
  const fs::path own = vocabulary_beside(*place.adapter);
  if (!own.empty()) place.vocabulary = own;
  return place;
}

fs::path vocabulary_of(const ModelPlace& place) {
  if (!place.vocabulary.empty()) return place.vocabulary;
  throw Error(ExitCode::data, place.weights.string() + " has no tokenizer.json or tokenizer.model beside its weights; put the model's vocabulary there");
}

model::Model load(const ModelPlace& place, const model::LoadOptions& options) {
  model::Model model = model::load_model(place.weights, options);
  if (place.adapter) model::load_adapter(model, *place.adapter);
  return model;
}

}  // namespace hone::commands
