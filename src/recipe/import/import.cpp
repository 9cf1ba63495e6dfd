#include "recipe/import/import.h"

#include <algorithm>

#include "base/error.h"
#include "base/files.h"
#include "recipe/import/foreign.h"
#include "recipe/yaml.h"

namespace hone::recipe {
namespace fs = std::filesystem;

namespace {

constexpr std::string_view kAxolotlKeys[] = {"base_model",
                                             "datasets",
                                             "pretraining_dataset",
                                             "val_set_size",
                                             "micro_batch_size",
                                             "sequence_len",
                                             "adapter",
                                             "load_in_4bit",
                                             "load_in_8bit",
                                             "lora_r",
                                             "lora_target_linear",
                                             "sample_packing",
                                             "dataset_prepared_path",
                                             "rl"};
constexpr std::string_view kLlamaFactoryKeys[] = {
    "model_name_or_path", "finetuning_type", "stage",       "template",         "cutoff_len", "per_device_train_batch_size",
    "lora_rank",          "lora_target",     "dataset_dir", "num_train_epochs", "do_train",   "preprocessing_num_workers"};
constexpr std::string_view kTorchtuneKeys[] = {"_component_", "checkpointer", "metric_logger", "max_steps_per_epoch",
                                               "enable_activation_checkpointing"};

bool is_one_of(std::string_view key, const auto& keys) { return std::find(std::begin(keys), std::end(keys), key) != std::end(keys); }

bool has_component(const Value& root) {
  for (const Value::Entry& entry : root.entries)
    if (entry.key == "_component_" || (entry.value.kind == Value::Kind::mapping && entry.value.find("_component_") != nullptr)) return true;
  return false;
}

}  // namespace

std::optional<Toolkit> toolkit_of(const Value& root) {
  if (root.kind != Value::Kind::mapping) return std::nullopt;
  if (has_component(root)) return Toolkit::torchtune;
  if (root.find("model_name_or_path") != nullptr) return Toolkit::llama_factory;
  if (root.find("base_model") != nullptr) return Toolkit::axolotl;
  const auto count = [&](const auto& keys) {
    return std::count_if(root.entries.begin(), root.entries.end(), [&](const auto& entry) { return is_one_of(entry.key, keys); });
  };
  const auto axolotl = count(kAxolotlKeys), factory = count(kLlamaFactoryKeys);
  if (std::max(axolotl, factory) < 2) return std::nullopt;
  return axolotl >= factory ? Toolkit::axolotl : Toolkit::llama_factory;
}

std::optional<Toolkit> toolkit_of_key(std::string_view key) {
  if (is_one_of(key, kTorchtuneKeys)) return Toolkit::torchtune;
  if (is_one_of(key, kLlamaFactoryKeys)) return Toolkit::llama_factory;
  if (is_one_of(key, kAxolotlKeys)) return Toolkit::axolotl;
  return std::nullopt;
}

Toolkit import_configuration(const fs::path& path, const fs::path& out_folder, RecipeDraft& draft) {
  constexpr size_t kMostBytes = size_t{16} << 20;
  if (!fs::is_regular_file(path)) throw Error(ExitCode::usage, path.string() + ": no such file");
  std::vector<Problem> problems;
  const std::optional<Value> root = parse_yaml(base::read_file(path, kMostBytes), path.string(), problems);
  if (!root) throw Error(ExitCode::usage, to_string(problems.front().mark) + ": " + problems.front().message);
  const auto toolkit = toolkit_of(*root);
  if (!toolkit)
    throw Error(
        ExitCode::usage,
        path.string() +
            " is no configuration of Axolotl (base_model, datasets), LLaMA-Factory (model_name_or_path, stage) or torchtune (_component_)");
  draft.note("Hone cleans what it reads, which " + std::string(name_of(*toolkit)) +
             " does not: corpus.rules lists the rules, and `rules: []` switches them off.");
  for (const Problem& problem : problems) draft.lose(problem.mark, "YAML", problem.message);
  const Folders folders{path.parent_path(), out_folder};
  switch (*toolkit) {
    case Toolkit::axolotl:
      import_axolotl(*root, folders, draft);
      break;
    case Toolkit::llama_factory:
      import_llama_factory(*root, folders, draft);
      break;
    case Toolkit::torchtune:
      import_torchtune(*root, folders, draft);
      break;
  }
  if (draft.sources() == 0) {
    draft.put("corpus.sources." + std::to_string(draft.add_source()) + ".path", "data",
              "no data set that Hone can read was named: put yours here");
    draft.lose(root->mark, "data", "no data set could be carried over; name the files in corpus.sources");
  }
  return *toolkit;
}

}  // namespace hone::recipe
