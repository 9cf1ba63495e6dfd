/// What contradicts what between the options of a recipe. Each check points at the key that has to change.
#include <fmt/format.h>

#include <algorithm>

#include "recipe/load.h"
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
    training();
    evaluation();
  }

 private:
  bool given(const std::string& path) const { return loaded_.given.count(path) > 0; }
  void wrong(const std::string& path, std::string message) { loaded_.problems.push_back({mark_of(loaded_, path), std::move(message)}); }
  void idle(const std::string& path, const std::string& why) {
    if (given(path)) loaded_.warnings.push_back({mark_of(loaded_, path), path + " has no effect: " + why});
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
