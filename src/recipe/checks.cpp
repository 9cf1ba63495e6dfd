/// What contradicts what between the options of a recipe. Each check points at the key that has to change.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/nearest.h"
#include "recipe/instruction_checks.h"
#include "recipe/load.h"
#include "recipe/loop_checks.h"
#include "recipe/mixture_checks.h"
#include "recipe/source_thresholds.h"

namespace hone::recipe {

namespace {

/// The mark of a key if it was written, else of its nearest section that was, else the file's first line.
Mark mark_of(const LoadedRecipe& loaded, std::string path) {
  for (;;) {
    const auto found = loaded.given.find(path);
    if (found != loaded.given.end()) return found->second;
    const size_t dot = path.rfind('.');
    if (dot == std::string::npos) break;
    path.resize(dot);
  }
  for (const auto& [name, mark] : loaded.given)
    if (mark.line > 0) return {mark.file, 1, 1};
  return {"recipe", 1, 1};
}

bool any_given_below(const LoadedRecipe& loaded, const std::string& section) {
  const auto first = loaded.given.lower_bound(section + ".");
  return first != loaded.given.end() && first->first.rfind(section + ".", 0) == 0;
}

class Checker {
 public:
  explicit Checker(LoadedRecipe& loaded) : loaded_(loaded), recipe_(loaded.recipe) {}

  void run() {
    name();
    corpus();
    tokenizer();
    model();
    adapter();
    training();
    check_instruction_data(
        recipe_, [this](const std::string& key, std::string message) { wrong(key, std::move(message)); },
        [this](const std::string& key, const std::string& why) { idle(key, why); });
    preferences();
    check_loop(
        recipe_.training, [this](const std::string& key, std::string message) { wrong(key, std::move(message)); },
        [this](const std::string& key, const std::string& why) { idle(key, why); });
    check_mixture(
        recipe_, [this](const std::string& key, std::string message) { wrong(key, std::move(message)); },
        [this](const std::string& key, const std::string& why) { idle(key, why); });
    evaluation();
  }

 private:
  bool given(const std::string& path) const { return loaded_.given.count(path) > 0; }
  void wrong(const std::string& path, std::string message) { loaded_.problems.push_back({mark_of(loaded_, path), std::move(message)}); }
  void idle(const std::string& path, const std::string& why) {
    if (given(path)) loaded_.warnings.push_back({mark_of(loaded_, path), path + " has no effect: " + why});
  }

  void idle_below(const std::string& section, const std::string& why) {
    for (auto key = loaded_.given.lower_bound(section + "."); key != loaded_.given.end() && key->first.starts_with(section + "."); ++key) {
      const bool item = std::isdigit(static_cast<unsigned char>(key->first.back())) != 0;  // one of a list that was named before it
      if (!item) idle(key->first, why);
    }
  }

  /// Options of dpo that nothing reads.
  void preferences() {
    const TrainingOptions& training = recipe_.training;
    for (const char* key : {"loss", "beta", "label_smoothing", "sft_weight"})
      if (training.objective != Objective::dpo) idle(fmt::format("training.dpo.{}", key), "training.objective is not dpo");
    if (training.objective == Objective::dpo && training.dpo.loss == DpoLoss::ipo) idle("training.dpo.label_smoothing", "it belongs to loss sigmoid");
  }

  void name() {
    const std::string& name = recipe_.name;
    if (name.find('/') != std::string::npos || name == "." || name == "..")
      wrong("name", "name becomes a folder's name and must not be " + name);
  }

  void corpus() {
    if (recipe_.corpus.sources.empty())
      wrong("corpus", "corpus.sources is missing: name at least one file, folder or pattern to learn from");
    bool trains = recipe_.corpus.sources.empty();
    for (size_t i = 0; i < recipe_.corpus.sources.size(); ++i) {
      trains = trains || recipe_.corpus.sources[i].use == SourceUse::training;
      if (recipe_.corpus.sources[i].path.empty())
        wrong(fmt::format("corpus.sources.{}", i), fmt::format("corpus.sources.{} has no path", i));
      thresholds(i);
    }
    if (!trains) wrong("corpus.sources", "every source has use: forgetting; at least one must be there to train on");
    const auto& rules = recipe_.corpus.rules;
    for (size_t i = 0; i < rules.size(); ++i)
      if (std::count(rules.begin(), rules.begin() + static_cast<std::ptrdiff_t>(i), rules[i]) > 0)
        wrong("corpus.rules", "corpus.rules names " + rules[i] + " twice");
    const auto uses = [&](std::string_view rule) { return std::find(rules.begin(), rules.end(), rule) != rules.end(); };
    for (const std::string_view section : kThresholdSections) {
      const std::string key = fmt::format("corpus.{}", section);
      if (!uses(section) && any_given_below(loaded_, key)) idle(key, fmt::format("corpus.rules does not name {}", section));
    }
    for (const std::string_view rule : {"near_duplicates", "boilerplate", "decontamination"}) {
      const std::string key = fmt::format("corpus.{}", rule);
      if (!uses(rule) && any_given_below(loaded_, key)) idle(key, fmt::format("corpus.rules does not name {}", rule));
    }
  }

  void thresholds(size_t i) {
    const SourceOptions& source = recipe_.corpus.sources[i];
    const std::string key = fmt::format("corpus.sources.{}.thresholds", i);
    for (const std::string& threshold : source.thresholds)
      if (const auto why = wrong_threshold(threshold)) wrong(key, fmt::format("{}: {}", key, *why));
    if (!source.thresholds.empty() && source.name.empty())
      wrong(key, key + " needs `name:` beside it: documents are matched by the name of their source");
  }

  void tokenizer() {
    const bool trains = any_given_below(loaded_, "tokenizer.train");
    if (!recipe_.tokenizer.path.empty() && trains)
      wrong("tokenizer.train", "tokenizer.path and tokenizer.train exclude each other: load a vocabulary or train one");
    if (recipe_.tokenizer.path.empty() && !recipe_.starts_from_random() && trains)
      wrong("tokenizer.train", "model.path brings its own vocabulary; a newly trained one would not fit its weights");
  }

  void model() {
    const ShapeOptions& shape = recipe_.model.shape;
    if (!recipe_.starts_from_random()) {
      if (any_given_below(loaded_, "model.shape"))
        wrong("model.shape", "model.path and model.shape exclude each other: continue from a model or start from random weights");
      return;
    }
    const int64_t kv_heads = shape.num_key_value_heads.value_or(shape.num_attention_heads);
    if (shape.num_attention_heads % kv_heads != 0)
      wrong("model.shape.num_key_value_heads", fmt::format("num_attention_heads ({}) must be a multiple of num_key_value_heads ({})",
                                                           shape.num_attention_heads, kv_heads));
    if (!shape.head_dim && shape.hidden_size % shape.num_attention_heads != 0)
      wrong("model.shape.hidden_size", fmt::format("hidden_size ({}) must be a multiple of num_attention_heads ({}), or head_dim must be given",
                                                   shape.hidden_size, shape.num_attention_heads));
    const int64_t head_dim = shape.head_dim.value_or(shape.hidden_size / shape.num_attention_heads);
    if (head_dim % 2 != 0)
      wrong("model.shape.head_dim", fmt::format("a head's width must be even for rotary positions, not {}", head_dim));
    if (recipe_.training.sequence_len > shape.max_position_embeddings)
      wrong("training.sequence_len", fmt::format("sequence_len ({}) is longer than model.shape.max_position_embeddings ({})",
                                                 recipe_.training.sequence_len, shape.max_position_embeddings));
  }

  void adapter() {
    const ModelOptions& model = recipe_.model;
    const std::string off = "model.adapter is none";
    if (model.adapter == AdapterKind::none) {
      if (!model.adapter_path.empty()) wrong("model.adapter_path", "model.adapter_path goes on training an adapter; set model.adapter: lora (or qlora) beside it");
      idle_below("model.lora", off);
      idle_below("model.qlora", off);
      idle("training.loraplus_lr_ratio", off);
      return;
    }
    if (model.adapter != AdapterKind::qlora) idle_below("model.qlora", "model.adapter is lora");
    four_bits();
    if (recipe_.starts_from_random()) wrong("model.adapter", "an adapter needs a base model to stand beside: set model.path, or model.adapter: none");
    if (!model.adapter_path.empty()) return idle_below("model.lora", "the adapter at model.adapter_path says these itself");
    adapter_modules();
    const auto& saved = model.lora.modules_to_save;
    if (!recipe_.tokenizer.add_tokens.empty() && std::find(saved.begin(), saved.end(), "embed_tokens") == saved.end())
      wrong("tokenizer.add_tokens", "added tokens need trained embeddings, which an adapter leaves frozen; set model.lora.modules_to_save: [embed_tokens, lm_head]");
  }

  /// The block sizes that bitsandbytes has, so that what is trained here loads there.
  void four_bits() {
    const int64_t size = recipe_.model.qlora.block_size;
    if (recipe_.model.adapter == AdapterKind::qlora && (size & (size - 1)) != 0)
      wrong("model.qlora.block_size", fmt::format("block_size must be 32, 64, 128, 256, 512, 1024, 2048 or 4096, not {}", size));
  }

  void adapter_modules() {
    static const std::vector<std::string> kLayers = {"q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"};
    static const std::vector<std::string> kWhole = {"embed_tokens", "lm_head"};
    const auto among = [](const std::vector<std::string>& names, const std::string& name) { return std::find(names.begin(), names.end(), name) != names.end(); };
    const auto meant = [](const std::string& name, const std::vector<std::string>& names) {
      const auto near = base::nearest(name, names);
      return near ? fmt::format("; did you mean {}?", *near) : fmt::format("; there are {}", fmt::join(names, ", "));
    };
    const std::vector<std::string>& targets = recipe_.model.lora.target_modules;
    const std::string key = "model.lora.target_modules", whole = "model.lora.modules_to_save";
    if (targets.empty()) wrong(key, key + " names no layer");
    if (targets.size() > 1 && among(targets, "all-linear")) wrong(key, key + ": all-linear stands alone; it is all seven layers");
    for (const std::string& name : targets) {
      if (among(kWhole, name)) wrong(key, fmt::format("{}: {} gets no low-rank matrices; to train it whole, name it in {}", key, name, whole));
      else if (name != "all-linear" && !among(kLayers, name)) wrong(key, fmt::format("{}: there is no layer {}{}", key, name, meant(name, kLayers)));
    }
    for (const std::string& name : recipe_.model.lora.modules_to_save)
      if (!among(kWhole, name)) wrong(whole, fmt::format("{}: {} cannot be trained whole{}", whole, name, meant(name, kWhole)));
  }

  void training() {
    const TrainingOptions& training = recipe_.training;
    if (training.warmup_steps >= 1 && training.warmup_steps != static_cast<double>(static_cast<int64_t>(training.warmup_steps)))
      wrong("training.warmup_steps", "warmup_steps is a whole number of steps, or a share below 1");
    if (training.save.strategy != SaveStrategy::steps) idle("training.save.steps", "save.strategy is not steps");
    if (training.lr_scheduler == Schedule::constant) idle("training.lr_final_ratio", "lr_scheduler is constant");
    if (training.early_stopping.patience > 0 && recipe_.corpus.split.validation <= 0)
      wrong("training.early_stopping.patience", "early stopping needs held-out documents; corpus.split.validation is 0");
  }

  void evaluation() {
    if (recipe_.evaluation.samples.count == 0) {
      idle("evaluation.samples.max_tokens", "samples.count is 0");
      idle("evaluation.samples.prompt_tokens", "samples.count is 0");
    }
    for (size_t i = 0; i < recipe_.evaluation.gates.size(); ++i) {
      const GateOptions& gate = recipe_.evaluation.gates[i];
      const std::string path = fmt::format("evaluation.gates.{}", i);
      const bool bound = gate.rule == GateRule::below || gate.rule == GateRule::above;
      if (bound && !gate.value) wrong(path, path + " compares with a bound and needs `value:`");
      if (!bound && gate.value) wrong(path + ".value", path + ": value belongs to the rules below and above; this one takes `by:`");
      if (bound) idle(path + ".over", "the rules below and above compare with a value");
      if (bound) idle(path + ".by", "the rules below and above compare with a value");
    }
    if (!recipe_.evaluation.gates.empty() && recipe_.corpus.split.validation <= 0)
      wrong("evaluation.gates", "gates need held-out documents; corpus.split.validation is 0");
  }

  LoadedRecipe& loaded_;
  const Recipe& recipe_;
};

}  // namespace

void check_between_sections(LoadedRecipe& loaded) { Checker(loaded).run(); }

}  // namespace hone::recipe
