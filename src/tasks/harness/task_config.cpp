#include "tasks/harness/task_config.h"

#include <algorithm>
#include <array>

#include "base/error.h"
#include "base/nearest.h"

namespace hone::tasks {
namespace {

using Json = nlohmann::ordered_json;

/// Metrics that need no choice of aggregation in the file.
struct KnownMetric {
  const char* name;
  const char* aggregation;
  bool higher;
  std::array<OutputType, 2> outputs;
};
constexpr OutputType kChoice = OutputType::multiple_choice, kLikelihood = OutputType::loglikelihood,
                     kRolling = OutputType::loglikelihood_rolling, kGenerate = OutputType::generate_until;
constexpr KnownMetric kMetrics[] = {
    {"acc", "mean", true, {kChoice, kLikelihood}},
    {"acc_norm", "mean", true, {kChoice, kChoice}},
    {"acc_bytes", "mean", true, {kChoice, kChoice}},
    {"acc_mutual_info", "mean", true, {kChoice, kChoice}},
    {"exact_match", "mean", true, {kGenerate, kChoice}},
    {"f1", "f1", true, {kChoice, kChoice}},
    {"mcc", "matthews_corrcoef", true, {kChoice, kChoice}},
    {"brier_score", "brier_score", false, {kChoice, kChoice}},
    {"perplexity", "perplexity", false, {kLikelihood, kLikelihood}},
    {"word_perplexity", "weighted_perplexity", false, {kRolling, kRolling}},
    {"byte_perplexity", "weighted_perplexity", false, {kRolling, kRolling}},
    {"bits_per_byte", "bits_per_byte", false, {kRolling, kRolling}},
};
constexpr const char* kAggregations[] = {"mean",          "median", "perplexity", "weighted_perplexity",
                                         "bits_per_byte", "f1",     "matthews_corrcoef", "brier_score"};
constexpr const char* kFilters[] = {"take_first", "regex", "remove_whitespace", "lowercase", "uppercase", "map", "multi_choice_regex"};
/// Say where a task comes from or how it is listed; no score depends on them.
constexpr const char* kHarmless[] = {"tag", "task_list", "metadata", "should_decontaminate", "doc_to_decontamination_query"};
constexpr const char* kNotSupported[] = {"doc_to_image", "doc_to_audio", "use_prompt", "custom_dataset", "class", "unsafe_code"};

class ConfigReader {
 public:
  ConfigReader(const Json& config, const std::filesystem::path& file) : config_(config), file_(file) {}

  [[noreturn]] void refuse(const std::string& key, const std::string& what) const {
    throw Error(ExitCode::usage, file_.string() + ": " + key + " " + what);
  }
  const Json* find(const std::string& key) {
    seen_.push_back(key);
    const auto found = config_.find(key);
    return found == config_.end() || found->is_null() ? nullptr : &*found;
  }
  std::string text(const std::string& key, std::string otherwise = {}) {
    const Json* value = find(key);
    if (value == nullptr) return otherwise;
    if (!value->is_string()) refuse(key, "must be text, not " + value->dump());
    return value->get<std::string>();
  }
  TaskField field(const std::string& key) { return field_of(key, find(key)); }
  TaskField field_of(const std::string& key, const Json* value) const {
    if (value == nullptr) return std::monostate{};
    if (value->is_string()) return value->get<std::string>();
    if (value->is_number_integer()) return value->get<int64_t>();
    if (value->is_array()) return texts(key, *value);
    if (value->is_object() && value->contains("!function")) return function(*value);
    if (value->is_object()) {  // a mapping of labels to choices: its values count
      std::vector<std::string> choices;
      for (const auto& [label, choice] : value->items()) choices.push_back(choice.is_string() ? choice.get<std::string>() : choice.dump());
      return choices;
    }
    refuse(key, "must be a template, a column, a list or a function, not " + value->dump());
  }
  std::optional<FunctionName> function_at(const std::string& key) {
    const Json* value = find(key);
    if (value == nullptr) return std::nullopt;
    if (!value->is_object() || !value->contains("!function")) refuse(key, "must be a !function");
    return function(*value);
  }
  std::vector<std::string> texts(const std::string& key, const Json& value) const {
    std::vector<std::string> list;
    for (const Json& item : value.is_array() ? value : Json::array({value})) {
      if (!item.is_string()) refuse(key, "must hold texts alone, not " + item.dump() + "; put quotes around it");
      list.push_back(item.get<std::string>());
    }
    return list;
  }
  void refuse_unknown() const {
    std::vector<std::string> known = seen_;
    for (const char* key : kHarmless) known.emplace_back(key);
    for (const auto& [key, value] : config_.items()) {
      if (std::find(known.begin(), known.end(), key) != known.end()) continue;
      const bool named = std::find(std::begin(kNotSupported), std::end(kNotSupported), key) != std::end(kNotSupported);
      if (named && (value.is_null() || value == false)) continue;
      if (named) refuse(key, "is not supported: it would need code or data of another kind, and the score would be another");
      const auto near = base::nearest(key, known);
      refuse(key, "is not a key of a task" + (near ? "; did you mean " + *near + "?" : std::string()));
    }
  }
  const Json& config() const { return config_; }

 private:
  static FunctionName function(const Json& value) { return {value.at("!function").get<std::string>()}; }

  const Json& config_;
  std::filesystem::path file_;
  std::vector<std::string> seen_;
};

OutputType output_of(ConfigReader& reader) {
  const std::string name = reader.text("output_type", "generate_until");
  if (name == "multiple_choice") return OutputType::multiple_choice;
  if (name == "loglikelihood") return OutputType::loglikelihood;
  if (name == "loglikelihood_rolling") return OutputType::loglikelihood_rolling;
  if (name == "generate_until") return OutputType::generate_until;
  reader.refuse("output_type", "is " + name + "; multiple_choice, loglikelihood, loglikelihood_rolling and generate_until are supported");
}

void read_dataset(ConfigReader& reader, TaskConfig& task) {
  task.dataset_path = reader.text("dataset_path");
  task.dataset_name = reader.text("dataset_name");
  const Json* kwargs = reader.find("dataset_kwargs");
  if (kwargs == nullptr) return;
  if (!kwargs->is_object()) reader.refuse("dataset_kwargs", "must be a mapping");
  for (const auto& [key, value] : kwargs->items()) {
    if (key == "trust_remote_code" || key == "cache_dir") continue;
    if (key != "data_files") reader.refuse("dataset_kwargs." + key, "is not supported; data_files names local JSON Lines or CSV files by split");
    if (value.is_object()) {
      for (const auto& [split, files] : value.items()) task.data_files[split] = reader.texts("dataset_kwargs.data_files." + split, files);
    } else {
      task.data_files["train"] = reader.texts("dataset_kwargs.data_files", value);  // what `datasets` calls a split without a name
    }
  }
}

const KnownMetric* known_metric(const std::string& name) {
  for (const KnownMetric& metric : kMetrics)
    if (name == metric.name) return &metric;
  return nullptr;
}

std::vector<std::string> metric_names() {
  std::vector<std::string> names;
  for (const KnownMetric& metric : kMetrics) names.emplace_back(metric.name);
  return names;
}

MetricConfig read_metric(ConfigReader& reader, const Json& value, OutputType output, const std::string& key) {
  if (!value.is_object() || !value.contains("metric") || !value["metric"].is_string()) reader.refuse(key, "needs `metric:` with a name");
  MetricConfig metric;
  metric.name = value["metric"].get<std::string>();
  const KnownMetric* known = known_metric(metric.name);
  if (known == nullptr) {
    const auto near = base::nearest(metric.name, metric_names());
    reader.refuse(key, "names the metric " + metric.name + ", which is not supported" + (near ? "; did you mean " + *near + "?" : std::string()));
  }
  if (std::find(known->outputs.begin(), known->outputs.end(), output) == known->outputs.end())
    reader.refuse(key, "names the metric " + metric.name + ", which this output_type does not give");
  metric.aggregation = known->aggregation;
  metric.higher_is_better = known->higher;
  for (const auto& [name, option] : value.items()) {
    const std::string at = key + "." + name;
    if (name == "metric" || name == "hf_evaluate" || name == "average") continue;  // the two last go with a native aggregation
    if (name == "higher_is_better" && option.is_boolean()) metric.higher_is_better = option;
    else if (name == "ignore_case" && option.is_boolean()) metric.ignore_case = option;
    else if (name == "ignore_punctuation" && option.is_boolean()) metric.ignore_punctuation = option;
    else if (name == "ignore_numbers" && option.is_boolean()) metric.ignore_numbers = option;
    else if (name == "regexes_to_ignore") metric.regexes_to_ignore = option.is_null() ? std::vector<std::string>{} : reader.texts(at, option);
    else if (name == "aggregation" && option.is_string()) metric.aggregation = option.get<std::string>();
    else if (name == "aggregation" && option.is_object()) metric.aggregation = option.value("!function", "");
    else reader.refuse(at, "is not supported");
  }
  const bool native = value.contains("aggregation") && value["aggregation"].is_object();
  if (!native && std::find(std::begin(kAggregations), std::end(kAggregations), metric.aggregation) == std::end(kAggregations))
    reader.refuse(key + ".aggregation", "is " + metric.aggregation + ", which is not supported");
  return metric;
}

void read_metrics(ConfigReader& reader, TaskConfig& task) {
  const Json* list = reader.find("metric_list");
  if (list == nullptr) {
    for (const KnownMetric& metric : kMetrics) {
      const std::string name = metric.name;
      const bool usual = task.output == kChoice       ? name == "acc" || name == "acc_norm"
                         : task.output == kLikelihood ? name == "perplexity" || name == "acc"
                         : task.output == kRolling    ? metric.outputs[0] == kRolling
                                                      : name == "exact_match";
      if (usual) task.metrics.push_back({.name = name, .aggregation = metric.aggregation, .higher_is_better = metric.higher});
    }
    return;
  }
  if (!list->is_array()) reader.refuse("metric_list", "must be a list");
  for (size_t i = 0; i < list->size(); ++i)
    task.metrics.push_back(read_metric(reader, (*list)[i], task.output, "metric_list[" + std::to_string(i) + "]"));
}

void read_filters(ConfigReader& reader, TaskConfig& task) {
  const Json* list = reader.find("filter_list");
  if (list == nullptr) {
    task.filters.push_back({"none", {{"take_first", Json::object()}}});
    return;
  }
  if (!list->is_array()) reader.refuse("filter_list", "must be a list");
  for (const Json& each : *list) {
    if (!each.is_object() || !each.contains("name") || !each.contains("filter") || !each["filter"].is_array())
      reader.refuse("filter_list", "entries have a name and a list called filter");
    FilterPipeline pipeline{each["name"].get<std::string>(), {}};
    for (const Json& step : each["filter"]) {
      const std::string function = step.is_object() && step.contains("function") && step["function"].is_string() ? step["function"].get<std::string>() : "";
      if (std::find(std::begin(kFilters), std::end(kFilters), function) == std::end(kFilters))
        reader.refuse("filter_list." + pipeline.name, "uses the filter " + (function.empty() ? step.dump() : function) + ", which is not supported");
      Json options = step;
      options.erase("function");
      pipeline.steps.push_back({function, options});
    }
    task.filters.push_back(std::move(pipeline));
  }
}

void read_generation(ConfigReader& reader, TaskConfig& task) {
  const Json* given = reader.find("generation_kwargs");
  if (given != nullptr && task.output != OutputType::generate_until) return;  // the harness warns and goes on
  GenerationConfig& generation = task.generation;
  generation.as_written = given != nullptr ? *given
                                           : Json{{"temperature", 0.0}, {"do_sample", false}, {"max_gen_toks", 256}, {"until", {task.fewshot_delimiter}}};
  if (!generation.as_written.is_object()) reader.refuse("generation_kwargs", "must be a mapping");
  if (!generation.as_written.contains("until")) generation.as_written["until"] = {task.fewshot_delimiter};
  for (auto& [key, value] : generation.as_written.items()) {
    const std::string at = "generation_kwargs." + key;
    if (key == "until") {
      generation.until = reader.texts(at, value);
    } else if (key == "max_gen_toks" || key == "max_new_tokens") {
      if (!value.is_number_integer() || value.get<int64_t>() < 1) reader.refuse(at, "must be a whole number of tokens");
      generation.max_tokens = value.get<int64_t>();
    } else if (key == "do_sample") {
      if (value != false) reader.refuse(at, "is true; answers are drawn greedily, so that they can be repeated");
    } else if (key == "temperature") {
      if (!value.is_number() || value.get<double>() != 0.0) reader.refuse(at, "is not 0; answers are drawn greedily, so that they can be repeated");
      value = value.get<double>();
    } else if (key != "top_p" && key != "top_k") {  // without sampling they do nothing
      reader.refuse(at, "is not supported");
    }
  }
}

void read_fewshot(ConfigReader& reader, TaskConfig& task) {
  FewshotConfig& fewshot = task.fewshot;
  fewshot.split = reader.text("fewshot_split");
  fewshot.text = task.text, fewshot.choice = task.choice, fewshot.target = task.target;
  fewshot.gen_prefix = task.gen_prefix;
  fewshot.fewshot_delimiter = task.fewshot_delimiter, fewshot.target_delimiter = task.target_delimiter;
  const Json* given = reader.find("fewshot_config");
  if (given == nullptr) return;
  if (!given->is_object()) reader.refuse("fewshot_config", "must be a mapping");
  for (const auto& [key, value] : given->items()) {
    if (value.is_null()) continue;
    const std::string at = "fewshot_config." + key;
    const auto text = [&reader, &at, &given = value] {
      return given.is_string() ? given.get<std::string>() : (reader.refuse(at, "must be text"), std::string());
    };
    if (key == "sampler") fewshot.sampler = text();
    else if (key == "split") fewshot.split = text();
    else if (key == "doc_to_text") fewshot.text = reader.field_of(at, &value);
    else if (key == "doc_to_choice") fewshot.choice = reader.field_of(at, &value);
    else if (key == "doc_to_target") fewshot.target = reader.field_of(at, &value);
    else if (key == "gen_prefix") fewshot.gen_prefix = text();
    else if (key == "fewshot_delimiter") fewshot.fewshot_delimiter = text();
    else if (key == "target_delimiter") fewshot.target_delimiter = text();
    else if (key == "samples" && value.is_array()) fewshot.samples.assign(value.begin(), value.end());
    else if (key == "fewshot_indices" && value.is_array()) fewshot.indices = value.get<std::vector<int64_t>>();
    else reader.refuse(at, "is not supported");
  }
  if (fewshot.sampler != "default" && fewshot.sampler != "first_n")
    reader.refuse("fewshot_config.sampler", "is " + fewshot.sampler + "; default and first_n are supported");
  if (!fewshot.indices.empty()) reader.refuse("fewshot_config.fewshot_indices", "is not supported; write the rows under samples instead");
}

Json version_of(const Json& config) {
  const auto metadata = config.find("metadata");
  if (metadata == config.end()) return "N/A";
  const Json& found = metadata->is_array() && !metadata->empty() ? metadata->front() : *metadata;
  return found.is_object() && found.contains("version") ? found["version"] : Json("N/A");
}

}  // namespace

bool is_group_key(const std::string& key) {
  return key == "group" || key == "group_alias" || key == "task" || key == "aggregate_metric_list" || key == "metadata" || key == "include" ||
         key == "tag";
}

TaskConfig read_task(const Json& config, const std::filesystem::path& file) {
  ConfigReader reader(config, file);
  TaskConfig task;
  task.file = file;
  task.name = reader.text("task");
  if (task.name.empty()) reader.refuse("task", "is missing: the name of the task");
  task.alias = reader.text("task_alias", task.name);
  task.output = output_of(reader);
  read_dataset(reader, task);
  task.training_split = reader.text("training_split");
  task.validation_split = reader.text("validation_split");
  task.test_split = reader.text("test_split");
  if (task.test_split.empty() && task.validation_split.empty()) reader.refuse("test_split", "and validation_split are both missing");
  task.process_docs = reader.function_at("process_docs");
  task.process_results = reader.function_at("process_results");
  task.text = reader.field("doc_to_text");
  task.choice = reader.field("doc_to_choice");
  task.target = reader.field("doc_to_target");
  task.description = reader.text("description");
  task.gen_prefix = reader.text("gen_prefix");
  task.target_delimiter = reader.text("target_delimiter", " ");
  task.fewshot_delimiter = reader.text("fewshot_delimiter", "\n\n");
  if (const Json* shots = reader.find("num_fewshot")) {
    if (!shots->is_number_integer() || shots->get<int64_t>() < 0) reader.refuse("num_fewshot", "must be a whole number");
    task.num_fewshot = shots->get<int64_t>();
  }
  if (const Json* repeats = reader.find("repeats"); repeats != nullptr && *repeats != 1)
    reader.refuse("repeats", "is not 1; an answer is drawn once, greedily");
  read_fewshot(reader, task);
  read_metrics(reader, task);
  read_filters(reader, task);
  read_generation(reader, task);
  reader.refuse_unknown();
  task.version = version_of(config);
  task.dump = config;
  return task;
}

GroupConfig read_group(const Json& config, const std::filesystem::path& file) {
  ConfigReader reader(config, file);
  GroupConfig group;
  group.name = reader.text("group");
  group.alias = reader.text("group_alias", group.name);
  group.version = version_of(config);
  const Json* list = reader.find("aggregate_metric_list");
  if (list == nullptr) return group;
  for (const Json& each : list->is_object() ? Json::array({*list}) : *list) {
    if (!each.is_object() || !each.contains("metric")) reader.refuse("aggregate_metric_list", "entries need `metric:`");
    GroupMetric metric{each["metric"].get<std::string>(), {}, true};
    for (const auto& [key, value] : each.items()) {
      if (key == "metric") continue;
      if (key == "weight_by_size" && value.is_boolean()) metric.weight_by_size = value;
      else if (key == "filter_list") metric.filters = value.is_null() ? std::vector<std::string>{} : reader.texts(key, value);
      else if (key != "aggregation" || value != "mean") reader.refuse("aggregate_metric_list." + key, "is not supported: " + value.dump());
    }
    group.metrics.push_back(std::move(metric));
  }
  return group;
}

}  // namespace hone::tasks
