// Configurations of other toolkits, written here in their forms, as recipes that load.
#include "recipe/import/import.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/files.h"
#include "recipe/load.h"
#include "support/shared.h"

namespace hone::recipe {
namespace {
namespace fs = std::filesystem;
using ::testing::HasSubstr;

class Import : public ::testing::Test {
 protected:
  /// Imports `text`, loads the result and keeps what was lost.
  Recipe import(const std::string& text) {
    const fs::path file = folder_.path() / "foreign.yaml", out = folder_.path() / "recipe.yaml";
    base::write_file(file, text);
    RecipeDraft draft;
    toolkit_ = import_configuration(file, folder_.path(), draft);
    yaml_ = draft.yaml("test");
    lost_.clear();
    for (const Loss& loss : draft.losses()) lost_ += loss.key + " -> " + loss.why + "\n";
    base::write_file(out, yaml_);
    LoadedRecipe loaded = load_recipe(out, {});
    for (const Problem& problem : loaded.problems)
      if (problem.code == ExitCode::usage) ADD_FAILURE() << to_string(problem.mark) << ": " << problem.message << "\n" << yaml_;
    return loaded.recipe;
  }
  test::TempDir folder_;
  Toolkit toolkit_ = Toolkit::axolotl;
  std::string yaml_, lost_;
};

constexpr const char* kAxolotl = R"(
base_model: ./weights
load_in_4bit: true
adapter: lora
lora_r: 24
lora_alpha: 48
lora_dropout: 0.05
lora_target_linear: true
datasets:
  - path: notes.jsonl
    type: chat_template
    field_messages: turns
    message_property_mappings: {role: who, content: said}
    roles_to_train: [assistant, tool]
  - path: json
    data_files: [a.json, b.json]
    ds_type: json
    type: alpaca
  - path: acme/public-chats
    type: sharegpt
  - path: odd.jsonl
    type: input_output
val_set_size: 0.02
sequence_len: 1024
sample_packing: true
micro_batch_size: 2
gradient_accumulation_steps: 4
num_epochs: 2
optimizer: paged_adamw_8bit
lr_scheduler: cosine
learning_rate: 0.0001
warmup_ratio: 0.1
bf16: auto
chat_template: chatml
gradient_checkpointing: true
early_stopping_patience: 3
save_total_limit: 5
neftune_noise_alpha: 5
loraplus_lr_ratio: 16
train_on_inputs: false
special_tokens:
  pad_token: "<pad>"
unfrozen_parameters: [model.layers.3.*]
wandb_project: secret
made_up_key: 7
flash_attention: true
output_dir: ./out
)";

TEST_F(Import, AnAxolotlLoraOfSeveralDataSets) {
  const Recipe recipe = import(kAxolotl);
  EXPECT_EQ(toolkit_, Toolkit::axolotl);
  EXPECT_EQ(recipe.model.adapter, AdapterKind::qlora);
  EXPECT_EQ(recipe.model.lora.r, 24);
  EXPECT_EQ(recipe.model.lora.target_modules, std::vector<std::string>{"all-linear"});
  EXPECT_EQ(recipe.model.dtype, ModelDtype::bfloat16);
  EXPECT_EQ(recipe.training.objective, Objective::sft);
  EXPECT_EQ(recipe.training.optimizer, OptimizerKind::adamw_8bit);
  EXPECT_EQ(recipe.training.sequence_len, 1024);
  EXPECT_EQ(recipe.training.warmup_steps, 0.1);
  EXPECT_EQ(recipe.training.lr_final_ratio, 0.0) << "transformers' cosine ends at nothing";
  EXPECT_EQ(recipe.training.weight_decay, 0.0) << "the default there";
  EXPECT_EQ(recipe.training.early_stopping.patience, 3);
  EXPECT_EQ(recipe.training.save.keep, 5);
  EXPECT_EQ(recipe.training.chat_template, "chatml");
  EXPECT_EQ(recipe.training.roles_to_train, (std::vector<std::string>{"assistant", "tool"}));
  EXPECT_EQ(recipe.corpus.split.validation, 0.02);
  ASSERT_EQ(recipe.corpus.sources.size(), 4u) << "two files of the second set, none of the last";
  EXPECT_EQ(recipe.corpus.sources[0].format, SourceFormat::messages);
  EXPECT_EQ(recipe.corpus.sources[0].columns.messages, "turns");
  EXPECT_EQ(recipe.corpus.sources[0].columns.role, "who");
  EXPECT_EQ(recipe.corpus.sources[1].format, SourceFormat::alpaca);
  EXPECT_THAT(recipe.corpus.sources[2].path, HasSubstr("b.json"));
  EXPECT_EQ(recipe.corpus.sources[3].format, SourceFormat::sharegpt);
  EXPECT_THAT(yaml_, HasSubstr("hf download --repo-type dataset acme/public-chats"));
  EXPECT_THAT(yaml_, HasSubstr("# optimizer: paged_adamw_8bit"));
}

TEST_F(Import, NothingIsDroppedWithoutAWord) {
  import(kAxolotl);
  for (const char* key : {"made_up_key: 7", "wandb_project", "flash_attention", "special_tokens", "unfrozen_parameters", "type: input_output"})
    EXPECT_THAT(lost_, HasSubstr(key));
  EXPECT_THAT(lost_, ::testing::Not(HasSubstr("lora_r")));
  EXPECT_THAT(lost_, ::testing::Not(HasSubstr("message_property_mappings")));
  EXPECT_THAT(yaml_, HasSubstr("made_up_key")) << "the recipe says it, too";
}

TEST_F(Import, AxolotlDpoAndCompletion) {
  const Recipe dpo = import("base_model: b\nrl: ipo\nrl_beta: 0.3\ndatasets:\n  - path: p.jsonl\n    type: chatml.intel\n");
  EXPECT_EQ(dpo.training.objective, Objective::dpo);
  EXPECT_EQ(dpo.training.dpo.loss, DpoLoss::ipo);
  EXPECT_EQ(dpo.training.dpo.beta, 0.3);
  EXPECT_EQ(dpo.corpus.sources[0].format, SourceFormat::preference);
  EXPECT_EQ(dpo.corpus.sources[0].columns.prompt, "question");
  const Recipe text = import("base_model: b\ndatasets:\n  - path: books.jsonl\n    type: completion\n    field: body\n");
  EXPECT_EQ(text.training.objective, Objective::pretrain);
  EXPECT_EQ(text.corpus.sources[0].text_field, "body");
  EXPECT_FALSE(text.training.sample_packing) << "off unless written there";
}

TEST_F(Import, LlamaFactoryLooksIntoDatasetInfo) {
  fs::create_directories(folder_.path() / "data");
  base::write_file(folder_.path() / "data/dataset_info.json", R"({"mine": {"file_name": "mine.json", "formatting": "sharegpt",
    "columns": {"messages": "messages", "tools": "tools"}, "tags": {"role_tag": "role", "content_tag": "content"}},
    "pairs": {"file_name": "pairs.json", "ranking": true, "columns": {"prompt": "instruction", "chosen": "good", "rejected": "bad"}}})");
  base::write_file(folder_.path() / "data/mine.json", "[]");
  const Recipe recipe = import(
      "model_name_or_path: acme/base\nstage: sft\nfinetuning_type: lora\nlora_rank: 8\nlora_target: q_proj,v_proj\ndataset: mine, absent\ntemplate: qwen\n"
      "cutoff_len: 900\nper_device_train_batch_size: 3\nnum_train_epochs: 2.0\nlr_scheduler_type: cosine\nwarmup_ratio: 0.1\nbf16: true\nval_size: 0.1\n");
  EXPECT_EQ(toolkit_, Toolkit::llama_factory);
  EXPECT_EQ(recipe.model.adapter, AdapterKind::lora);
  EXPECT_EQ(recipe.model.lora.alpha, 16.0) << "twice the rank, the default there";
  EXPECT_EQ(recipe.model.lora.target_modules, (std::vector<std::string>{"q_proj", "v_proj"}));
  EXPECT_EQ(recipe.training.micro_batch_size, 3);
  EXPECT_EQ(recipe.training.num_epochs, 2);
  EXPECT_EQ(recipe.training.learning_rate, 5e-5);
  EXPECT_EQ(recipe.training.chat_template, "chatml");
  ASSERT_EQ(recipe.corpus.sources.size(), 2u);
  EXPECT_EQ(recipe.corpus.sources[0].format, SourceFormat::sharegpt);
  EXPECT_EQ(recipe.corpus.sources[0].columns.messages, "messages");
  EXPECT_EQ(recipe.corpus.sources[0].path, (folder_.path() / "data/mine.json").string());
  EXPECT_THAT(lost_, HasSubstr("dataset: absent"));
  EXPECT_THAT(lost_, HasSubstr("tools"));
  const Recipe dpo = import("model_name_or_path: acme/base\nstage: dpo\nfinetuning_type: full\ndataset: pairs\npref_beta: 0.2\npref_ftx: 0.5\n");
  EXPECT_EQ(dpo.training.objective, Objective::dpo);
  EXPECT_EQ(dpo.training.dpo.sft_weight, 0.5);
  EXPECT_EQ(dpo.corpus.sources[0].columns.chosen, "good");
  EXPECT_EQ(dpo.model.adapter, AdapterKind::none);
}

TEST_F(Import, OptionsOfDpoWithoutDpoAreWarnedAbout) {
  const fs::path file = folder_.path() / "r.yaml";
  const auto warnings = [&](const std::string& training) {
    base::write_file(file, "corpus: {sources: [{path: d, format: preference}]}\ntraining: {" + training + "}\n");
    std::string all;
    for (const Problem& warning : load_recipe(file, {}).warnings) all += warning.message + "\n";
    return all;
  };
  EXPECT_THAT(warnings("objective: dpo, dpo: {beta: 0.2, loss: ipo, label_smoothing: 0.1}"), HasSubstr("training.dpo.label_smoothing has no effect"));
  EXPECT_THAT(warnings("objective: dpo, dpo: {beta: 0.2}"), ::testing::Not(HasSubstr("training.dpo")));
  EXPECT_THAT(warnings("objective: sft, dpo: {beta: 0.2}"), HasSubstr("training.dpo.beta has no effect"));
}

TEST_F(Import, TorchtuneComponents) {
  const Recipe recipe = import(R"(
output_dir: /tmp/x
model:
  _component_: torchtune.models.llama3_1.qlora_llama3_1_8b
  lora_attn_modules: ['q_proj', 'output_proj']
  apply_lora_to_mlp: True
  apply_lora_to_output: False
  lora_rank: 8
  lora_alpha: 16
tokenizer:
  _component_: torchtune.models.llama3.llama3_tokenizer
  path: ${base}/original/tokenizer.model
  max_seq_len: 4096
base: /models/llama
checkpointer:
  _component_: torchtune.training.FullModelHFCheckpointer
  checkpoint_dir: ${base}
  checkpoint_files: [a, b]
dataset:
  _component_: torchtune.datasets.alpaca_cleaned_dataset
  packed: True
batch_size: 2
epochs: 1
optimizer:
  _component_: torch.optim.AdamW
  fused: True
  lr: 3e-4
lr_scheduler:
  _component_: torchtune.training.lr_schedulers.get_cosine_schedule_with_warmup
  num_warmup_steps: 100
loss:
  _component_: torchtune.modules.loss.CEWithChunkedOutputLoss
gradient_accumulation_steps: 16
dtype: bf16
device: cuda
seed: null
)");
  EXPECT_EQ(toolkit_, Toolkit::torchtune);
  EXPECT_EQ(recipe.model.adapter, AdapterKind::qlora);
  EXPECT_EQ(recipe.model.path, "/models/llama");
  EXPECT_EQ(recipe.model.lora.target_modules, (std::vector<std::string>{"q_proj", "o_proj", "gate_proj", "up_proj", "down_proj"}));
  EXPECT_EQ(recipe.training.sequence_len, 4096);
  EXPECT_TRUE(recipe.training.sample_packing);
  EXPECT_TRUE(recipe.training.train_on_inputs) << "alpaca_dataset trains its prompts unless told otherwise";
  EXPECT_EQ(recipe.training.warmup_steps, 100.0);
  EXPECT_EQ(recipe.training.max_grad_norm, 0.0) << "not clipped there unless written";
  EXPECT_EQ(recipe.training.weight_decay_on, DecayOn::all);
  EXPECT_EQ(recipe.training.learning_rate, 3e-4);
}

TEST_F(Import, ValuesThatARecipeDoesNotTakeAreLosses) {
  const Recipe recipe = import("base_model: b\ndatasets: [{path: a.jsonl, type: alpaca}]\nlearning_rate: 17\nmicro_batch_size: many\noptimizer: came_pytorch\n");
  EXPECT_EQ(recipe.training.learning_rate, TrainingOptions{}.learning_rate);
  for (const char* key : {"learning_rate", "micro_batch_size", "optimizer: came_pytorch"}) EXPECT_THAT(lost_, HasSubstr(key));
}

TEST_F(Import, HostileFilesDoNoHarm) {
  EXPECT_THROW(import("just: a\nrecipe: no\n"), Error);
  EXPECT_THROW(import("[1, 2"), Error);
  EXPECT_THROW(import("- base_model\n"), Error);
  const std::string breaking = "base_model: \"x\\n  evil: true\\n\"\ndatasets: [{path: \"a\\nb: c\", type: alpaca}]\nunknown: \"\\u001b[2J\\nname: other\"\n";
  const Recipe recipe = import(breaking);
  EXPECT_NE(recipe.name, "other") << "text cannot leave its comment";
  EXPECT_EQ(yaml_.find('\x1b'), std::string::npos);
  import("base_model: 5\ndatasets: {a: {b: [c]}}\nlora_target_modules: {x: y}\nroles_to_train: 3\nsave_steps: [1]\nval_set_size: {}\n");
  import("model_name_or_path: []\ndataset: [a, {b: c}]\nstage: {x: 1}\nlora_target: ',,'\n");
  import("model: 5\ndataset: [1, {_component_: 3}]\noptimizer: {_component_: [x]}\nloss: {_component_: a.b.}\ncheckpointer: {checkpoint_dir: '${a}${a}'}\na: '${a}${a}'\n");
}

TEST_F(Import, ForeignKeysInARecipeGetTheHint) {
  const fs::path file = folder_.path() / "r.yaml";
  base::write_file(file, "base_model: acme/base\nmodel_name_or_path: x\nmodel:\n  _component_: y\ncorpus: {sources: [{path: d}]}\n");
  std::string all;
  for (const Problem& problem : load_recipe(file, {}).problems) all += problem.message + "\n";
  EXPECT_THAT(all, HasSubstr("looks like a configuration of Axolotl: hone import " + file.string()));
  EXPECT_THAT(all, HasSubstr("looks like a configuration of LLaMA-Factory"));
  EXPECT_THAT(all, HasSubstr("looks like a configuration of torchtune"));
}

}  // namespace
}  // namespace hone::recipe
