#include <algorithm>

#include "recipe/import/foreign.h"

namespace hone::recipe {
namespace {

constexpr const char* kName = "Axolotl";
constexpr const char* kModelCode = "read from the model's config.json";

constexpr Renamed kPlainOptions[] = {
    {"sequence_len", "training.sequence_len"},
    {"sample_packing", "training.sample_packing"},
    {"group_by_length", "training.group_by_length"},
    {"micro_batch_size", "training.micro_batch_size"},
    {"gradient_accumulation_steps", "training.gradient_accumulation_steps"},
    {"num_epochs", "training.num_epochs"},
    {"learning_rate", "training.learning_rate"},
    {"weight_decay", "training.weight_decay"},
    {"adam_beta1", "training.adam_beta1"},
    {"adam_beta2", "training.adam_beta2"},
    {"adam_epsilon", "training.adam_epsilon"},
    {"max_grad_norm", "training.max_grad_norm"},
    {"warmup_steps", "training.warmup_steps"},
    {"warmup_ratio", "training.warmup_steps"},
    {"cosine_min_lr_ratio", "training.lr_final_ratio"},
    {"train_on_inputs", "training.train_on_inputs"},
    {"neftune_noise_alpha", "training.neftune_noise_alpha"},
    {"noisy_embedding_alpha", "training.neftune_noise_alpha"},
    {"loraplus_lr_ratio", "training.loraplus_lr_ratio"},
    {"logging_steps", "training.logging_steps"},
    {"save_total_limit", "training.save.keep"},
    {"lora_r", "model.lora.r"},
    {"lora_alpha", "model.lora.alpha"},
    {"lora_dropout", "model.lora.dropout"},
    {"lora_modules_to_save", "model.lora.modules_to_save"},
    {"peft_use_dora", "model.lora.use_dora"},
    {"peft_use_rslora", "model.lora.use_rslora"},
    {"seed", "seed"},
    {"tokens", "tokenizer.add_tokens"},
    {"added_tokens", "tokenizer.add_tokens"},
    {"rl_beta", "training.dpo.beta"},
    {"dpo_beta", "training.dpo.beta"},
    {"dpo_label_smoothing", "training.dpo.label_smoothing"},
    {"rpo_alpha", "training.dpo.sft_weight"},
};

constexpr Idle kIdleOptions[] = {
    {"flash_attention", kKernels},
    {"flash_attn_*", kKernels},
    {"xformers_attention", kKernels},
    {"sdp_attention", kKernels},
    {"attn_implementation", kKernels},
    {"eager_attention", kKernels},
    {"flex_attention", kKernels},
    {"s2_attention", "shifted sparse attention is not built"},
    {"torch_compile*", kKernels},
    {"liger_*", kKernels},
    {"lora_mlp_kernel", kKernels},
    {"lora_qkv_kernel", kKernels},
    {"lora_o_kernel", kKernels},
    {"plugins", "Hone has no plugins"},
    {"wandb_*", kTrackers},
    {"mlflow_*", kTrackers},
    {"comet_*", kTrackers},
    {"use_wandb", kTrackers},
    {"use_mlflow", kTrackers},
    {"use_tensorboard", "always written, in the run's folder"},
    {"hub_*", "nothing is pushed; the export is a folder"},
    {"push_*", "nothing is pushed; the export is a folder"},
    {"hf_use_auth_token", "nothing is fetched"},
    {"deepspeed", kOneProcess},
    {"fsdp*", kOneProcess},
    {"ddp*", kOneProcess},
    {"tensor_parallel*", kOneProcess},
    {"context_parallel*", kOneProcess},
    {"sequence_parallel*", kOneProcess},
    {"model_type", kModelCode},
    {"tokenizer_type", "told by the tokenizer's files"},
    {"base_model_config", kModelCode},
    {"is_llama_derived_model", kModelCode},
    {"is_mistral_derived_model", kModelCode},
    {"is_qwen_derived_model", kModelCode},
    {"trust_remote_code", "no code of a model is ever run"},
    {"model_revision", "write model.path as org/name@revision"},
    {"revision_of_model", "write model.path as org/name@revision"},
    {"resize_token_embeddings_to_32x", "rows are added for added tokens only"},
    {"strict", "every key is always checked"},
    {"dataset_prepared_path", "every stage keeps its result in the run's folder"},
    {"dataset_processes", "--threads of hone run"},
    {"dataset_*", "Hone reads and shuffles by seed and epoch; nothing to set"},
    {"shuffle_*", "rows are shuffled by seed and epoch"},
    {"pad_to_sequence_len", "rows are never padded"},
    {"eval_sample_packing", "held-out documents are scored one by one"},
    {"sample_packing_*", "every document is packed, isolated; nothing to set"},
    {"evals_per_epoch", "Hone validates at the end of every epoch"},
    {"eval_steps", "Hone validates at the end of every epoch"},
    {"eval_strategy", "Hone validates at the end of every epoch"},
    {"evaluation_strategy", "Hone validates at the end of every epoch"},
    {"eval_batch_size", "scoring chooses its own batches"},
    {"eval_table_size", "the report shows samples, evaluation.samples"},
    {"eval_*", "evaluation has a section of its own: docs/options.md"},
    {"do_bench_eval", "evaluation has a section of its own: docs/options.md"},
    {"saves_per_epoch", "every epoch ends with a checkpoint; more with training.save.strategy: steps"},
    {"save_only_model", "checkpoints always hold what a resume needs"},
    {"save_safetensors", "always"},
    {"resume_from_checkpoint", "hone run goes on by itself where a run was cut short"},
    {"auto_resume_from_checkpoints", "always"},
    {"overwrite_output_dir", "a changed recipe is another run; nothing is overwritten"},
    {"max_steps", "length is set in epochs: training.num_epochs"},
    {"special_tokens", "special tokens are those of the tokenizer; new ones go into tokenizer.add_tokens"},
    {"added_tokens_overrides", "ids of the tokenizer are kept; new tokens go into tokenizer.add_tokens"},
    {"bnb_config_kwargs", "model.qlora: NF4, block_size 64, double_quant"},
    {"bnb_4bit_*", "model.qlora: NF4, block_size 64, double_quant"},
    {"gptq", "quantised models are not read; start from the original weights"},
    {"tf32", "float32 products are exact to float32 grade"},
    {"lora_fan_in_fan_out", "told by the model"},
    {"lora_layers_to_transform", "adapters go on all layers of the named kinds"},
    {"peft_layers_to_transform", "adapters go on all layers of the named kinds"},
    {"lora_target_parameters", "adapters go on linear layers"},
    {"loraplus_lr_embedding", "with training.parameter_groups: match *.embed_tokens.*"},
    {"peft_init_lora_weights", "A as PEFT begins, B zero"},
    {"peft", "see model.lora and model.qlora"},
    {"relora_*", "ReLoRA is not built"},
    {"lisa_*", "LISA is not built; training.freeze leaves layers out for good"},
    {"unsloth_*", kKernels},
    {"embeddings_skip_upcast", "weights keep model.dtype"},
    {"auto_find_batch_size", "training.micro_batch_size: auto"},
    {"debug", "hone run --log-json tells what happens"},
    {"dataloader_*", "reading is never what training waits for"},
    {"gc_steps", "there is no garbage to collect"},
    {"include_tokens_per_second", "always"},
    {"include_tkps", "always"},
    {"greater_is_better", "the best checkpoint is that of the lowest validation loss"},
    {"metric_for_best_model", "the best checkpoint is that of the lowest validation loss"},
    {"load_best_model_at_end", "training.save.keep_best, on by default"},
    {"trl", "see training.dpo"},
    {"reward_model", "reward models are not trained"},
    {"process_reward_model", "reward models are not trained"},
    {"default_system_message", "give rows a system column, or write it into the chat template"},
    {"device_map", "training.device"},
    {"gpu_memory_limit", "memory is checked before the first step"},
    {"local_rank", kOneProcess},
    {"world_size", kOneProcess},
    {"train_on_eos", "every terminator of a trained turn is trained"},
    {"excess_length_strategy", "long documents are split, never dropped"},
};

/// The value of a path of keys, as in message_property_mappings.content.
const Value* inside(Foreign& set, const std::string& key, const std::string& name) {
  const Value* mapping = set.take(key);
  return mapping != nullptr && mapping->kind == Value::Kind::mapping ? mapping->find(name) : nullptr;
}

/// Of preference types: "chatml.intel", "user_defined.default" …, the columns they read.
void put_preference_columns(Foreign& set, RecipeDraft& draft, const std::string& place, const std::string& type) {
  const std::string style = type.substr(std::min(type.size(), type.find('.') + 1));
  const auto column = [&](const char* option, const std::string& name) { draft.put(place + "columns." + option, name, "type: " + type); };
  if (style.starts_with("intel"))
    column("prompt", "question");
  else if (style.starts_with("argilla"))
    column("prompt", "instruction"), column("chosen", "chosen_response"), column("rejected", "rejected_response");
  else if (style.starts_with("icr"))
    column("prompt", "input");
  if (const Value* value = set.take("field_messages")) draft.put(place + "columns.prompt", *value, set.origin("field_messages"));
  if (const Value* value = set.take("field_prompt")) draft.put(place + "columns.prompt", *value, set.origin("field_prompt"));
  if (const Value* value = set.take("field_chosen")) draft.put(place + "columns.chosen", *value, set.origin("field_chosen"));
  if (const Value* value = set.take("field_rejected")) draft.put(place + "columns.rejected", *value, set.origin("field_rejected"));
}

/// Format of a data set and its columns; nothing when Hone cannot read that type.
std::optional<std::string> format_of(Foreign& set, const Value* type, bool pairs) {
  if (type == nullptr) return pairs ? "preference" : "messages";
  if (type->kind == Value::Kind::mapping) return pairs ? "preference" : "alpaca";
  const std::string name = plain_text(*type), kind = name.substr(0, name.find_first_of(".:("));
  if (pairs) return "preference";
  if (kind == "completion" || kind == "pretrain") return "text";
  if (kind == "alpaca" || kind == "alpaca_chat" || kind == "alpaca_w_system" || kind == "alpaca_instruct" || kind == "gpteacher")
    return "alpaca";
  if (kind == "sharegpt") return "sharegpt";
  if (kind == "chat_template") return "messages";
  set.lose("type", kind == "input_output"
                       ? "segments with labels of their own have no counterpart: write them as messages; the data set is left out"
                       : "Hone does not know this prompt strategy; the data set is left out");
  return std::nullopt;
}

void put_columns(Foreign& set, RecipeDraft& draft, const std::string& place, const std::string& format, const Value* type) {
  const auto move = [&](const char* key, const char* option) { set.move(key, place + option); };
  if (type != nullptr && type->kind == Value::Kind::mapping) {
    Foreign fields(*type, draft, set.folders(), set.origin("type") + ".");
    fields.move("field_instruction", place + "columns.instruction");
    fields.move("field_input", place + "columns.input");
    fields.move("field_output", place + "columns.output");
    fields.move("field_system", place + "columns.system");
    fields.move("field_prompt", place + "columns.prompt");
    fields.move("field_chosen", place + "columns.chosen");
    fields.move("field_rejected", place + "columns.rejected");
    fields.finish({{"*format", "rows are written by the chat template"},
                   {"no_input_format", "rows are written by the chat template"},
                   {"format", "rows are written by the chat template"},
                   {"system_*", "give rows a system column"}});
    return;
  }
  if (format == "text") return move("field", "text_field");
  if (format == "preference") return put_preference_columns(set, draft, place, type != nullptr ? plain_text(*type) : "");
  move("field_messages", "columns.messages");
  move("field_system", "columns.system");
  move("message_field_role", "columns.role");
  move("message_field_content", "columns.content");
  if (const Value* role = inside(set, "message_property_mappings", "role"))
    draft.put(place + "columns.role", *role, set.origin("message_property_mappings.role"));
  if (const Value* content = inside(set, "message_property_mappings", "content"))
    draft.put(place + "columns.content", *content, set.origin("message_property_mappings.content"));
}

void read_set(Foreign& set, RecipeDraft& draft, bool pairs, bool& text_only) {
  const Value* type = set.take("type");
  const auto format = format_of(set, type, pairs);
  const std::string path = set.text("path"), loader = set.text("ds_type");
  std::vector<std::string> files;
  if (const Value* named = set.take("data_files")) {
    if (named->kind == Value::Kind::sequence)
      for (const Value& item : named->items) files.push_back(plain_text(item));
    else
      files.push_back(plain_text(*named));
  }
  std::error_code ignored;
  const bool loader_name = path == "json" || path == "csv" || path == "text" || path == "parquet" || path.empty();
  if (files.empty() || (!loader_name && std::filesystem::is_regular_file(path, ignored))) files = {path};
  if (format)
    for (const std::string& file : files) {
      text_only = text_only && *format == "text";
      const bool below = !loader_name && files.front() != path;  // data_files of a repository
      const size_t index = put_source(set, "path", below ? path + "/" + file : file, *format);
      put_columns(set, draft, "corpus.sources." + std::to_string(index) + ".", *format, type);
    }
  if (loader == "parquet" || loader == "arrow") set.lose("ds_type", "turn the files into JSON Lines first; the manual has the line");
  if (const Value* roles = set.take("roles_to_train")) draft.put("training.roles_to_train", *roles, set.origin("roles_to_train"));
  if (const std::string split = set.text("split"); !split.empty() && split != "train")
    set.lose("split", "Hone reads the files that path names");
  set.finish({{"name", "name the files of that subset in path"},
              {"roles", "user, human, assistant, gpt, system and tool are known; other names are kept as they are"},
              {"chat_template*", "one template for all data: training.chat_template"},
              {"conversation", "one template for all data: training.chat_template"},
              {"shards*", "name fewer files in path, or use training.mixture"},
              {"revision", "download that revision"},
              {"train_on_eos", "every terminator of a trained turn is trained"},
              {"message_field_training*", "masks follow roles, not fields of messages"},
              {"drop_system_message", "leave the system column out of the rows"},
              {"trust_remote_code", "no code of a data set is ever run"}});
}

void read_sets(Foreign& root, const std::string& key, bool pairs, bool& text_only) {
  const Value* sets = root.take(key);
  if (sets == nullptr) return;
  if (sets->kind == Value::Kind::scalar) {
    put_source(root, key, plain_text(*sets), "text");
    return;
  }
  Value alone;
  alone.kind = Value::Kind::sequence;
  if (sets->kind == Value::Kind::mapping) alone.items = {*sets}, sets = &alone;
  for (size_t i = 0; i < sets->items.size(); ++i) {
    Foreign set(sets->items[i], root.draft(), root.folders(), key + "[" + std::to_string(i) + "].");
    if (key == "pretraining_dataset") {
      put_source(set, "path", set.text("path"), "text");
      set.move("text_column", "corpus.sources." + std::to_string(root.draft().sources() - 1) + ".text_field");
      set.take("type");
      set.finish({{"*", "Hone reads the files that path names"}});
    } else {
      read_set(set, root.draft(), pairs, text_only);
    }
  }
}

void read_objective(Foreign& root, RecipeDraft& draft) {
  const std::string rl = root.text("rl");
  const bool pairs = rl == "dpo" || rl == "ipo";
  if (pairs) draft.put("training.objective", "dpo", "rl: " + rl);
  if (rl == "ipo") draft.put("training.dpo.loss", "ipo", "rl: ipo");
  if (!rl.empty() && !pairs) root.lose("rl", "of preference methods Hone has dpo and ipo; this recipe trains on the answers alone");
  bool text_only = true;
  read_sets(root, "datasets", pairs, text_only);
  read_sets(root, "pretraining_dataset", pairs, text_only);
  if (!pairs && draft.sources() > 0)
    draft.put("training.objective", text_only ? "pretrain" : "sft", text_only ? "all data is running text" : "instruction data");
  if (root.has("test_datasets")) root.lose("test_datasets", "held-out rows are drawn from the sources: corpus.split.validation");
  if (const auto size = root.number("val_set_size")) {
    if (*size < 1.0)
      root.move("val_set_size", "corpus.split.validation");
    else
      root.lose("val_set_size", "a number of rows; Hone takes a share: corpus.split.validation, such as 0.05");
  } else {
    root.otherwise("corpus.split.validation", "0", kName);
  }
}

void read_adapter(Foreign& root, RecipeDraft& draft) {
  const std::string adapter = root.text("adapter");
  const bool four = root.flag("load_in_4bit");
  if (adapter == "qlora" || (adapter == "lora" && four))
    draft.put("model.adapter", "qlora", "adapter: " + adapter + (four ? ", load_in_4bit" : ""));
  else if (adapter == "lora")
    draft.put("model.adapter", "lora", "adapter: lora");
  else if (!adapter.empty())
    root.lose("adapter", "Hone has lora and qlora; all weights are trained instead");
  else if (four)
    root.lose("load_in_4bit", "four bits are for adapters: model.adapter: qlora");
  if (root.flag("load_in_8bit")) root.lose("load_in_8bit", "the base stays in model.dtype, or in four bits with model.adapter: qlora");
  if (const Value* folder = root.take("lora_model_dir"))
    draft.put("model.adapter_path", root.path(plain_text(*folder)), root.origin("lora_model_dir"));
  if (const Value* layers = root.take("lora_target_modules")) {
    std::vector<std::string> names;
    if (layers->kind == Value::Kind::sequence)
      for (const Value& item : layers->items) names.push_back(plain_text(item));
    else
      names = {plain_text(*layers)};
    if (!root.flag("lora_target_linear")) put_targets(root, "lora_target_modules", names);
  }
  if (root.flag("lora_target_linear")) put_targets(root, "lora_target_linear", {"all-linear"});
}

void read_precision(Foreign& root, RecipeDraft& draft) {
  const Value* bf16 = root.take("bf16");
  if (bf16 != nullptr && (plain_text(*bf16) == "auto" || root.flag("bf16") || plain_text(*bf16) == "full"))
    draft.put("model.dtype", "bfloat16", root.origin("bf16"));
  if (root.flag("bfloat16") && !draft.has("model.dtype")) draft.put("model.dtype", "bfloat16", root.origin("bfloat16"));
  for (const char* key : {"fp16", "float16"})
    if (const Value* value = root.take(key); value != nullptr && root.flag(key))
      root.lose(key, "training in float16 is not built: bfloat16 or float32, model.dtype");
}

void read_saving(Foreign& root, RecipeDraft& draft) {
  if (const Value* steps = root.take("save_steps")) {
    if (const auto count = root.number("save_steps"); count && *count >= 1.0) {
      draft.put("training.save.strategy", "steps", "save_steps");
      draft.put("training.save.steps", *steps, root.origin("save_steps"));
    } else {
      root.lose("save_steps", "a share of the run; every epoch is saved");
    }
  }
  if (const std::string strategy = root.text("save_strategy"); strategy == "no")
    root.lose("save_strategy", "every epoch ends with a checkpoint; training.save.keep bounds how many stay");
  if (root.move("early_stopping_patience", "training.early_stopping.patience"))
    draft.note("early_stopping_patience: Axolotl counts evaluations, Hone epochs");
  if (const Value* folder = root.take("output_dir"))
    draft.note("output_dir: " + plain_text(*folder) + ": runs go to runs/NAME beside the recipe, or where --runs says");
}

void read_template(Foreign& root, RecipeDraft& draft) {
  const std::string name = root.text("chat_template");
  const Value* own = root.take("chat_template_jinja");
  if (name.empty() || name.starts_with("tokenizer_default")) {
    if (own != nullptr) root.lose("chat_template_jinja", "save the template as a .jinja file and name it in training.chat_template");
    return;
  }
  if (name == "chatml" || name == "llama3" || name == "alpaca")
    draft.put("training.chat_template", name, root.origin("chat_template"));
  else if (name.starts_with("mistral"))
    draft.put("training.chat_template", "mistral", root.origin("chat_template") + ": " + name);
  else if (name.ends_with(".jinja") || name.ends_with(".jinja2"))
    draft.put("training.chat_template", root.path(name), root.origin("chat_template"));
  else if (name == "jinja")
    root.lose("chat_template_jinja", "save the template as a .jinja file and name it in training.chat_template");
  else
    root.lose("chat_template", "Hone brings llama3, chatml, mistral and alpaca; else the model's own is used, or a .jinja file");
}

}  // namespace

void import_axolotl(const Value& mapping, const Folders& folders, RecipeDraft& draft) {
  Foreign root(mapping, draft, folders);
  put_model(root, "base_model", root.text("base_model"));
  if (const Value* tokenizer = root.take("tokenizer_config"))
    draft.put("tokenizer.path", root.path(plain_text(*tokenizer)), "tokenizer_config");
  read_objective(root, draft);
  read_adapter(root, draft);
  read_precision(root, draft);
  read_template(root, draft);
  root.move_all({std::begin(kPlainOptions), std::end(kPlainOptions)});
  if (const Value* checkpointing = root.take("gradient_checkpointing"))
    draft.put("training.gradient_checkpointing", plain_text(*checkpointing) == "offload" ? "true" : plain_text(*checkpointing),
              root.origin("gradient_checkpointing"));
  root.take("gradient_checkpointing_kwargs");
  if (const Value* rate = root.take("embedding_lr")) {
    draft.put("training.parameter_groups.0.match", "*embed_tokens*", "embedding_lr");
    draft.put("training.parameter_groups.0.learning_rate", *rate, "embedding_lr");
  }
  if (const std::string name = root.text("optimizer", "adamw_torch_fused"); !name.empty()) put_optimizer(root, "optimizer", name);
  put_schedule(root, "lr_scheduler", root.text("lr_scheduler", "cosine"));
  read_saving(root, draft);
  if (root.has("unfrozen_parameters"))
    root.lose("unfrozen_parameters",
              "Hone is told the opposite: training.freeze lists globs of what is not trained, such as model.layers.0.*");
  for (const char* key : {"batch_size", "optim_args", "lr_scheduler_kwargs", "lr_quadratic_warmup", "optim_target_modules"})
    if (root.has(key)) root.lose(key, "not carried over; set training's own options instead");
  root.otherwise("training.sample_packing", "false", kName);
  root.otherwise("training.weight_decay", "0", kName);
  root.otherwise("training.num_epochs", "1", kName);
  root.finish({std::begin(kIdleOptions), std::end(kIdleOptions)});
}

}  // namespace hone::recipe
