#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/files.h"
#include "recipe/import/foreign.h"

namespace hone::recipe {
namespace fs = std::filesystem;
using nlohmann::json;

namespace {

constexpr const char* kName = "LLaMA-Factory";
constexpr const char* kPictures = "text models only";

constexpr Renamed kPlainOptions[] = {
    {"cutoff_len", "training.sequence_len"},
    {"packing", "training.sample_packing"},
    {"neat_packing", "training.sample_packing"},
    {"group_by_length", "training.group_by_length"},
    {"per_device_train_batch_size", "training.micro_batch_size"},
    {"gradient_accumulation_steps", "training.gradient_accumulation_steps"},
    {"num_train_epochs", "training.num_epochs"},
    {"learning_rate", "training.learning_rate"},
    {"weight_decay", "training.weight_decay"},
    {"adam_beta1", "training.adam_beta1"},
    {"adam_beta2", "training.adam_beta2"},
    {"adam_epsilon", "training.adam_epsilon"},
    {"max_grad_norm", "training.max_grad_norm"},
    {"warmup_steps", "training.warmup_steps"},
    {"warmup_ratio", "training.warmup_steps"},
    {"train_on_prompt", "training.train_on_inputs"},
    {"neftune_noise_alpha", "training.neftune_noise_alpha"},
    {"loraplus_lr_ratio", "training.loraplus_lr_ratio"},
    {"logging_steps", "training.logging_steps"},
    {"save_total_limit", "training.save.keep"},
    {"early_stopping_steps", "training.early_stopping.patience"},
    {"lora_rank", "model.lora.r"},
    {"lora_alpha", "model.lora.alpha"},
    {"lora_dropout", "model.lora.dropout"},
    {"use_rslora", "model.lora.use_rslora"},
    {"use_dora", "model.lora.use_dora"},
    {"double_quantization", "model.qlora.double_quant"},
    {"seed", "seed"},
    {"val_size", "corpus.split.validation"},
    {"pref_beta", "training.dpo.beta"},
    {"dpo_label_smoothing", "training.dpo.label_smoothing"},
    {"pref_ftx", "training.dpo.sft_weight"},
};

constexpr Idle kIdleOptions[] = {
    {"flash_attn", kKernels},
    {"shift_attn", "shifted sparse attention is not built"},
    {"enable_liger_kernel", kKernels},
    {"use_unsloth*", kKernels},
    {"use_kt", kKernels},
    {"kt_*", kKernels},
    {"torch_compile*", kKernels},
    {"report_to", kTrackers},
    {"run_name", kTrackers},
    {"use_swanlab", kTrackers},
    {"swanlab_*", kTrackers},
    {"logging_dir", kTrackers},
    {"plot_loss", "the report draws the loss"},
    {"deepspeed", kOneProcess},
    {"fsdp*", kOneProcess},
    {"ddp_*", kOneProcess},
    {"ray_*", kOneProcess},
    {"resources_per_worker", kOneProcess},
    {"placement_strategy", kOneProcess},
    {"trust_remote_code", "no code of a model is ever run"},
    {"hf_hub_token", "nothing is fetched"},
    {"ms_hub_token", "nothing is fetched"},
    {"push_to_hub*", "nothing is pushed; the export is a folder"},
    {"cache_dir", "HF_HUB_CACHE says where the local Hugging Face cache is"},
    {"model_revision", "write model.path as org/name@revision"},
    {"do_train", "hone run trains, evaluates and reports"},
    {"do_eval", "hone run trains, evaluates and reports"},
    {"do_predict", "hone generate, and evaluation.samples"},
    {"predict_with_generate", "hone generate, and evaluation.samples"},
    {"overwrite_output_dir", "a changed recipe is another run; nothing is overwritten"},
    {"overwrite_cache", "a stage is made again exactly when its inputs changed"},
    {"tokenized_path", "every stage keeps its result in the run's folder"},
    {"preprocessing_*", "--threads of hone run"},
    {"dataloader_*", "reading is never what training waits for"},
    {"streaming", "token shards are mapped, never loaded whole"},
    {"buffer_size", "token shards are mapped, never loaded whole"},
    {"save_only_model", "checkpoints always hold what a resume needs"},
    {"save_safetensors", "always"},
    {"resume_from_checkpoint", "hone run goes on by itself where a run was cut short"},
    {"resize_vocab", "rows are added for added tokens: tokenizer.add_tokens"},
    {"max_samples", "name fewer files, or use training.mixture"},
    {"max_steps", "length is set in epochs: training.num_epochs"},
    {"mix_strategy", "training.mixture"},
    {"interleave_probs", "training.mixture, with share"},
    {"mask_history", "train_on_inputs and roles_to_train decide; every turn of a trained role is trained"},
    {"eval_dataset", "held-out rows are drawn from the sources: corpus.split.validation"},
    {"eval_strategy", "Hone validates at the end of every epoch"},
    {"evaluation_strategy", "Hone validates at the end of every epoch"},
    {"eval_steps", "Hone validates at the end of every epoch"},
    {"eval_on_start", "always"},
    {"per_device_eval_batch_size", "scoring chooses its own batches"},
    {"compute_accuracy", "evaluation has a section of its own: docs/options.md"},
    {"load_best_model_at_end", "training.save.keep_best, on by default"},
    {"metric_for_best_model", "the best checkpoint is that of the lowest validation loss"},
    {"quantization_method", "four bits are NF4: model.adapter: qlora"},
    {"quantization_type", "four bits are NF4: model.adapter: qlora"},
    {"quantization_device_map", "training.device"},
    {"upcast_*", "sums and norms are float32 where it matters"},
    {"disable_gradient_checkpointing", "off unless training.gradient_checkpointing is set; this recipe sets it as LLaMA-Factory does"},
    {"default_system", "give rows a system column"},
    {"tool_format", "tools are written by the chat template"},
    {"use_fast_tokenizer", "tokenizer.json and tokenizer.model give the same ids"},
    {"split_special_tokens", "special tokens in texts follow the tokenizer"},
    {"rope_scaling", "positions are those of the model's config.json"},
    {"ref_model*", "the reference is the model that training starts from"},
    {"reward_model*", "reward models are not trained"},
    {"ppo_*", "PPO is not built"},
    {"kto_*", "KTO is not built"},
    {"simpo_gamma", "SimPO is not built"},
    {"use_galore", "GaLore is not built"},
    {"galore_*", "GaLore is not built"},
    {"use_badam", "BAdam is not built"},
    {"badam_*", "BAdam is not built"},
    {"use_apollo", "APOLLO is not built"},
    {"apollo_*", "APOLLO is not built"},
    {"use_adam_mini", "Adam-mini is not built; adamw_8bit saves more"},
    {"pissa_*", "A as PEFT begins, B zero"},
    {"create_new_adapter", "adapters are trained on, or made new where adapter_name_or_path is absent"},
    {"use_llama_pro", "no layers are added"},
    {"freeze_extra_modules", "see training.freeze"},
    {"image_*", kPictures},
    {"video_*", kPictures},
    {"audio_*", kPictures},
    {"media_dir", kPictures},
    {"freeze_vision_tower", kPictures},
    {"freeze_multi_modal_projector", kPictures},
    {"freeze_language_model", kPictures},
    {"enable_thinking", "reasoning is what the chat template makes of it"},
    {"include_num_input_tokens_seen", "always"},
    {"include_tokens_per_second", "always"},
    {"infer_*", "hone generate"},
    {"vllm_*", "hone generate"},
    {"tf32", "float32 products are exact to float32 grade"},
    {"low_cpu_mem_usage", "weights are mapped from their files"},
};

/// dataset_info.json near the configuration: LLaMA-Factory is called from the folder that holds data/.
std::optional<json> dataset_table(const Foreign& root, const std::string& folder, fs::path& found) {
  constexpr size_t kMostBytes = size_t{16} << 20;
  std::vector<fs::path> places = {fs::path(folder)};
  fs::path above = root.folders().file;
  for (int level = 0; level < 4; ++level, above = above / "..") places.push_back(above / folder);
  std::error_code ignored;
  for (const fs::path& place : places) {
    const fs::path file = place / "dataset_info.json";
    if (!fs::is_regular_file(file, ignored)) continue;
    json table = json::parse(base::read_file(file, kMostBytes), nullptr, false);
    if (!table.is_object()) continue;
    found = place.lexically_normal();
    return table;
  }
  return std::nullopt;
}

std::string word(const json& object, const char* key, const std::string& otherwise = "") {
  return object.is_object() && object.contains(key) && object[key].is_string() ? object[key].get<std::string>() : otherwise;
}

/// Columns that are called otherwise than in Hone's format of that kind.
void put_columns(RecipeDraft& draft, const std::string& place, const std::string& format, const json& entry) {
  const json columns = entry.value("columns", json::object()), tags = entry.value("tags", json::object());
  const auto put = [&](const char* option, const json& from, const char* key, const std::string& usual) {
    const std::string name = word(from, key);
    if (!name.empty() && name != usual) draft.put(place + "columns." + option, name, std::string("dataset_info.json: ") + key);
  };
  if (format == "text") {
    const std::string name = word(columns, "prompt");
    if (!name.empty() && name != "text") draft.put(place + "text_field", name, "dataset_info.json: prompt");
  } else if (format == "alpaca") {
    put("instruction", columns, "prompt", "instruction");
    put("input", columns, "query", "input");
    put("output", columns, "response", "output");
  } else if (format == "preference") {
    draft.put(
        place + "columns.prompt",
        word(columns, "messages", word(columns, "prompt", entry.value("formatting", "") == "sharegpt" ? "conversations" : "instruction")),
        "dataset_info.json");
    put("chosen", columns, "chosen", "chosen");
    put("rejected", columns, "rejected", "rejected");
    put("role", tags, "role_tag", "");
    put("content", tags, "content_tag", "");
  } else {
    put("messages", columns, "messages", "conversations");
    put("role", tags, "role_tag", "from");
    put("content", tags, "content_tag", "value");
  }
  put("system", columns, "system", "system");
}

void lose_columns(Foreign& root, const std::string& name, const std::string& format, const json& entry) {
  const json columns = entry.value("columns", json::object());
  for (const char* key : {"history", "tools", "images", "videos", "audios", "kto_tag"})
    if (!word(columns, key).empty()) root.draft().lose(root.mapping().mark, "dataset " + name + ": " + key, "this column is not read");
  if (format == "preference" && !word(columns, "query").empty())
    root.draft().lose(root.mapping().mark, "dataset " + name + ": query", "join it to the prompt column; a preference row has one prompt");
}

void put_set(Foreign& root, const std::string& name, const std::string& stage, const std::optional<json>& table, const fs::path& folder) {
  RecipeDraft& draft = root.draft();
  const std::string origin = "dataset: " + name;
  if (!table || !table->contains(name) || !(*table)[name].is_object()) {
    const size_t index = put_source(root, "dataset", "data/" + name + ".json",
                                    stage == "pt"    ? "text"
                                    : stage == "dpo" ? "preference"
                                                     : "alpaca");
    draft.put("corpus.sources." + std::to_string(index) + ".name", name, "");
    root.draft().lose(root.mapping().mark, origin, "not found in a dataset_info.json near this file; check path and format of the source");
    return;
  }
  const json& entry = (*table)[name];
  const bool ranking = entry.value("ranking", json(false)) == json(true);
  const std::string formatting = word(entry, "formatting", "alpaca");
  std::string format = stage == "pt" ? "text" : stage == "dpo" ? "preference" : formatting == "sharegpt" ? "sharegpt" : "alpaca";
  const std::string hub = word(entry, "hf_hub_url", word(entry, "ms_hub_url")), file = word(entry, "file_name");
  if (ranking && stage != "dpo")
    draft.lose(root.mapping().mark, origin, "a data set of preferences; they are trained with training.objective: dpo");
  const size_t index = put_source(root, origin, !file.empty() && hub.empty() ? (folder / file).string() : hub.empty() ? name : hub, format);
  const std::string place = "corpus.sources." + std::to_string(index) + ".";
  draft.put(place + "name", name, "");
  put_columns(draft, place, format, entry);
  lose_columns(root, name, format, entry);
}

void read_sets(Foreign& root, const std::string& stage) {
  const Value* named = root.take("dataset");
  const std::string dir = root.text("dataset_dir", "data");
  if (named == nullptr) return;
  fs::path folder;
  const auto table = dataset_table(root, dir, folder);
  const std::string names = plain_text(*named);
  for (size_t begin = 0; begin <= names.size();) {
    const size_t end = std::min(names.find(',', begin), names.size());
    std::string name = names.substr(begin, end - begin);
    name.erase(0, std::min(name.find_first_not_of(' '), name.size()));
    while (!name.empty() && name.back() == ' ') name.pop_back();
    if (!name.empty()) put_set(root, name, stage, table, folder);
    begin = end + 1;
  }
}

void read_method(Foreign& root, RecipeDraft& draft, std::string& stage) {
  stage = root.text("stage", "sft");
  const char* objective = stage == "pt" ? "pretrain" : stage == "dpo" ? "dpo" : "sft";
  draft.put("training.objective", objective, "stage: " + stage);
  if (stage != "pt" && stage != "sft" && stage != "dpo")
    root.lose("stage", "Hone has pt, sft and dpo; this recipe trains on answers (sft)");
  const std::string loss = root.text("pref_loss");
  if (loss == "ipo")
    draft.put("training.dpo.loss", "ipo", "pref_loss: ipo");
  else if (!loss.empty() && loss != "sigmoid")
    root.lose("pref_loss", "Hone has sigmoid and ipo; sigmoid is used instead");
  const std::string type = root.text("finetuning_type", "lora"), bits = root.text("quantization_bit");
  if (type == "lora")
    draft.put("model.adapter", bits == "4" ? "qlora" : "lora",
              "finetuning_type: lora" + (bits == "4" ? std::string(", quantization_bit: 4") : ""));
  if (!bits.empty() && (bits != "4" || type != "lora")) root.lose("quantization_bit", "four bits are for adapters: model.adapter: qlora");
  if (type == "freeze")
    root.lose("finetuning_type", "name what is not trained in training.freeze: globs such as model.layers.0.*");
  else if (type != "lora" && type != "full")
    root.lose("finetuning_type", "Hone has full, lora and qlora; all weights are trained instead");
  for (const char* key : {"freeze_trainable_layers", "freeze_trainable_modules"})
    if (root.has(key)) root.lose(key, "name what is not trained in training.freeze");
  if (type == "lora") {
    std::vector<std::string> names;
    const std::string targets = root.text("lora_target", "all");
    for (size_t begin = 0; begin <= targets.size();) {
      const size_t end = std::min(targets.find(',', begin), targets.size());
      names.push_back(targets.substr(begin, end - begin));
      begin = end + 1;
    }
    put_targets(root, "lora_target", names);
    if (const Value* more = root.take("additional_target"))
      draft.put("model.lora.modules_to_save", *more, root.origin("additional_target"));
  }
  if (const Value* folder = root.take("adapter_name_or_path"))
    draft.put("model.adapter_path", root.path(plain_text(*folder)), "adapter_name_or_path");
}

void read_template(Foreign& root, RecipeDraft& draft) {
  const std::string name = root.text("template");
  if (name.empty()) return;
  if (name == "llama3" || name == "alpaca" || name == "mistral" || name == "chatml")
    draft.put("training.chat_template", name, "template: " + name);
  else if (name == "qwen" || name == "qwen2" || name == "yi")
    draft.put("training.chat_template", "chatml", "template: " + name);
  else if (name == "default" || name == "empty")
    root.lose("template", "rows are written by the model's own chat template, or by training.chat_template");
  else
    root.lose("template", "the model's own chat template is used; Hone brings llama3, chatml, mistral and alpaca");
}

void put_defaults(Foreign& root, RecipeDraft& draft) {
  root.otherwise("training.sequence_len", "2048", kName);
  root.otherwise("training.micro_batch_size", "8", kName);
  root.otherwise("training.learning_rate", "5e-5", kName);
  root.otherwise("training.warmup_steps", "0", kName);
  root.otherwise("training.weight_decay", "0", kName);
  root.otherwise("training.sample_packing", draft.recipe().training.objective == Objective::pretrain ? "true" : "false", kName);
  root.otherwise("corpus.split.validation", "0", kName);
  root.otherwise("training.gradient_checkpointing", "true", kName);
  if (draft.recipe().model.adapter == AdapterKind::none) return;
  root.otherwise("model.lora.r", "8", kName);
  root.otherwise("model.lora.alpha", std::to_string(2 * draft.recipe().model.lora.r), kName);
}

}  // namespace

void import_llama_factory(const Value& mapping, const Folders& folders, RecipeDraft& draft) {
  Foreign root(mapping, draft, folders);
  put_model(root, "model_name_or_path", root.text("model_name_or_path"));
  std::string stage;
  read_method(root, draft, stage);
  read_sets(root, stage);
  read_template(root, draft);
  if (const auto size = root.number("val_size"); size && *size >= 1.0)
    root.lose("val_size", "a number of rows; Hone takes a share: corpus.split.validation, such as 0.05");
  else
    root.move("val_size", "corpus.split.validation");
  root.move_all({std::begin(kPlainOptions), std::end(kPlainOptions)});
  if (root.flag("disable_gradient_checkpointing")) draft.put("training.gradient_checkpointing", "false", "disable_gradient_checkpointing");
  if (root.flag("bf16") || root.flag("pure_bf16")) draft.put("model.dtype", "bfloat16", "bf16: true");
  if (root.flag("fp16")) root.lose("fp16", "training in float16 is not built: bfloat16 or float32, model.dtype");
  if (root.has("new_special_tokens") || root.has("add_tokens"))
    for (const char* key : {"add_tokens", "new_special_tokens"}) root.move(key, "tokenizer.add_tokens");
  put_optimizer(root, "optim", root.text("optim", "adamw_torch"));
  if (root.flag("use_muon")) draft.put("training.optimizer", "muon", "use_muon");
  put_schedule(root, "lr_scheduler_type", root.text("lr_scheduler_type", "linear"));
  if (const auto steps = root.number("save_steps"); steps && *steps >= 1.0) {
    draft.put("training.save.strategy", "steps", "save_steps");
    root.move("save_steps", "training.save.steps");
  }
  if (const std::string strategy = root.text("save_strategy"); strategy == "no")
    root.lose("save_strategy", "every epoch ends with a checkpoint; training.save.keep bounds how many stay");
  if (const Value* folder = root.take("output_dir"))
    draft.note("output_dir: " + plain_text(*folder) + ": runs go to runs/NAME beside the recipe, or where --runs says");
  put_defaults(root, draft);
  root.finish({std::begin(kIdleOptions), std::end(kIdleOptions)});
}

}  // namespace hone::recipe
