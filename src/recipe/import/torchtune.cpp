#include <algorithm>

#include "recipe/import/foreign.h"

namespace hone::recipe {
namespace {

constexpr const char* kName = "torchtune";

constexpr Idle kIdleOptions[] = {
    {"output_dir", "runs go to runs/NAME beside the recipe, or where --runs says"},
    {"metric_logger", "nothing is sent anywhere; metrics.jsonl and tensorboard/ are in the run's folder"},
    {"log_peak_memory_stats", "hone plan estimates memory; the report names what was used"},
    {"log_level", "--verbose and --quiet"},
    {"profiler", "not built"},
    {"compile", kKernels},
    {"shuffle", "rows are shuffled by seed and epoch"},
    {"resume_from_checkpoint", "hone run goes on by itself where a run was cut short"},
    {"save_adapter_weights_only", "an adapter is exported on its own and merged"},
    {"enable_activation_offloading", "activations stay; training.gradient_checkpointing saves memory"},
    {"optimizer_in_bwd", "gradients of a step are clipped together, so the optimizer comes after the backward pass"},
    {"custom_sharded_layers", kOneProcess},
    {"fsdp_*", kOneProcess},
    {"tensor_parallel_*", kOneProcess},
    {"data_parallel_*", kOneProcess},
    {"context_parallel_*", kOneProcess},
    {"low_cpu_ram", "weights are mapped from their files"},
    {"max_steps_per_epoch", "length is set in epochs: training.num_epochs"},
    {"run_val_every_n_steps", "Hone validates at the end of every epoch"},
    {"batch_size_val", "scoring chooses its own batches"},
    {"dataset_val", "held-out rows are drawn from the sources: corpus.split.validation"},
    {"save_every_n_steps", "training.save.strategy: steps"},
    {"cudnn_deterministic_mode", "a CPU run always ends with the same bytes"},
    {"use_clipping", "training.max_grad_norm"},
    {"enable_async_checkpointing", "a checkpoint is on disk before the next step"},
    {"quantizer", "quantisation-aware training is not built"},
};

/// "${a.b}" by the value that stands there, a few rounds deep, as OmegaConf reads it.
std::string resolved(const Value& root, std::string text) {
  for (int round = 0; round < 4; ++round) {
    const size_t begin = text.find("${"), end = begin == std::string::npos ? begin : text.find('}', begin);
    if (end == std::string::npos) return text;
    const Value* place = &root;
    const std::string path = text.substr(begin + 2, end - begin - 2);
    for (size_t at = 0; at <= path.size() && place != nullptr;) {
      const size_t dot = std::min(path.find('.', at), path.size());
      place = place->kind == Value::Kind::mapping ? place->find(path.substr(at, dot - at)) : nullptr;
      at = dot + 1;
    }
    if (place == nullptr || place->kind != Value::Kind::scalar || text.size() > 4096) return text;
    text.replace(begin, end - begin + 1, place->scalar);
  }
  return text;
}

/// The last word of a component: torchtune.datasets.alpaca_dataset → alpaca_dataset.
std::string component(Foreign& part) {
  const std::string name = part.text("_component_");
  return name.substr(name.rfind('.') == std::string::npos ? 0 : name.rfind('.') + 1);
}

std::string words_of(const Value* value) { return value != nullptr ? plain_text(*value) : ""; }

void read_model(Foreign& root, RecipeDraft& draft, std::string& builder) {
  if (const Value* mapping = root.take("model"); mapping != nullptr && mapping->kind == Value::Kind::mapping) {
    Foreign model(*mapping, draft, root.folders(), "model.");
    builder = component(model);
    const bool four = builder.starts_with("qlora") || model.flag("quantize_base"),
               low_rank = four || builder.starts_with("lora") || builder.starts_with("dora");
    if (low_rank) draft.put("model.adapter", four ? "qlora" : "lora", "model._component_: " + builder);
    if (builder.starts_with("dora")) draft.put("model.lora.use_dora", "true", "model._component_: " + builder);
    model.move_all({{"lora_rank", "model.lora.r"},
                    {"lora_alpha", "model.lora.alpha"},
                    {"lora_dropout", "model.lora.dropout"},
                    {"use_dora", "model.lora.use_dora"}});
    if (const Value* layers = model.take("lora_attn_modules"); low_rank) {
      std::vector<std::string> names;
      if (layers != nullptr)
        for (const Value& item : layers->items) names.push_back(plain_text(item));
      if (model.flag("apply_lora_to_mlp")) names.insert(names.end(), {"gate_proj", "up_proj", "down_proj"});
      put_targets(model, "lora_attn_modules", names);
    }
    if (model.flag("apply_lora_to_output"))
      model.lose("apply_lora_to_output", "the head has no adapter; model.lora.modules_to_save: [lm_head] trains it whole");
    model.take("apply_lora_to_mlp"), model.take("apply_lora_to_output"), model.take("quantize_base");
    model.finish({{"*", "the model's shape is read from its config.json"}});
  }
  if (const Value* mapping = root.take("checkpointer"); mapping != nullptr && mapping->kind == Value::Kind::mapping) {
    Foreign files(*mapping, draft, root.folders(), "checkpointer.");
    put_model(files, "checkpoint_dir", resolved(root.mapping(), files.text("checkpoint_dir")));
    files.take("_component_");
    if (const Value* adapter = files.take("adapter_checkpoint"))
      draft.note("checkpointer.adapter_checkpoint: " + plain_text(*adapter) +
                 ": hone run goes on by itself; model.adapter_path takes a PEFT folder");
    files.finish({{"checkpoint_files", "every shard of the folder is read"},
                  {"output_dir", "runs go to runs/NAME"},
                  {"model_type", "read from config.json"},
                  {"recipe_checkpoint", "hone run goes on by itself where a run was cut short"},
                  {"safe_serialization", "always"},
                  {"*", "the folder is read as it is"}});
  }
  if (const Value* mapping = root.take("tokenizer"); mapping != nullptr && mapping->kind == Value::Kind::mapping) {
    Foreign tokenizer(*mapping, draft, root.folders(), "tokenizer.");
    tokenizer.move("max_seq_len", "training.sequence_len");
    const std::string path = resolved(root.mapping(), tokenizer.text("path"));
    if (!path.empty())
      draft.note("tokenizer.path: " + path + ": the vocabulary is read from the model's folder; set tokenizer.path for another one");
    tokenizer.take("_component_");
    tokenizer.finish({{"prompt_template", "training.chat_template"},
                      {"merges_file", "read from tokenizer.json"},
                      {"special_tokens_path", "read from tokenizer.json"},
                      {"*", "the tokenizer's own files say it"}});
  }
}

struct Kind {
  const char* component;
  const char* format;
  const char* hub;  ///< Where the component reads when it names no source.
};
constexpr Kind kKinds[] = {
    {"alpaca_dataset", "alpaca", "tatsu-lab/alpaca"},
    {"alpaca_cleaned_dataset", "alpaca", "yahma/alpaca-cleaned"},
    {"instruct_dataset", "alpaca", ""},
    {"chat_dataset", "sharegpt", ""},
    {"text_completion_dataset", "text", ""},
    {"cnn_dailymail_articles_dataset", "text", "ccdv/cnn_dailymail"},
    {"wikitext_dataset", "text", "EleutherAI/wikitext_document_level"},
    {"grammar_dataset", "alpaca", "liweili/c4_200m"},
    {"samsum_dataset", "alpaca", "Samsung/samsum"},
    {"slimorca_dataset", "sharegpt", "Open-Orca/SlimOrca-Dedup"},
    {"preference_dataset", "preference", ""},
    {"hh_rlhf_helpful_dataset", "preference", "RLHFlow/HH-RLHF-Helpful-standard"},
    {"stack_exchange_paired_dataset", "preference", "lvwerra/stack-exchange-paired"},
};

void put_columns(Foreign& set, RecipeDraft& draft, const std::string& place, const std::string& format) {
  const Value* map = set.take("column_map");
  const auto column = [&](const char* key, const char* option) {
    const Value* name = map != nullptr && map->kind == Value::Kind::mapping ? map->find(key) : nullptr;
    if (name != nullptr) draft.put(place + option, *name, set.origin(std::string("column_map.") + key));
  };
  if (format == "alpaca")
    column("input", "columns.input"), column("output", "columns.output"), column("instruction", "columns.instruction");
  if (format == "preference")
    column("prompt", "columns.prompt"), column("chosen", "columns.chosen"), column("rejected", "columns.rejected");
  if (format == "text") set.move("column", place + "text_field");
  if (format == "sharegpt" || format == "messages") set.move("conversation_column", place + "columns.messages");
}

void read_set(Foreign& set, RecipeDraft& draft, bool& packed, bool& prompts) {
  const std::string name = component(set), hub = set.text("source"), files = words_of(set.take("data_files"));
  const auto kind = std::find_if(std::begin(kKinds), std::end(kKinds), [&](const Kind& each) { return name == each.component; });
  packed = set.flag("packed", packed);
  const std::string style = set.text("conversation_style");
  std::string format = kind == std::end(kKinds) ? "messages" : kind->format;
  if (name == "chat_dataset" && style == "openai") format = "messages";
  if (kind == std::end(kKinds)) set.lose("_component_", "Hone does not know this data set; check the format and columns of the source");
  prompts = prompts || set.flag("train_on_input", name.starts_with("alpaca"));
  const std::string where = !files.empty() ? files : !hub.empty() ? hub : kind != std::end(kKinds) ? kind->hub : "";
  const size_t index = put_source(set, !files.empty() ? "data_files" : "source", where.empty() ? "data" : where, format);
  const std::string place = "corpus.sources." + std::to_string(index) + ".";
  if (name == "instruct_dataset") draft.put(place + "columns.instruction", "input", "columns of " + name);
  put_columns(set, draft, place, format);
  if (name == "instruct_dataset" && draft.has(place + "columns.input"))
    set.draft().note("instruct_dataset has one input column; it is the instruction of an alpaca row");
  set.finish({{"split*", "Hone reads the files that path names"},
              {"new_system_prompt", "give rows a system column"},
              {"max_seq_len", "training.sequence_len"},
              {"prompt_template", "training.chat_template"},
              {"filter_*", "own rules of the corpus: corpus.own_rules"},
              {"add_eos", "always"}});
}

void read_data(Foreign& root, RecipeDraft& draft) {
  bool packed = false, prompts = false;
  if (const Value* sets = root.take("dataset")) {
    std::vector<Value> each = sets->kind == Value::Kind::sequence ? sets->items : std::vector<Value>{*sets};
    for (size_t i = 0; i < each.size(); ++i) {
      Foreign set(each[i], draft, root.folders(), each.size() > 1 ? "dataset[" + std::to_string(i) + "]." : "dataset.");
      read_set(set, draft, packed, prompts);
    }
  }
  draft.put("training.sample_packing", packed ? "true" : "false", "dataset.packed");
  bool preference = false, text = draft.sources() > 0;
  for (const SourceOptions& source : draft.recipe().corpus.sources) {
    preference = preference || source.format == SourceFormat::preference;
    text = text && source.format == SourceFormat::text;
  }
  draft.put("training.objective", preference ? "dpo" : text ? "pretrain" : "sft", "the kind of the dataset");
  if (prompts && !preference && !text)
    draft.put("training.train_on_inputs", "true", "dataset.train_on_input, on by default in alpaca_dataset");
}

void read_loop(Foreign& root, RecipeDraft& draft) {
  root.move_all({{"batch_size", "training.micro_batch_size"},
                 {"gradient_accumulation_steps", "training.gradient_accumulation_steps"},
                 {"epochs", "training.num_epochs"},
                 {"clip_grad_norm", "training.max_grad_norm"},
                 {"log_every_n_steps", "training.logging_steps"},
                 {"seed", "seed"},
                 {"enable_activation_checkpointing", "training.gradient_checkpointing"}});
  if (const Value* mapping = root.take("optimizer"); mapping != nullptr && mapping->kind == Value::Kind::mapping) {
    Foreign optimizer(*mapping, draft, root.folders(), "optimizer.");
    put_optimizer(optimizer, "_component_", optimizer.text("_component_"));
    optimizer.move_all({{"lr", "training.learning_rate"}, {"weight_decay", "training.weight_decay"}, {"eps", "training.adam_epsilon"}});
    if (const Value* betas = optimizer.take("betas"); betas != nullptr && betas->items.size() == 2) {
      draft.put("training.adam_beta1", betas->items[0], "optimizer.betas");
      draft.put("training.adam_beta2", betas->items[1], "optimizer.betas");
    }
    optimizer.finish({{"fused", kKernels}, {"foreach", kKernels}});
    if (!draft.has("training.weight_decay")) draft.put("training.weight_decay", "0.01", "default of torch.optim.AdamW");
    draft.put("training.weight_decay_on", "all", "PyTorch's optimizers decay norms and biases too");
  }
  if (const Value* mapping = root.take("lr_scheduler"); mapping != nullptr && mapping->kind == Value::Kind::mapping) {
    Foreign schedule(*mapping, draft, root.folders(), "lr_scheduler.");
    put_schedule(schedule, "_component_", schedule.text("_component_"));
    schedule.move("num_warmup_steps", "training.warmup_steps");
    schedule.finish({{"num_cycles", "half a cosine, from the peak to the end"}});
  } else {
    draft.put("training.lr_scheduler", "constant", "no lr_scheduler");
  }
  if (const Value* mapping = root.take("loss"); mapping != nullptr && mapping->kind == Value::Kind::mapping) {
    Foreign loss(*mapping, draft, root.folders(), "loss.");
    const std::string name = component(loss);
    loss.move_all({{"beta", "training.dpo.beta"}, {"label_smoothing", "training.dpo.label_smoothing"}, {"tau", "training.dpo.beta"}});
    if (name == "IPOLoss")
      draft.put("training.dpo.loss", "ipo", "loss._component_");
    else if (name == "RSOLoss" || name == "SimPOLoss")
      loss.lose("_component_", "Hone has sigmoid and ipo; sigmoid is used instead");
    loss.finish({{"num_output_chunks", "logits never exist whole"}, {"ignore_index", "masks are part of the token shards"}});
  }
}

}  // namespace

void import_torchtune(const Value& mapping, const Folders& folders, RecipeDraft& draft) {
  Foreign root(mapping, draft, folders);
  std::string builder;
  read_model(root, draft, builder);
  read_data(root, draft);
  read_loop(root, draft);
  const std::string dtype = root.text("dtype");
  if (dtype == "bf16")
    draft.put("model.dtype", "bfloat16", "dtype: bf16");
  else if (dtype == "fp16")
    root.lose("dtype", "training in float16 is not built: bfloat16 or float32, model.dtype");
  const std::string device = root.text("device");
  if (device == "cuda" || device == "cpu")
    draft.put("training.device", device, "device: " + device);
  else if (!device.empty())
    root.lose("device", "Hone has cpu and cuda, and auto");
  root.otherwise("training.max_grad_norm", "0", kName);
  root.otherwise("training.warmup_steps", "0", kName);
  root.otherwise("training.num_epochs", "1", kName);
  root.otherwise("corpus.split.validation", "0", kName);
  root.finish({std::begin(kIdleOptions), std::end(kIdleOptions)});
}

}  // namespace hone::recipe
